import { describe, expect, it } from 'vitest';
import { INCIDENTS } from '../../fixtures/incidents/index.ts';
import { type Operation, operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { perViewer } from '../../models/lru.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab } from '../run/lab.ts';
import { PLANTED_FAULTS } from '../targets/planted-faults.laws.ts';
import { lookasideTarget, REFERENCE_MODELS } from '../targets/reference.ts';
import type { Target } from '../targets/target.ts';
import { COUNTING, HASTY, REMEMBERING } from './non-interference.laws.ts';
import { Comparison, type Interference } from './non-interference.ts';
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

async function everybody(target: Target, { world, operations }: Program): Promise<Omit<Interference, 'history'>[]> {
  const lab = new Lab(target, PROPERTIES);
  const stage = lab.stage(world);
  const found = await new Comparison(lab).everybody({ stage, steps: operations.map((letter) => stage.compile(letter)) });
  return found.map(({ observer, kind, call, at, event, instead }) => ({ observer, kind, call, at, event, instead }));
}

const ask = (user: number, camera: number): Operation => operation({ op: 'request', user, camera, template: 0 });
const plain = (...operations: Operation[]): Program => ({ world: PLAIN_WORLD, operations });
const partitioned = (target: Target): Target => ({ ...target, capabilities: { ...target.capabilities, partitioned: true } });

const LEAKY = PLANTED_FAULTS.find(({ target }) => target.name === 'rights-checked-on-a-miss-only')!.target;

describe('other pictures for others', () => {
  it.each([...REFERENCE_MODELS, ...TWINS].map((target) => [target.name, target] as const))(
    'change nothing that a caller of a correct cache observes: %s',
    async (_name, target) => {
      for (const { program } of programsOf(target, PROGRAMS)) expect(await everybody(target, program)).toEqual([]);
    },
  );

  it('are what a caller sees who is given a picture that is not for him', async () => {
    expect(await everybody(LEAKY, plain(ask(0, 0), ask(1, 0)))).toMatchObject([
      { observer: 1, kind: 'answer', call: 1, at: 2, instead: 'unlike', event: { event: 'answered' } },
    ]);
  });

  it('show nothing to whom the camera is shared with, whatever the cache does', async () => {
    expect(await everybody(LEAKY, plain(operation({ op: 'share', camera: 0, user: 1 }), ask(0, 0), ask(1, 0)))).toEqual([]);
  });

  it('are noticed on a model only where a judge has something to say too', async () => {
    let noticed = 0;
    for (const { target } of PLANTED_FAULTS)
      for (const { program, broken } of programsOf(target, PROGRAMS)) {
        if ((await everybody(target, program)).length === 0) continue;
        noticed++;
        expect(broken.length, `${target.name} ${JSON.stringify(program)}`).toBeGreaterThan(0);
      }
    expect(noticed).toBeGreaterThan(20);
  });

  it('are noticed in what no judge reads: the rest of an answer, beside its frame', async () => {
    expect(await everybody(REMEMBERING, plain(ask(0, 0), ask(1, 1)))).toMatchObject([{ observer: 1, kind: 'answer', call: 1, at: 2, instead: 'unlike' }]);
    expect(await everybody(REMEMBERING, plain(ask(1, 1), ask(1, 1)))).toEqual([]);
  });

  it('are noticed in what is kept and what is not, and told once: not in the copies that somebody else is then given', async () => {
    const shown: string[][] = [];
    for (let captures = 0; captures < 8; captures++) {
      const newer = Array.from({ length: captures }, () => operation({ op: 'capture', camera: 0 }));
      const asking = [ask(0, 0), ask(1, 1), ask(1, 1), ask(0, 0)];
      const found = await everybody(HASTY, { world: { ...PLAIN_WORLD, capacity: 8 }, operations: [...newer, ...asking] });
      if (found.length > 0) shown.push(found.map(({ kind }) => kind));
    }
    expect(shown.length).toBeGreaterThan(1);
    for (const kinds of shown) expect(kinds).toEqual(['hit']);
  });

  it('show nothing of a target that does not do the same twice', async () => {
    expect(await everybody(COUNTING, plain(ask(0, 0), ask(1, 1), ask(0, 0)))).toEqual([]);
  });

  it('leave the situations of a stage and the session as they were', async () => {
    const lab = new Lab(LEAKY, PROPERTIES);
    const stage = lab.stage(PLAIN_WORLD);
    const steps = [stage.compile(ask(0, 0)), stage.compile(ask(1, 0))];
    void lab.run(stage, steps, 2);
    const before = [...stage.situations];
    await new Comparison(lab).everybody({ stage, steps });
    expect([...stage.situations]).toEqual(before);
    void lab.run(stage, steps, 2);
    expect(stage.history).toBeNull();
    expect(stage.breaches).toMatchObject([{ property: 'KH001', instant: 2 }]);
  });
});

describe('a session of somebody else', () => {
  it('is replaced as well, and seen by who is given headers that are not his', async () => {
    const found: Omit<Interference, 'history'>[][] = [];
    for (const { target } of INCIDENTS.filter(({ minimal }) => minimal.property === 'KH007'))
      for (const { program, broken } of programsOf(target, 100)) if (broken.join() === 'KH007') found.push(await everybody(target, program));
    expect(found.length).toBeGreaterThan(5);
    expect(found.filter((one) => one.length > 0).length).toBeGreaterThan(found.length / 2);
  });
});

describe('the absence of others', () => {
  const APART = lookasideTarget({ name: 'apart', title: 'Entries of each viewer, without a limit that they share' }, [perViewer]);
  const one = { ...PLAIN_WORLD, capacity: 1 };
  const evicting = { world: one, operations: [ask(0, 0), ask(1, 1), ask(0, 0)] };

  it('changes what a caller observes of a cache whose room is shared, and that is said only where a target declares the opposite', async () => {
    expect(await everybody(APART, evicting)).toEqual([]);
    expect(await everybody(partitioned(APART), evicting)).toMatchObject([{ observer: 0, kind: 'company', call: 2, at: 3, instead: 'answered' }]);
  });

  it('changes nothing where nobody needs the room', async () => {
    const { operations } = evicting;
    expect(await everybody(partitioned(APART), { world: { ...one, capacity: 8 }, operations })).toEqual([]);
  });
});

describe('a program that is tried', () => {
  it('is told by its marks alone, where they show what is wrong', async () => {
    const { breaches } = await new Comparison(new Lab(LEAKY, PROPERTIES)).try(plain(ask(0, 0), ask(1, 0)));
    expect(breaches.map(({ property }) => property)).toEqual(['KH001']);
  });

  it('is told with what a second run brings, where that alone shows something', async () => {
    const { breaches, history } = await new Comparison(new Lab(REMEMBERING, PROPERTIES)).try(plain(ask(0, 0), ask(1, 1)), { record: true });
    expect(breaches).toEqual([{ property: 'KH011', kind: 'answer', instant: 2, call: 1 }]);
    expect(history.slice(-3)).toMatchObject([
      { event: 'answered', call: 1 },
      { event: 'otherwise', call: 1, at: 2, instead: 'unlike' },
      { event: 'violation', call: 1, at: 2, property: 'KH011', kind: 'answer' },
    ]);
  });
});
