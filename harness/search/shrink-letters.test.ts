import { describe, expect, it } from 'vitest';
import { type Operation, operation, OPERATION_KINDS } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { IN_PROCESS } from '../targets/capabilities.ts';
import { alphabetOf } from './alphabet.ts';
import { simplerOperations } from './shrink-letters.ts';

const ASK: Operation = operation({ op: 'request', user: 0, camera: 0, template: 0 });
const RECREATE: Operation = operation({ op: 'recreate', camera: 0 });

/** What was tried in the place of one operation. */
function triedAt(place: number, operations: readonly Operation[]): Operation[] {
  const candidates = [...simplerOperations({ world: PLAIN_WORLD, operations }, IN_PROCESS)];
  return candidates.map((candidate) => candidate!.operations[place]!).filter((letter) => letter !== operations[place]);
}

describe('simpler operations', () => {
  it('are all that come no later in the alphabet, in the place of a change', () => {
    const last = OPERATION_KINDS.indexOf('recreate');
    const earlier = alphabetOf(PLAIN_WORLD, IN_PROCESS).operations.filter(({ op }) => OPERATION_KINDS.indexOf(op) <= last);
    expect(triedAt(1, [ASK, RECREATE, ASK])).toEqual(earlier);
  });

  it('do nearly the same in the place of what overlaps, and on long programs', () => {
    const release: Operation = operation({ op: 'release', user: 0, camera: 0, template: 0, outcome: 'drop' });
    expect(new Set(triedAt(1, [ASK, release]).map(({ op }) => op))).toEqual(new Set(['release']));
    const transfer: Operation = operation({ op: 'transfer', camera: 0, user: 0 });
    expect(triedAt(6, [ASK, ASK, ASK, ASK, ASK, ASK, transfer])).toEqual([RECREATE]);
  });

  it('go on in the world that they led to', () => {
    const pass = simplerOperations({ world: PLAIN_WORLD, operations: [RECREATE, RECREATE] }, IN_PROCESS);
    expect(pass.next().done).toBe(false);
    const small: Program = { world: { ...PLAIN_WORLD, users: ['alice'], cameras: [PLAIN_WORLD.cameras[0]!] }, operations: [ASK, RECREATE] };
    for (let next = pass.next(small); next.done !== true; next = pass.next()) {
      expect(next.value!.world).toBe(small.world);
      for (const letter of next.value!.operations)
        expect(['user' in letter && letter.user === 1, 'camera' in letter && letter.camera === 1]).toEqual([false, false]);
    }
  });
});
