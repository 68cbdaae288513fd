import type { Program } from '../../models/domain/program.ts';
import type { TargetReport } from '../report/document.ts';
import type { Breach } from '../run/stage.ts';

export interface CheckOptions {
  /** 32-bit integer; everything random follows from it. */
  readonly seed: number;
  /** Programs to search; the target's own default where absent. */
  readonly runs?: number;
  /** Budget of the whole check of one target, shrinking included, in ms of real time. */
  readonly maxTimeMs?: number;
  /** Stop at the first violation instead of looking for others of another shape. */
  readonly bail?: boolean;
  /** Kept counterexamples of this target: they run first. */
  readonly corpus?: readonly Program[];
  /** Leave the exhaustive small scope out, so that the search alone is seen. */
  readonly enumerate?: boolean;
  /** Called now and then, and whenever something was found; never inside a run. */
  readonly onProgress?: (progress: Progress) => void;
  /** Called when a failure of a new shape is seen, before it is shrunk: a target that then ends the thread does not take it along. */
  readonly onSighting?: (sighted: Sighted) => void;
  /** Asked between programs: true ends the check and keeps what was found. */
  readonly stopped?: () => boolean;
}

/** A failing program as it was found. */
export interface Sighted {
  readonly program: Program;
  readonly breach: Breach;
}

export interface Progress {
  readonly target: string;
  readonly phase: 'wiring' | 'corpus' | 'enumerate' | 'search' | 'shrink' | 'done';
  readonly runs: number;
  readonly operations: number;
  /** Programs to run, or 0 where only time limits the search. */
  readonly of: number;
  readonly violations: number;
  /** The report as it would be if the check ended now. */
  readonly report: TargetReport;
}
