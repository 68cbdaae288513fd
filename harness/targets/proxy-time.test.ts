import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSeenToMove, type Observed } from './proxy-time.ts';

const MINUTE_MS = 60_000;

interface Cache {
  /** The time of the cache, when the clock was moved by so much, and so much real time has passed. */
  readonly time?: (movedMs: number, realMs: number) => number;
  /** How long it keeps what it was told to keep for a minute. */
  readonly keepsMs?: number;
  /** It says how old what it keeps is. */
  readonly saysAge?: boolean;
  /** It gives an old answer out once more while it fetches a new one. */
  readonly refreshesBehind?: boolean;
  /** Only for those who say who they are. */
  readonly forSomebodyOnly?: boolean;
}

const inRealTime = (_moved: number, real: number): number => real;

/** What can be seen of a cache on a machine that is so many milliseconds late, each time that it waits or asks. */
function cache(
  { time = (moved, real) => moved + real, keepsMs = MINUTE_MS, saysAge = false, refreshesBehind = false, forSomebodyOnly = false }: Cache,
  lateness: () => number = () => 0,
): Observed {
  const asked = new Map<string, number>();
  const kept = new Map<string, number>();
  let moved = 0;
  let real = 0;
  return {
    clock: { now: () => moved, advance: (by) => (moved += by) > 0 },
    real: {
      now: () => real,
      pause: (ms) => {
        real += ms + lateness();
        return Promise.resolve();
      },
    },
    origin: {
      lastingPath: () => {
        asked.set(`/${asked.size}`, 0);
        return `/${asked.size - 1}`;
      },
      timesAsked: (path) => asked.get(path)!,
    },
    ask: (path, headers) => {
      real += lateness();
      const now = time(moved, real);
      const storedAt = kept.get(path);
      const isFresh = storedAt !== undefined && now - storedAt < keepsMs;
      if (!isFresh) asked.set(path, asked.get(path)! + 1);
      if (!isFresh && keepsMs > 0 && (!forSomebodyOnly || 'authorization' in headers)) kept.set(path, now);
      const isOld = isFresh || (refreshesBehind && storedAt !== undefined);
      return Promise.resolve({ status: 200, headers: isOld && saysAge ? { age: String((now - storedAt) / 1000) } : {}, body: Buffer.alloc(0) });
    },
  };
}

describe('whether the time of a server is seen to move', () => {
  it.each<[string, Cache]>([
    ['asks the origin anew for what is past its lifetime', {}],
    ['does so behind an old answer that it gives out once more', { refreshesBehind: true }],
    ['keeps for longer than it was told to', { keepsMs: 10 * MINUTE_MS }],
    ['never forgets, and says how old its answers are', { keepsMs: Number.POSITIVE_INFINITY, saysAge: true }],
    ['keeps only for those who say who they are', { forSomebodyOnly: true }],
  ])('can be said of a cache that %s', async (_what, what) => {
    expect(await isSeenToMove(cache(what))).toBe(true);
  });

  it.each<[string, Cache]>([
    ['lives in the real time', { time: inRealTime }],
    ['lives in the real time, and says how old its answers are', { time: inRealTime, saysAge: true }],
    ['lives in a time that stands still', { time: () => 0 }],
    ['lives in the real time, and keeps for less than the look takes', { time: inRealTime, keepsMs: 200 }],
    ['never forgets', { keepsMs: Number.POSITIVE_INFINITY }],
    ['keeps nothing', { keepsMs: 0 }],
  ])('cannot be said of a cache that %s', async (_what, what) => {
    expect(await isSeenToMove(cache(what))).toBe(false);
  });

  it('is said alike on a machine that is late by any time', async () => {
    const lateness = fc.infiniteStream(fc.integer({ min: 0, max: 400 }));
    await fc.assert(
      fc.asyncProperty(lateness, fc.integer({ min: 1, max: 1000 }), async (late, keepsMs) => {
        const next = (): number => late.next().value as number;
        expect(await isSeenToMove(cache({ time: inRealTime, keepsMs }, next))).toBe(false);
        expect(await isSeenToMove(cache({}, next))).toBe(true);
      }),
      { seed: 1 },
    );
  });
});
