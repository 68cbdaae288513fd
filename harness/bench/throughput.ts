import { apart, round } from './apart.ts';
import { median } from './clock.ts';
import { inTurns } from './in-turns.ts';
import { TURNS } from './subjects.ts';

/** What was measured of one subject at one length of program, each in a process of its own. Costs and ratios are medians over turns. */
export interface Throughput {
  readonly subject: string;
  readonly operationsPerProgram: number;
  readonly operationsPerSecond: number;
  /** What checking adds to a bare replay of the same programs, over one `lru-cache` get or set. */
  readonly checkingCostToLruCacheOp: number;
  /** Time of a bare replay over the time of a checked run: 1 would be checking for nothing. */
  readonly ratioToBareLoop: number;
  /** How many times the pace of `fc.commands` with the same judges. */
  readonly ratioToFcCommands: number;
  /** How many times the pace of programs drawn as an `fc.array` of records, with the same judges. */
  readonly ratioToFcArray: number;
  readonly bytesPerOperation: number;
  /** All of them side by side, in operations a second. */
  readonly perSecond: { readonly lruCache: number; readonly bareLoop: number; readonly keyhole: number; readonly fcArray: number; readonly fcCommands: number };
}

const SUBJECTS = ['null', 'lru', 'tiered'] as const;
const LENGTHS = [8, 50, 500] as const;
const OPERATIONS = { null: 16_000_000, lru: 8_000_000, tiered: 8_000_000, opponents: 100_000, 'lru-cache': 25_000_000 } as const;
/** Goals of the design, checked here and never in a timed test. */
const GOALS = { cost: { 8: 1.2, 50: 0.5, 500: 0.5 }, commands: 5, bytes: 1 } as const;

/** Subjects that answer while they are asked. */
export async function measureThroughput(): Promise<Throughput[]> {
  console.log(
    ['\nsubject  ops/program', 'lru-cache', 'bare loop', 'keyhole', 'fc.array', 'fc.commands']
      .map((title, place) => (place === 0 ? title : title.padStart(13)))
      .join('')
      .concat('   cost/lru-cache op  bare/checked  x fc.array  x fc.commands  bytes/op  goals'),
  );
  const rows: Throughput[] = [];
  for (const subject of SUBJECTS) {
    for (const length of LENGTHS) {
      const row = await measured(subject, length);
      print(row);
      rows.push(row);
    }
  }
  return rows;
}

async function measured(subject: (typeof SUBJECTS)[number], length: number): Promise<Throughput> {
  const operations = OPERATIONS[subject];
  const turns = await inTurns(
    [
      ['checked', subject, length, operations],
      ['bare', subject, length, operations],
      ['lru-cache', '-', 0, OPERATIONS['lru-cache']],
    ],
    TURNS,
  );
  const [checked, bare, lruCache] = [0, 1, 2].map((taker) => median(turns.map((times) => times[taker]!))) as [number, number, number];
  const { bytes } = apart('bytes', subject, length, operations);
  const { array } = apart('array', subject, length, OPERATIONS.opponents);
  const { commands } = apart('commands', subject, length, OPERATIONS.opponents);
  return {
    subject,
    operationsPerProgram: length,
    operationsPerSecond: perSecond(checked),
    checkingCostToLruCacheOp: round(median(turns.map(([all, without, one]) => (all! - without!) / one!))),
    ratioToBareLoop: round(median(turns.map(([all, without]) => without! / all!))),
    ratioToFcCommands: round(commands! / checked),
    ratioToFcArray: round(array! / checked),
    bytesPerOperation: round(bytes!),
    perSecond: {
      lruCache: perSecond(lruCache),
      bareLoop: perSecond(bare),
      keyhole: perSecond(checked),
      fcArray: perSecond(array!),
      fcCommands: perSecond(commands!),
    },
  };
}

function perSecond(nanoseconds: number): number {
  return Math.round(1e9 / nanoseconds);
}

function print(row: Throughput): void {
  const missed = missedGoals(row);
  console.log(
    [
      row.subject.padEnd(7),
      `${row.operationsPerProgram}`.padStart(13),
      ...Object.values(row.perSecond).map((count) => count.toLocaleString('en').padStart(13)),
      row.checkingCostToLruCacheOp.toFixed(2).padStart(20),
      row.ratioToBareLoop.toFixed(2).padStart(14),
      row.ratioToFcArray.toFixed(1).padStart(12),
      row.ratioToFcCommands.toFixed(1).padStart(15),
      row.bytesPerOperation.toFixed(2).padStart(10),
      missed.length === 0 ? '  met' : `  missed: ${missed.join(', ')}`,
    ].join(''),
  );
}

function missedGoals(row: Throughput): string[] {
  const missed: string[] = [];
  const limit = GOALS.cost[row.operationsPerProgram as keyof typeof GOALS.cost];
  if (row.checkingCostToLruCacheOp > limit) missed.push(`cost over ${limit}`);
  // Harness against harness: where a model takes most of the time, both opponents wait for the same model.
  if (row.subject === 'null' && row.ratioToFcCommands < GOALS.commands) missed.push(`under ${GOALS.commands} times fc.commands`);
  // What a model allocates is its own affair: only the session that does nothing shows what the harness does.
  if (row.subject === 'null' && row.bytesPerOperation >= GOALS.bytes) missed.push(`${GOALS.bytes} byte or more`);
  return missed;
}
