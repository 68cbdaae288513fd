import { beforeAll, describe, expect, it } from 'vitest';
import { type Operation, operation, type Outcome as Answer } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, type Template, type World } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab, type Outcome } from '../run/lab.ts';
import { PLANTED_FAULTS, type PlantedFault } from '../targets/planted-faults.laws.ts';
import type { Evaluate } from './evaluate.ts';
import { comparePrograms } from './order.ts';
import { type Failure, randomFailures } from './random-runs.laws.ts';
import { Random } from './random.ts';
import { shrink, type ShrinkOptions, type Shrunk, shrinkSeveral, simplerPrograms } from './shrink.ts';
import { isSound } from './soundness.ts';

/** Failures that are shrunk of each fault. */
const FAILURES = 24;
const SEEDS = 20;
const RESTARTS = 4;
const GIVE_UP = 3_000_000;

/** Random programs meet these too seldom to be met here; other tests know their smallest programs. */
const RARE = ['late-answers-are-stored', 'served-beyond-its-lifetime'];
const FAULTS = PLANTED_FAULTS.filter(({ target }) => !RARE.includes(target.name));

function optionsFor({ target }: PlantedFault, options: Partial<ShrinkOptions> = {}): ShrinkOptions {
  return { budget: 5_000, capabilities: target.capabilities, ...options };
}

const evaluateOn =
  (lab: Lab): Evaluate =>
  (program) =>
    (lab.try(program) as Outcome).breaches;

const hasShape = (lab: Lab, program: Program, shape: string): boolean =>
  (lab.try(program) as Outcome).breaches.some(({ property, kind }) => `${property}/${kind}` === shape);

describe.each(FAULTS.map((fault) => [fault.target.name, fault] as const))('shrinking a failure of %s', (_name, fault) => {
  const lab = new Lab(fault.target, PROPERTIES);
  let failures: Failure[] = [];
  const results: Shrunk[] = [];

  beforeAll(async () => {
    failures = randomFailures(lab, { seed: 1, shape: fault.shape, count: FAILURES, operations: GIVE_UP });
    for (const { program, breach } of failures) results.push(await shrink(program, breach, evaluateOn(lab), optionsFor(fault)));
  });

  it('gives a program that is broken in the same way, at its end, and is no longer', () => {
    expect(results).toHaveLength(FAILURES);
    for (const [index, { program, executions }] of results.entries()) {
      const breach = (lab.try(program) as Outcome).breaches.find(({ property, kind }) => `${property}/${kind}` === fault.shape);
      expect(breach?.instant).toBe(program.operations.length);
      expect(comparePrograms(program, failures[index]!.program)).toBeLessThanOrEqual(0);
      expect(executions).toBeLessThanOrEqual(5_000);
    }
  });

  it(`reaches ${fault.size} operations from ${RESTARTS} failures, and the same program from whichever`, () => {
    const distinct = new Set<string>();
    for (let seed = 0; seed < SEEDS; seed++) {
      const random = new Random(seed);
      const some = Array.from({ length: RESTARTS }, () => random.pick(results).program);
      const best = some.toSorted(comparePrograms)[0]!;
      expect(best.operations).toHaveLength(fault.size);
      distinct.add(JSON.stringify(best));
    }
    expect(distinct.size).toBeLessThanOrEqual(1);
  });
});

