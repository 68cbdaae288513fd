import { type Ingredients, PORTFOLIO } from '../search/generate.ts';
import { ALL_WORLDS, type WorldIngredients } from '../search/worlds.ts';
import type { Bug } from './bugs.ts';
import { detect, type Detection, quantile } from './detection.ts';

/** What one ingredient of the search is worth: the same bugs are hunted without it, from the same seeds. */
export interface Ablation {
  /** What was left out; `nothing` is the search as it is. */
  readonly without: string;
  readonly seeds: number;
  /** Operations after which a seed gave up. */
  readonly limit: number;
  /** For each subject, in order. */
  readonly subjects: readonly AblatedSubject[];
  /** Seeds and subjects that were found, of all. */
  readonly found: number;
  readonly of: number;
  /** Median over the subjects of the median over the seeds; `null` where too few were found. */
  readonly medianOperations: number | null;
  readonly medianPrograms: number | null;
  /** How many times as many operations as the search as it is takes: the geometric mean over the subjects. What was not found counts as the limit, so that it is at least so much. */
  readonly timesOperations: number;
}

export interface AblatedSubject {
  readonly subject: string;
  readonly found: number;
  readonly medianOperations: number | null;
  readonly medianPrograms: number | null;
}

interface Variant {
  readonly without: string;
  readonly ingredients: Ingredients;
  readonly worlds: WorldIngredients;
}

const INGREDIENTS = { weights: 'weights', locality: 'locality', lengths: 'lengths', hazards: 'stories' } as const;
const WORLDS = { small: 'small worlds', wide: 'wide worlds', crowded: 'crowded worlds', attacks: 'hostile ids' } as const;

/** Enumeration is left out of all of them: it would find whatever is short before the search begins. */
const VARIANTS: readonly Variant[] = [
  { without: 'nothing', ingredients: PORTFOLIO, worlds: ALL_WORLDS },
  ...(Object.keys(INGREDIENTS) as (keyof Ingredients)[]).map((name) => ({
    without: INGREDIENTS[name],
    ingredients: { ...PORTFOLIO, [name]: false },
    worlds: ALL_WORLDS,
  })),
  ...(Object.keys(WORLDS) as (keyof WorldIngredients)[]).map((name) => ({
    without: WORLDS[name],
    ingredients: PORTFOLIO,
    worlds: { ...ALL_WORLDS, [name]: false },
  })),
  // What stories tell needs neither: what they are worth shows where there are none.
  { without: 'stories, weights', ingredients: { ...PORTFOLIO, hazards: false, weights: false }, worlds: ALL_WORLDS },
  { without: 'stories, locality', ingredients: { ...PORTFOLIO, hazards: false, locality: false }, worlds: ALL_WORLDS },
  { without: 'everything but worlds', ingredients: { weights: false, locality: false, lengths: false, hazards: false }, worlds: ALL_WORLDS },
];

const GOAL = { median: 1_000, p90: 4_000 };

/** Whether a bug is found later than the design asks for. */
export function isLate({ medianOperations, p90Operations }: Detection): boolean {
  return (medianOperations ?? Number.POSITIVE_INFINITY) > GOAL.median || (p90Operations ?? Number.POSITIVE_INFINITY) > GOAL.p90;
}

/** Takes one ingredient out at a time. Deterministic: seeds 1, 2, ... and a limit in operations. */
export async function ablate(bugs: readonly Bug[], seeds: number, limit: number): Promise<Ablation[]> {
  const rows: Ablation[] = [];
  for (const { without, ingredients, worlds } of VARIANTS) {
    const subjects: Detection[] = [];
    for (const bug of bugs) subjects.push(await detect(bug, { seeds, limit, ingredients, worlds }));
    const whole = rows[0]?.subjects ?? subjects;
    rows.push({
      without,
      seeds,
      limit,
      subjects: subjects.map(({ subject, found, medianOperations, medianPrograms }) => ({ subject, found, medianOperations, medianPrograms })),
      found: subjects.reduce((sum, { found }) => sum + found, 0),
      of: seeds * bugs.length,
      medianOperations: medianOf(subjects.map((one) => one.medianOperations)),
      medianPrograms: medianOf(subjects.map((one) => one.medianPrograms)),
      timesOperations: timesAsMany(subjects, whole, limit),
    });
  }
  return rows;
}

function medianOf(values: readonly (number | null)[]): number | null {
  return quantile(
    values.map((value) => value ?? Number.POSITIVE_INFINITY),
    0.5,
  );
}

function timesAsMany(subjects: readonly AblatedSubject[], whole: readonly AblatedSubject[], limit: number): number {
  const logs = subjects.map((one, place) => Math.log((one.medianOperations ?? limit) / (whole[place]!.medianOperations ?? limit)));
  return Math.round(Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length) * 100) / 100;
}
