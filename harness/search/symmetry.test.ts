import { describe, expect, it } from 'vitest';
import { ANONYMOUS, PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { IN_PROCESS } from '../targets/capabilities.ts';
import { alphabetOf } from './alphabet.ts';
import { Random } from './random.ts';
import { renamed, symmetriesOf } from './symmetry.ts';
import { drawWorld } from './worlds.ts';

const THREE = ['alice', 'bob', 'carol'];

const worldOf = (users: number, owners: readonly number[]): World => ({
  ...PLAIN_WORLD,
  users: THREE.slice(0, users),
  cameras: owners.map((owner, index) => ({ id: `camera ${index}`, owner })),
});

const numberOf = (world: World): number => symmetriesOf(alphabetOf(world, IN_PROCESS)).length;

describe('the symmetries of a world', () => {
  it.each<[string, World, number]>([
    ['two users with a camera each can be swapped', worldOf(2, [0, 1]), 1],
    ['an owner and a stranger cannot', worldOf(2, [0]), 0],
    ['two strangers can', worldOf(3, [0]), 1],
    ['two owners can beside a stranger', worldOf(3, [0, 1]), 1],
    ['three owners can be renamed in six ways', worldOf(3, [0, 1, 2]), 5],
    ['two cameras of one owner can be swapped, and two strangers', worldOf(3, [0, 0]), 3],
    ['two cameras of one owner can beside another owner', worldOf(2, [0, 0, 1]), 1],
  ])('%s', (_name, world, number) => {
    expect(numberOf(world)).toBe(number);
  });

  it('are a group of renamings of the alphabet, without the one that changes nothing', () => {
    const worlds = [worldOf(3, [0, 1, 2]), worldOf(3, [0, 0]), ...Array.from({ length: 40 }, (_, number) => drawWorld(new Random(3, number), IN_PROCESS))];
    for (const world of worlds) {
      const { operations } = alphabetOf(world, IN_PROCESS);
      const places = operations.map((letter) => operations.indexOf(letter));
      const distinct = [...new Set(places)];
      const maps = symmetriesOf(alphabetOf(world, IN_PROCESS)).map((map) => [...map]);
      const known = new Set([distinct, ...maps.map((map) => distinct.map((place) => map[place]!))].map(String));
      expect(known.size, 'all differ, also from doing nothing').toBe(maps.length + 1);
      for (const map of maps) {
        expect(map).toHaveLength(operations.length);
        expect(places.map((place) => map[place])).toEqual(map);
        expect(distinct.map((place) => map[place]!).toSorted((a, b) => a - b)).toEqual(distinct);
        for (const other of maps) expect(known.has(String(distinct.map((place) => other[map[place]!]!)))).toBe(true);
        for (const place of distinct) expect(operations[map[place]!]!.op).toBe(operations[place]!.op);
      }
    }
  });

  it('rename who is meant, and leave visitors, templates and everything else alone', () => {
    const users = [2, 0, 1];
    const cameras = [1, 0];
    expect(renamed({ op: 'request', user: 0, camera: 1, template: 3 }, users, cameras)).toMatchObject({ op: 'request', user: 2, camera: 0, template: 3 });
    expect(renamed({ op: 'request', user: ANONYMOUS, camera: 0, template: 0 }, users, cameras)).toMatchObject({ user: ANONYMOUS, camera: 1 });
    expect(renamed({ op: 'unlink', user: 1, channel: 'hub' }, users, cameras)).toMatchObject({ user: 0, channel: 'hub' });
    expect(JSON.stringify(renamed({ op: 'advance', by: 7 }, users, cameras))).toBe('{"op":"advance","by":7}');
  });

  it('do not look at templates: all of them ask alike', () => {
    const templates = [PLAIN_TEMPLATE, { ...PLAIN_TEMPLATE, credential: 'none' as const }];
    expect(numberOf({ ...worldOf(2, [0, 1]), templates })).toBe(1);
  });
});