describe('shrinking', () => {
  const fault = PLANTED_FAULTS.find(({ target }) => target.name === 'a-change-of-owner-removes-nothing')!;
  const lab = new Lab(fault.target, PROPERTIES);
  const failures = randomFailures(lab, { seed: 5, shape: fault.shape, count: 12, operations: GIVE_UP });

  it('runs a candidate only when it is simpler than all that broke so far, and none twice', async () => {
    for (const { program, breach } of failures) {
      let best = program;
      const seen = new Set<string>();
      const evaluate: Evaluate = (candidate) => {
        expect(comparePrograms(candidate, best)).toBeLessThan(0);
        expect(seen.has(JSON.stringify(candidate))).toBe(false);
        seen.add(JSON.stringify(candidate));
        if (hasShape(lab, candidate, fault.shape)) best = candidate;
        return (lab.try(candidate) as Outcome).breaches;
      };
      const { executions, score } = await shrink(program, breach, evaluate, optionsFor(fault));
      expect(executions).toBe(seen.size);
      expect(Object.values(score).every((times) => times > 0)).toBe(true);
    }
  });

  it('gives the same each time, also when the target answers later', async () => {
    for (const { program, breach } of failures.slice(0, 6)) {
      const once = await shrink(program, breach, evaluateOn(lab), optionsFor(fault));
      expect(await shrink(program, breach, evaluateOn(lab), optionsFor(fault))).toEqual(once);
      const later: Evaluate = async (candidate) => {
        await Promise.resolve();
        return (lab.try(candidate) as Outcome).breaches;
      };
      expect(await shrink(program, breach, later, optionsFor(fault))).toEqual(once);
    }
  });

  it('keeps to its budget, and keeps what it reached by then', async () => {
    const long = failures.toSorted((a, b) => b.program.operations.length - a.program.operations.length)[0]!;
    const lengths: number[] = [];
    for (const budget of [0, 1, 2, 5, 10, 20, 50, 5_000]) {
      const { program, executions } = await shrink(long.program, long.breach, evaluateOn(lab), optionsFor(fault, { budget }));
      expect(executions).toBeLessThanOrEqual(Math.max(1, budget));
      expect(hasShape(lab, program, fault.shape)).toBe(true);
      lengths.push(program.operations.length);
    }
    expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
    expect(lengths.at(-1)).toBe(fault.size);
  });

  it('ends when it is stopped, with what it reached by then', async () => {
    const { program, breach } = failures[0]!;
    for (const after of [0, 3, 9]) {
      let asked = 0;
      const stopped = (): boolean => ++asked > after;
      const result = await shrink(program, breach, evaluateOn(lab), optionsFor(fault, { stopped }));
      expect(result.executions).toBeLessThanOrEqual(after + 1);
      expect(hasShape(lab, result.program, fault.shape)).toBe(true);
    }
  });

  it('never slides to another shape, although it is simpler', async () => {
    const shapes = new Set(failures.flatMap(({ program }) => (lab.try(program) as Outcome).breaches.map(({ property, kind }) => `${property}/${kind}`)));
    expect(shapes.size).toBeGreaterThan(1);
    for (const { program, breach } of failures) {
      const result = await shrink(program, breach, evaluateOn(lab), optionsFor(fault));
      expect(hasShape(lab, result.program, fault.shape)).toBe(true);
    }
  });

  it('keeps somebody in the world whom no operation names, where nothing breaks without', async () => {
    const wide = failures.find(({ program }) => program.world.users.length > 2)!;
    const crowd = wide.program.world.users.length;
    const evaluate: Evaluate = (candidate) => (candidate.world.users.length === crowd ? (lab.try(candidate) as Outcome).breaches : []);
    const { program } = await shrink(wide.program, wide.breach, evaluate, optionsFor(fault));
    expect(program.world.users).toHaveLength(crowd);
    expect(program.operations).toHaveLength(fault.size);
    expect(hasShape(lab, program, fault.shape)).toBe(true);
  });

  it('gives a failure back as it was when nothing else breaks', async () => {
    const { program, breach } = failures[0]!;
    const whole = { world: program.world, operations: program.operations.slice(0, breach.instant) };
    const only: Evaluate = () => [];
    expect((await shrink(whole, breach, only, optionsFor(fault))).program).toEqual(whole);
  });

  it('of several failures goes on only with those that came down to the fewest operations, and runs nothing twice', async () => {
    const some = failures.slice(0, 4).map(({ program, breach }) => ({ program, found: breach }));
    const seen: string[] = [];
    const evaluate: Evaluate = (candidate) => {
      seen.push(JSON.stringify(candidate));
      return (lab.try(candidate) as Outcome).breaches;
    };
    const { program, executions, restarts } = await shrinkSeveral(some, evaluate, optionsFor(fault));
    expect(program.operations).toHaveLength(fault.size);
    expect(new Set(seen).size).toBe(seen.length);
    expect([seen.length, restarts.length]).toEqual([executions, some.length]);
    expect(executions).toBe(restarts.reduce((sum, count) => sum + count, 0));
    const alone = await Promise.all(some.map((failing) => shrink(failing.program, failing.found, evaluateOn(lab), optionsFor(fault))));
    expect(executions).toBeLessThan(alone.reduce((sum, each) => sum + each.executions, 0));
  });

  it('of several failures keeps what it reached when it is stopped before it came to all of them', async () => {
    const some = failures.slice(0, 4).map(({ program, breach }) => ({ program, found: breach }));
    for (const after of [0, 5, 40]) {
      let asked = 0;
      const { program } = await shrinkSeveral(some, evaluateOn(lab), optionsFor(fault, { stopped: () => ++asked > after }));
      expect(hasShape(lab, program, fault.shape)).toBe(true);
    }
  });

  it('of an HTTP edge never leaves the sound policies', async () => {
    const edge = PLANTED_FAULTS.find(({ target }) => target.capabilities.lifetimes === 'http')!;
    const edgeLab = new Lab(edge.target, PROPERTIES);
    for (const { program, breach } of randomFailures(edgeLab, { seed: 2, shape: edge.shape, count: 20, operations: GIVE_UP })) {
      const evaluate: Evaluate = (candidate) => {
        for (const { credential, policy } of candidate.world.templates) expect(isSound(credential, candidate.world.policies[policy]!)).toBe(true);
        return (edgeLab.try(candidate) as Outcome).breaches;
      };
      await shrink(program, breach, evaluate, optionsFor(edge));
    }
  });
});

