import { afterEach, describe, expect, it, vi } from 'vitest';
import type { OriginSession } from './origin-server-session.ts';
import type { Plant } from './proxy-plant.ts';
import type { Processes } from './proxy-processes.ts';
import { Rest } from './proxy-rest.ts';
import { Traffic } from './proxy-traffic.ts';

const LOOK_MS = 10;

/** How long a server that never sleeps is looked at, when it has a processor for this share of the time. */
async function patience(share: number): Promise<number> {
  let nowMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  const processes = {
    spentMs: Number.NaN,
    asleep: () => {
      nowMs += LOOK_MS;
      // What it did before this look is no news.
      processes.spentMs = 5000 + nowMs * share;
      return null;
    },
    rested: () => true,
  };
  const plant = { processes: processes as unknown as Processes, isGone: false } as Plant;
  const rest = new Rest({ plant, traffic: new Traffic([]), origin: {} as OriginSession, onRest: () => {} });
  expect(await rest.doze()).toBe(false);
  return nowMs;
}

describe('a server that does not come to rest', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('is looked at for long where it waits for a processor, as on a busy machine', async () => {
    expect(await patience(0.1)).toBeGreaterThanOrEqual(2000);
  });

  it('is soon given up where it turns in a circle', async () => {
    expect(await patience(0.9)).toBeLessThan(600);
  });
});
