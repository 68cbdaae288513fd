import { LRUCache } from 'lru-cache';
import { describe, expect, it } from 'vitest';
import type { Request } from '../../models/domain/request.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { search, type Searched } from './conformance-search.ts';
import type { Environment, Subject } from './function-subject.ts';
import { functionTarget } from './function.ts';
import type { FrameReply, OriginApi } from './origin-api.ts';

// Caches as people write them by hand. The correct ones break nothing in thousands of programs; each of the others differs by one decision.

const PROGRAMS = 2000;
const SEED = 3;

const ownKey = ({ user, camera, tier, channel }: Request): string => JSON.stringify([user, camera, tier, channel]);
/** Whoever wrote this had one hub in mind. */
const hubKey = (request: Request): string => (request.channel === 'hub' && request.tier === 'low' ? request.device : ownKey(request));
const sharedKey = ({ camera, tier }: Request): string => JSON.stringify([camera, tier]);

/** One entry for everybody; the origin is asked about the caller, and about the owner of the entry, at each hit. */
function authorising(epochMatters: boolean): (env: Environment) => Subject {
  return ({ origin }) => {
    const cache = new Map<string, Extract<FrameReply, { status: 200 }>>();
    return {
      async get(request) {
        const hit = cache.get(sharedKey(request));
        if (hit !== undefined) {
          const { allowed, epoch } = await origin.authorise(request);
          if (!allowed) return null;
          if (epoch === hit.epoch || !epochMatters) return hit.body;
        }
        const reply = await origin.fetch(request);
        if (reply.status === 200) cache.set(sharedKey(request), reply);
        return reply.body;
      },
    };
  };
}

/** An entry for each caller, for as long as the origin says, or for longer. */
function expiring(graceMs: number): (env: Environment) => Subject {
  return ({ origin }) => {
    const cache = new Map<string, { readonly body: Buffer; readonly untilMs: number }>();
    return {
      async get(request) {
        const hit = cache.get(ownKey(request));
        if (hit !== undefined && Date.now() < hit.untilMs) return hit.body;
        const { body, maxAgeMs } = await origin.fetch(request);
        if (body !== null) cache.set(ownKey(request), { body, untilMs: Date.now() + maxAgeMs + graceMs });
        return body;
      },
    };
  };
}

/** The same on lru-cache, which evicts, and which asks `performance` for the time. */
function evicting(keyOf: (request: Request) => string): (env: Environment) => Subject {
  return ({ origin, capacity }) => {
    const cache = new LRUCache<string, Buffer>({ max: capacity, ttl: 1000 });
    return {
      async get(request) {
        const hit = cache.get(keyOf(request));
        if (hit !== undefined) return hit;
        const { body, maxAgeMs } = await origin.fetch(request);
        if (body !== null) cache.set(keyOf(request), body, { ttl: maxAgeMs });
        return body;
      },
    };
  };
}

/** An entry for each caller, without an end: everything falls when anything changes, and what was on its way is not stored. */
function invalidated(guarded: boolean): (env: Environment) => Subject {
  return ({ origin }) => {
    const cache = new Map<string, Buffer>();
    let changes = 0;
    return {
      async get(request) {
        const hit = cache.get(ownKey(request));
        if (hit !== undefined) return hit;
        const before = changes;
        const { body } = await origin.fetch(request);
        if (body !== null && (before === changes || !guarded)) cache.set(ownKey(request), body);
        return body;
      },
      invalidate() {
        changes++;
        cache.clear();
      },
    };
  };
}

/** Concurrent misses of one key share a load. */
function joining(keyOf: (request: Request) => string): (env: Environment) => Subject {
  return ({ origin }) => {
    const loads = new Map<string, Promise<FrameReply>>();
    const load = async (key: string, request: Request, from: OriginApi): Promise<FrameReply> => from.fetch(request).finally(() => loads.delete(key));
    return {
      async get(request) {
        const key = keyOf(request);
        const reply = loads.get(key) ?? load(key, request, origin);
        loads.set(key, reply);
        return (await reply).body;
      },
    };
  };
}

function tried(open: (env: Environment) => Subject, bail: boolean): Promise<Searched> {
  return search(functionTarget({ name: 'hand-written', open }), { programs: PROGRAMS, seed: SEED, properties: PROPERTIES, bail });
}

describe('a correct cache written by hand', () => {
  it.each([
    ['asks the origin at each hit', authorising(true)],
    ['has an entry for each caller, by Date.now', expiring(0)],
    ['has an entry for each caller, by the ttl of lru-cache', evicting(ownKey)],
    ['is told of changes', invalidated(true)],
  ])('breaks nothing when it %s', async (_name, open) => {
    const { breaches, programs, situations } = await tried(open, false);
    expect([...breaches]).toEqual([]);
    expect(programs).toBe(PROGRAMS);
    for (const situation of ['hit', 'foreign-read-after-fill', 'read-after-unshare', 'join-opportunity', 'late-fill'] as const)
      expect(situations[situation], situation).toBeGreaterThan(50);
  });

  it('breaks nothing when callers share the load of their own key', async () => {
    const { breaches } = await tried(joining(ownKey), false);
    expect([...breaches]).toEqual([]);
  });
});

describe('a cache that differs from it by one decision', () => {
  it.each([
    ['mixes owners of one camera up', authorising(false), 'KH003'],
    ['serves longer than the origin allows', expiring(5000), 'KH002'],
    ['has one key for all callers', evicting(sharedKey), 'KH001'],
    ['has one key for all hubs, and is told nothing', evicting(hubKey), 'KH001'],
    ['stores what was on its way when rights changed', invalidated(false), 'KH002'],
    ['lets callers share the load of others', joining(sharedKey), 'KH001'],
  ])('is found when it %s', async (_name, open, property) => {
    const { breaches } = await tried(open, false);
    expect([...breaches.keys()].map((key) => key.split(' ')[0])).toContain(property);
  });
});
