import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Processes } from './proxy-processes.ts';
import { pause, turn } from './virtual-time-turns.ts';

/** Longest real time in which a server falls asleep, or stands still once it was told to. */
const CALM_MS = 5_000;
/** Looks at a server that is busy, before it is given a moment. */
const LOOKS = 8;
/** In what the system says of each socket: the local address, the state, and what the files of a process call it by. */
const ADDRESS = 1;
const STATE = 3;
const INODE = 9;
const LISTENING = '0A';

/**
 * The processes of a server that take its connections. Each looks at the clock when it likes to: where two of them hold callers who are due at
 * the same moment, chance says who goes on first, unless all but one of them stand still. The system lets them stand still and go on
 * (SIGSTOP, SIGCONT), and whoever goes on looks at the clock anew.
 */
export class Workers {
  private readonly processes: Processes;
  private readonly workers: readonly number[];

  private constructor(processes: Processes, workers: readonly number[]) {
    this.processes = processes;
    this.workers = workers;
  }

  /** Those who listen on the port. Null where the system does not show them, or where one process does several things at a time. */
  static async of(processes: Processes, port: number): Promise<Workers | null> {
    try {
      if (!(await isCalm(processes))) return null;
      const socket = listeningOn(port);
      const takers = [...processes.leaves].filter(([process]) => socket !== null && has(process, socket));
      const isEachOne = takers.length > 0 && takers.every(([, threads]) => threads === 1);
      return isEachOne
        ? new Workers(
            processes,
            takers.map(([process]) => process).toSorted((one, other) => one - other),
          )
        : null;
    } catch {
      // Files of other users are not shown.
      return null;
    }
  }

  get count(): number {
    return this.workers.length;
  }

  /** Lets all stand still as soon as they sleep, but the one of this index. False where they do not: then all go on. */
  async stop(but: number = -1): Promise<boolean> {
    const { processes, workers } = this;
    if (!(await isCalm(processes)) || !workers.every((worker) => processes.leaves.has(worker))) return false;
    const stopping = workers.filter((_worker, index) => index !== but);
    for (const worker of stopping) signal(worker, 'SIGSTOP');
    if (await isCalm(processes, stopping)) return true;
    this.go();
    return false;
  }

  /** Lets them go on: all, or the one of this index. */
  go(index: number = -1): void {
    for (const [place, worker] of this.workers.entries()) if (index < 0 || index === place) signal(worker, 'SIGCONT');
  }
}

/** Waits until all sleep, and these stand still. False where it takes too long. */
async function isCalm(processes: Processes, still: readonly number[] = []): Promise<boolean> {
  const until = performance.now() + CALM_MS;
  for (let looks = 1; ; looks++) {
    if (processes.asleep() !== null && still.every((process) => processes.stopped.has(process))) return true;
    // All of it has ended, or it never sleeps.
    if (processes.isGone || performance.now() > until) return false;
    await (looks % LOOKS === 0 ? pause(1) : turn());
  }
}

function signal(process_: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(process_, name);
  } catch {
    // It has ended.
  }
}

/** What the system calls the one socket that listens on a port; null where there is none, or several. */
function listeningOn(port: number): string | null {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const sockets = readFileSync('/proc/net/tcp', 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[STATE] === LISTENING && fields[ADDRESS]!.endsWith(end));
  return sockets.length === 1 ? `socket:[${sockets[0]![INODE]}]` : null;
}

function has(process: number, socket: string): boolean {
  const folder = `/proc/${process}/fd`;
  return readdirSync(folder).some((file) => linkOf(`${folder}/${file}`) === socket);
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // It was closed meanwhile.
    return '';
  }
}
