import type { Request } from './domain/request.ts';
import type { ResponsePolicy } from './domain/world.ts';
import { type CacheControl, cacheControlOf, isStorable, isVaryMatch } from './http.ts';
import { concerns } from './lru.ts';
import type { Reply } from './origin.ts';
import type { Entry, Policy } from './policy.ts';

/** An answer as an edge keeps it: the picture, and what its headers say. */
export interface StoredAnswer extends Entry {
  readonly control: CacheControl;
  /** Whose session its headers and cookies speak of, or `NO_PARTY`. */
  readonly party: number;
  /** When the origin gave it out, in ms of virtual time: its age is counted from here (RFC 9111 section 4.2.3). */
  readonly bornMs: number;
}

/**
 * What an edge does with a stored answer. `refresh`: hand it out, and fetch it anew behind the caller's back. `validate`: hand it out if
 * the origin says to this caller that it is still right. `miss`: as if it were not there.
 */
export type EdgeServing = 'serve' | 'refresh' | 'validate' | 'miss';

/** How an answer comes to be used for another call than the one that brought it: out of the store, by waiting for it, or after a 304. */
export type Use = 'stored' | 'joined' | 'validated';

/**
 * The decisions that make an HTTP edge: those of every cache, and some of its own. Here `key` is the primary cache key of RFC 9111
 * section 2 and `join` names the requests that may be collapsed into one. A fixture replaces one decision.
 */
export interface EdgePolicy extends Pick<Policy, 'key' | 'join' | 'invalidate'> {
  /** May the answer be stored? `isRefresh`: nobody waits for it; it was fetched behind the back of a caller who has his answer. */
  admit(request: Request, reply: Reply, overtaken: boolean, isRefresh?: boolean): boolean;
  /** Does the request match the one that brought a stored answer in, as far as the answer's `Vary` tells? The secondary key. */
  matches(request: Request, stored: Request, vary: string): boolean;
  /** For how long an answer is fresh, in ms from when the origin gave it out. */
  lifetimeMs(request: Request, policy: ResponsePolicy): number;
  /** What a caller who waited for the answer to another one gets of it. */
  hand(request: Request, entry: StoredAnswer): 'serve' | 'miss';
  /** May this caller have this entry now? */
  serve(request: Request, entry: StoredAnswer, nowMs: number): EdgeServing;
  /** May this caller have an entry instead of the answer that did not come, or instead of the origin's refusal? */
  fallback(request: Request, entry: StoredAnswer, why: 'error' | 'refused', nowMs: number): 'serve' | 'miss';
  /** Whose headers and cookies an answer carries when it is used again: those that came just now, those that were kept, or nobody's. */
  headers(use: Use, brought: number, kept: number): number;
}

/** A shared cache by RFC 9111 that hears from the vendor when rights, owners or channels change. */
export const edge: EdgePolicy = {
  key: primaryKeyOf,
  matches: (request, stored, vary) => isVaryMatch(vary, request, stored),
  // Section 4.2.1. The guess that section 4.2.2 allows where the origin says nothing is not made.
  lifetimeMs: (_request, policy) => cacheControlOf(policy.cacheControl).lifetimeMs,
  admit: (request, reply, overtaken) => !overtaken && isStorable(request, reply.policy),
  join: primaryKeyOf,
  // Section 4: collapsed requests share an answer only if each could have been served with it from the store.
  hand: (request, entry) =>
    isStorable(entry.request, entry.policy) &&
    !entry.control.noCache &&
    isVaryMatch(entry.policy.vary, request, entry.request) &&
    entry.storedMs < entry.expiresMs
      ? 'serve'
      : 'miss',
  serve(_request, { control, expiresMs, policy }, nowMs) {
    // Section 5.2.2.4: no-cache asks for a validation at each use, however fresh.
    if (!control.noCache) {
      // Section 4.2: fresh while its lifetime exceeds its age.
      if (nowMs < expiresMs) return 'serve';
      // RFC 5861 section 3, where RFC 9111 section 4.2.4 does not forbid it.
      if (!control.forbidsStale && nowMs < expiresMs + control.staleWhileRevalidateMs) return 'refresh';
    }
    // Section 4.3: what has a validator can be asked about.
    return policy.validator === true ? 'validate' : 'miss';
  },
  fallback(request, entry, why, nowMs) {
    const { control, expiresMs, policy } = entry;
    // A refusal is an answer, and no failure: RFC 5861 section 4 names the errors of servers.
    if (why === 'refused' || control.forbidsStale || nowMs >= expiresMs + control.staleIfErrorMs) return 'miss';
    // What is stale goes to nobody whom it could not have been given while it was fresh.
    return isVaryMatch(policy.vary, request, entry.request) ? 'serve' : 'miss';
  },
  // Section 3.2: what a 304 says takes the place of what was stored, headers and cookies included.
  headers: (_use, brought) => brought,
  // A purge of a camera is one by tag: every answer of it falls, at all its URLs and in all its variants.
  invalidate: concerns,
};

/** The primary cache key: method and target URI (RFC 9111 section 2). A method holds no space, so the join is unambiguous. */
export function primaryKeyOf(request: Request): string {
  return `${request.method} ${request.path}${request.query}`;
}

/** An answer of the origin to a request, made ready to be stored; `askedMs`: when the origin was asked. */
export function storedAnswer(
  request: Request,
  reply: Pick<Reply, 'epoch' | 'policy' | 'ageMs'>,
  answer: Pick<StoredAnswer, 'key' | 'frame' | 'party' | 'storedMs'> & { readonly askedMs: number; readonly lifetimeMs: number },
): StoredAnswer {
  const { epoch, policy, ageMs = 0 } = reply;
  const { key, frame, party, storedMs, askedMs, lifetimeMs } = answer;
  // Section 4.2.3: an answer is as old as its Age says, and as the time that it took to come.
  const bornMs = askedMs - ageMs;
  return { key, frame, epoch, request, policy, storedMs, expiresMs: bornMs + lifetimeMs, control: cacheControlOf(policy.cacheControl), party, bornMs };
}
