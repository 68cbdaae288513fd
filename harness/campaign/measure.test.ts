import { describe, expect, it } from 'vitest';
import { xiaomi2020 } from '../../fixtures/incidents/xiaomi-2020.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab } from '../run/lab.ts';
import type { Target } from '../targets/target.ts';
import { type Failure, firstFailures, type MeasureOptions } from './measure.ts';

const { minimal, target, twin } = xiaomi2020;

function search(subject: Target, options: Partial<MeasureOptions>): Promise<Failure[]> {
  return firstFailures(new Lab(subject, PROPERTIES), { seed: 1, runs: 20_000, shape: minimal, count: 2, stopped: () => false, ...options });
}

describe('firstFailures', () => {
  it('counts the operations up to each failure, and each program fails again with its last operation', async () => {
    const failures = await search(target, {});
    expect(failures).toHaveLength(2);
    expect(failures[1]!.operations).toBeGreaterThan(failures[0]!.operations);
    for (const { program, breach, operations } of failures) {
      expect(operations).toBeGreaterThanOrEqual(program.operations.length);
      expect(breach.instant).toBe(program.operations.length);
      const { breaches } = await new Lab(target, PROPERTIES).try(program);
      expect(breaches).toContainEqual(breach);
    }
  });

  it('comes to the same with the same seed', async () => {
    expect(await search(target, { seed: 7 })).toEqual(await search(target, { seed: 7 }));
  });

  it('finds nothing where nothing is wrong', async () => {
    expect(await search(twin, { runs: 1_000 })).toEqual([]);
  });

  it('stops when it is asked to', async () => {
    expect(await search(twin, { runs: Number.POSITIVE_INFINITY, stopped: () => true })).toEqual([]);
  });
});
