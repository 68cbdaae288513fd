import { afterEach, describe, expect, it, vi } from 'vitest';
import { redisMissing, redisServer } from './redis-server.ts';
import { TargetFault } from './target.ts';

describe('redisServer', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('starts nothing where a server is given, and leaves it alone when it is stopped', async () => {
    const server = await redisServer({ url: 'redis://127.0.0.1:1', program: '/no/such/program' });
    expect(server).toMatchObject({ address: 'redis://127.0.0.1:1', own: false, pid: null });
    await server.stop();
  });

  it('takes the server that the environment names, unless another one is given', async () => {
    vi.stubEnv('KEYHOLE_REDIS_URL', 'redis://127.0.0.1:2');
    expect((await redisServer()).address).toBe('redis://127.0.0.1:2');
    expect((await redisServer({ url: 'redis://127.0.0.1:3' })).address).toBe('redis://127.0.0.1:3');
    expect(redisMissing({ program: 'no-such-program' })).toBeNull();
  });

  it('says what is missing and what to do about it', async () => {
    vi.stubEnv('KEYHOLE_REDIS_URL', '');
    const starting = redisServer({ program: 'no-such-program' });
    await expect(starting).rejects.toBeInstanceOf(TargetFault);
    await expect(starting).rejects.toThrow('there is no no-such-program on the PATH');
    expect(redisMissing({ program: 'no-such-program' })).toMatch(/no-such-program/);
  });

  it.runIf(process.platform !== 'win32')('passes on what a program said that ended instead of answering', async () => {
    vi.stubEnv('KEYHOLE_REDIS_URL', '');
    // Node does not know the arguments, and says so.
    await expect(redisServer({ program: process.execPath })).rejects.toThrow(/did not start: it ended.*\. It said: .*bad option/s);
  });
});
