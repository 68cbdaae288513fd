import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { ChildServer, type ChildServerOptions, programPath } from './child-server.ts';

const MODULE = join(import.meta.dirname, 'child-server.ts');

/** A server with a worker, both of which would go on for ever, and neither of which can be asked to end. */
const STUBBORN = `
const { spawn } = require('node:child_process');
const { writeFileSync } = require('node:fs');
process.on('SIGTERM', () => {});
if (process.argv[1] === 'worker') setInterval(() => {}, 1000);
else {
  const worker = spawn(process.execPath, ['-e', process.env.SOURCE, '--', 'worker'], { stdio: 'inherit' });
  writeFileSync('pids', process.pid + ' ' + worker.pid);
  setInterval(() => {}, 1000);
}`;

const STARTING = `{
  name: 'stubborn',
  launch: () => ({ command: process.execPath, args: ['-e', ${JSON.stringify(STUBBORN)}], env: { SOURCE: ${JSON.stringify(STUBBORN)} } }),
  isReady: () => Promise.resolve(true),
}`;

/** Whether a process runs. One that has ended and was not waited for is a zombie: it runs no more. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && !existsSync('/proc/self/status');
  }
}

async function pidsIn(directory: string): Promise<number[]> {
  const read = (): string => (existsSync(join(directory, 'pids')) ? readFileSync(join(directory, 'pids'), 'utf8') : '');
  await vi.waitUntil(() => /^\d+ \d+$/.test(read()), { timeout: 10_000, interval: 5 });
  return read().split(' ').map(Number);
}

function isGone(directory: string, pids: readonly number[]): boolean {
  return !existsSync(directory) && !pids.some(isRunning);
}

/** A process that starts a server, says where it is, and then does what it is told. */
async function starter(then: string): Promise<{ child: ReturnType<typeof spawn>; directory: string }> {
  const source = `import { ChildServer } from ${JSON.stringify(MODULE)};
    const server = await ChildServer.start(${STARTING});
    console.log(server.directory);
    ${then}`;
  return speaking(source, ['--import', 'tsx']);
}

/** A process that has a thread start a server, and ends the thread when it is spoken to. */
async function threadStarter(): Promise<{ child: ReturnType<typeof spawn>; directory: string }> {
  const tsx = new URL('dist/esm/api/index.mjs', pathToFileURL(createRequire(import.meta.url).resolve('tsx/package.json')));
  const inThread = `const { register } = await import(${JSON.stringify(tsx.href)});
    register();
    const { ChildServer } = await import(${JSON.stringify(pathToFileURL(MODULE).href)});
    const server = await ChildServer.start(${STARTING});
    console.log(server.directory);
    setInterval(() => {}, 1000);`;
  return speaking(
    `import { Worker } from 'node:worker_threads';
    const worker = new Worker(new URL(${JSON.stringify(`data:text/javascript,${encodeURIComponent(inThread)}`)}));
    process.stdin.once('data', () => worker.terminate());`,
    [],
  );
}

async function speaking(source: string, flags: readonly string[]): Promise<{ child: ReturnType<typeof spawn>; directory: string }> {
  const child = spawn(process.execPath, [...flags, '--input-type=module', '-e', source], { stdio: ['pipe', 'pipe', 'ignore'] });
  const [directory] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, directory };
}

const script = (source: string, isReady: ChildServerOptions['isReady'] = () => Promise.resolve(false)): ChildServerOptions => ({
  name: 'it',
  launch: () => ({ command: process.execPath, args: ['-e', source] }),
  isReady,
});

