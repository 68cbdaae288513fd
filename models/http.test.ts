import { describe, expect, it } from 'vitest';
import { type Request, requestsOf } from './domain/request.ts';
import { PLAIN_WORLD } from './domain/world.ts';
import { type CacheControl, cacheControlOf, isStorable, isVaryMatch, varyNames } from './http.ts';

/** A request with just these header fields. */
function requestWith(headers: Readonly<Record<string, string>>): Request {
  return { ...requestsOf(PLAIN_WORLD)[0]!, headers };
}

describe('cacheControlOf', () => {
  const NOTHING: CacheControl = {
    noStore: false,
    isPrivate: false,
    noCache: false,
    forbidsStale: false,
    allowsAuthorization: false,
    lifetimeMs: 0,
    staleWhileRevalidateMs: 0,
    staleIfErrorMs: 0,
  };

  it.each<[string, Partial<CacheControl>]>([
    ['', {}],
    ['no-store', { noStore: true }],
    ['No-Store', { noStore: true }],
    ['private', { isPrivate: true }],
    ['PRIVATE', { isPrivate: true }],
    ['private="x-user, set-cookie"', { isPrivate: true }],
    ['no-cache="set-cookie"', { noCache: true, forbidsStale: true }],
    ['public', { allowsAuthorization: true }],
    ['must-revalidate', { allowsAuthorization: true, forbidsStale: true }],
    ['proxy-revalidate', { forbidsStale: true }],
    ['max-age=60', { lifetimeMs: 60_000 }],
    ['s-maxage=60', { lifetimeMs: 60_000, allowsAuthorization: true, forbidsStale: true }],
    ['max-age=60, s-maxage=10', { lifetimeMs: 10_000, allowsAuthorization: true, forbidsStale: true }],
    ['s-maxage=10, max-age=60', { lifetimeMs: 10_000, allowsAuthorization: true, forbidsStale: true }],
    ['Stale-While-Revalidate=30, stale-if-error="120"', { staleWhileRevalidateMs: 30_000, staleIfErrorMs: 120_000 }],
    ['stale-while-revalidate=soon, stale-if-error', {}],
    ['Max-Age="60"', { lifetimeMs: 60_000 }],
    ['max-age="6\\0"', { lifetimeMs: 60_000 }],
    [' ,\tmax-age=60 ,, public\t,', { lifetimeMs: 60_000, allowsAuthorization: true }],
    ['x-note="private, no-store", max-age=60', { lifetimeMs: 60_000 }],
    ['x-note="\\", private, \\"", max-age=60', { lifetimeMs: 60_000 }],
    ['privately, no-storeroom, max-age=60', { lifetimeMs: 60_000 }],
  ])('reads %j', (value, expected) => {
    expect(cacheControlOf(value)).toEqual({ ...NOTHING, ...expected });
  });

  it.each(['max-age=-1', 'max-age=1.5', 'max-age=soon', 'max-age=""', 'max-age', 'max-age=60, max-age=61', 's-maxage=x, max-age=60'])(
    'takes %j for stale (section 4.2.1)',
    (value) => {
      expect(cacheControlOf(value)).toMatchObject({ noStore: false, lifetimeMs: 0 });
    },
  );

  it('takes a lifetime that is said twice, the same, as it is', () => {
    expect(cacheControlOf('max-age=60, Max-Age="60"').lifetimeMs).toBe(60_000);
  });

  it('counts no further than 2^31 seconds (section 1.2.2)', () => {
    expect(cacheControlOf('max-age=99999999999999999999').lifetimeMs).toBe(2 ** 31 * 1000);
  });

  it.each(['max-age=60; private', 'max-age=60 private', 'max-age = 60', 'x="private, max-age=60', 'max-age=60, priv\u00e4te', '=60'])(
    'takes %j, which breaks the grammar, for a ban',
    (value) => {
      expect(cacheControlOf(value).noStore).toBe(true);
    },
  );

  it('reads on after more different values than it remembers', () => {
    const seconds = Array.from({ length: 3000 }, (_, index) => index);
    expect(seconds.map((count) => cacheControlOf(`max-age=${count}`).lifetimeMs)).toEqual(seconds.map((count) => count * 1000));
    expect(cacheControlOf('max-age=1').lifetimeMs).toBe(1000);
  });
});

