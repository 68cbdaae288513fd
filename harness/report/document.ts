import type { Explanation } from '../../models/domain/explanation.ts';
import type { History } from '../../models/domain/history.ts';
import type { Program } from '../../models/domain/program.ts';
import type { Severity } from '../../properties/property.ts';

/** The value that every report is a function of: plain JSON, nothing in it but what a run produced. */
export interface ReportDocument {
  readonly schema: 'keyhole.report/1';
  readonly tool: Tool;
  /** The seed of the run: with it and the same `runs`, everything outside `volatile` and `seconds` comes out again. */
  readonly seed: number;
  readonly targets: readonly TargetReport[];
  /** What differs from run to run. */
  readonly volatile: Volatile;
}

export interface Tool {
  readonly name: 'keyhole';
  readonly version: string;
}

export interface Volatile {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly node: string;
  readonly platform: string;
}

export type VerdictName = 'holds' | 'violated' | 'inconclusive';

export interface TargetReport {
  readonly target: string;
  /** What the target is, in one line. */
  readonly title: string;
  readonly kind: string;
  /** What really answered: package and version, mock or real server. */
  readonly evidence: string;
  readonly verdict: VerdictName;
  /** One sentence: what the verdict rests on, or why there is none. */
  readonly reason: string;
  /** What the reader can do next, most useful first. */
  readonly advice: readonly string[];
  /** The target was at fault rather than leaking: exit code 3. */
  readonly fault: boolean;
  /** The verdict that was expected of it, where one was declared; `null` otherwise. */
  readonly expected: 'holds' | 'violated' | null;
  /** Programs and operations that were run and judged, shrinking and repetitions not counted. */
  readonly runs: number;
  readonly operations: number;
  readonly seconds: number;
  /** How often each situation occurred, by name. */
  readonly situations: Readonly<Record<string, number>>;
  /** Situations without which a green would mean nothing, and that did not occur. */
  readonly missing: readonly string[];
  /**
   * What was enumerated completely before searching: all programs up to a depth. Where the target says in which state it is, `states` counts
   * the different ones that all shorter programs come to; every operation was then tried in each of them.
   */
  readonly enumerated: { readonly depth: number; readonly programs: number; readonly states?: number | undefined } | null;
  /** What the search without a leak is worth, from its independent tail; `null` when there was none. */
  readonly worth: string | null;
  readonly properties: readonly { readonly id: string; readonly title: string; readonly checked: boolean; readonly note: string }[];
  readonly violations: readonly ViolationReport[];
}

export interface ViolationReport {
  /** Id of the property, such as `KH001`. */
  readonly property: string;
  readonly title: string;
  readonly severity: Severity;
  /** Property and kind: `KH001/stranger`. Violations of one shape are one finding. */
  readonly shape: string;
  /** Number of operations of the counterexample. */
  readonly size: number;
  /** Nothing shorter breaks the same property over the whole alphabet of the counterexample's world: enumerated, not guessed. */
  readonly certified: boolean;
  /** What was enumerated to say so, or why it was not. */
  readonly certificate: string;
  /** How often the counterexample broke the property again when it was repeated: `[times, of]`. */
  readonly reproduced: readonly [number, number];
  /** The cause, in one sentence. */
  readonly explanation: string;
  readonly details: Explanation;
  /** Path of the counterexample file, relative to the directory the command ran in; empty before it was written. */
  readonly counterexample: string;
  readonly evidence: Counterexample;
}

/** A shrunk program with its history: the content of a counterexample file. */
export interface Counterexample {
  readonly schema: 'keyhole.counterexample/1';
  readonly tool: Tool;
  readonly target: string;
  readonly property: string;
  readonly kind: string;
  readonly seed: number;
  readonly program: Program;
  readonly history: History;
  readonly explanation: Explanation;
  /** SHA-256 of the rest of the file as canonical JSON, in hex. */
  readonly digest: string;
}
