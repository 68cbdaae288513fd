import { describe, expect, it } from 'vitest';
import { isSeenToMove, type Observed } from './proxy-time.ts';

const MINUTE_MS = 60_000;

interface Cache {
  /** The time of the cache, when the clock was moved by so much. */
  readonly time?: (movedMs: number) => number;
  /** How long it keeps what it was told to keep for a minute. */
  readonly keepsMs?: number;
  /** It says how old what it keeps is. */
  readonly saysAge?: boolean;
  /** It gives an old answer out once more while it fetches a new one. */
  readonly refreshesBehind?: boolean;
  /** Only for those who say who they are. */
  readonly forSomebodyOnly?: boolean;
}

/** What can be seen of a cache, and how often the clock was moved. */
function cache({ time = (moved) => moved, keepsMs = MINUTE_MS, saysAge = false, refreshesBehind = false, forSomebodyOnly = false }: Cache): Observed {
  const asked = new Map<string, number>();
  const kept = new Map<string, number>();
  let moved = 0;
  return {
    clock: { now: () => moved, advance: (by) => (moved += by) > 0 },
    origin: {
      lastingPath: () => {
        asked.set(`/${asked.size}`, 0);
        return `/${asked.size - 1}`;
      },
      timesAsked: (path) => asked.get(path)!,
    },
    ask: (path, headers) => {
      const now = time(moved);
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
    ['lives in the real time', { time: () => performance.now() }],
    ['lives in the real time, and says how old its answers are', { time: () => performance.now(), saysAge: true }],
    ['lives in a time that stands still', { time: () => 0 }],
    ['lives in the real time, and keeps for less than the look takes', { time: () => performance.now(), keepsMs: 200 }],
    ['never forgets', { keepsMs: Number.POSITIVE_INFINITY }],
    ['keeps nothing', { keepsMs: 0 }],
  ])('cannot be said of a cache that %s', async (_what, what) => {
    expect(await isSeenToMove(cache(what))).toBe(false);
  });
});
