import { apart, round } from './apart.ts';

/** What was measured of the asynchronous cache at one length of program, beside fast-check's scheduler on the same cache. */
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
const OPERATIONS = { keyhole: 150_000, scheduler: 30_000, bytes: 30_000 } as const;
const GOAL = 10;

/** The cache of `coalescing.ts`, which answers later. */
export function measureAsyncThroughput(): AsyncThroughput[] {
  console.log('\nasynchronous  ops/program      keyhole     recorded  fc.scheduler  signalled only   x fc.scheduler  x signalled  bytes/op  goal');
  return LENGTHS.map((length) => {
    const { checked } = apart('async', 'plain', length, OPERATIONS.keyhole);
    const { bytes } = apart('async-bytes', '-', length, OPERATIONS.bytes);
    const { checked: recorded } = apart('async', 'recorded', length, OPERATIONS.keyhole);
    const { scheduler } = apart('scheduler', 'documented', length, OPERATIONS.scheduler);
    const { scheduler: signalled } = apart('scheduler', 'signalled', length, OPERATIONS.scheduler);
    const row: AsyncThroughput = {
      subject: 'coalescing',
      operationsPerProgram: length,
      operationsPerSecond: Math.round(1e9 / checked!),
      recordedPerSecond: Math.round(1e9 / recorded!),
      fcSchedulerPerSecond: Math.round(1e9 / scheduler!),
      fcSignalledPerSecond: Math.round(1e9 / signalled!),
      ratioToFcScheduler: round(scheduler! / checked!),
      ratioToFcSignalled: round(signalled! / checked!),
      bytesPerOperation: Math.round(bytes!),
    };
    print(row);
    return row;
  });
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
