import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { nextMessage } from '../campaign/next-message.ts';
import { ROOMY } from './apart.ts';

/** What `turn-taker.ts` measures: `what` of the subject `name`, in programs of so many operations, and how many operations in all turns together. */
export type Taker = readonly [what: 'checked' | 'bare' | 'lru-cache', name: string, length: number, operations: number];

/** What takers measured: ns an operation by turn, then by taker; and the bytes that an operation of the first one allocates. */
export interface Taken {
  readonly turns: readonly (readonly number[])[];
  readonly bytes: number;
}

/** Has several measure in turns, one at a time, each in a process of its own: whatever slows the machine for a while slows all of them. */
export async function inTurns(takers: readonly Taker[], count: number): Promise<Taken> {
  const script = fileURLToPath(new URL('turn-taker.ts', import.meta.url));
  const execArgv = ['--expose-gc', ...ROOMY, '--import', 'tsx'];
  const processes: ChildProcess[] = [];
  try {
    // One after the other: nobody warms up while another one does.
    for (const taker of takers) {
      const taking = fork(script, taker.map(String), { execArgv });
      processes.push(taking);
      await said(taking);
    }
    const turns: number[][] = [];
    for (let turn = 0; turn < count; turn++) {
      const times: number[] = [];
      for (const taking of processes) times.push(await asked(taking, 'turn'));
      turns.push(times);
    }
    return { turns, bytes: await asked(processes[0]!, 'bytes') };
  } finally {
    for (const taking of processes) taking.kill();
  }
}

function asked(taking: ChildProcess, what: 'turn' | 'bytes'): Promise<number> {
  taking.send(what);
  return said(taking);
}

function said<T>(taking: ChildProcess): Promise<T> {
  return nextMessage(taking, (code) => `A process of the bench ended with ${code}: what it wrote stands above.`);
}
