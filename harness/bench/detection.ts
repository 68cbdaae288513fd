import { PROPERTIES } from '../../properties/index.ts';
import { Lab } from '../run/lab.ts';
import { type Drawing, drawnPrograms } from '../search/draw.ts';
import type { Bug } from './bugs.ts';

/** How soon a planted bug is found by the search alone, over seeds. */
export interface Detection {
  readonly subject: string;
  readonly seeds: number;
  /** Seeds that found it within the limit of operations. */
  readonly found: number;
  /** Operations to the first failure; `null` where too few seeds found it. */
  readonly medianOperations: number | null;
  readonly p90Operations: number | null;
  /** Programs to the first failure. */
  readonly medianPrograms: number | null;
  /** Programs within which 98 of 100 seeds find it; `null` where they do not. */
  readonly programsFor98: number | null;
}

export interface DetectionOptions extends Drawing {
  readonly seeds: number;
  /** Operations after which a seed gives up. */
  readonly limit: number;
}

/** What one seed made of a bug: infinite where it was not found. */
interface Hunt {
  readonly operations: number;
  readonly programs: number;
}

const NOT_FOUND: Hunt = { operations: Number.POSITIVE_INFINITY, programs: Number.POSITIVE_INFINITY };

/** Hunts a bug from seeds 1, 2, ...: nothing enumerated, nothing kept from one seed to the next. */
export async function detect(bug: Bug, options: DetectionOptions): Promise<Detection> {
  const lab = new Lab(bug.target, PROPERTIES);
  const hunts: Hunt[] = [];
  for (let seed = 1; seed <= options.seeds; seed++) hunts.push(await hunt(lab, bug.shape, seed, options));
  const operations = hunts.map((one) => one.operations);
  const programs = hunts.map((one) => one.programs);
  return {
    subject: bug.target.name,
    seeds: options.seeds,
    found: operations.filter((count) => Number.isFinite(count)).length,
    medianOperations: quantile(operations, 0.5),
    p90Operations: quantile(operations, 0.9),
    medianPrograms: quantile(programs, 0.5),
    programsFor98: quantile(programs, 0.98),
  };
}

async function hunt(lab: Lab, shape: string, seed: number, options: DetectionOptions): Promise<Hunt> {
  const drawn = drawnPrograms(lab, seed, options);
  let operations = 0;
  for (let programs = 1; operations < options.limit; programs++) {
    const { stage, steps, length } = drawn.next().value;
    const done = lab.run(stage, steps, length);
    if (done !== undefined) await done;
    const breach = stage.breaches.find(({ property, kind }) => `${property}/${kind}` === shape);
    if (breach !== undefined) return { operations: operations + breach.instant, programs };
    operations += length;
  }
  return NOT_FOUND;
}

/** The least value that this share of the values does not exceed; `null` where that is infinite. */
export function quantile(values: readonly number[], share: number): number | null {
  const value = values.toSorted((one, other) => one - other)[Math.max(0, Math.ceil(values.length * share) - 1)];
  return value !== undefined && Number.isFinite(value) ? value : null;
}
