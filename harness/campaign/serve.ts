import { parentPort, workerData } from 'node:worker_threads';
import { type Target, TargetFault } from '../targets/target.ts';
import type { Progress, Sighted } from './api.ts';
import { BEAT, type Job, type Note, type Results, type Said, STOP, type ThreadData } from './protocol.ts';
import { UsageProblem } from './usage-problem.ts';

/** Between reports of progress, in ms of real time. What was found is told at once. */
const INTERVAL_MS = 100;
/** Sessions replace the clocks of this thread, so the true one is taken while it is there. */
const now = performance.now.bind(performance);

/** What a job may use of the thread that it runs in. */
export interface Bench {
  /** Whether an end was asked for. */
  stopped(): boolean;
  /** The same target, seen to be alive whenever a program begins. */
  watch(target: Target): Target;
  progress(progress: Progress): void;
  sighting(sighted: Sighted): void;
}

export type Handlers = { readonly [Kind in Job['kind']]: (job: Extract<Job, { kind: Kind }>, bench: Bench) => Promise<Results[Kind]> };

/** Lets this thread do jobs, one after the other, for the thread that started it. */
export function serve(handlers: Handlers): void {
  const port = parentPort;
  if (port === null) throw new Error('This file is run as a worker thread, never alone.');
  const { flags } = workerData as ThreadData;
  const bench = benchOf(flags, (note) => port.postMessage(note));
  port.on('message', (job: Job) => {
    Atomics.add(flags, BEAT, 1);
    void answer(handlers, job, bench).then((said) => port.postMessage(said));
  });
}

async function answer(handlers: Handlers, job: Job, bench: Bench): Promise<Said> {
  try {
    const handler = handlers[job.kind] as (job: Job, bench: Bench) => Promise<unknown>;
    return { said: 'result', result: await handler(job, bench) };
  } catch (error) {
    if (error instanceof UsageProblem) return { said: 'problem', problem: error.message, remedy: error.remedy };
    if (error instanceof TargetFault) return { said: 'fault', message: error.message, remedy: error.remedy };
    return { said: 'fault', message: saidBy(error), remedy: 'Nothing in keyhole expects this error: look for its place in the stack above.' };
  }
}

/** An error with its stack, or whatever else was thrown. */
function saidBy(error: unknown): string {
  return error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
}

function benchOf(flags: Int32Array, tell: (note: Note) => void): Bench {
  let toldAt = Number.NEGATIVE_INFINITY;
  let told = 0;
  const beat = (): number => Atomics.add(flags, BEAT, 1);
  return {
    stopped: () => Atomics.load(flags, STOP) === 1,
    watch(target) {
      const open: Target['open'] = (stage, options) => {
        beat();
        return target.open(stage, options);
      };
      // Inherits the rest, so that targets which are objects of a class keep their methods.
      return Object.create(target, { open: { value: open } }) as Target;
    },
    progress(progress) {
      beat();
      const time = now();
      if (progress.violations === told && time - toldAt < INTERVAL_MS) return;
      [toldAt, told] = [time, progress.violations];
      tell({ note: 'progress', progress });
    },
    sighting: (sighted) => tell({ note: 'sighting', sighted }),
  };
}
