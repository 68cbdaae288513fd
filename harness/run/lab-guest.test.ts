import { describe, expect, it } from 'vitest';
import { type Operation, operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { alphabetOf } from '../search/alphabet.ts';
import { Generator } from '../search/generate.ts';
import { numberedWorld } from '../search/portfolio.ts';
import { Random } from '../search/random.ts';
import { renamedByUse } from '../search/rewrite.ts';
import { PLANTED_FAULTS } from '../targets/planted-faults.laws.ts';
import type { Target } from '../targets/target.ts';
import { Guest } from './lab-guest.ts';
import { Lab, type Outcome } from './lab.ts';
import type { Breach, Stage } from './stage.ts';

const FAULT = PLANTED_FAULTS[0]!.target;
const WIDE: World = {
  ...PLAIN_WORLD,
  users: ['alice', 'bob', 'carol'],
  templates: [PLAIN_TEMPLATE, { ...PLAIN_TEMPLATE, tier: 'low' }],
};

function stageOf(world: World): Stage {
  return new Lab(FAULT, PROPERTIES).stage(world);
}

function drawn({ capabilities }: Target, number: number): Program {
  const world = numberedWorld(8, number, capabilities);
  const alphabet = alphabetOf(world, capabilities);
  const generator = new Generator(alphabet, (letter) => letter);
  return { world, operations: generator.program.slice(0, generator.generate(new Random(8, number), 40)) };
}

describe('a world on the stage of a wider one', () => {
  it('sees the same broken in the same calls as on a stage of its own', () => {
    const broken = new Set<string>();
    for (const { target } of PLANTED_FAULTS) {
      const lab = new Lab(target, PROPERTIES);
      for (let number = 0; number < 30; number++) {
        const wide = drawn(target, number);
        const { world, operations } = renamedByUse(wide);
        const guest = Guest.at(lab.stage(wide.world), world)!;
        void lab.run(guest.stage, guest.compile(operations), operations.length);
        const breaches: readonly Breach[] = [...guest.stage.breaches];
        expect(breaches).toEqual((lab.try({ world, operations }, { record: true }) as Outcome).breaches);
        if (breaches.length > 0) broken.add(target.name);
      }
    }
    expect(broken.size).toBeGreaterThan(PLANTED_FAULTS.length / 2);
  });

  it('asks as who, for what and in which way it says, wherever these stand there', () => {
    const world: World = { ...WIDE, users: ['carol', 'bob'], cameras: [PLAIN_WORLD.cameras[1]!], templates: [WIDE.templates[1]!] };
    const guest = Guest.at(stageOf(WIDE), world)!;
    const letters: Operation[] = [operation({ op: 'request', user: 0, camera: 0, template: 0 }), operation({ op: 'share', camera: 0, user: 0 })];
    expect(guest.compile(letters).map((step) => ({ ...step.operation }))).toMatchObject([
      { op: 'request', user: 2, camera: 1, template: 1 },
      { op: 'share', user: 2, camera: 1 },
    ]);
    expect(guest.compile(letters)[0]).toBe(guest.compile(letters)[0]);
  });

  it.each<[string, Partial<World>]>([
    ['another capacity', { capacity: 3 }],
    ['another lifetime', { lifetimeMs: 1 }],
    ['a user who is not there', { users: ['dave'] }],
    ['a camera that is not there', { cameras: [{ id: 'hall', owner: 0 }] }],
    ['a camera of somebody else', { cameras: [{ id: 'door', owner: 1 }] }],
    ['a way of asking that is not there', { templates: [{ ...PLAIN_TEMPLATE, channel: 'hub' }] }],
    ['one way of asking twice', { templates: [PLAIN_TEMPLATE, PLAIN_TEMPLATE] }],
    ['another word of the origin', { policies: [{ ...PLAIN_WORLD.policies[0]!, session: true }] }],
  ])('is not possible with %s', (_name, different) => {
    expect(Guest.at(stageOf(WIDE), { ...WIDE, ...different })).toBeNull();
    expect(Guest.at(stageOf(WIDE), { ...WIDE })).not.toBeNull();
  });
});
