import { operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { PLAIN_IDS } from './ids.ts';
import { type Proposals, without } from './shrink-pass.ts';

/** Operations beyond which it would take too many candidates. */
const SHORT = 10;

/**
 * Lets somebody ask for a camera of his own in place of one that was made another one before: where only another picture was needed, the change
 * is not. The one way in which a world grows: by a camera, for an operation less.
 */
export function* anotherCamera({ world, operations }: Program): Proposals {
  const added = world.cameras.length;
  const id = PLAIN_IDS.cameras.find((plain) => world.cameras.every((camera) => camera.id !== plain));
  if (operations.length > SHORT || id === undefined) return;
  for (const [place, change] of operations.entries()) {
    if (change.op !== 'recreate' && change.op !== 'transfer') continue;
    for (const [later, ask] of operations.entries()) {
      if (later < place || ask.op !== 'request' || ask.camera !== change.camera || ask.user < 0) continue;
      const elsewhere = operations.map((letter, index) => (index === later ? operation({ ...ask, camera: added }) : letter));
      yield { world: { ...world, cameras: [...world.cameras, { id, owner: ask.user }] }, operations: without(elsewhere, place, 1) };
    }
  }
}
