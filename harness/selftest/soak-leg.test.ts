import { describe, expect, it } from 'vitest';
import { INCIDENTS } from '../../fixtures/incidents/index.ts';
import { REFERENCE_MODELS } from '../targets/reference.ts';
import { soakLeg } from './soak-leg.ts';
import { soakTargets } from './soak-targets.ts';

describe('a leg of a soak run', () => {
  it('runs as many operations as it was asked for and reports nothing of a correct cache', async () => {
    const leg = await soakLeg(REFERENCE_MODELS[0]!, { seed: 3, operations: 20_000 });
    expect(leg.violations).toEqual([]);
    expect(leg.operations).toBeGreaterThanOrEqual(20_000);
  });

  it('ends at a violation, with its counterexample', async () => {
    const leg = await soakLeg(INCIDENTS.find(({ id }) => id === 'actor-ts-2026')!.target, { seed: 3, operations: 1_000_000 });
    expect(leg.operations).toBeLessThan(1_000_000);
    expect(leg.violations[0]!.evidence.target).toBe('actor-ts-2026');
  });

  it('is run for every model and every twin', () => {
    const names = soakTargets().map(({ name }) => name);
    for (const { name } of REFERENCE_MODELS) expect(names).toContain(name);
    expect(names.filter((name) => name.endsWith('-twin')).length).toBeGreaterThan(10);
    expect(new Set(names).size).toBe(names.length);
  });
});
