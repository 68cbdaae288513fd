import { type Operation, operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { ANONYMOUS } from '../../models/domain/world.ts';
import type { Proposals } from './shrink-pass.ts';

/** Operations up to which each of them is tried at every other place, and beyond which none is moved. */
const SHORT = 6;
const LONG = 8;

/** Lets operations stand at other places, and users change places as callers: of several orders that do the same, one stands for all. */
export function* moves({ world, operations }: Program): Proposals {
  if (operations.length > LONG) return;
  const isShort = operations.length <= SHORT;
  if (isShort) for (const exchanged of exchanges(operations, world.users.length)) yield { world, operations: exchanged };
  for (let from = operations.length - 1; from >= 0; from--)
    for (const to of operations.keys()) {
      // To the next place is from there to this one.
      if (to === from || to === from + 1 || (!isShort && to !== from - 1)) continue;
      const order = operations.toSpliced(from, 1).toSpliced(to, 0, operations[from]!);
      yield { world, operations: order };
      if (isShort) for (const exchanged of exchanges(order, world.users.length)) yield { world, operations: exchanged };
    }
}

/** Two users ask in each other's place. */
function* exchanges(operations: readonly Operation[], users: number): Iterable<Operation[]> {
  for (let one = 0; one < users; one++)
    for (let other = one + 1; other < users; other++)
      yield operations.map((letter) => {
        if (!('template' in letter) || letter.template === undefined || letter.user === ANONYMOUS) return letter;
        return letter.user === one ? operation({ ...letter, user: other }) : letter.user === other ? operation({ ...letter, user: one }) : letter;
      });
}
