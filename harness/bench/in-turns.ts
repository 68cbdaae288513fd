import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { nextMessage } from '../campaign/next-message.ts';
import { ROOMY } from './apart.ts';

/** What `turn-taker.ts` measures: `what` of the subject `name`, in programs of so many operations, and how many operations in all turns together. */
export type Taker = readonly [what: 'checked' | 'bare' | 'lru-cache' | 'async' | 'scheduler', name: string, length: number, operations: number];

/**
 * Has several measure in turns, one at a time, each in a process of its own: whatever slows the machine for a while slows all of them.
 * `heap`: flags of Node. Resolves to what they measured, in ns an operation by turn, then by taker.
 */
export async function inTurns(takers: readonly Taker[], count: number, heap: readonly string[] = ROOMY): Promise<number[][]> {
  const script = fileURLToPath(new URL('turn-taker.js', import.meta.url));
  const execArgv = ['--expose-gc', ...heap];
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
      for (const taking of processes) times.push(await turnOf(taking));
      turns.push(times);
    }
    return turns;
  } finally {
    for (const taking of processes) taking.kill();
  }
}

function turnOf(taking: ChildProcess): Promise<number> {
  taking.send('turn');
  return said(taking);
}

function said<T>(taking: ChildProcess): Promise<T> {
  return nextMessage(taking, (code) => `A process of the bench ended with ${code}: what it wrote stands above.`);
}
