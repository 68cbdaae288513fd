import { apart, round } from './apart.ts';
import { median } from './clock.ts';
import { inTurns } from './in-turns.ts';
import { TURNS } from './subjects.ts';

/** What was measured of the asynchronous cache at one length of program, beside fast-check's scheduler on the same cache. Ratios are medians over turns. */
export interface AsyncThroughput {
  readonly subject: string;
  readonly operationsPerProgram: number;
  /** All by processor time, a second of which is what others leave of one. */
  readonly operationsPerSecond: number;
  /** With the full history of each program. */
  readonly recordedPerSecond: number;
  /** A `scheduledModelRun` as the documentation of fast-check shows it: the origin's answers go through `scheduleFunction`. */
  readonly fcSchedulerPerSecond: number;
  /** The same where the scheduler orders the answers and is not given them. */
  readonly fcSignalledPerSecond: number;
  readonly ratioToFcScheduler: number;
  readonly ratioToFcSignalled: number;
  /** Without the memory of buffers, which is none of the heap's. */
  readonly bytesPerOperation: number;
}

const LENGTHS = [8, 50, 500] as const;
const OPERATIONS = { keyhole: 400_000, scheduler: 60_000, bytes: 30_000 } as const;
const GOAL = 10;

/** What lives on promises allocates with every step: collecting is a part of it, in the room that Node gives by itself. */
const OWN_HEAP: readonly string[] = [];

/** The cache of `coalescing.ts`, which answers later. */
export async function measureAsyncThroughput(): Promise<AsyncThroughput[]> {
  console.log('\nasynchronous  ops/program      keyhole     recorded  fc.scheduler  signalled only   x fc.scheduler  x signalled  bytes/op  goal');
  const rows: AsyncThroughput[] = [];
  for (const length of LENGTHS) {
    const row = await measured(length);
    print(row);
    rows.push(row);
  }
  return rows;
}

async function measured(length: number): Promise<AsyncThroughput> {
  const turns = await inTurns(
    [
      ['async', 'plain', length, OPERATIONS.keyhole],
      ['async', 'recorded', length, OPERATIONS.keyhole],
      ['scheduler', 'documented', length, OPERATIONS.scheduler],
      ['scheduler', 'signalled', length, OPERATIONS.scheduler],
    ],
    TURNS,
    OWN_HEAP,
  );
  const [keyhole, recorded, scheduler, signalled] = [0, 1, 2, 3].map((taker) => Math.round(1e9 / median(turns.map((times) => times[taker]!)))) as [
    number,
    number,
    number,
    number,
  ];
  const { bytes } = apart('async-bytes', '-', length, OPERATIONS.bytes);
  return {
    subject: 'coalescing',
    operationsPerProgram: length,
    operationsPerSecond: keyhole,
    recordedPerSecond: recorded,
    fcSchedulerPerSecond: scheduler,
    fcSignalledPerSecond: signalled,
    ratioToFcScheduler: round(median(turns.map(([checked, , documented]) => documented! / checked!))),
    ratioToFcSignalled: round(median(turns.map(([checked, , , ordered]) => ordered! / checked!))),
    bytesPerOperation: Math.round(bytes!),
  };
}

function print(row: AsyncThroughput): void {
  console.log(
    [
      row.subject.padEnd(12),
      `${row.operationsPerProgram}`.padStart(13),
      row.operationsPerSecond.toLocaleString('en').padStart(13),
      row.recordedPerSecond.toLocaleString('en').padStart(13),
      row.fcSchedulerPerSecond.toLocaleString('en').padStart(14),
      row.fcSignalledPerSecond.toLocaleString('en').padStart(16),
      row.ratioToFcScheduler.toFixed(1).padStart(17),
      row.ratioToFcSignalled.toFixed(1).padStart(13),
      `${row.bytesPerOperation}`.padStart(10),
      row.ratioToFcScheduler >= GOAL ? '  met' : `  missed: under ${GOAL} times fc.scheduler`,
    ].join(''),
  );
}
