import type { History } from '../../models/domain/history.ts';
import type { Program } from '../../models/domain/program.ts';
import type { TargetReport, ViolationReport } from '../report/document.ts';
import type { Breach } from '../run/stage.ts';
import type { Progress, Sighted } from './api.ts';

/** What the checking thread is asked to do; plain values, since they cross a thread boundary. */
export type Job =
  /** Read the configuration and say what is in it. */
  | { readonly kind: 'load' }
  | ({ readonly kind: 'check' } & CheckJob)
  /** Shrink and explain failures that were seen by a thread that is gone. */
  | { readonly kind: 'rescue'; readonly target: string; readonly seed: number; readonly maxTimeMs: number; readonly sighted: readonly Sighted[] }
  | { readonly kind: 'replay'; readonly target: string; readonly program: Program; readonly times: number }
  | { readonly kind: 'prove'; readonly fixture: string; readonly seed: number; readonly seeds: number };

export interface CheckJob {
  readonly target: string;
  readonly seed: number;
  readonly bail: boolean;
  readonly runs?: number;
  readonly maxTimeMs?: number;
  readonly corpus: readonly Program[];
}

/** What each job results in. */
export interface Results {
  readonly load: LoadedConfig;
  readonly check: TargetReport;
  readonly rescue: readonly ViolationReport[];
  readonly replay: Replayed;
  readonly prove: Proof;
}

/** What a configuration says, as far as it is plain. */
export interface LoadedConfig {
  /** Path of the file; `null` where there is none. */
  readonly path: string | null;
  readonly targets: readonly TargetInfo[];
  readonly seed?: number | undefined;
  readonly runs?: number | undefined;
  readonly maxTimeMs?: number | undefined;
  /** Absolute path of the folder of kept counterexamples. */
  readonly corpus?: string | undefined;
}

export interface TargetInfo {
  readonly name: string;
  readonly title: string;
  readonly kind: string;
  readonly evidence: string;
}

/** What came of the repetitions of one program. */
export interface Replayed {
  readonly target: TargetInfo;
  /** Of every repetition, what it broke. */
  readonly runs: readonly { readonly breaches: readonly Breach[]; readonly history: History }[];
  /** What the target does not support although the program asks for it, in words. */
  readonly unsupported: readonly string[];
}

/** What the self-test saw of one planted bug. */
export interface Proof {
  readonly id: string;
  readonly class: string;
  readonly title: string;
  /** Every seed found it, as the kind that was planted. */
  readonly found: boolean;
  /** Of the seeds that found it, by search alone: how many operations it took. */
  readonly operationsToFailure: { readonly median: number; readonly p90: number } | null;
  /** Size of the largest counterexample over all seeds. */
  readonly size: number | null;
  readonly minimalSize: number;
  /** Nothing shorter exists, in every seed. */
  readonly certified: boolean;
  readonly seconds: number;
  /** The same cache without the fault passes a whole check. */
  readonly twinHolds: boolean;
  /** What is wrong, in words; empty where nothing is. */
  readonly problems: readonly string[];
}

/** What the checking thread says while it works. */
export type Note = { readonly note: 'progress'; readonly progress: Progress } | { readonly note: 'sighting'; readonly sighted: Sighted };

/** How a job ends, as the checking thread says it. */
export type Said =
  | { readonly said: 'result'; readonly result: unknown }
  | { readonly said: 'problem'; readonly problem: string; readonly remedy: string }
  | { readonly said: 'fault'; readonly message: string; readonly remedy: string };

/** What the checking thread is started with. */
export interface ThreadData {
  /** Two 32-bit integers shared by both threads: {@link STOP} and {@link BEAT}. */
  readonly flags: Int32Array;
  /** The configuration file; `null` for none. */
  readonly config: string | null;
}

/** Place of the flag that asks for an end: 1 once it was asked for. */
export const STOP = 0;
/** Place of the counter that moves whenever a program begins: a thread that hangs leaves it alone. */
export const BEAT = 1;
