import { describe, expect, it } from 'vitest';
import { operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { attackIds } from './ids.ts';
import { comparePrograms } from './order.ts';
import { Random } from './random.ts';
import { joinedIds, simplerIds } from './shrink-ids.ts';

const idsOf = ({ world }: Program): string[] => [...world.users, ...world.cameras.map(({ id }) => id)];

function withIds(users: readonly string[], cameras: readonly string[]): Program {
  return {
    world: { ...PLAIN_WORLD, users, cameras: cameras.map((id, owner) => ({ id, owner })) },
    operations: cameras.map((_, owner) => operation({ op: 'request', user: owner, camera: owner, template: 0 })),
  };
}

/** The end of what the pass proposes, where it is told that this helped. */
function proposed(pass: typeof joinedIds, program: Program): Program[] {
  return [...pass(program)].filter((candidate) => candidate !== null);
}

describe('the plainest joined ids', () => {
  it('are one when joined with what stood between, user first or camera first', () => {
    const candidates = proposed(joinedIds, withIds(['a', 'a|b'], ['b|c', 'c'])).map(idsOf);
    const joins = (first: 'user' | 'camera', between: string): string[][] =>
      candidates.filter(([u0, u1, c0, c1]) => (first === 'user' ? u0 + between + c0 === u1 + between + c1 : c0 + between + u0 === c1 + between + u1));
    expect(joins('user', '|')).toEqual([['bob|', 'bob', 'door', '|door']]);
    expect(joins('camera', '|')).toEqual([['|bob', 'bob', 'door', 'door|']]);
    expect(joins('user', '')).toHaveLength(candidates.length / 2);
  });

  it('are none where all ids are plain, where they are reached, and where nothing could be joined', () => {
    expect(proposed(joinedIds, withIds(['alice', 'bob'], ['door', 'yard']))).toEqual([]);
    expect(proposed(joinedIds, withIds(['bob:', 'bob'], ['door', ':door'])).map(idsOf)).toEqual([
      ['boba', 'bob', 'door', 'adoor'],
      ['abob', 'bob', 'door', 'doora'],
    ]);
    expect(proposed(simplerIds, withIds(['bob:', 'bob'], ['door', ':door']))).toEqual([]);
    expect(proposed(joinedIds, withIds(['1', '01'], ['door']))).toEqual([]);
  });

  it('are the same wherever they come from, and simpler than that', () => {
    for (let seed = 0; seed < 200; seed++) {
      const { users, cameras } = attackIds(new Random(seed));
      const program = withIds(users.slice(0, 2), cameras.slice(0, 2));
      const [first] = proposed(joinedIds, program);
      expect(idsOf(first!)).toEqual(['boba', 'bob', 'door', 'adoor']);
      for (const candidate of proposed(joinedIds, program)) expect(new Set(idsOf(candidate)).size).toBe(4);
      if (idsOf(program).every((id) => id.length > 5)) expect(comparePrograms(first!, program)).toBeLessThan(0);
    }
  });
});