describe('a server that was started', () => {
  it('finds its files in a folder of its own, and leaves neither folder nor worker behind', async () => {
    const seen: string[] = [];
    const server = await ChildServer.start({
      name: 'stubborn',
      launch: (directory) => {
        seen.push(directory);
        const files = { 'conf/of/it': 'a file' };
        return { command: process.execPath, args: ['-e', STUBBORN], env: { SOURCE: STUBBORN }, files };
      },
      isReady: () => Promise.resolve(true),
    });
    const { directory } = server;
    expect(seen).toEqual([directory]);
    const pids = await pidsIn(directory);
    expect(pids.every(isRunning)).toBe(true);
    expect(readFileSync(join(directory, 'conf/of/it'), 'utf8')).toBe('a file');
    await Promise.all([server.stop(), server.stop()]);
    expect(isGone(directory, pids)).toBe(true);
    expect(server.ended).not.toBeNull();
  });

  it('tells what it said and how it ended', async () => {
    const server = await ChildServer.start(
      script(`console.log('one'); console.error('two'); setTimeout(() => process.exit(5), 200)`, () => Promise.resolve(true)),
    );
    await vi.waitUntil(async () => (await server.said()).includes('two'), { timeout: 10_000, interval: 5 });
    expect(await server.hasEnded(10_000)).toBe(true);
    expect(server.ended).toBe('it ended with code 5');
    expect(await server.account()).toMatch(/^it ended with code 5\. It said: "one\\ntwo"|"two\\none"$/);
    await server.stop();
  });

  it('is not started where the program is missing, and nothing is left then', async () => {
    const starting = ChildServer.start({ ...script(''), launch: () => ({ command: 'keyhole-no-such-program' }), install: 'apt-get install it' });
    await expect(starting).rejects.toMatchObject({ name: 'TargetFault', remedy: 'Install it: apt-get install it' });
  });

  it('is at fault when it ends before it answers', async () => {
    const starting = ChildServer.start(script(`console.error('bind() failed'); process.exit(1)`));
    await expect(starting).rejects.toMatchObject({ name: 'TargetFault', message: 'it did not start: it ended with code 1. It said: "bind() failed"' });
  });

  it('is ended from here when somebody ends its guardian', async () => {
    const server = await ChildServer.start({
      name: 'stubborn',
      launch: () => ({ command: process.execPath, args: ['-e', STUBBORN], env: { SOURCE: STUBBORN } }),
      isReady: () => Promise.resolve(true),
    });
    const pids = await pidsIn(server.directory);
    process.kill(server.guardianPid, 'SIGKILL');
    await vi.waitUntil(() => isGone(server.directory, pids), { timeout: 10_000, interval: 5 });
    expect(server.ended).toBe('the process that guards it was ended');
    await server.stop();
  });

  it.each<[string, string, NodeJS.Signals | null]>([
    ['is killed with -9', 'process.stdin.resume();', 'SIGKILL'],
    ['is interrupted', 'process.stdin.resume();', 'SIGINT'],
    ['ends without stopping it', 'process.stdin.once("data", () => process.stdin.pause()).resume();', null],
    ['fails', 'process.stdin.once("data", () => { throw new Error("failed"); }).resume();', null],
  ])('is gone with its workers and its folder when the process that started it %s', async (_how, then, signal) => {
    const { child, directory } = await starter(then);
    const pids = await pidsIn(directory);
    expect(pids.every(isRunning)).toBe(true);
    const over = once(child, 'exit');
    if (signal === null) child.stdin!.end('now\n');
    else child.kill(signal);
    await over;
    await vi.waitUntil(() => isGone(directory, pids), { timeout: 10_000, interval: 5 });
  });

  it('is gone when the thread that started it is ended, and the process goes on', async () => {
    const { child, directory } = await threadStarter();
    const pids = await pidsIn(directory);
    child.stdin!.write('now\n');
    await vi.waitUntil(() => isGone(directory, pids), { timeout: 10_000, interval: 5 });
    expect(child.exitCode).toBeNull();
    child.kill();
  });
});

describe('programPath', () => {
  it('finds what can be run, by name or by path', () => {
    expect(programPath('sh')).toMatch(/\/sh$/);
    expect(programPath(process.execPath)).toBe(process.execPath);
    expect(programPath('keyhole-no-such-program')).toBeNull();
    expect(programPath('/etc')).toBeNull();
  });
});
