// oxlint-disable eslint/no-restricted-properties -- What stands in for chance is what this is about.
import { describe, expect, it, vi } from 'vitest';
import { operation, type Operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab } from '../run/lab.ts';
import { functionTarget } from './function.ts';
import { beginChance } from './virtual-chance.ts';

const native = Math.random;

function numbers(session: number, count = 4): number[] {
  const chance = beginChance(session);
  const drawn = Array.from({ length: count }, () => Math.random());
  chance.end();
  return drawn;
}

describe('what a session leaves to chance', () => {
  it('comes out again for the same session, and otherwise for another one', () => {
    expect(numbers(2 ** 39 + 5)).toEqual(numbers(2 ** 39 + 5));
    expect(Math.random).toBe(native);
    const firsts = [1, 2, 3, 2 ** 32 + 1, 2 ** 39 + 1, 2 ** 39 + 2].map((session) => numbers(session)[0]);
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it('is spread evenly from 0 to 1', () => {
    const drawn = numbers(7, 100_000);
    const tenths = Array.from({ length: 10 }, (_, tenth) => drawn.filter((number) => Math.floor(number * 10) === tenth).length);
    for (const count of tenths) expect(count).toBeGreaterThan(9_500);
    expect(tenths.reduce((sum, count) => sum + count)).toBe(drawn.length);
    expect(new Set(drawn).size).toBeGreaterThan(99_990);
  });

  it('is left to whoever has replaced it before, or does so meanwhile', () => {
    const mine = vi.spyOn(Math, 'random').mockReturnValue(0.5);
    expect(numbers(1)).toEqual([0.5, 0.5, 0.5, 0.5]);
    mine.mockRestore();
    const chance = beginChance(1);
    const other = (): number => 0.25;
    Math.random = other;
    chance.end();
    expect(Math.random).toBe(other);
    Math.random = native;
  });
});

const ask = (user: number, camera: number): Operation => operation({ op: 'request', user, camera, template: 0 });

describe('a cache in this process that throws dice', () => {
  const seen: number[][] = [];
  const target = functionTarget({
    name: 'dice',
    open: ({ origin }) => {
      seen.push([Math.random()]);
      const thrown = seen.at(-1)!;
      return {
        get: async (request) => {
          thrown.push(Math.random());
          return (await origin.fetch(request)).body;
        },
      };
    },
  });

  it('throws the same whenever a program is played, and other ones in another program', async () => {
    const lab = new Lab(target, PROPERTIES);
    const [one, other] = [
      [ask(0, 0), ask(1, 1)],
      [ask(0, 0), ask(0, 0)],
    ];
    for (const operations of [one, one, other]) await lab.try({ world: PLAIN_WORLD, operations });
    const [first, again, else_] = seen.map((thrown) => thrown.slice(1)).filter((thrown) => thrown.length > 0) as [number[], number[], number[]];
    expect(first).toHaveLength(2);
    expect(again).toEqual(first);
    expect(else_).not.toEqual(first);
  });

  it('is opened with real chance: a name that it draws there is its own', () => {
    expect(new Set(seen.map(([opened]) => opened)).size).toBe(seen.length);
  });
});
