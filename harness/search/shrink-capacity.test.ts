import { describe, expect, it } from 'vitest';
import { type Operation, operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { IN_PROCESS } from '../targets/capabilities.ts';
import type { Evaluate, Found } from './evaluate.ts';
import { otherCapacities } from './shrink-capacity.ts';
import { shrink } from './shrink.ts';

const ask = (camera: number, user = 0): Operation => operation({ op: 'request', user, camera, template: 0 });
const FULL = [ask(0), ask(1), ask(0), ask(1, 1)];

describe('another capacity', () => {
  it('comes with one or two operations less, of which the last is none', () => {
    const candidates = [...otherCapacities({ world: PLAIN_WORLD, operations: FULL }, IN_PROCESS)];
    expect(new Set(candidates.map((candidate) => candidate!.world.capacity))).toEqual(new Set([1, 3, 4]));
    expect(new Set(candidates.map((candidate) => candidate!.operations.length))).toEqual(new Set([2, 3]));
    expect(candidates).toHaveLength(3 * (3 + 3));
    for (const candidate of candidates) expect(candidate!.operations.at(-1)).toBe(FULL.at(-1));
  });

  it('is not for a cache whose capacity is fixed, nor for a long program', () => {
    expect([...otherCapacities({ world: PLAIN_WORLD, operations: FULL }, { ...IN_PROCESS, capacity: 2 })]).toEqual([]);
    expect([...otherCapacities({ world: PLAIN_WORLD, operations: [...FULL, ...FULL, ...FULL] }, IN_PROCESS)]).toEqual([]);
  });

  // Nothing is evicted before there are as many requests as the cache holds, and a camera set up anew is what breaks it after that.
  const found: Found = { property: 'KH010', kind: 'deleted', instant: 4 };
  const evictsFirst: Evaluate = ({ world, operations }) => {
    const place = operations.findIndex(({ op }) => op === 'recreate');
    return place === world.capacity && operations.length > place + 1 ? [{ ...found, instant: place + 2 }] : [];
  };

  it('is taken where fewer operations break the same property with it', async () => {
    const operations = [ask(0), ask(0), operation({ op: 'recreate', camera: 0 }), ask(0)];
    const { program } = await shrink({ world: PLAIN_WORLD, operations }, found, evictsFirst, { budget: 1_000, capabilities: IN_PROCESS });
    expect([program.world.capacity, program.operations.map(({ op }) => op)]).toEqual([1, ['request', 'recreate', 'request']]);
  });
});
