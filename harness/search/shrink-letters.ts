import { type Operation, operation, OPERATION_KINDS, type OperationKind } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import type { World } from '../../models/domain/world.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import { advancesOf, alphabetOf } from './alphabet.ts';
import type { Proposals } from './shrink-pass.ts';

/** Operations up to which a program is short enough to try everything in the place of one. */
const SHORT = 6;
/** What overlaps does so for a reason: only what does nearly the same is tried in its place. */
const OVERLAPPING: readonly OperationKind[] = ['begin', 'release', 'cancel'];

/** Puts a simpler operation in the place of one: whatever it is in a short program, else what does nearly the same. */
export function* simplerOperations(program: Program, capabilities: Capabilities): Proposals {
  let { world, operations } = program;
  let letters: readonly Operation[] | null = null;
  for (let index = 0; index < operations.length; index++) {
    if (operations.length <= SHORT) letters ??= alphabetOf(world, capabilities).operations;
    const letter = operations[index]!;
    for (const simpler of letters === null || OVERLAPPING.includes(letter.op) ? simplerThan(letter, world) : earlierThan(letter, letters)) {
      const kept: Program | undefined = yield { world, operations: operations.with(index, simpler) };
      if (kept === undefined) continue;
      if (kept.world !== world) letters = null;
      ({ world, operations } = kept);
      break;
    }
  }
}

/** What is of the same kind, or of one that comes first. */
function* earlierThan({ op }: Operation, letters: readonly Operation[]): Iterable<Operation> {
  const kind = OPERATION_KINDS.indexOf(op);
  for (const letter of letters) {
    if (OPERATION_KINDS.indexOf(letter.op) > kind) break;
    yield letter;
  }
}

function* simplerThan(letter: Operation, world: World): Iterable<Operation> {
  const { op } = letter;
  if (op === 'advance')
    for (const by of advancesOf(world)) {
      if (by === letter.by) break;
      yield operation({ op, by });
    }
  if (op === 'release' && letter.outcome !== 'reply') yield operation({ ...letter, outcome: 'reply' });
  if (op === 'release' && (letter.outcome === 'error' || letter.outcome === 'drop')) yield operation({ ...letter, outcome: 'refuse' });
  if (op === 'release' && letter.outcome === 'drop') yield operation({ ...letter, outcome: 'error' });
  if (op === 'transfer') yield operation({ op: 'recreate', camera: letter.camera });
  if (op === 'publish' || op === 'unpublish')
    for (const user of world.users.keys()) yield operation({ op: op === 'publish' ? 'share' : 'unshare', camera: letter.camera, user });
  if (op === 'unlink') yield operation({ op: 'disable', channel: letter.channel });
  const { user, camera } = letter as { user?: number; camera?: number };
  if (user !== undefined) for (let other = 0; other < user; other++) yield operation({ ...letter, user: other } as Operation);
  if (camera !== undefined) for (let other = 0; other < camera; other++) yield operation({ ...letter, camera: other } as Operation);
}
