import type { Operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import type { Lab } from '../run/lab.ts';
import { addTally, newTally, type Tally } from '../run/situations.ts';
import type { Breach } from '../run/stage.ts';
import type { Step } from '../run/step.ts';
import { type Drawn, drawnPrograms } from './draw.ts';

export interface RandomRunsOptions {
  readonly seed: number;
  /** Runs programs until they amount to this many operations. */
  readonly operations: number;
}

/** Runs random programs against the synchronous target of a lab, as a search does, and returns the situations that occurred. The stage of what was just run holds what came of it, until the visitor returns; false from the visitor ends it. */
export function randomRuns(lab: Lab, { seed, operations }: RandomRunsOptions, visit: (run: Drawn) => boolean | void): Tally {
  const tally = newTally();
  const programs = drawnPrograms(lab, seed);
  let played = 0;
  while (played < operations) {
    const drawn = programs.next().value;
    const { stage, steps, length } = drawn;
    played += length;
    if (lab.run(stage, steps, length) !== undefined) throw new Error(`${lab.target.name} is not synchronous.`);
    addTally(tally, stage.situations);
    stage.situations.fill(0);
    if (visit(drawn) === false) break;
  }
  return tally;
}

/** A program that failed, and how. */
export interface Failure {
  readonly program: Program;
  readonly breach: Breach;
}

export interface FailuresOptions {
  readonly seed: number;
  /** The shape that is looked for: `KH001/stranger`. */
  readonly shape: string;
  readonly count: number;
  /** Where to give up. */
  readonly operations: number;
}

/** The first failures of a shape that random programs find, cut after the breach. */
export function randomFailures(lab: Lab, { seed, shape, count, operations }: FailuresOptions): Failure[] {
  const failures: Failure[] = [];
  randomRuns(lab, { seed, operations }, ({ stage, steps }) => {
    const breach = stage.breaches.find(({ property, kind }) => `${property}/${kind}` === shape);
    if (breach !== undefined) failures.push({ program: { world: stage.world, operations: operationsOf(steps, breach.instant) }, breach });
    return failures.length < count;
  });
  return failures;
}

function operationsOf(steps: readonly Step[], length: number): Operation[] {
  return steps.slice(0, length).map((step) => step.operation);
}
