import { describe, expect, it } from 'vitest';
import { requiredSituations } from '../harness/campaign/requirements.ts';
import { Lab } from '../harness/run/lab.ts';
import { addTally, newTally, tallyByName } from '../harness/run/situations.ts';
import { randomRuns } from '../harness/search/random-runs.laws.ts';
import { REFERENCE_MODELS } from '../harness/targets/reference.ts';
import { PROPERTIES } from '../properties/index.ts';

const SEEDS = [1, 2, 3, 4];
const OPERATIONS_PER_SEED = 2_500_000;
/** A model takes some ten seconds of a core that it has to itself. */
const PATIENCE_MS = 400_000;

describe('the reference models', () => {
  it('have names of their own', () => {
    expect(new Set(REFERENCE_MODELS.map((target) => target.name)).size).toBe(REFERENCE_MODELS.length);
    for (const { name } of REFERENCE_MODELS) expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
  });

  it.each(REFERENCE_MODELS.map((target) => [target.name, target] as const))(
    '%s holds every property over ten million operations that try everything',
    (_name, target) => {
      const lab = new Lab(target, PROPERTIES);
      const tally = newTally();
      const breaches: string[] = [];
      let operations = 0;
      for (const seed of SEEDS) {
        const mine = randomRuns(lab, { seed, operations: OPERATIONS_PER_SEED }, ({ stage, length }) => {
          operations += length;
          for (const { property, kind } of stage.breaches) breaches.push(`seed ${seed}: ${property}/${kind} in ${JSON.stringify(stage.world)}`);
        });
        addTally(tally, mine);
      }
      expect(breaches).toEqual([]);
      expect(operations).toBeGreaterThanOrEqual(SEEDS.length * OPERATIONS_PER_SEED);
      const occurred = tallyByName(tally);
      for (const situation of requiredSituations(target.capabilities)) expect(occurred[situation], situation).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );
});
