import { inspect } from 'node:util';
import { getHeapStatistics } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { BEAT, type Job, type Note, type Results, type Said, STOP, type ThreadData } from './protocol.ts';

/** How often the heartbeat is looked at. */
const LOOK_MS = 250;
/** A thread that does not even take up its job within this time never will. */
const BOOT_MS = 60_000;
/** How long a thread may go on after an end was asked for. */
const GRACE_MS = 5_000;
/** The same after its time was up: more than a target on the wire may take to answer, or to be found at fault for not answering. */
const OVERTIME_MS = 15_000;

/** Why a thread is gone. */
export type Death =
  /** No program began for a long time. */
  | 'hung'
  /** It did not end when its time was up. */
  | 'overran'
  /** It did not end when an end was asked for, or was asked twice. */
  | 'killed'
  /** An error that nobody handled. */
  | 'threw'
  /** It called `process.exit`. */
  | 'exited'
  | 'memory';

/** How a job ended. */
export type Ended<Result> =
  | { readonly how: 'done'; readonly result: Result }
  | { readonly how: 'problem'; readonly problem: string; readonly remedy: string }
  | { readonly how: 'fault'; readonly message: string; readonly remedy: string }
  /** `said`: the error, or the exit code. */
  | { readonly how: 'died'; readonly death: Death; readonly said: string };

export interface SupervisorOptions {
  /** What the thread runs: a file, or a `data:` URL. */
  readonly entry: URL;
  readonly config: string | null;
  /** No program may take longer than this to begin. */
  readonly hangMs: number;
}

export interface JobOptions {
  readonly onNote?: (note: Note) => void;
  /** The job ends by itself within this time; a thread that goes on for long after it is ended. */
  readonly withinMs?: number;
}

/** A job that a thread is busy with. */
interface Busy {
  readonly settle: (ended: Ended<unknown>) => void;
  readonly onNote: ((note: Note) => void) | undefined;
}

/**
 * Has jobs done in a thread of its own, so that this one can show progress and hear an interrupt whatever a target does: loop
 * for ever, throw where nobody catches it, run out of memory, call `process.exit`. The next job then gets a new thread.
 */
export class Supervisor {
  private readonly options: SupervisorOptions;
  private readonly flags = new Int32Array(new SharedArrayBuffer(8));
  private worker: Worker | null = null;
  private busy: Busy | null = null;
  /** Why the thread is being ended, where that is our doing. */
  private ending: Death | null = null;

  constructor(options: SupervisorOptions) {
    this.options = options;
  }

  get isStopping(): boolean {
    return Atomics.load(this.flags, STOP) === 1;
  }

  async run<Kind extends Job['kind']>(job: Extract<Job, { kind: Kind }>, options: JobOptions = {}): Promise<Ended<Results[Kind]>> {
    const worker = (this.worker ??= this.start());
    const unwatch = this.watch(options.withinMs);
    try {
      return await new Promise((resolve) => {
        this.busy = { settle: resolve as (ended: Ended<unknown>) => void, onNote: options.onNote };
        worker.postMessage(job);
      });
    } finally {
      unwatch();
      this.busy = null;
    }
  }

  /** Asks for an end: the thread finishes its program and answers with what it has. It is ended if it does not. */
  stop(): void {
    Atomics.store(this.flags, STOP, 1);
    setTimeout(() => this.end('killed'), GRACE_MS).unref();
  }

  /** Ends the thread at once; its job ends as `died`. */
  end(death: Death): void {
    if (this.worker === null || this.busy === null) return;
    this.ending ??= death;
    void this.worker.terminate();
  }

  async close(): Promise<void> {
    await this.worker?.terminate();
    this.worker = null;
  }

  private start(): Worker {
    const data: ThreadData = { flags: this.flags, config: this.options.config };
    // A thread that reaches a limit of its own is ended. At the limit of the process it would take this one with it.
    const resourceLimits = { maxOldGenerationSizeMb: Math.floor(getHeapStatistics().heap_size_limit / 2 / 2 ** 20) };
    const worker = new Worker(this.options.entry, { workerData: data, execArgv: [], stdout: true, stderr: true, resourceLimits });
    // What targets print is no data of ours.
    worker.stdout.pipe(process.stderr, { end: false });
    worker.stderr.pipe(process.stderr, { end: false });
    let error: unknown = null;
    worker.on('message', (message: Note | Said) => {
      if ('note' in message) this.busy?.onNote?.(message);
      else this.busy?.settle(endedBy(message));
    });
    worker.on('messageerror', (cause) => (error = cause));
    worker.on('error', (cause) => (error = cause));
    worker.on('exit', (code) => {
      if (this.worker === worker) this.worker = null;
      const { ending } = this;
      this.ending = null;
      this.busy?.settle(ending === null ? deathOf(error, code) : { how: 'died', death: ending, said: '' });
    });
    return worker;
  }

  /** Counts looks, not time: a machine that slept is not taken for a target that hangs. */
  private watch(withinMs: number | undefined): () => void {
    const { hangMs } = this.options;
    const first = Atomics.load(this.flags, BEAT);
    let seen = first;
    let still = 0;
    let total = 0;
    const timer = setInterval(() => {
      const beat = Atomics.load(this.flags, BEAT);
      still = beat === seen ? still + LOOK_MS : 0;
      seen = beat;
      // Until the job is taken up, the thread is only starting, and a busy machine may be slow at that.
      total += beat === first ? 0 : LOOK_MS;
      if (still >= (beat === first ? Math.max(hangMs, BOOT_MS) : hangMs)) this.end('hung');
      else if (withinMs !== undefined && total >= withinMs + OVERTIME_MS) this.end('overran');
    }, LOOK_MS);
    return () => clearInterval(timer);
  }
}

function endedBy(said: Said): Ended<unknown> {
  switch (said.said) {
    case 'result':
      return { how: 'done', result: said.result };
    case 'problem':
      return { how: 'problem', problem: said.problem, remedy: said.remedy };
    case 'fault':
      return { how: 'fault', message: said.message, remedy: said.remedy };
  }
}

function deathOf(error: unknown, code: number): Ended<unknown> {
  if (error === null) return { how: 'died', death: 'exited', said: String(code) };
  if ((error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY') return { how: 'died', death: 'memory', said: '' };
  return { how: 'died', death: 'threw', said: error instanceof Error ? (error.stack ?? error.message) : inspect(error) };
}
