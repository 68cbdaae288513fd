import { describe, expect, it } from 'vitest';
import { type Operation, operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { ANONYMOUS, PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab, type Outcome } from '../run/lab.ts';
import { type Capabilities, IN_PROCESS } from '../targets/capabilities.ts';
import { PLANTED_FAULTS } from '../targets/planted-faults.laws.ts';
import { alphabetOf } from './alphabet.ts';
import { Generator } from './generate.ts';
import { numberedWorld } from './portfolio.ts';
import { Random } from './random.ts';
import { type Moves, moved, renamedByUse, staying, usedIn, withTemplate } from './rewrite.ts';

const ask = (user: number, camera: number, template: number = 0): Operation => operation({ op: 'request', user, camera, template });

/** Three users, three cameras, three ways of asking under two policies. */
const WIDE: World = {
  users: ['alice', 'bob', 'carol'],
  cameras: [
    { id: 'door', owner: 0 },
    { id: 'yard', owner: 1 },
    { id: 'hall', owner: 2 },
  ],
  templates: [
    { ...PLAIN_TEMPLATE, policy: 1 },
    { ...PLAIN_TEMPLATE, tier: 'low' },
    { ...PLAIN_TEMPLATE, credential: 'none', policy: 1 },
  ],
  policies: [
    { cacheControl: 'private', vary: '' },
    { cacheControl: 'max-age=60', vary: '' },
  ],
  capacity: 3,
  lifetimeMs: 10_000,
};

function drawn(capabilities: Capabilities, number: number, length?: number): Program {
  const world = numberedWorld(6, number, capabilities);
  const alphabet = alphabetOf(world, capabilities);
  const generator = new Generator(alphabet, (letter) => letter);
  return { world, operations: generator.program.slice(0, generator.generate(new Random(6, number), length)) };
}

/** A random order of the indexes of these members. */
function shuffled(members: readonly unknown[], random: Random): number[] {
  const places = members.map((_, index) => index);
  for (let at = places.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    [places[at], places[other]] = [places[other]!, places[at]!];
  }
  return places;
}

describe('a moved program', () => {
  it('is the same where nothing moves', () => {
    for (let number = 0; number < 50; number++) {
      const program = drawn(IN_PROCESS, number);
      expect(JSON.stringify(moved(program, staying(program.world)))).toBe(JSON.stringify(program));
    }
  });

  it('names each member at its new place', () => {
    const program: Program = {
      world: WIDE,
      operations: [ask(1, 2, 1), operation({ op: 'share', camera: 0, user: 2 }), operation({ op: 'unlink', user: 0, channel: 'hub' })],
    };
    expect(moved(program, { users: [2, 0, 1], cameras: [1, 2, 0], templates: [1, 0, 2] })).toEqual({
      world: {
        ...WIDE,
        users: ['bob', 'carol', 'alice'],
        cameras: [
          { id: 'hall', owner: 1 },
          { id: 'door', owner: 2 },
          { id: 'yard', owner: 0 },
        ],
        templates: [WIDE.templates[1], WIDE.templates[0], WIDE.templates[2]],
      },
      operations: [ask(0, 0, 0), operation({ op: 'share', camera: 1, user: 1 }), operation({ op: 'unlink', user: 2, channel: 'hub' })],
    });
  });

  it('merges who goes to one place, and the first one there gives his attributes', () => {
    const program: Program = { world: WIDE, operations: [ask(0, 0), ask(2, 2, 1), operation({ op: 'transfer', camera: 1, user: 2 })] };
    const merged = moved(program, { users: [0, 1, 0], cameras: [0, 1, 0], templates: [0, 0, 1] })!;
    expect(merged.world.users).toEqual(['alice', 'bob']);
    expect(merged.world.cameras).toEqual(WIDE.cameras.slice(0, 2));
    expect(merged.world.templates.map(({ tier, credential }) => [tier, credential])).toEqual([
      ['high', 'bearer'],
      ['high', 'none'],
    ]);
    expect(merged.operations).toEqual([ask(0, 0), ask(0, 0), operation({ op: 'transfer', camera: 1, user: 0 })]);
  });

  it('keeps only the policies that are still used, in their order', () => {
    const left = moved({ world: WIDE, operations: [] }, { ...staying(WIDE), templates: [0, null, 1] })!;
    expect(left.world.policies).toEqual([{ cacheControl: 'max-age=60', vary: '' }]);
    expect(left.world.templates.map((template) => template.policy)).toEqual([0, 0]);
  });

  it.each<[string, Partial<Moves>]>([
    ['a user', { users: [0, null, 1] }],
    ['a camera', { cameras: [0, null, 1] }],
    ['a template', { templates: [0, null, 1] }],
  ])('is none when an operation names %s that is left out', (_name, moves) => {
    const program: Program = { world: WIDE, operations: [ask(1, 1, 1)] };
    expect(moved(program, { ...staying(WIDE), ...moves })).toBeNull();
  });

  it('is none when an owner is left out', () => {
    expect(moved({ world: WIDE, operations: [] }, { ...staying(WIDE), users: [0, 1, null] })).toBeNull();
    expect(moved({ world: WIDE, operations: [] }, { users: [0, 1, null], cameras: [0, 1, null], templates: [0, 1, 2] })?.world.users).toEqual(['alice', 'bob']);
  });

  it('asks as a visitor where its template now carries no credential, and as the first user where it now carries one', () => {
    const program: Program = { world: WIDE, operations: [ask(1, 1), ask(ANONYMOUS, 0, 2)] };
    const swapped = moved(program, { ...staying(WIDE), templates: [0, 1, 0] })!;
    expect(swapped.operations).toEqual([ask(1, 1), ask(0, 0)]);
    const { templates } = WIDE;
    const hidden = moved({ ...program, world: { ...WIDE, templates: templates.toReversed() } }, { ...staying(WIDE), templates: [0, 1, 0] })!;
    expect(hidden.operations.map((letter) => ('user' in letter ? letter.user : null))).toEqual([ANONYMOUS, ANONYMOUS]);
  });
});

describe('a renamed program', () => {
  it('names everybody by first use and leaves out who is not used', () => {
    const program: Program = { world: WIDE, operations: [ask(2, 1, 1), ask(1, 1, 1)] };
    expect(renamedByUse(program)).toEqual({
      world: {
        ...WIDE,
        users: ['carol', 'bob'],
        cameras: [{ id: 'yard', owner: 1 }],
        templates: [{ ...WIDE.templates[1], policy: 0 }],
        policies: [WIDE.policies[0]],
      },
      operations: [ask(0, 0), ask(1, 0)],
    });
  });

  it('keeps an owner whom no operation names, and a world to live in where nothing is named', () => {
    expect(renamedByUse({ world: WIDE, operations: [ask(0, 2)] }).world.users).toEqual(['alice', 'carol']);
    const { users, cameras, templates } = renamedByUse({ world: WIDE, operations: [operation({ op: 'restart' })] }).world;
    expect([users, cameras.map((camera) => camera.id), templates.length]).toEqual([['alice'], ['door'], 1]);
  });

  it('is not renamed any further, uses all that it has, in order, and is never longer', () => {
    for (let number = 0; number < 300; number++) {
      const program = drawn(IN_PROCESS, number);
      const once = renamedByUse(program);
      expect(JSON.stringify(renamedByUse(once))).toBe(JSON.stringify(once));
      expect(once.operations.map((letter) => letter.op)).toEqual(program.operations.map((letter) => letter.op));
      const used = usedIn(once);
      for (const list of [used.users, used.cameras, used.templates]) expect(list).toEqual(list.map((_, index) => index));
    }
  });
});

describe('renaming and moving', () => {
  it('change nothing about what is broken, how and when', () => {
    const random = new Random(7);
    const broken = new Set<string>();
    for (const { target } of PLANTED_FAULTS) {
      const lab = new Lab(target, PROPERTIES);
      const shapes = (program: Program): string[] =>
        (lab.try(program) as Outcome).breaches.map(({ property, kind, instant, call }) => `${instant} ${call} ${property}/${kind}`);
      for (let number = 0; number < 40; number++) {
        const program = drawn(target.capabilities, number, 60);
        const { users, cameras, templates } = program.world;
        const before = shapes(program);
        if (before.length > 0) broken.add(target.name);
        expect(shapes(renamedByUse(program))).toEqual(before);
        const moves = { users: shuffled(users, random), cameras: shuffled(cameras, random), templates: shuffled(templates, random) };
        expect(shapes(moved(program, moves)!)).toEqual(before);
      }
    }
    expect(broken.size).toBeGreaterThan(PLANTED_FAULTS.length / 2);
  });
});

describe('a program with another template', () => {
  it('has it at one place, and asks there as who the template lets ask', () => {
    const program: Program = { world: WIDE, operations: [ask(1, 1), ask(1, 1, 1), ask(ANONYMOUS, 0, 2), operation({ op: 'share', camera: 0, user: 1 })] };
    const hidden = withTemplate(program, 0, { ...PLAIN_TEMPLATE, credential: 'none' });
    expect(hidden.operations).toEqual([ask(ANONYMOUS, 1), ...program.operations.slice(1)]);
    expect(hidden.world.templates).toEqual([{ ...PLAIN_TEMPLATE, credential: 'none' }, ...WIDE.templates.slice(1)]);
    const shown = withTemplate(program, 2, PLAIN_TEMPLATE);
    expect(shown.operations[2]).toEqual(ask(0, 0, 2));
    expect(program.world.templates).toBe(WIDE.templates);
  });
});

describe('the plain world', () => {
  it('is what it is after renaming, when everybody is used', () => {
    const program: Program = { world: PLAIN_WORLD, operations: [ask(0, 0), ask(1, 1)] };
    expect(renamedByUse(program)).toEqual(program);
  });
});
