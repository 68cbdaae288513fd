import type { Operation } from '../../models/domain/operation.ts';
import type { Session } from '../../models/origin.ts';
import type { Stage } from './stage.ts';
import type { Step } from './step.ts';

/** Plays steps against a session that answers while it is asked. The stage holds what came of it. */
export function play(stage: Stage, session: Session, steps: readonly Step[], length: number = steps.length): void {
  stage.reset();
  for (let index = 0; index < length; index++) stage.play(steps[index]!, session);
  // What closing the session still answers is no part of the program.
  stage.finish();
}

/** The steps of operations, in the world of the stage. */
export function compile(stage: Stage, operations: readonly Operation[]): Step[] {
  return operations.map((operation) => stage.compile(operation));
}
