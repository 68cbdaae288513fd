import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Processes } from './proxy-processes.ts';

let child: ChildProcess;
let processes: Processes;

async function start(command: string, ...args: string[]): Promise<void> {
  child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
  await once(child, 'spawn');
  processes = Processes.of(child.pid!)!;
}

/** What is seen once all of it sleeps. */
async function atRest(): Promise<string> {
  const seen: (string | null)[] = [];
  await vi.waitUntil(() => seen.push(processes.asleep()) > 1 && seen.at(-1) !== null && seen.at(-1) === seen.at(-2), { interval: 1 });
  return seen.at(-1)!;
}

describe.skipIf(!Processes.areShown())('the processes of a server', () => {
  afterEach(() => {
    processes.close();
    try {
      // The group: whatever it started ends with it.
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  });

  it('are seen to sleep, and to have run in between', async () => {
    await start('cat');
    child.stdin!.write('one\n');
    await once(child.stdout!, 'data');
    const before = await atRest();
    expect(await atRest()).toBe(before);
    child.stdin!.write('two\n');
    await once(child.stdout!, 'data');
    expect(await atRest()).not.toBe(before);
  });

  it('do not sleep while one of them is at work, be it the child of a child', async () => {
    await start('sh', '-c', '(sh -c "echo ready; read x; echo busy; i=0; while [ \\$i -lt 9000000 ]; do i=\\$((i + 1)); done" <&3 & wait) 3<&0');
    await once(child.stdout!, 'data');
    expect((await atRest()).split(' ')).toHaveLength(3);
    child.stdin!.write('\n');
    await once(child.stdout!, 'data');
    expect(processes.asleep()).toBeNull();
  });

  it('tell how long they had a processor', async () => {
    await start('sh', '-c', 'read x; while :; do :; done');
    await atRest();
    const before = processes.spentMs;
    expect(before).toBeGreaterThanOrEqual(0);
    await atRest();
    expect(processes.spentMs).toBe(before);
    child.stdin!.write('\n');
    await vi.waitUntil(() => processes.asleep() === null && processes.spentMs > before + 20, { timeout: 10_000, interval: 1 });
  });

  it('sleep when they were told to stand still, and are seen to', async () => {
    await start('cat');
    await atRest();
    expect([[...processes.leaves], processes.stopped.size]).toEqual([[[child.pid!, 1]], 0]);
    child.kill('SIGSTOP');
    await vi.waitUntil(() => processes.asleep() !== null && processes.stopped.has(child.pid!), { interval: 1 });
    child.stdin!.write('one\n');
    await atRest();
    child.kill('SIGCONT');
    await once(child.stdout!, 'data');
    await atRest();
    expect(processes.stopped.size).toBe(0);
  });

  it('are awake when they are gone: nothing can be seen of them', async () => {
    await start('cat');
    const over = once(child, 'exit');
    child.kill('SIGKILL');
    await over;
    expect(processes.asleep()).toBeNull();
    await vi.waitUntil(() => processes.asleep() === null && processes.isGone, { interval: 1 });
    expect(Processes.of(child.pid!)).toBeNull();
  });

  it('never sleep where they have been awake whenever it mattered', async () => {
    await start('cat');
    expect([false, false, true, false, false].map((has) => processes.rested(has))).toEqual([true, true, true, true, true]);
    expect(processes.rested(false)).toBe(false);
  });
});
