import { type Operation, operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { ANONYMOUS } from '../../models/domain/world.ts';
import type { Leaks } from './evaluate.ts';
import type { Evidence } from './evidence.ts';
import { PLAIN_IDS } from './ids.ts';
import { withStranger } from './rewrite.ts';

/** An operation that asks for something other than what leaks, between the arrival of the copy and the leak. */
interface Filler {
  readonly place: number;
  readonly letter: Extract<Operation, { op: 'request' }>;
}

/**
 * Whether the copy is found by whoever asks once other requests have displaced it, be they of somebody who has no other part in it or of the caller who
 * is given the copy. Where each has a room of their own, that room goes to one of both only.
 */
export async function isMoved(program: Program, { bringer, asked }: Evidence, leaks: Leaks): Promise<boolean> {
  const { world, operations } = program;
  if (bringer === null || operations.length !== asked.at) return false;
  const between = operations.slice(bringer.at, asked.at - 1);
  const isInTurn = between.every(({ op }) => op !== 'begin' && op !== 'release' && op !== 'cancel');
  const fillers = between.flatMap((letter, index): Filler[] =>
    letter.op === 'request' && !(letter.camera === asked.camera && letter.template === asked.template) ? [{ place: bringer.at + index, letter }] : [],
  );
  if (!isInTurn || fillers.length === 0) return false;
  const stranger = { ...program, world: withStranger(world) };
  return (await leaks(filledBy(stranger, fillers, world.users.length))) && leaks(filledBy(program, fillers, asked.user));
}

/** The same, and all that is asked for in between is asked for by one caller, who owns a camera of their own for each; a visitor finds it public. */
function filledBy({ world, operations }: Program, fillers: readonly Filler[], user: number): Program {
  const taken = world.cameras.map(({ id }) => id);
  const ids = PLAIN_IDS.cameras.filter((id) => !taken.includes(id));
  const wanted = [...new Set(fillers.map(({ letter }) => pairOf(letter)))];
  const cameras = [...world.cameras, ...wanted.map((_, index) => ({ id: ids[index] ?? `camera ${index}`, owner: Math.max(user, 0) }))];
  const changed = [...operations];
  const open = new Set<number>();
  for (const { place, letter } of fillers) {
    const camera = world.cameras.length + wanted.indexOf(pairOf(letter));
    if (user === ANONYMOUS || world.templates[letter.template]!.credential === 'none') open.add(camera);
    changed[place] = operation({ ...letter, user, camera });
  }
  return { world: { ...world, cameras }, operations: [...[...open].map((camera) => operation({ op: 'publish', camera })), ...changed] };
}

function pairOf({ user, camera }: Filler['letter']): string {
  return `${user} ${camera}`;
}
