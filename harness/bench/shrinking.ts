import { INCIDENTS } from '../../fixtures/incidents/index.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { FAILURES } from '../campaign/findings.ts';
import { firstFailures } from '../campaign/measure.ts';
import { Lab } from '../run/lab.ts';
import { shrinkSeveral } from '../search/shrink.ts';
import type { Target } from '../targets/target.ts';
import { BUGS } from './bugs.ts';

/** How shrinking did on one bug: over seeds, four different failures of each, the simplest result kept. */
export interface Shrinking {
  readonly subject: string;
  /** Seeds that met the bug; the others have nothing to shrink. */
  readonly seeds: number;
  /** The proven minimum, in operations. */
  readonly minimum: number;
  /** Seeds that came down to it. */
  readonly reached: number;
  /** Candidates that were run, for one failure. */
  readonly executionsMedian: number;
  readonly executionsMax: number;
  /** Wall time for all failures of a seed. */
  readonly millisecondsMedian: number;
  /** Different counterexamples, over the first 40 seeds. */
  readonly distinct: number;
}

interface Subject {
  readonly name: string;
  readonly target: Target;
  readonly shape: { readonly property: string; readonly kind: string };
  readonly minimum: number;
}

/** The minima of the five classes: all that is shorter was run, except for the eviction, where nine fills have to come before the read. */
const MINIMA: readonly number[] = [2, 2, 4, 10, 3];
const SEEDS = 60;
const NORMALISED_OVER = 40;
/** Programs after which a seed that has not met enough failures shrinks what it has. */
const RUNS = 20_000;
const BUDGET = 5_000;

export async function measureShrinking(): Promise<Shrinking[]> {
  const rows: Shrinking[] = [];
  for (const subject of subjects()) {
    const row = await measured(subject);
    rows.push(row);
    print(row);
  }
  return rows;
}

function subjects(): Subject[] {
  const classes = BUGS.map(({ target, shape }, index): Subject => {
    const [property, kind] = shape.split('/');
    return { name: target.name, target, shape: { property: property!, kind: kind! }, minimum: MINIMA[index]! };
  });
  const planted = INCIDENTS.filter(({ target }) => target.kind === 'model');
  return [...classes, ...planted.map(({ id, target, minimal }): Subject => ({ name: id, target, shape: minimal, minimum: minimal.size }))];
}

async function measured({ name, target, shape, minimum }: Subject): Promise<Shrinking> {
  const lab = new Lab(target, PROPERTIES);
  const executions: number[] = [];
  const milliseconds: number[] = [];
  const results = new Set<string>();
  let reached = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const failures = await firstFailures(lab, { seed, runs: RUNS, shape, count: FAILURES, stopped: () => false });
    if (failures.length === 0) continue;
    const started = performance.now();
    const { program, restarts } = await shrinkSeveral(
      failures.map((failure) => ({ program: failure.program, found: failure.breach })),
      (candidate) => {
        const outcome = lab.try(candidate);
        return outcome instanceof Promise ? outcome.then(({ breaches }) => breaches) : outcome.breaches;
      },
      { budget: BUDGET, capabilities: target.capabilities },
    );
    milliseconds.push(performance.now() - started);
    executions.push(...restarts);
    if (program.operations.length === minimum) reached++;
    if (seed <= NORMALISED_OVER) results.add(JSON.stringify(program));
  }
  return {
    subject: name,
    seeds: milliseconds.length,
    minimum,
    reached,
    executionsMedian: median(executions),
    executionsMax: Math.max(0, ...executions),
    millisecondsMedian: Math.round(median(milliseconds) * 10) / 10,
    distinct: results.size,
  };
}

function print({ subject, seeds, minimum, reached, executionsMedian, executionsMax, millisecondsMedian, distinct }: Shrinking): void {
  const missed = [
    seeds < SEEDS ? 'found in all seeds' : '',
    reached < seeds ? 'minimum' : '',
    millisecondsMedian > 30 ? '30 ms' : '',
    executionsMedian > (minimum <= 4 ? 100 : 500) ? 'executions' : '',
    distinct > 2 ? 'one counterexample' : '',
  ].filter((goal) => goal !== '');
  console.log(
    `${subject.padEnd(36)} ${minimum} operations in ${reached} of ${seeds} seeds, ${executionsMedian} executions (at most ${executionsMax}), ` +
      `${millisecondsMedian} ms, ${distinct} different  ${missed.length === 0 ? 'met' : `missed: ${missed.join(', ')}`}`,
  );
}

function median(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
