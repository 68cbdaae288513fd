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
/** Taking out one ingredient at a time hunts everything ten times over: in some two minutes. */
const ABLATION = { seeds: 7, limit: 6_000 };
/** Bugs of as many sorts as there are ingredients: keys, rights, lifetimes, joins, HTTP, evictions, names and configurations. */
const ABLATED: readonly string[] = [
  'xiaomi-2020',
  'homebridge-2019',
  'hub-switched-off',
  'late-refresh',
  'litellm-2026',
  'next-join-2026',
  'nest-2019',
  'nocodb-2026',
  'squid-2016',
  'stale-if-error',
  'symfony-2022',
  'varnish-2019',
];
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

/** What each ingredient of the search is worth on the five classes and a dozen incidents. */
export async function measureAblation(): Promise<Ablation[]> {
  const incidents = INCIDENTS.filter(({ id, target }) => target.kind === 'model' && ABLATED.includes(id));
  if (incidents.length !== ABLATED.length) throw new Error(`There are incidents that are not: ${ABLATED.join(', ')}`);
  const bugs = [...BUGS, ...incidents.map(({ target, minimal }) => ({ target, shape: `${minimal.property}/${minimal.kind}` }))];
  const rows = await ablate(bugs, ABLATION.seeds, ABLATION.limit);
  const [whole] = rows;
  console.log(`\n${bugs.length} bugs, ${ABLATION.seeds} seeds each, given up after ${ABLATION.limit.toLocaleString('en')} operations, nothing enumerated`);
  console.log('without                  found   median programs   median ops   x ops   worst for');
  for (const { without, found, of, medianPrograms, medianOperations, timesOperations, subjects } of rows)
    console.log(
      [
        without.padEnd(22),
        `${found}/${of}`.padStart(8),
        counted(medianPrograms).padStart(18),
        counted(medianOperations).padStart(13),
        timesOperations.toFixed(2).padStart(8),
        `   ${worst(subjects, whole!)}`,
      ].join(''),
    );
  return rows;
}

/** The subject that misses an ingredient most, with the operations that it takes as it is and without. */
function worst(subjects: Ablation['subjects'], whole: Ablation): string {
  const times = subjects.map(({ medianOperations }, place) => orNever(medianOperations) / orNever(whole.subjects[place]!.medianOperations));
  const place = times.indexOf(Math.max(...times.filter((count) => !Number.isNaN(count))));
  if (!(times[place]! > 1)) return '';
  return `${subjects[place]!.subject} (${counted(whole.subjects[place]!.medianOperations)} -> ${counted(subjects[place]!.medianOperations)})`;
}

function orNever(count: number | null): number {
  return count ?? Number.POSITIVE_INFINITY;
}

function counted(count: number | null): string {
  return count === null ? 'never' : count.toLocaleString('en');
}
