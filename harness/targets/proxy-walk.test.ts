import { describe, expect, it } from 'vitest';
import type { StageCall } from '../run/call.ts';
import type { WireClock } from './faketime.ts';
import type { Lane } from './proxy-lane.ts';
import type { Rest } from './proxy-rest.ts';
import { Traffic } from './proxy-traffic.ts';
import { beginSecond, stagger, walk } from './proxy-walk.ts';
import type { Workers } from './proxy-workers.ts';

const START = 1_000_000;

function clockAt(ms: number): WireClock {
  let now = ms;
  return {
    now: () => now,
    advance: (by) => {
      now += by;
      return true;
    },
  };
}

/** A server in which calls wait that asked at these moments, and what was done to it, as `time:call`; call 0 is held at the origin. */
function scene(
  askedAt: readonly number[],
  leaves: (call: number, afterMs: number) => boolean = () => false,
  workersOf: (say: (word: string) => void) => Workers | null = () => null,
): { said: string[]; go: (by: number) => Promise<void> } {
  const said: string[] = [];
  const clock = clockAt(START);
  const traffic = new Traffic([{ call: { number: 0 } } as never]);
  for (const [number, at] of askedAt.entries()) {
    const poke = (): void => {
      said.push(`${clock.now() - START}:${number}`);
      if (leaves(number, clock.now() - START - at)) traffic.open.delete(exchange);
    };
    const exchange = { call: { number } as StageCall, lane: { poke } as Lane, sentAt: 0, askedAtMs: START + at, isKnown: false, hasWaited: false };
    traffic.open.add(exchange);
  }
  const rest = { doze: () => Promise.resolve(true), pause: () => void said.push('rest') } as unknown as Rest;
  const say = (word: string): void => void said.push(`${clock.now() - START}:${word}`);
  const plant = { clock, workers: workersOf(say), leaveWorkers: () => void (plant.workers = null) };
  return { said, go: (by) => walk(by, { plant, traffic, rest, pollMs: 500 }) };
}

/** Two processes that can be told to stand still, as long as they obey. */
function twoWorkers(say: (word: string) => void, obeys: () => boolean = () => true): Workers {
  const stop = (): Promise<boolean> => {
    const isStill = obeys();
    if (isStill) say('all stand still');
    return Promise.resolve(isStill);
  };
  return { count: 2, stop, go: (index?: number) => say(`${index ?? 'all'} go on`) } as unknown as Workers;
}

describe('time that is moved while calls wait inside a server', () => {
  it('wakes one after the other, each when it is due and after the one before has come to rest', async () => {
    const { said, go } = scene([-20, -10, 0]);
    await go(1000);
    const round = (ms: number): string[] => [`${ms + 490}:1`, 'rest', `${ms + 500}:2`, 'rest'];
    expect(said).toEqual([...round(0), '990:1', 'rest', '1000:0', '1000:1', '1000:2', 'rest']);
  });

  it('is moved at once as soon as nobody waits any more', async () => {
    const { said, go } = scene([-20, -10], () => true);
    await go(61_000);
    expect(said).toEqual(['490:1', 'rest', '61000:0', 'rest']);
  });

  it('wakes all, in their order, at every moment at which one of them asked, once they may be due together', async () => {
    const { said, go } = scene([-4500, -30, -20]);
    await go(490);
    expect(said).toEqual(['470:1', '470:2', 'rest', '480:1', '480:2', 'rest', '490:0', '490:1', '490:2', 'rest']);
  });

  it('is moved while all processes stand still, and each sees it before the next one does', async () => {
    const { said, go } = scene([-20, -10], undefined, twoWorkers);
    await go(495);
    const each = ['0 go on', '1 go on', 'all go on'];
    expect(said).toEqual([
      '0:all stand still',
      ...each.map((word) => `490:${word}`),
      'rest',
      '490:all stand still',
      ...each.map((word) => `495:${word}`),
      'rest',
    ]);
  });

  it('goes on without them as soon as they do not stand still when they are told to', async () => {
    let times = 0;
    const { said, go } = scene([-20, -10], undefined, (say) => twoWorkers(say, () => times++ < 1));
    await go(990);
    expect(said).toEqual(['0:all stand still', '490:0 go on', '490:1 go on', '490:all go on', 'rest', '990:0', '990:1', 'rest']);
  });

  it('lets callers ask at moments of their own, within one second, and begins with a second', () => {
    const clock = clockAt(5000);
    for (let calls = 0; calls < 200; calls++) stagger(clock);
    expect(clock.now()).toBe(5900);
    beginSecond(clock);
    expect(clock.now()).toBe(6000);
    beginSecond(clock);
    expect(clock.now()).toBe(6000);
  });
});
