import { Worker } from 'node:worker_threads';
import { threadEntry } from '../campaign/loader.ts';
import { nextMessage } from '../campaign/next-message.ts';
import type { Task, TaskResults, TaskSaid } from './tasks.ts';

/** Threads that share work: each takes the next task when it is done with one. */
export class Crew {
  readonly size: number;
  private readonly stop = new Int32Array(new SharedArrayBuffer(4));
  private readonly workers: Worker[] = [];

  /** `size`: how many threads. */
  constructor(size: number) {
    this.size = size;
  }

  /** Asks for an end: no task is begun any more, and those that can be cut short are. */
  end(): void {
    Atomics.store(this.stop, 0, 1);
  }

  get isEnding(): boolean {
    return Atomics.load(this.stop, 0) === 1;
  }

  /**
   * Has tasks done until there are no more or an end is asked for. `onResult` hears of each as soon as it is done, in no certain order.
   * Rejects where a thread fails: then nothing that it said can be relied on.
   */
  async run<T extends Task>(tasks: Iterable<T>, onResult: (result: TaskResults[T['kind']], task: T) => void): Promise<void> {
    const queue = tasks[Symbol.iterator]();
    try {
      await Promise.all(Array.from({ length: this.size }, () => this.work(queue, onResult)));
    } finally {
      await Promise.all(this.workers.splice(0).map((worker) => worker.terminate()));
    }
  }

  private async work<T extends Task>(queue: Iterator<T>, onResult: (result: TaskResults[T['kind']], task: T) => void): Promise<void> {
    let worker: Worker | null = null;
    while (!this.isEnding) {
      const next = queue.next();
      if (next.done === true) return;
      worker ??= this.start();
      const said = await asked(worker, next.value);
      if ('error' in said) throw new Error(said.error);
      onResult(said.result as TaskResults[T['kind']], next.value);
    }
  }

  private start(): Worker {
    const worker = new Worker(threadEntry(new URL('thread.ts', import.meta.url)), { workerData: { stop: this.stop }, execArgv: [] });
    this.workers.push(worker);
    return worker;
  }
}

function asked(worker: Worker, task: Task): Promise<TaskSaid> {
  const said = nextMessage<TaskSaid>(worker, (code) => `A thread of the self-test ended with ${code}.`);
  worker.postMessage(task);
  return said;
}
