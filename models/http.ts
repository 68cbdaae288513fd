import type { Request } from './domain/request.ts';
import type { ResponsePolicy } from './domain/world.ts';

/** What a shared cache reads in the `Cache-Control` of a response. Section numbers are those of RFC 9111. */
export interface CacheControl {
  /** Section 5.2.2.5. Also true where the value breaks the grammar: what cannot be read may hold a ban. */
  readonly noStore: boolean;
  /** Section 5.2.2.7. A list of field names makes no difference here: this cache stores whole responses or none. */
  readonly isPrivate: boolean;
  /** Section 5.2.2.4, with or without a list of field names: every use needs a validation. */
  readonly noCache: boolean;
  /** Section 4.2.4: `must-revalidate`, `proxy-revalidate`, `s-maxage` and `no-cache` forbid to serve it stale, whatever else is said. */
  readonly forbidsStale: boolean;
  /** Section 3.5: `public`, `must-revalidate` or `s-maxage` lets a shared cache keep the answer to a request with Authorization. */
  readonly allowsAuthorization: boolean;
  /** Freshness lifetime in ms: `s-maxage`, else `max-age` (section 4.2.1); 0 where there is none, or no usable one. */
  readonly lifetimeMs: number;
  /** For how long it may be served stale while it is being fetched anew, in ms: RFC 5861 section 3. */
  readonly staleWhileRevalidateMs: number;
  /** For how long it may stand in for an answer that failed, in ms: RFC 5861 section 4. */
  readonly staleIfErrorMs: number;
}

/** The largest number of seconds that a cache needs to understand: RFC 9111 section 1.2.2. */
const SECONDS_MAX = 2 ** 31;

/** Strings that are remembered: an origin uses few, a hostile one many. */
const REMEMBERED_MAX = 1024;

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
/** One directive and what ends it: RFC 9111 section 5.2, list and quoted-string as in RFC 9110 sections 5.6.1 and 5.6.4. */
const DIRECTIVE = new RegExp(`[\\t ,]*(${TOKEN})(?:=(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)"))?[\\t ]*(?=,|$)`, 'y');
const NOTHING_LEFT = /^[\t ,]*$/;
const WHOLE_TOKEN = new RegExp(`^${TOKEN}$`);
const WHITESPACE_AROUND = /^[\t ]+|[\t ]+$/g;

/** Reads a `Cache-Control` value; the empty string stands for a missing field. Every value is read once and remembered. */
export const cacheControlOf: (value: string) => CacheControl = remembered(readCacheControl);

/**
 * The field names in a `Vary` value, in lower case; the empty string stands for a missing field. `null` where nothing can match:
 * a member is `*` (RFC 9111 section 4.1), or is no field name at all. Every value is read once and remembered.
 */
export const varyNames: (value: string) => readonly string[] | null = remembered(readVary);

/** RFC 9111 section 3: may a shared cache that guesses no lifetimes keep this answer? */
export function isStorable(request: Request, policy: ResponsePolicy): boolean {
  // The method is one that the cache understands. Answers to HEAD hold no picture, and those to POST say nothing about the next one (RFC 9110 section 9.3.3).
  if (request.method !== 'GET') return false;
  // Section 3.3: what answers a range is a part. This cache keeps whole answers or none.
  if (request.headers['range'] !== undefined) return false;
  const control = cacheControlOf(policy.cacheControl);
  if (control.noStore || control.isPrivate) return false;
  // Without a lifetime or under no-cache it is of use only where it can be validated. Section 4.2.2 allows a guess; this cache makes none.
  if ((control.lifetimeMs === 0 || control.noCache) && (policy.validator !== true || policy.cacheControl === '')) return false;
  // Section 3.5.
  if (request.headers['authorization'] !== undefined && !control.allowsAuthorization) return false;
  // Section 5.2.1.5.
  if (cacheControlOf(request.headers['cache-control'] ?? '').noStore) return false;
  // Section 4.1: it could never be found again.
  return varyNames(policy.vary) !== null;
}

/** RFC 9111 section 4.1: do two requests agree on every field that the `Vary` names? A field that both lack agrees. */
export function isVaryMatch(vary: string, one: Request, other: Request): boolean {
  if (vary === '') return true;
  const names = varyNames(vary);
  if (names === null) return false;
  for (const name of names) if (one.headers[name] !== other.headers[name]) return false;
  return true;
}

function readCacheControl(value: string): CacheControl {
  const { directives, isWhole } = directivesOf(value);
  const sMaxAge = directives.get('s-maxage');
  const lifetime = sMaxAge ?? directives.get('max-age');
  return {
    noStore: !isWhole || directives.has('no-store'),
    isPrivate: directives.has('private'),
    noCache: directives.has('no-cache'),
    forbidsStale: sMaxAge !== undefined || ['must-revalidate', 'proxy-revalidate', 'no-cache'].some((name) => directives.has(name)),
    allowsAuthorization: sMaxAge !== undefined || directives.has('public') || directives.has('must-revalidate'),
    lifetimeMs: millisecondsOf(lifetime),
    staleWhileRevalidateMs: millisecondsOf(directives.get('stale-while-revalidate')),
    staleIfErrorMs: millisecondsOf(directives.get('stale-if-error')),
  };
}

/** The arguments given to each directive, by its name in lower case (RFC 9111 section 5.2); `isWhole`: the value keeps to the grammar. */
function directivesOf(value: string): { directives: Map<string, Set<string>>; isWhole: boolean } {
  const directives = new Map<string, Set<string>>();
  let end = 0;
  DIRECTIVE.lastIndex = 0;
  for (let found = DIRECTIVE.exec(value); found !== null; found = DIRECTIVE.exec(value)) {
    const [, name, token, quoted] = found as unknown as [string, string, string | undefined, string | undefined];
    const given = directives.get(name.toLowerCase()) ?? new Set<string>();
    // Section 5.2: both forms of an argument are read, whichever the definition of the directive asks for.
    directives.set(name.toLowerCase(), given.add(token ?? quoted?.replaceAll(/\\(.)/g, '$1') ?? ''));
    end = DIRECTIVE.lastIndex;
  }
  return { directives, isWhole: NOTHING_LEFT.test(value.slice(end)) };
}

/** Section 4.2.1: a directive that contradicts itself, or holds no whole number of seconds, makes the answer stale. */
function millisecondsOf(given: ReadonlySet<string> | undefined): number {
  if (given === undefined) return 0;
  const [first = '', ...others] = given;
  if (others.length > 0 || !/^\d+$/.test(first)) return 0;
  return Math.min(Number(first), SECONDS_MAX) * 1000;
}

function readVary(value: string): readonly string[] | null {
  const names: string[] = [];
  for (const member of value.split(',')) {
    const name = member.replaceAll(WHITESPACE_AROUND, '').toLowerCase();
    if (name === '') continue;
    if (name === '*' || !WHOLE_TOKEN.test(name)) return null;
    names.push(name);
  }
  return names;
}

function remembered<T>(read: (value: string) => T): (value: string) => T {
  const known = new Map<string, T>();
  return (value) => {
    let result = known.get(value);
    if (result === undefined) {
      result = read(value);
      if (known.size === REMEMBERED_MAX) known.clear();
      known.set(value, result);
    }
    return result;
  };
}
