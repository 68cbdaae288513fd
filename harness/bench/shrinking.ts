import { INCIDENTS } from '../../fixtures/incidents/index.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { FAILURES } from '../campaign/findings.ts';
import { firstFailures } from '../campaign/measure.ts';
import { Lab } from '../run/lab.ts';
import type { Stage } from '../run/stage.ts';
import { type Evaluate, sameShape } from '../search/evaluate.ts';
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
  /** Seeds that came down to it, with a program that also leaks on a stage of its own. */
  readonly reached: number;
  /** Candidates that were run, for one failure. */
  readonly executionsMedian: number;
  readonly executionsMax: number;
  /** Stages that were set up for all failures of a seed: a short program takes less time than its stage. */
  readonly stagesMedian: number;
  /** Wall time for all failures of a seed. */
  readonly millisecondsMedian: number;
  /** Processor time for the same: what the wall time comes to where nobody else is at work. */
  readonly cpuMillisecondsMedian: number;
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
  const lab = new CountingLab(target, PROPERTIES);
  const executions: number[] = [];
  const stages: number[] = [];
  const milliseconds: number[] = [];
  const processor: number[] = [];
  const results = new Set<string>();
  let reached = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const failures = await firstFailures(lab, { seed, runs: RUNS, shape, count: FAILURES, stopped: () => false });
    if (failures.length === 0) continue;
    const failing = failures.map(({ program, breach }) => ({ program, found: breach }));
    lab.setUp = 0;
    const started = performance.now();
    const used = process.cpuUsage();
    const { program, restarts } = await shrinkSeveral(failing, evaluateOn(lab), { budget: BUDGET, capabilities: target.capabilities });
    milliseconds.push(performance.now() - started);
    const { user, system } = process.cpuUsage(used);
    processor.push((user + system) / 1000);
    stages.push(lab.setUp);
    executions.push(...restarts);
    const { breaches } = await lab.try(program, { record: true });
    if (program.operations.length === minimum && breaches.some((breach) => sameShape(breach, shape))) reached++;
    if (seed <= NORMALISED_OVER) results.add(JSON.stringify(program));
  }
  return {
    subject: name,
    seeds: milliseconds.length,
    minimum,
    reached,
    executionsMedian: median(executions),
    executionsMax: Math.max(0, ...executions),
    stagesMedian: median(stages),
    millisecondsMedian: rounded(median(milliseconds)),
    cpuMillisecondsMedian: rounded(median(processor)),
    distinct: results.size,
  };
}

class CountingLab extends Lab {
  /** Those that were set up since somebody last looked. */
  setUp = 0;

  override stage(...args: Parameters<Lab['stage']>): Stage {
    this.setUp++;
    return super.stage(...args);
  }
}

function evaluateOn(lab: Lab): Evaluate {
  return (candidate) => {
    const outcome = lab.try(candidate);
    return outcome instanceof Promise ? outcome.then(({ breaches }) => breaches) : outcome.breaches;
  };
}

function print(row: Shrinking): void {
  const { subject, seeds, minimum, reached, executionsMedian, executionsMax, stagesMedian, millisecondsMedian, cpuMillisecondsMedian, distinct } = row;
  const missed = [
    seeds < SEEDS ? 'found in all seeds' : '',
    reached < seeds ? 'minimum' : '',
    millisecondsMedian > 30 ? '30 ms' : '',
    executionsMedian > (minimum <= 4 ? 100 : 500) ? 'executions' : '',
    distinct > 2 ? 'one counterexample' : '',
  ].filter((goal) => goal !== '');
  console.log(
    `${subject.padEnd(36)} ${minimum} operations in ${reached} of ${seeds} seeds, ${executionsMedian} executions (at most ${executionsMax}), ` +
      `${stagesMedian} stages, ${millisecondsMedian} ms (${cpuMillisecondsMedian} of the processor), ${distinct} different  ${missed.length === 0 ? 'met' : `missed: ${missed.join(', ')}`}`,
  );
}

function median(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
