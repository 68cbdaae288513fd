import { describe, expect, it } from 'vitest';
import { INCIDENTS } from '../../fixtures/incidents/index.ts';
import { operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab } from '../run/lab.ts';
import { PLANTED_FAULTS } from '../targets/planted-faults.laws.ts';
import { REFERENCE_MODELS } from '../targets/reference.ts';
import type { Target } from '../targets/target.ts';
import { interferencesOf } from './non-interference.ts';
import { randomRuns } from './random-runs.laws.ts';

const PROGRAMS = 60;
const TWINS = INCIDENTS.map(({ twin }) => twin).filter(({ kind }) => kind === 'model');

/** The first programs of a search, each with the properties that it broke. */
function programsOf(target: Target, count: number): { readonly program: Program; readonly broken: readonly string[] }[] {
  const programs: { program: Program; broken: string[] }[] = [];
  randomRuns(new Lab(target, PROPERTIES), { seed: 3, operations: Number.POSITIVE_INFINITY }, ({ stage, steps, length }) => {
    const broken = stage.breaches.map(({ property }) => property);
    programs.push({ program: { world: stage.world, operations: steps.slice(0, length).map((step) => step.operation) }, broken });
    return programs.length < count;
  });
  return programs;
}

const ask = (user: number, camera: number): Program['operations'][number] => operation({ op: 'request', user, camera, template: 0 });

describe('other pictures for others', () => {
  it.each([...REFERENCE_MODELS, ...TWINS].map((target) => [target.name, target] as const))(
    'change nothing that a caller of a correct cache observes: %s',
    async (_name, target) => {
      const lab = new Lab(target, PROPERTIES);
      for (const { program } of programsOf(target, PROGRAMS)) expect(await interferencesOf(lab, program)).toEqual([]);
    },
  );

  it('are what a caller sees who is given a picture that is not for him', async () => {
    const leaky = PLANTED_FAULTS.find(({ target }) => target.name === 'rights-checked-on-a-miss-only')!.target;
    const found = await interferencesOf(new Lab(leaky, PROPERTIES), { world: PLAIN_WORLD, operations: [ask(0, 0), ask(1, 0)] });
    expect(found.map(({ observer }) => observer)).toEqual([1]);
    expect(found[0]!.before).not.toBe(found[0]!.after);
  });

  it('show nothing to whom the camera is shared with, whatever the cache does', async () => {
    const leaky = PLANTED_FAULTS.find(({ target }) => target.name === 'rights-checked-on-a-miss-only')!.target;
    const shared: Program = { world: PLAIN_WORLD, operations: [operation({ op: 'share', camera: 0, user: 1 }), ask(0, 0), ask(1, 0)] };
    expect(await interferencesOf(new Lab(leaky, PROPERTIES), shared)).toEqual([]);
  });

  it('are noticed only where a judge has something to say too', async () => {
    let noticed = 0;
    for (const { target } of PLANTED_FAULTS) {
      const lab = new Lab(target, PROPERTIES);
      for (const { program, broken } of programsOf(target, PROGRAMS)) {
        if ((await interferencesOf(lab, program)).length === 0) continue;
        noticed++;
        expect(broken.length, `${target.name} ${JSON.stringify(program)}`).toBeGreaterThan(0);
      }
    }
    expect(noticed).toBeGreaterThan(20);
  });
});
