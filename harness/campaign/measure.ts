import type { Program } from '../../models/domain/program.ts';
import type { Lab } from '../run/lab.ts';
import type { Breach, Stage } from '../run/stage.ts';
import type { Step } from '../run/step.ts';
import { drawnPrograms } from '../search/draw.ts';
import { type Found, sameShape } from '../search/evaluate.ts';

/** A failure that a search met. */
export interface Failure {
  readonly program: Program;
  readonly breach: Breach;
  /** Operations that were run until then, those of the failing program up to the failure included. */
  readonly operations: number;
}

export interface MeasureOptions {
  readonly seed: number;
  /** Programs at most. */
  readonly runs: number;
  /** What counts as the failure that is looked for. */
  readonly shape: Pick<Found, 'property' | 'kind'>;
  /** How many failures to collect: the search goes on for so long. */
  readonly count: number;
  readonly stopped: () => boolean;
}

/** The first failures that the search alone meets, in their order: nothing kept, nothing enumerated. */
export async function firstFailures(lab: Lab, options: MeasureOptions): Promise<Failure[]> {
  const { seed, runs, shape } = options;
  const programs = drawnPrograms(lab, seed);
  const failures: Failure[] = [];
  let operations = 0;
  for (let count = 0; count < runs && failures.length < options.count && !options.stopped(); count++) {
    const { stage, steps, length } = programs.next().value;
    const done = lab.run(stage, steps, length);
    if (done !== undefined) await done;
    const breach = stage.breaches.find((other) => sameShape(other, shape));
    if (breach !== undefined) failures.push({ program: cut(stage, steps, breach), breach, operations: operations + breach.instant });
    operations += length;
  }
  return failures;
}

/** The program up to the failure: what came after it has no part in it. */
function cut(stage: Stage, steps: readonly Step[], breach: Breach): Program {
  return { world: stage.world, operations: steps.slice(0, breach.instant).map((step) => step.operation) };
}
