import { INCIDENTS } from '../../fixtures/incidents/index.ts';
import { redisMockFaults } from '../../fixtures/packages/redis-targets.ts';
import { PLANTED_FAULTS } from '../targets/planted-faults.laws.ts';
import { ablate, type Ablation, isLate } from './ablation.ts';
import { type Bug, BUGS } from './bugs.ts';
import { detect, type Detection } from './detection.ts';

/** The five classes have a goal in seeds of a hundred; the rest a median and a 90th percentile. */
const SEEDS = { classes: 100, others: 40 };
/** Operations after which a seed gives up: fifty times the goal for the median. */
const LIMIT = 50_000;
/** A store behind asynchronous calls takes a hundred times as long for an operation. */
const IN_REDIS = { seeds: 5, limit: 20_000 };
/** Taking out one ingredient at a time hunts everything ten times over, so with fewer seeds that give up sooner. */
const ABLATION = { seeds: 6, limit: 10_000 };
/** Programs within which 98 of 100 seeds must find the five classes. */
const PROGRAMS = 100;

const IN_MODELS: readonly Bug[] = [
  ...BUGS,
  ...INCIDENTS.filter(({ target }) => target.kind === 'model').map(({ target, minimal }) => ({ target, shape: `${minimal.property}/${minimal.kind}` })),
  ...PLANTED_FAULTS.map(({ target, shape }) => ({ target, shape })),
];

const REDIS_SHAPES = ['KH001/stranger', 'KH002/unshared', 'KH002/unshared', 'KH001/stranger'] as const;

/** Every planted bug that is reached without a socket. */
export async function measureDetection(): Promise<Detection[]> {
  const inRedis: readonly Bug[] = redisMockFaults.map((target, place) => ({ target, shape: REDIS_SHAPES[place]! }));
  const rows: Detection[] = [];
  console.log('\nsubject                                        found   median ops      p90 ops  programs for 98 %  goals');
  for (const bug of [...IN_MODELS, ...inRedis]) {
    const row = await detect(bug, inRedis.includes(bug) ? IN_REDIS : { seeds: BUGS.includes(bug) ? SEEDS.classes : SEEDS.others, limit: LIMIT });
    rows.push(row);
    const missed = [...(isLate(row) ? ['too late'] : []), ...(BUGS.includes(bug) && (row.programsFor98 ?? Infinity) > PROGRAMS ? ['over 100 programs'] : [])];
    console.log(
      [
        row.subject.padEnd(44),
        `${row.found}/${row.seeds}`.padStart(8),
        counted(row.medianOperations).padStart(13),
        counted(row.p90Operations).padStart(13),
        counted(row.programsFor98).padStart(19),
        missed.length === 0 ? '  met' : `  missed: ${missed.join(', ')}`,
      ].join(''),
    );
  }
  return rows;
}

/** What each ingredient of the search is worth on the bugs in models. */
export async function measureAblation(): Promise<Ablation[]> {
  const rows = await ablate(IN_MODELS, ABLATION.seeds, ABLATION.limit);
  console.log('\nwithout           found by all  median of medians  worst p90  too late');
  for (const { without, subjects, found, medianOperations, worstP90Operations, late } of rows)
    console.log(
      [
        without.padEnd(18),
        `${found}/${subjects}`.padStart(12),
        counted(medianOperations).padStart(19),
        counted(worstP90Operations).padStart(11),
        `${late.length}`.padStart(10),
      ].join(''),
    );
  return rows;
}

function counted(count: number | null): string {
  return count === null ? 'never' : count.toLocaleString('en');
}
