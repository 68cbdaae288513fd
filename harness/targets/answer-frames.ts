import type { MarkedFrame } from '../../models/domain/authority.ts';
import type { StageCall } from '../run/call.ts';
import type { Stage } from '../run/stage.ts';

/** Reports all frames that one answer holds, of which there is at least one. `fallback`: it says openly that it is not what was asked for. */
export function reportFrames(stage: Stage, call: StageCall, frames: readonly MarkedFrame[], fallback = false): void {
  stage.answered(call, frames[0]!, fallback);
  for (let index = 1; index < frames.length; index++) stage.alsoAnswered(call, frames[index]!, fallback);
}