describe('each way to make a program simpler', () => {
  const ask = (user: number, camera: number, template = 0): Operation => operation({ op: 'request', user, camera, template });
  const begin = (user: number, camera: number): Operation => operation({ op: 'begin', user, camera, template: 0 });
  const release = (user: number, camera: number, outcome: Answer = 'reply'): Operation => operation({ op: 'release', user, camera, template: 0, outcome });
  const ONE_CAMERA: World = { ...PLAIN_WORLD, cameras: [PLAIN_WORLD.cameras[0]!] };
  const LEAKY = 'rights-checked-on-a-miss-only';
  const SIMPLEST: Program = { world: ONE_CAMERA, operations: [ask(0, 0), ask(1, 0)] };
  const among = (more: Partial<World>): World => ({ ...PLAIN_WORLD, ...more });
  const HUB_LOW: Template = { channel: 'hub', tier: 'low', credential: 'bearer', spelling: 'query', policy: 0 };

  it.each<[string, string, Program, Program]>([
    [
      'leaving out what does nothing',
      LEAKY,
      { world: PLAIN_WORLD, operations: [ask(1, 1), ask(0, 0), operation({ op: 'capture', camera: 0 }), ask(0, 0), ask(1, 0)] },
      SIMPLEST,
    ],
    ['letting a call run to its answer', LEAKY, { world: ONE_CAMERA, operations: [begin(0, 0), release(0, 0), ask(1, 0)] }, SIMPLEST],
    [
      'letting two ways of asking be one',
      LEAKY,
      { world: among({ templates: [PLAIN_TEMPLATE, { ...PLAIN_TEMPLATE, channel: 'hub' }] }), operations: [ask(0, 0), ask(1, 0, 1)] },
      SIMPLEST,
    ],
    [
      'letting a third user be one of the two',
      LEAKY,
      { world: among({ users: ['alice', 'bob', 'carol'] }), operations: [operation({ op: 'share', camera: 0, user: 2 }), ask(2, 0), ask(1, 0)] },
      SIMPLEST,
    ],
    ['asking in the plainest way', LEAKY, { world: among({ templates: [HUB_LOW] }), operations: [ask(0, 0), ask(1, 0)] }, SIMPLEST],
    [
      'taking the plainest world',
      LEAKY,
      {
        world: among({ users: ['\u674e', '__proto__'], cameras: [{ id: 'a:b', owner: 0 }], capacity: 8, lifetimeMs: 10_000 }),
        operations: [ask(0, 0), ask(1, 0)],
      },
      SIMPLEST,
    ],
    [
      'failing in the plainest way',
      'stale-for-anybody-when-the-origin-fails',
      { world: ONE_CAMERA, operations: [ask(0, 0), operation({ op: 'advance', by: 61_000 }), begin(1, 0), release(1, 0, 'drop')] },
      { world: ONE_CAMERA, operations: [ask(0, 0), operation({ op: 'advance', by: 61_000 }), begin(1, 0), release(1, 0, 'error')] },
    ],
    [
      'taking the lifetime along when the world changes',
      'stale-for-anybody-when-the-origin-fails',
      { world: { ...ONE_CAMERA, lifetimeMs: 10_000 }, operations: [ask(0, 0), operation({ op: 'advance', by: 11_000 }), begin(1, 0), release(1, 0, 'error')] },
      { world: ONE_CAMERA, operations: [ask(0, 0), operation({ op: 'advance', by: 61_000 }), begin(1, 0), release(1, 0, 'error')] },
    ],
  ])('is found: %s', async (_name, name, long, simplest) => {
    const fault = PLANTED_FAULTS.find(({ target }) => target.name === name)!;
    const lab = new Lab(fault.target, PROPERTIES);
    const found = (lab.try(long) as Outcome).breaches.find(({ property, kind }) => `${property}/${kind}` === fault.shape)!;
    const { program } = await shrink(long, found, evaluateOn(lab), optionsFor(fault));
    expect(program).toEqual(simplest);
  });
});

describe('the simpler programs of a program', () => {
  it('are all simpler, and there are none of the simplest', () => {
    const fault = FAULTS[0]!;
    const [failure] = randomFailures(new Lab(fault.target, PROPERTIES), { seed: 3, shape: fault.shape, count: 1, operations: GIVE_UP });
    let { program } = failure!;
    for (let steps = 0; steps < 1_000; steps++) {
      const simpler = [...simplerPrograms(program, fault.target.capabilities)];
      for (const candidate of simpler) expect(comparePrograms(candidate, program)).toBeLessThan(0);
      if (simpler.length === 0) break;
      program = simpler[steps % simpler.length]!;
    }
    expect([...simplerPrograms(program, fault.target.capabilities)]).toEqual([]);
    expect(program.operations).toHaveLength(1);
  });
});
