import { describe, expect, it } from 'vitest';
import { type Operation, operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { moves } from './shrink-moves.ts';

const ask = (user: number, camera: number): Operation => operation({ op: 'request', user, camera, template: 0 });
const SHARE: Operation = operation({ op: 'share', camera: 0, user: 1 });

function proposed(operations: readonly Operation[]): string[] {
  return [...moves({ world: PLAIN_WORLD, operations })].map((candidate) =>
    candidate!.operations.map((letter) => `${letter.op} ${(letter as { user?: number }).user}`).join(', '),
  );
}

describe('moving operations', () => {
  it('tries each of a short program at every other place, once, with callers as they are and exchanged', () => {
    const candidates = proposed([ask(0, 0), SHARE, ask(1, 0)]);
    expect(candidates).toEqual(
      expect.arrayContaining([
        'share 1, request 0, request 1',
        'share 1, request 1, request 0',
        'request 0, request 1, share 1',
        'request 1, share 1, request 0',
      ]),
    );
    // Six orders, two ways of asking, and none of them as it is.
    expect(candidates.length).toBeLessThanOrEqual(2 * 5 + 1);
    expect(candidates).not.toContain('request 0, share 1, request 1');
  });

  it('only lets neighbours change places where there are more, and leaves long programs alone', () => {
    const seven = [ask(0, 0), SHARE, ask(1, 0), SHARE, ask(0, 1), SHARE, ask(1, 1)];
    expect(proposed(seven)).toHaveLength(6);
    expect(proposed([...seven, SHARE, SHARE])).toEqual([]);
  });
});
