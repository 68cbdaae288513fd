import { closeSync, openSync, readdirSync, readSync } from 'node:fs';

/** So often in a row something has to stay away until it is not expected any more. */
const TIMES = 3;
/** In what the system says of the queue of each processor, the place of how much is in it (Linux 5.10 and later), and how it writes nothing. */
const WAITING = 11;
const NOTHING = '00000000';
const NS_PER_MS = 1e6;
/** More than any of the files is long. */
const buffer: Buffer = Buffer.alloc(65_536);

/**
 * A server's processes as Linux shows them. One that sleeps and has not run since has nothing left to do until something reaches it: a
 * byte on a connection, or the end of a pause. So one can see that a server has come to rest, and need not infer it from its silence.
 */
export class Processes {
  private readonly root: number;
  /** What the system says of its queues; null once it is closed. */
  private queues: number | null;
  /** By thread, for each process. */
  private readonly known = new Map<number, Map<number, ThreadFiles>>();
  /** Processes that have other threads now than those that are known. */
  private readonly stale = new Set<number>();
  /** At the last look: processes that started no others, with the number of their threads. */
  readonly leaves: Map<number, number> = new Map<number, number>();
  /** At the last look: processes that were told to stand still, and do. */
  readonly stopped: Set<number> = new Set<number>();
  /** At the last look: the first of all was there no more. */
  isGone = false;
  /** Up to the last look: how long those that live had a processor in all, in ms. Not a number where nothing was looked at. */
  spentMs: number = Number.NaN;
  private isAwake = false;
  private restless = 0;

  private constructor(root: number, queues: number) {
    this.root = root;
    this.queues = queues;
  }

  /** Those of the process and of all that it started. Null where the system does not show them. */
  static of(root: number): Processes | null {
    try {
      new ThreadFiles(root, root).close();
      const queues = openSync('/proc/net/softnet_stat', 'r');
      if (read(queues).split('\n')[0]!.split(' ').length > WAITING) return new Processes(root, queues);
      closeSync(queues);
    } catch {
      // Not on this system.
    }
    return null;
  }

  /** Whether this system shows what processes do. */
  static areShown(): boolean {
    const own = Processes.of(process.pid);
    own?.close();
    return own !== null;
  }

  /** Takes in whether it came to sleep. False where it never does. */
  rested(has: boolean): boolean {
    this.restless = has ? 0 : this.restless + 1;
    return this.restless < TIMES;
  }

  /**
   * Which threads there are and how often each has run. Equal words: nothing has run in between. Null while one of them does not sleep, or
   * something is still on its way over the network of this machine, to whomever.
   */
  asleep(): string | null {
    this.spentMs = Number.NaN;
    if (this.isUnderWay()) return null;
    const seen: string[] = [];
    const living = new Set<number>();
    this.isAwake = false;
    this.spentMs = 0;
    this.leaves.clear();
    this.stopped.clear();
    this.visit(this.root, living, seen);
    this.isGone = !this.known.has(this.root);
    for (const process of this.known.keys()) if (!living.has(process)) this.forget(process);
    return this.isAwake ? null : seen.join(' ');
  }

  close(): void {
    for (const process of this.known.keys()) this.forget(process);
    if (this.queues !== null) closeSync(this.queues);
    this.queues = null;
  }

  /** What is sent on a busy machine may lie in a queue of the system for a while, and whom it is for sleeps. */
  private isUnderWay(): boolean {
    return (
      this.queues === null ||
      read(this.queues)
        .trim()
        .split('\n')
        .some((line) => line.split(' ')[WAITING] !== NOTHING)
    );
  }

  private visit(process: number, living: Set<number>, seen: string[]): void {
    living.add(process);
    try {
      const threads = this.threadsOf(process);
      let isLeaf = true;
      for (const [thread, files] of threads) {
        const look = files.look();
        if (!look.isAsleep || look.threads !== threads.size) this.isAwake = true;
        if (look.threads !== threads.size) this.stale.add(process);
        seen.push(`${thread}:${look.runs}`);
        this.spentMs += look.spentMs;
        if (look.isStopped) this.stopped.add(process);
        if (look.children.length > 0) isLeaf = false;
        for (const child of look.children) this.visit(child, living, seen);
      }
      if (isLeaf) this.leaves.set(process, threads.size);
    } catch {
      // It has ended, or one of its threads has, since it was looked at last.
      this.isAwake = true;
      this.forget(process);
    }
  }

  private threadsOf(process: number): ReadonlyMap<number, ThreadFiles> {
    let threads = this.known.get(process);
    if (threads !== undefined && !this.stale.delete(process)) return threads;
    this.forget(process);
    threads = new Map();
    this.known.set(process, threads);
    for (const name of readdirSync(`/proc/${process}/task`)) threads.set(Number(name), new ThreadFiles(process, Number(name)));
    return threads;
  }

  private forget(process: number): void {
    for (const files of this.known.get(process)?.values() ?? []) files.close();
    this.known.delete(process);
  }
}

/** What is seen of a thread. */
interface Look {
  /** Or stands still. */
  readonly isAsleep: boolean;
  readonly isStopped: boolean;
  /** How often it was given the processor. */
  readonly runs: string;
  readonly spentMs: number;
  /** Processes that it started. */
  readonly children: readonly number[];
  /** How many threads its process has. */
  readonly threads: number;
}

/** The files in which the system says what a thread does: open for as long as it lives, since opening them costs most. */
class ThreadFiles {
  private readonly files: number[] = [];

  /** Throws where it is gone. */
  constructor(process: number, thread: number) {
    try {
      for (const name of ['stat', 'schedstat', 'children']) this.files.push(openSync(`/proc/${process}/task/${thread}/${name}`, 'r'));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Throws where it is gone. */
  look(): Look {
    const [stat, times, children] = this.files.map(read) as [string, string, string];
    const [spentNs, , runs] = times.trim().split(' ') as [string, string, string];
    // The name before them stands in brackets and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return {
      // One that has ended and is not yet missed does nothing either.
      isAsleep: fields[0] === 'S' || fields[0] === 'Z' || fields[0] === 'T',
      isStopped: fields[0] === 'T',
      runs,
      spentMs: Number(spentNs) / NS_PER_MS,
      children: children.split(' ').filter(Boolean).map(Number),
      threads: Number(fields[17]),
    };
  }

  close(): void {
    for (const file of this.files.splice(0)) closeSync(file);
  }
}

function read(file: number): string {
  return buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, 0));
}
