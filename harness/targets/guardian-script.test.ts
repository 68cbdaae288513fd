import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChildServer } from './child-server.ts';

const SHARED = '/dev/shm';

let folder: string;

/** A server that says who it is, and does this when it is asked to end. */
function started(whenAsked: string, before = ''): Promise<ChildServer> {
  const source = `const { writeFileSync } = require('node:fs');
    ${before}
    process.on('SIGTERM', () => { ${whenAsked} });
    setInterval(() => {}, 1000);
    writeFileSync(${JSON.stringify(join(folder, 'pid'))}, String(process.pid));`;
  return ChildServer.start({
    name: 'it',
    launch: () => ({ command: process.execPath, args: ['-e', source] }),
    isReady: () => Promise.resolve(existsSync(join(folder, 'pid'))),
  });
}

describe('what is left of a server', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keyhole-test-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is for itself to put away: it is asked to end before it is killed', async () => {
    const server = await started(`writeFileSync(${JSON.stringify(join(folder, 'asked'))}, 'once'); process.exit(0);`);
    await server.stop();
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe('once');
  });

  it('is heard also where it was told to stand still', async () => {
    const server = await started(`writeFileSync(${JSON.stringify(join(folder, 'asked'))}, 'once'); process.exit(0);`);
    process.kill(server.serverPid!, 'SIGSTOP');
    await server.stop();
    expect(existsSync(join(folder, 'asked'))).toBe(true);
  });

  it.skipIf(!existsSync(SHARED))('is removed where libfaketime made it, and nothing of anybody else', async () => {
    const names = (pid: number): string[] => ['faketime_shm_', 'sem.faketime_sem_'].map((name) => join(SHARED, `${name}${pid}`));
    const others = names(process.pid).filter((path) => !existsSync(path));
    for (const path of others) writeFileSync(path, '');
    try {
      const left = "for (const name of ['faketime_shm_', 'sem.faketime_sem_']) writeFileSync('/dev/shm/' + name + process.pid, '');";
      const server = await started('', left);
      const own = names(server.serverPid!);
      expect(own.every((path) => statSync(path).isFile())).toBe(true);
      await server.stop();
      expect(own.filter((path) => existsSync(path))).toEqual([]);
      expect(others.every((path) => existsSync(path))).toBe(true);
    } finally {
      for (const path of others) rmSync(path, { force: true });
    }
  });
});
