import { PROPERTIES } from '../../properties/index.ts';
import type { ViolationReport } from '../report/document.ts';
import { Lab } from '../run/lab.ts';
import type { Target } from '../targets/target.ts';
import { checkTarget } from './check.ts';
import { FAILURES, Findings } from './findings.ts';
import { firstFailures } from './measure.ts';
import type { Proof } from './protocol.ts';
import type { Bench } from './serve.ts';

/** A planted bug, as far as the proof needs to know it. */
export interface Planted {
  readonly id: string;
  readonly class: string;
  readonly title: string;
  readonly target: Target;
  /** The same cache without the bug. */
  readonly twin: Target;
  readonly minimal: { readonly property: string; readonly kind: string; readonly size: number };
}

export interface ProofOptions {
  readonly seed: number;
  /** How many seeds must find it, each on its own. */
  readonly seeds: number;
}

/** Programs that a twin must pass. */
const TWIN_RUNS = 5_000;
/** How many times a target's own number of programs the search alone may take: one decision in one of its shapes can be rare. */
const PROGRAMS = 5;

/** What one seed made of a planted bug. */
interface Attempt {
  /** `null` where it was not found. */
  readonly operations: number | null;
  readonly violation: ViolationReport | null;
}

/** Shows that a planted bug is found from every seed and shrunk to its minimum, and that the same cache without it passes. */
export async function prove(planted: Planted, options: ProofOptions, bench: Bench): Promise<Proof> {
  const started = performance.now();
  const lab = new Lab(bench.watch(planted.target), PROPERTIES);
  const attempts: Attempt[] = [];
  for (let place = 0; place < options.seeds && !bench.stopped(); place++)
    attempts.push(await attempt(lab, planted, { seed: options.seed + place, stopped: () => bench.stopped() }));
  const twin = await checkTarget(bench.watch(planted.twin), {
    seed: options.seed,
    runs: Math.min(TWIN_RUNS, planted.twin.defaultRuns),
    stopped: () => bench.stopped(),
  });
  const problems = [
    ...attempts.flatMap((one, place) => problemsOf(one, planted, options.seed + place)),
    ...(twin.verdict === 'holds' ? [] : [`without the bug: ${twin.reason}`]),
  ];
  const sizes = attempts.flatMap(({ violation }) => (violation === null ? [] : [violation.size]));
  return {
    id: planted.id,
    class: planted.class,
    title: planted.title,
    found: attempts.length === options.seeds && attempts.every(({ operations }) => operations !== null),
    operationsToFailure: quantiles(attempts.flatMap(({ operations }) => operations ?? [])),
    size: sizes.length === 0 ? null : Math.max(...sizes),
    minimalSize: planted.minimal.size,
    certified: sizes.length > 0 && attempts.every(({ violation }) => violation?.certified ?? false),
    seconds: Math.round(performance.now() - started) / 1000,
    twinHolds: twin.verdict === 'holds',
    problems: bench.stopped() ? ['interrupted', ...problems] : problems,
  };
}

async function attempt(lab: Lab, { target, minimal }: Planted, { seed, stopped }: { seed: number; stopped: () => boolean }): Promise<Attempt> {
  const failures = await firstFailures(lab, { seed, runs: PROGRAMS * target.defaultRuns, shape: minimal, count: FAILURES, stopped });
  if (failures.length === 0) return { operations: null, violation: null };
  const findings = new Findings(lab, { seed, stopped });
  for (const { program, breach } of failures) findings.note(program, breach);
  await findings.conclude();
  return { operations: failures[0]!.operations, violation: findings.reports[0] ?? null };
}

function problemsOf({ operations, violation }: Attempt, { minimal, target }: Planted, seed: number): string[] {
  if (operations === null) return [`seed ${seed}: not found in ${PROGRAMS * target.defaultRuns} programs`];
  if (violation === null) return [`seed ${seed}: found, but not described`];
  const { size, certified } = violation;
  if (size < minimal.size) return [`seed ${seed}: shrunk to ${size}, and its minimum is said to be ${minimal.size}`];
  if (size > minimal.size) return [`seed ${seed}: shrunk to ${size} only, ${certified ? 'and nothing shorter exists there' : `not to ${minimal.size}`}`];
  return certified ? [] : [`seed ${seed}: not shown to be minimal`];
}

/** Median and 90th percentile (nearest rank). */
function quantiles(values: readonly number[]): Proof['operationsToFailure'] {
  if (values.length === 0) return null;
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  return { median: at(0.5), p90: at(0.9) };
}
