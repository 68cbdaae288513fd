import { type Ingredients, PORTFOLIO } from '../search/generate.ts';
import { ALL_WORLDS, type WorldIngredients } from '../search/worlds.ts';
import type { Bug } from './bugs.ts';
import { detect, type Detection, quantile } from './detection.ts';

/** What one ingredient of the search is worth: the same bugs are hunted without it. */
export interface Ablation {
  /** What was left out; `nothing` is the search as it is. */
  readonly without: string;
  readonly subjects: number;
  readonly seeds: number;
  /** Subjects that every seed found within the limit. */
  readonly found: number;
  /** Median over the subjects of the median over the seeds; `null` where too few were found. */
  readonly medianOperations: number | null;
  /** The highest 90th percentile of any subject; `null` where one in ten seeds missed one. */
  readonly worstP90Operations: number | null;
  /** Subjects with a median above 1,000 or a 90th percentile above 4,000. */
  readonly late: readonly string[];
}

interface Variant {
  readonly without: string;
  readonly ingredients: Ingredients;
  readonly worlds: WorldIngredients;
}

const VARIANTS: readonly Variant[] = [
  { without: 'nothing', ingredients: PORTFOLIO, worlds: ALL_WORLDS },
  ...(Object.keys(PORTFOLIO) as (keyof Ingredients)[]).map((name) => ({
    without: name,
    ingredients: { ...PORTFOLIO, [name]: false },
    worlds: ALL_WORLDS,
  })),
  ...(Object.keys(ALL_WORLDS) as (keyof WorldIngredients)[]).map((name) => ({
    without: `${name} worlds`.replace('attacks worlds', 'attacks on ids'),
    ingredients: PORTFOLIO,
    worlds: { ...ALL_WORLDS, [name]: false },
  })),
  { without: 'everything', ingredients: { weights: false, locality: false, lengths: false, hazards: false }, worlds: ALL_WORLDS },
];

const GOAL = { median: 1_000, p90: 4_000 };

/** Whether a bug is found later than the design asks for. */
export function isLate({ medianOperations, p90Operations }: Detection): boolean {
  return (medianOperations ?? Number.POSITIVE_INFINITY) > GOAL.median || (p90Operations ?? Number.POSITIVE_INFINITY) > GOAL.p90;
}

/** Takes one ingredient out at a time. */
export async function ablate(bugs: readonly Bug[], seeds: number, limit: number): Promise<Ablation[]> {
  const rows: Ablation[] = [];
  for (const { without, ingredients, worlds } of VARIANTS) {
    const detections: Detection[] = [];
    for (const bug of bugs) detections.push(await detect(bug, { seeds, limit, ingredients, worlds }));
    const orNever = (value: number | null): number => value ?? Number.POSITIVE_INFINITY;
    rows.push({
      without,
      subjects: bugs.length,
      seeds,
      found: detections.filter(({ found }) => found === seeds).length,
      medianOperations: quantile(
        detections.map(({ medianOperations }) => orNever(medianOperations)),
        0.5,
      ),
      worstP90Operations: quantile(
        detections.map(({ p90Operations }) => orNever(p90Operations)),
        1,
      ),
      late: detections.filter((detection) => isLate(detection)).map(({ subject }) => subject),
    });
  }
  return rows;
}
