import { describe, expect, it } from 'vitest';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab } from '../run/lab.ts';
import { UNSTEERED } from '../search/generate.ts';
import { randomRuns } from '../search/random-runs.laws.ts';
import { REFERENCE_MODELS } from '../targets/reference.ts';
import { BUGS } from './bugs.ts';
import { detect, quantile } from './detection.ts';

const bugOf = (start: string): (typeof BUGS)[number] => BUGS.find(({ target }) => target.name.startsWith(start))!;

describe('detect', () => {
  it.each(BUGS.map((bug) => [bug.target.name, bug] as const))('finds %s within 100 programs from nearly every seed', async (_name, bug) => {
    const { found, seeds, programsFor98 } = await detect(bug, { seeds: 50, limit: 50_000 });
    expect(found).toBe(seeds);
    expect(programsFor98).toBeLessThanOrEqual(100);
  });

  it('comes to the same for the same seeds', async () => {
    const options = { seeds: 5, limit: 20_000 };
    expect(await detect(bugOf('b3'), options)).toEqual(await detect(bugOf('b3'), options));
  });

  it('says that a cache without a bug was not found, and how soon one was with less of a search', async () => {
    const sound = { target: REFERENCE_MODELS[0]!, shape: 'KH001/stranger' };
    expect(await detect(sound, { seeds: 3, limit: 2_000 })).toEqual({
      subject: 'lru',
      seeds: 3,
      found: 0,
      medianOperations: null,
      p90Operations: null,
      medianPrograms: null,
      programsFor98: null,
    });
    const options = { seeds: 10, limit: 50_000 };
    const without = await detect(bugOf('b3'), { ...options, ingredients: UNSTEERED });
    const whole = await detect(bugOf('b3'), options);
    expect(without.medianOperations).toBeGreaterThan(whole.medianOperations!);
  });
});

describe('the slot cache', () => {
  it('never leaks before nine different things were filled', () => {
    let shortest = Number.POSITIVE_INFINITY;
    randomRuns(new Lab(bugOf('b4').target, PROPERTIES), { seed: 1, operations: 300_000 }, ({ stage }) => {
      const breach = stage.breaches.find(({ property, kind }) => `${property}/${kind}` === 'KH001/stranger');
      if (breach !== undefined) shortest = Math.min(shortest, breach.instant);
    });
    expect(shortest).toBeGreaterThanOrEqual(10);
    expect(shortest).toBeLessThan(Number.POSITIVE_INFINITY);
  });
});

describe('quantile', () => {
  it('is the least value that so many do not exceed, or null where that was never found', () => {
    const values = [5, 1, 4, 2, 3];
    expect([0, 0.2, 0.5, 0.9, 1].map((share) => quantile(values, share))).toEqual([1, 1, 3, 5, 5]);
    expect(quantile([1, Number.POSITIVE_INFINITY], 0.5)).toBe(1);
    expect(quantile([1, Number.POSITIVE_INFINITY], 0.9)).toBeNull();
  });
});