describe('varyNames', () => {
  it.each<[string, readonly string[] | null]>([
    ['', []],
    ['Authorization', ['authorization']],
    ['accept, COOKIE', ['accept', 'cookie']],
    [',\tX-User ,, Accept,', ['x-user', 'accept']],
    ['*', null],
    [' *\t', null],
    ['Accept, *', null],
    ['Accept Cookie', null],
    ['"Cookie"', null],
  ])('reads %j', (value, expected) => {
    expect(varyNames(value)).toEqual(expected);
  });
});

describe('isVaryMatch', () => {
  const alice = requestWith({ cookie: 'session=alice', 'x-user': 'alice' });
  const bob = requestWith({ cookie: 'session=bob', 'x-user': 'alice' });
  const nobody = requestWith({});

  it('compares the fields that are named, and no others', () => {
    expect(isVaryMatch('X-User', alice, bob)).toBe(true);
    expect(isVaryMatch('Cookie', alice, bob)).toBe(false);
    expect(isVaryMatch('X-User, Cookie', alice, bob)).toBe(false);
    expect(isVaryMatch('', alice, bob)).toBe(true);
  });

  it('tells a field that is missing from one that is there', () => {
    expect(isVaryMatch('cookie', alice, nobody)).toBe(false);
    expect(isVaryMatch('cookie', nobody, alice)).toBe(false);
    expect(isVaryMatch('cookie', nobody, requestWith({}))).toBe(true);
  });

  it('never holds under *, not even for one and the same request', () => {
    expect(isVaryMatch('*', alice, alice)).toBe(false);
  });
});

describe('isStorable', () => {
  const plain = requestWith({});
  const bearer = requestWith({ authorization: 'Bearer t' });

  it('wants a lifetime', () => {
    expect(isStorable(plain, { cacheControl: 'max-age=1', vary: '' })).toBe(true);
    expect(isStorable(plain, { cacheControl: 'public', vary: '' })).toBe(false);
  });

  it('keeps the answer to a request with Authorization only where that is allowed (section 3.5)', () => {
    expect(isStorable(bearer, { cacheControl: 'max-age=60', vary: '' })).toBe(false);
    const allowing = ['public, max-age=60', 'must-revalidate, max-age=60', 's-maxage=60'];
    expect(allowing.filter((cacheControl) => isStorable(bearer, { cacheControl, vary: '' }))).toEqual(allowing);
  });

  it('heeds no-store in the request (section 5.2.1.5)', () => {
    expect(isStorable(requestWith({ 'cache-control': 'No-Store' }), { cacheControl: 'max-age=60', vary: '' })).toBe(false);
    expect(isStorable(requestWith({ 'cache-control': 'max-age=0' }), { cacheControl: 'max-age=60', vary: '' })).toBe(true);
  });

  it('keeps answers to a GET of the whole, and no others (sections 3 and 3.3)', () => {
    const says = { cacheControl: 'max-age=60', vary: '', validator: true } as const;
    expect(isStorable(plain, says)).toBe(true);
    expect(isStorable({ ...plain, method: 'HEAD' }, says)).toBe(false);
    expect(isStorable({ ...plain, method: 'POST' }, says)).toBe(false);
    expect(isStorable(requestWith({ range: 'bytes=0-511' }), says)).toBe(false);
  });

  it('keeps what needs a validation at each use only where there is something to validate with (sections 4.3 and 5.2.2.4)', () => {
    for (const cacheControl of ['no-cache', 'public, no-cache', 'max-age=0', 'no-cache, max-age=60']) {
      expect(isStorable(plain, { cacheControl, vary: '', validator: true }), cacheControl).toBe(true);
      expect(isStorable(plain, { cacheControl, vary: '' }), cacheControl).toBe(false);
    }
    expect(isStorable(plain, { cacheControl: '', vary: '', validator: true })).toBe(false);
  });

  it('keeps nothing that could not be found again (section 4.1)', () => {
    expect(isStorable(plain, { cacheControl: 'max-age=60', vary: '*' })).toBe(false);
  });
});
