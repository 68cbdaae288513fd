import { describe, expect, it } from 'vitest';
import { type Operation, operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { anotherCamera } from './shrink-cameras.ts';

const ask = (user: number, camera = 0): Operation => operation({ op: 'request', user, camera, template: 0 });
const RECREATE: Operation = operation({ op: 'recreate', camera: 0 });
const GIVE: Operation = operation({ op: 'transfer', camera: 0, user: 1 });

function proposed(operations: readonly Operation[]): (Program | null)[] {
  return [...anotherCamera({ world: { ...PLAIN_WORLD, cameras: PLAIN_WORLD.cameras.slice(0, 1) }, operations })];
}

describe('asking for another camera', () => {
  it('takes the place of making a camera anew, or of giving it away', () => {
    for (const change of [RECREATE, GIVE]) {
      const [candidate, ...others] = proposed([ask(0), change, ask(1)]);
      expect(others).toEqual([]);
      expect(candidate!.operations).toEqual([ask(0), ask(1, 1)]);
      expect(candidate!.world.cameras[1]).toEqual({ id: PLAIN_WORLD.cameras[1]!.id, owner: 1 });
    }
  });

  it('is tried for each later request by itself, and for none before the change', () => {
    expect(proposed([ask(0), RECREATE, ask(0), ask(1)]).map((candidate) => candidate!.operations)).toEqual([
      [ask(0), ask(0, 1), ask(1)],
      [ask(0), ask(0), ask(1, 1)],
    ]);
    expect(proposed([ask(0), ask(1), RECREATE])).toEqual([]);
  });
});
