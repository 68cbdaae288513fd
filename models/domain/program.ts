import type { Operation } from './operation.ts';
import type { World } from './world.ts';

/** A world and a list of operations: the only input of a run, and the whole of a replay. */
export interface Program {
  readonly world: World;
  readonly operations: readonly Operation[];
}
