import type { StageCall } from './call.ts';
import type { Stage } from './stage.ts';

/** Somebody who listens to a stage, to compare its runs with each other. */
export interface Overhearing {
  /** The number of the session that frames name: the same in all runs, since otherwise no two frames would be equal. */
  readonly session: number;
  /** What a call was given, word for word: also what no judge can read. `digest`: equal for equal answers. */
  given(call: StageCall, digest: string): void;
}

const LISTENERS = new WeakMap<Stage, Overhearing>();

/** Listens to a stage until told `null`. */
export function overhear(stage: Stage, listener: Overhearing | null): void {
  if (listener === null) LISTENERS.delete(stage);
  else LISTENERS.set(stage, listener);
}

/** Whoever listens to the stage. */
export function listenerOf(stage: Stage): Overhearing | undefined {
  return LISTENERS.get(stage);
}
