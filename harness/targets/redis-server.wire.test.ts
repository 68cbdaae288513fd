import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { redisMissing, redisServer } from './redis-server.ts';

const missing = redisMissing({ url: '' });
const isRequired = process.env['KEYHOLE_REQUIRE_WIRE'] === '1';
if (missing !== null && !isRequired) process.stderr.write(`redis-server.wire.test.ts is skipped: ${missing}\n`);

/** Whether a process runs. One that has ended and was not waited for is a zombie: it runs no more. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    // Where there is no /proc, nothing is known but that the process can be reached.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && !existsSync('/proc/self/status');
  }
}

async function connected(path: string): Promise<Socket> {
  const socket = connect({ path });
  await once(socket, 'connect');
  return socket;
}

/** Resolves when the other end is gone, whichever way. */
async function hungUp(socket: Socket): Promise<void> {
  socket.on('error', () => {});
  socket.resume();
  if (!socket.closed) await once(socket, 'close');
}

/** A process that starts a server, says where it is, and then does what it is told. */
async function starter(then: string): Promise<{ child: ReturnType<typeof spawn>; pid: number; address: string }> {
  const module = join(import.meta.dirname, 'redis-server.ts');
  const script = `import { redisServer } from ${JSON.stringify(module)};
    const { pid, address } = await redisServer({ url: '' });
    console.log(JSON.stringify({ pid, address }));
    ${then}`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'ignore'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, ...(JSON.parse(line) as { pid: number; address: string }) };
}

const WAITING = 'process.stdin.resume();';

describe.skipIf(missing !== null && !isRequired)('a redis-server of our own', () => {
  beforeEach(() => {
    vi.stubEnv('KEYHOLE_REDIS_URL', '');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('answers, in a process of its own, and is gone with its folder when it is stopped', async () => {
    const server = await redisServer();
    const socket = await connected(server.address);
    socket.write('PING\r\n');
    expect(String((await once(socket, 'data'))[0])).toBe('+PONG\r\n');
    expect(server.own).toBe(true);
    expect(isRunning(server.pid!)).toBe(true);
    await Promise.all([server.stop(), hungUp(socket)]);
    expect(isRunning(server.pid!)).toBe(false);
    expect(existsSync(dirname(server.address))).toBe(false);
    await server.stop();
  });

  it('is empty each time, saves nothing and opens no port', async () => {
    const server = await redisServer();
    const socket = await connected(server.address);
    const ask = async (command: string): Promise<string> => {
      socket.write(`${command}\r\n`);
      return String((await once(socket, 'data'))[0]);
    };
    expect(await ask('DBSIZE')).toBe(':0\r\n');
    expect(await ask('CONFIG GET port')).toContain('\r\n0\r\n');
    expect(await ask('CONFIG GET appendonly')).toContain('\r\nno\r\n');
    expect(await ask('CONFIG GET save')).toContain('$0\r\n');
    socket.destroy();
    await server.stop();
  });

  it.each<[string, string, NodeJS.Signals | null]>([
    ['is killed with -9', WAITING, 'SIGKILL'],
    ['is interrupted', WAITING, 'SIGINT'],
    ['is terminated', WAITING, 'SIGTERM'],
    ['ends without stopping it', 'process.stdin.once("data", () => process.stdin.pause()).resume();', null],
    ['fails', 'process.stdin.once("data", () => { throw new Error("failed"); }).resume();', null],
  ])('is gone, and its folder too, when the process that started it %s', async (_how, then, signal) => {
    const { child, pid, address } = await starter(then);
    const socket = await connected(address);
    expect(isRunning(pid)).toBe(true);
    const over = Promise.all([hungUp(socket), once(child, 'exit')]);
    if (signal === null) child.stdin!.end('now\n');
    else child.kill(signal);
    await over;
    await vi.waitUntil(() => !isRunning(pid) && !existsSync(dirname(address)), { timeout: 10_000, interval: 5 });
  });
});
