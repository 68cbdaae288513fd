import { type Operation, operation } from '../../models/domain/operation.ts';
import { ANONYMOUS, type World } from '../../models/domain/world.ts';
import type { Alphabet } from './alphabet.ts';
import { PLAIN_IDS } from './ids.ts';

/**
 * The renamings of users and cameras that leave a world as it is, each as a map from the index of an operation to the index
 * of the renamed one. The identity is left out.
 */
export function symmetriesOf(alphabet: Alphabet): Int32Array[] {
  const { world, operations } = alphabet;
  const places = new Map<string, number>();
  for (const [index, letter] of operations.entries()) if (!places.has(keyOf(letter))) places.set(keyOf(letter), index);
  const maps: Int32Array[] = [];
  for (const users of permutations(world.users.length))
    for (const cameras of permutations(world.cameras.length)) {
      if (!keepsOwners(world, users, cameras)) continue;
      const map = Int32Array.from(operations, (letter) => places.get(keyOf(renamed(letter, users, cameras)))!);
      if (map.some((target, index) => operations[target] !== operations[index])) maps.push(map);
    }
  return maps;
}

/** The operation with users and cameras renamed: index `i` becomes `users[i]`, `cameras[i]`. */
export function renamed(letter: Operation, users: readonly number[], cameras: readonly number[]): Operation {
  const fields = letter as Operation & { user?: number; camera?: number };
  const changed = { ...fields };
  if (fields.user !== undefined && fields.user !== ANONYMOUS) changed.user = users[fields.user]!;
  if (fields.camera !== undefined) changed.camera = cameras[fields.camera]!;
  return operation(changed);
}

/** Whether ids of a world are other than plain. What is shrunk has such only where they matter: there a renaming is another program. */
export function hasOddIds({ users, cameras }: World): boolean {
  return users.some((id, index) => id !== PLAIN_IDS.users[index]) || cameras.some(({ id }, index) => id !== PLAIN_IDS.cameras[index]);
}

function keyOf(letter: Operation): string {
  return JSON.stringify(letter);
}

function keepsOwners(world: World, users: readonly number[], cameras: readonly number[]): boolean {
  return world.cameras.every((camera, index) => world.cameras[cameras[index]!]!.owner === users[camera.owner]);
}

function permutations(size: number): number[][] {
  if (size === 0) return [[]];
  return permutations(size - 1).flatMap((shorter) => Array.from({ length: size }, (_, at) => [...shorter.slice(0, at), size - 1, ...shorter.slice(at)]));
}
