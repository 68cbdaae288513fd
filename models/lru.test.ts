import { describe, expect, it } from 'vitest';
import { type Request, requestIndex, requestsOf } from './domain/request.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, PRIVATE, type World } from './domain/world.ts';
import { concerns, perViewer, sharedEntries } from './lru.ts';
import { NO_PARTY, type Notice, type Reply } from './origin.ts';
import type { Entry } from './policy.ts';
import { tiered } from './tiered.ts';

const WORLD: World = { ...PLAIN_WORLD, templates: [PLAIN_TEMPLATE, { ...PLAIN_TEMPLATE, tier: 'low' }, { ...PLAIN_TEMPLATE, channel: 'hub' }] };
const REQUESTS = requestsOf(WORLD);
const requestFor = (user: number, camera: number, template: number): Request => REQUESTS[requestIndex(WORLD, user, camera, template)]!;

const HIGH = requestFor(0, 0, 0);
const LOW = requestFor(0, 0, 1);
const HUB = requestFor(0, 0, 2);
const BOBS = requestFor(1, 0, 0);
const YARD = requestFor(0, 1, 0);

const entryOf = (request: Request): Entry => ({ key: '', frame: { tier: request.tier }, epoch: 0, request, policy: PRIVATE, storedMs: 0, expiresMs: 60_000 });
const noticeOf = (kind: Notice['kind'], fields: Partial<Notice> = {}): Notice => ({ kind, camera: '', user: '', channel: '', to: 0, by: 0, ...fields });
const REPLY: Reply = { status: 'ok', frame: { tier: 'high' }, epoch: 0, lifetimeMs: 60_000, policy: PRIVATE, party: NO_PARTY };

describe('a notice concerns what was stored', () => {
  it.each(['unshare', 'unpublish', 'transfer', 'recreate', 'purge'] as const)('for the camera of a %s, whoever stored it', (kind) => {
    for (const request of [HIGH, LOW, HUB, BOBS]) expect(concerns(noticeOf(kind, { camera: 'door', user: 'carol' }), entryOf(request))).toBe(true);
    expect(concerns(noticeOf(kind, { camera: 'door' }), entryOf(YARD))).toBe(false);
  });

  it('for a user on the channel that he unlinked', () => {
    const notice = noticeOf('unlink', { user: 'alice', channel: 'hub' });
    expect([HUB, HIGH, requestFor(1, 0, 2)].map((request) => concerns(notice, entryOf(request)))).toEqual([true, false, false]);
  });

  it('for everybody on a channel that was switched off', () => {
    const notice = noticeOf('disable', { channel: 'hub' });
    expect([HUB, requestFor(1, 1, 2), HIGH].map((request) => concerns(notice, entryOf(request)))).toEqual([true, true, false]);
  });

  it.each(['share', 'publish', 'link', 'enable', 'advance', 'restart', 'reconfigure'] as const)(
    'never when rights only grow or nothing happens to them: %s',
    (kind) => {
      for (const request of [HIGH, HUB, BOBS])
        expect(concerns(noticeOf(kind, { camera: 'door', user: 'alice', channel: 'hub' }), entryOf(request))).toBe(false);
    },
  );
});

describe.each([
  ['shared entries', sharedEntries],
  ['entries of each viewer', perViewer],
  ['renditions made here', tiered],
])('the policy of %s', (_name, policy) => {
  it('keys by all that the answer depends on', () => {
    const different = new Map(REQUESTS.map((request) => [policy.key(request), `${request.camera} ${request.tier}`]));
    for (const request of REQUESTS) expect(different.get(policy.key(request))).toBe(`${request.camera} ${request.tier}`);
  });

  it('lets nobody join a fetch under another key', () => {
    const joined = REQUESTS.flatMap((one) =>
      REQUESTS.filter((other) => policy.join(one) !== null && policy.join(one) === policy.join(other)).map((other) => [one, other] as const),
    );
    expect(joined.filter(([one, other]) => policy.key(one) !== policy.key(other))).toEqual([]);
    expect(joined.length).toBeGreaterThanOrEqual(REQUESTS.length);
  });

  it('stores nothing that was overtaken', () => {
    expect([policy.admit(HIGH, REPLY, false), policy.admit(HIGH, REPLY, true)]).toEqual([true, false]);
  });

  it('serves nothing at or past the end of its lifetime', () => {
    expect(policy.serve(HIGH, entryOf(HIGH), 59_999)).not.toBe('miss');
    expect([60_000, 60_001].map((now) => policy.serve(HIGH, entryOf(HIGH), now))).toEqual(['miss', 'miss']);
  });

  it('hands an entry out unasked only to the one whose request brought it in', () => {
    for (const one of REQUESTS)
      for (const other of REQUESTS) {
        if (policy.key(one) !== policy.key(other) || one.user === other.user) continue;
        expect([policy.serve(one, entryOf(other), 0), policy.hand(one, entryOf(other)), policy.fallback(one, entryOf(other), 'rendition')]).not.toContain(
          'serve',
        );
      }
  });
});

describe('the policy for good and weak links', () => {
  it('makes a rendition only after asking, and stands in for nothing when the origin fails', () => {
    expect([tiered.fallback(LOW, entryOf(HIGH), 'rendition'), tiered.fallback(HIGH, entryOf(HIGH), 'error')]).toEqual(['ask', 'miss']);
  });

  it('keeps the renditions of a camera under keys of their own', () => {
    expect(tiered.key(LOW)).not.toBe(tiered.key(HIGH));
  });
});
