import type { Operation } from '../../models/domain/operation.ts';
import type { Counterexample } from './document.ts';

/** Who may see a camera, by index into `World.users`. */
export interface Rights {
  readonly owner: number;
  /** Those that it is shared with, its owner not among them; sorted. */
  readonly sharees: readonly number[];
  readonly isPublic: boolean;
}

/** The rights in a camera after the step `instant`, as the operations of the program made them. */
export function rightsIn({ program }: Counterexample, camera: number, instant: number): Rights {
  const { world, operations } = program;
  let rights: Rights = { owner: world.cameras[camera]!.owner, sharees: [], isPublic: false };
  for (const operation of operations.slice(0, instant)) if ('camera' in operation && operation.camera === camera) rights = changed(rights, operation);
  return rights;
}

function changed(rights: Rights, operation: Operation): Rights {
  const { owner, sharees } = rights;
  switch (operation.op) {
    case 'share':
      return operation.user === owner ? rights : { ...rights, sharees: [...new Set([...sharees, operation.user])].toSorted((one, other) => one - other) };
    case 'unshare':
      return { ...rights, sharees: sharees.filter((user) => user !== operation.user) };
    case 'publish':
      return { ...rights, isPublic: true };
    case 'unpublish':
      return { ...rights, isPublic: false };
    case 'transfer':
      return operation.user === owner ? rights : { owner: operation.user, sharees: [], isPublic: false };
    case 'recreate':
      return { owner, sharees: [], isPublic: false };
    default:
      return rights;
  }
}
