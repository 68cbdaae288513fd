import { type Operation, operation, OPERATION_KINDS, type OperationKind } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import { alphabetOf } from './alphabet.ts';
import { type Proposals, without } from './shrink-pass.ts';

/** Operations beyond which it would take too many candidates. */
const SHORT = 10;
/** Different requests up to which they are put in each other's place: a program that makes more needs them to be different. */
const FEW = 4;
/** What overlaps does so for a reason, and has more siblings than are worth trying. */
const OVERLAPPING: readonly OperationKind[] = ['begin', 'release', 'cancel'];

/**
 * Leaves out one of two operations of a kind and puts a sibling in the place of the other: what took two steps, such as there and back,
 * may take one that goes elsewhere. In the place of a request only those that the program makes anyway are tried.
 */
export function* siblings({ world, operations }: Program, capabilities: Capabilities): Proposals {
  if (operations.length > SHORT) return;
  let letters: readonly Operation[] | null = null;
  for (const kind of OPERATION_KINDS) {
    const places = [...operations.keys()].filter((place) => operations[place]!.op === kind);
    if (places.length < 2 || OVERLAPPING.includes(kind)) continue;
    if (kind === 'request') {
      const asked = requestsIn(operations);
      if (asked.length <= FEW) yield* exchanges({ world, operations }, places, asked);
      continue;
    }
    letters ??= alphabetOf(world, capabilities).operations;
    const family = letters.filter(({ op }) => op === kind);
    yield* exchanges({ world, operations }, places, family);
  }
}

/** The different requests of a program. */
function requestsIn(operations: readonly Operation[]): Operation[] {
  const asked = new Map<string, Operation>();
  for (const letter of operations) if (letter.op === 'request') asked.set(`${letter.user} ${letter.camera} ${letter.template}`, letter);
  return [...asked.values()];
}

/** Each of these operations left out, with each other one of them exchanged for another letter. */
function* exchanges({ world, operations }: Program, places: readonly number[], family: readonly Operation[]): Iterable<Program> {
  for (const kept of places)
    for (const letter of family) {
      if (letter === operations[kept]) continue;
      const changed = operations.with(kept, letter);
      for (const left of places) if (left !== kept) yield { world, operations: without(changed, left, 1) };
    }
}

/** Shares with one user what was made public, and takes back the share where that was taken back: neither goes without the other. */
export function* shares({ world, operations }: Program): Proposals {
  if (operations.length > SHORT) return;
  const opened = new Set(operations.flatMap((letter) => (letter.op === 'publish' ? [letter.camera] : [])));
  for (const camera of opened)
    for (const user of world.users.keys())
      yield {
        world,
        operations: operations.map((letter) => {
          if ((letter.op !== 'publish' && letter.op !== 'unpublish') || letter.camera !== camera) return letter;
          return operation({ op: letter.op === 'publish' ? 'share' : 'unshare', camera, user });
        }),
      };
}
