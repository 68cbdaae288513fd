import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Processes } from './proxy-processes.ts';
import { Workers } from './proxy-workers.ts';

describe.skipIf(!Processes.areShown())('the processes that take the connections of a server', () => {
  it('are not told apart where nobody listens, or one of them does several things at a time', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    // This process never sleeps while it looks: what is asked for is an answer, in a time that ends.
    const withThreads = (threads: number): Processes => ({ asleep: () => '', leaves: new Map([[process.pid, threads]]), stopped: new Set() }) as never;
    expect((await Workers.of(withThreads(1), port))?.count).toBe(1);
    expect(await Workers.of(withThreads(2), port)).toBeNull();
    server.close();
    await once(server, 'close');
    expect(await Workers.of(withThreads(1), port)).toBeNull();
  });
});
