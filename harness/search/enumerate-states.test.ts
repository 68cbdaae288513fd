import { describe, expect, it } from 'vitest';
import { INCIDENTS } from '../../fixtures/incidents/index.ts';
import type { Operation } from '../../models/domain/operation.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab } from '../run/lab.ts';
import { compile } from '../run/run.ts';
import type { Stage } from '../run/stage.ts';
import { REFERENCE_MODELS } from '../targets/reference.ts';
import type { Target } from '../targets/target.ts';
import { type Alphabet, alphabetOf } from './alphabet.ts';
import { enumerateStates } from './enumerate-states.ts';
import { enumerate } from './enumerate.ts';
import { statesOf } from './fingerprint.ts';

/** One camera, two ways of asking for it, and room for one answer: a little of everything that a state is made of. */
const NARROW: World = {
  ...PLAIN_WORLD,
  cameras: [PLAIN_WORLD.cameras[0]!],
  templates: [{ ...PLAIN_TEMPLATE, channel: 'hub', tier: 'low' }, PLAIN_TEMPLATE],
  capacity: 1,
};
const OF_HTTP = [{ cacheControl: 'public, max-age=60', vary: 'Authorization', validator: true, session: true } as const];

const TARGETS: readonly Target[] = [...REFERENCE_MODELS, ...INCIDENTS.map(({ target }) => target).filter(({ kind }) => kind === 'model')];

interface Room {
  readonly lab: Lab;
  readonly stage: Stage;
  readonly alphabet: Alphabet;
  readonly state: ((operations: readonly Operation[]) => string) | null;
}

function roomOf(target: Target, plain: World): Room {
  const lab = new Lab(target, PROPERTIES);
  const stage = lab.stage(target.capabilities.lifetimes === 'http' ? { ...plain, policies: OF_HTTP } : plain);
  return { lab, stage, alphabet: alphabetOf(stage.world, target.capabilities), state: statesOf(lab, stage) };
}

/** Shapes by the length of the shortest program that a walk saw them in. */
function watching({ lab, stage }: Room): { readonly shapes: Record<string, number>; readonly visit: (operations: readonly Operation[]) => boolean } {
  const shapes: Record<string, number> = {};
  const visit = (operations: readonly Operation[]): boolean => {
    const steps = compile(stage, operations);
    void lab.run(stage, steps, steps.length);
    for (const { property, kind } of stage.breaches) shapes[`${property}/${kind}`] ??= operations.length;
    return true;
  };
  return { shapes, visit };
}

async function bothWays(room: Room, depth: number): Promise<unknown[]> {
  const options = { depth, budget: Number.POSITIVE_INFINITY };
  const byPrograms = watching(room);
  const all = await enumerate(room.alphabet, options, byPrograms.visit);
  const byStates = watching(room);
  const some = await enumerateStates(room.alphabet, options, { visit: byStates.visit, state: room.state! });
  expect(some.depth).toBe(all.depth);
  expect(some.programs).toBeLessThanOrEqual(all.programs);
  return [byStates.shapes, byPrograms.shapes];
}

describe('trying everything from every state', () => {
  it.each(TARGETS.map((target) => [target.name, target] as const))('finds what trying every program finds, as short: %s', async (_name, target) => {
    for (const world of [PLAIN_WORLD, NARROW]) {
      const room = roomOf(target, world);
      if (room.state === null) return;
      const [some, all] = await bothWays(room, 3);
      expect(some).toEqual(all);
    }
  });

  it('finds the same at a depth of four, where states have met again', async () => {
    for (const id of ['signal-2014', 'iotdb-2026', 'stale-if-error', 'squid-2016']) {
      const room = roomOf(INCIDENTS.find((incident) => incident.id === id)!.target, NARROW);
      const [some, all] = await bothWays(room, 4);
      expect(some, id).toEqual(all);
      expect(Object.keys(all as object).length, id).toBeGreaterThan(0);
    }
  }, 60_000);

  it('is far less to do', async () => {
    const room = roomOf(REFERENCE_MODELS[0]!, PLAIN_WORLD);
    const options = { depth: 4, budget: 100_000 };
    const { depth, programs, states } = await enumerateStates(room.alphabet, options, { visit: () => true, state: room.state! });
    expect(depth).toBe(4);
    expect(states).toBeLessThan(2_000);
    expect(programs).toBeLessThan(20_000);
  });

  it('stops at its budget and says how deep it came', async () => {
    const room = roomOf(REFERENCE_MODELS[0]!, PLAIN_WORLD);
    const within = (budget: number): Promise<unknown> => enumerateStates(room.alphabet, { depth: 4, budget }, { visit: () => true, state: room.state! });
    expect(await within(0)).toMatchObject({ depth: 0, programs: 0, ended: false });
    expect(await within(300)).toMatchObject({ depth: 2, ended: false });
    expect(await within(100_000)).toMatchObject({ depth: 4, ended: false });
  });

  it('ends when the visitor says so, at once or later', async () => {
    const room = roomOf(REFERENCE_MODELS[0]!, PLAIN_WORLD);
    for (const later of [false, true]) {
      let ran = 0;
      const visit = (): boolean | Promise<boolean> => {
        const going = ++ran < 10;
        return later ? Promise.resolve(going) : going;
      };
      const walked = await enumerateStates(room.alphabet, { depth: 3, budget: 100_000 }, { visit, state: room.state! });
      expect(walked).toMatchObject({ programs: 10, ended: true });
    }
  });
});
