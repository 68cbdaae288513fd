import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setInterval as moduleInterval, setTimeout as moduleTimeout } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { LRUCache } from 'lru-cache';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { START_MS } from './virtual-time-clocks.ts';
import { turn, within } from './virtual-time-turns.ts';
import { VirtualTime } from './virtual-time.ts';

let time: VirtualTime | null = null;

afterEach(() => time?.close());

function install(): VirtualTime {
  time = VirtualTime.install();
  return time;
}

describe('virtual time', () => {
  it('begins at a fixed moment and stands still', async () => {
    const { now } = install();
    expect(now.call(time)).toBe(0);
    expect(START_MS).toBe(Date.parse('2020-01-02T00:00:00Z'));
    await turn();
    expect([Date.now(), new Date().getTime(), performance.now()]).toEqual([START_MS, START_MS, 10_000]);
  });

  it('moves dates and performance together', async () => {
    const here = install();
    await here.advance(90_000);
    expect([here.now(), Date.now() - START_MS, new Date().toISOString(), performance.now()]).toEqual([90_000, 90_000, '2020-01-02T00:01:30.000Z', 100_000]);
  });

  it('is seen by who kept the real clocks from before', async () => {
    const { Date: kept, performance: watch } = globalThis;
    const here = install();
    await here.advance(5000);
    expect([kept.now() - START_MS, watch.now()]).toEqual([5000, 15_000]);
  });

  it('is seen by every clock and timer of Node, also by those that were kept from before', async () => {
    const { now } = Date;
    const watch = performance.now.bind(performance);
    const { hrtime, uptime } = process;
    const { bigint } = hrtime;
    const { setTimeout: later, clearTimeout: never } = globalThis;
    const read = (): unknown[] => [now() - START_MS, watch(), hrtime(), hrtime([4, 999_999_999]), bigint(), uptime()];
    const here = install();
    expect(read()).toEqual([0, 10_000, [10, 0], [5, 1], 10_000_000_000n, 10]);
    const seen: string[] = [];
    later(() => seen.push('later'), 1500);
    never(later(() => seen.push('never'), 1500));
    const signal = AbortSignal.timeout(1500);
    await here.advance(1500);
    expect(read()).toEqual([1500, 11_500, [11, 500_000_000], [6, 500_000_001], 11_500_000_000n, 11.5]);
    expect([seen, signal.aborted, (signal.reason as DOMException).name]).toEqual([['later'], true, 'TimeoutError']);
    here.close();
    expect(now()).toBeGreaterThan(START_MS + 1e11);
    expect([watch() === 11_500, bigint() === 11_500_000_000n, uptime() === 11.5]).toEqual([false, false, false]);
  });

  it('takes the place of timers that somebody else put there, and gives it back', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    try {
      const { setTimeout: theirs, Date: date } = globalThis;
      const here = install();
      const seen: string[] = [];
      setTimeout(() => seen.push('mine'), 100);
      await here.advance(100);
      expect([seen, Date.now() - START_MS, performance.now()]).toEqual([['mine'], 100, 10_100]);
      here.close();
      expect([globalThis.setTimeout === theirs, globalThis.Date === date]).toEqual([true, true]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is seen by lru-cache, which keeps the performance object from before', async () => {
    const cache = new LRUCache<string, number>({ max: 10, ttl: 1000 });
    const here = install();
    cache.set('key', 1);
    await here.advance(999);
    expect(cache.get('key')).toBe(1);
    await here.advance(2);
    expect(cache.get('key')).toBeUndefined();
  });

  it('runs timers in order, each with all that it sets off, before the next', async () => {
    const here = install();
    const seen: string[] = [];
    setTimeout(() => seen.push(`late ${here.now()}`), 300);
    setTimeout(() => {
      seen.push(`early ${here.now()}`);
      void Promise.resolve()
        .then(() => {})
        .then(() => seen.push(`chained ${here.now()}`));
    }, 100);
    const beat = setInterval(() => seen.push(`beat ${here.now()}`), 200);
    await here.advance(300);
    expect(seen).toEqual(['early 100', 'chained 100', 'beat 200', 'late 300']);
    clearInterval(beat);
    expect(here.timers).toBe(0);
  });

  it('moves only when what was begun before has run, whatever it waits for', async () => {
    const here = install();
    const seen: string[] = [];
    const later = (name: string) => (): void => void setTimeout(() => seen.push(`${name} ${here.now()}`), 100);
    void Promise.resolve().then(() => process.nextTick(() => void Promise.resolve().then(() => process.nextTick(later('tick')))));
    setImmediate(() => setImmediate(later('immediate')));
    await expect(here.advance(50)).resolves.toBe(true);
    await here.advance(50);
    expect(seen).toEqual(['tick 100', 'immediate 100']);
  });

  it('runs what a timer begins before the next one, ticks and immediates included', async () => {
    const here = install();
    const seen: string[] = [];
    setTimeout(() => {
      void Promise.resolve().then(() => process.nextTick(() => void Promise.resolve().then(() => process.nextTick(() => seen.push(`tick ${here.now()}`)))));
      setImmediate(() => setImmediate(() => seen.push(`immediate ${here.now()}`)));
    }, 10);
    setTimeout(() => seen.push(`next ${here.now()}`), 20);
    await here.advance(30);
    expect(seen).toEqual(['tick 10', 'immediate 10', 'next 20']);
  });

  it('moves although an immediate is always under way', async () => {
    const here = install();
    let polls = 0;
    const poll = (): void => {
      polls++;
      if (here.now() === 0) setImmediate(poll);
    };
    poll();
    await expect(here.advance(1000)).resolves.toBe(false);
    expect(polls).toBeGreaterThan(1);
  });

  it('moves timers of the modules of Node as well', async () => {
    const here = install();
    const seen: string[] = [];
    moduleTimeout(() => seen.push('timeout'), 100);
    const beat = moduleInterval(() => seen.push('interval'), 150);
    void sleep(200, 'slept').then((value) => seen.push(value));
    void promisify(setTimeout)(250).then(() => seen.push('promisified'));
    void sleep(10_000, null, { signal: AbortSignal.abort(new Error('gone')) }).catch((error: unknown) => seen.push(String(error)));
    await here.advance(250);
    clearInterval(beat);
    expect(seen).toEqual(['Error: gone', 'timeout', 'interval', 'slept', 'promisified']);
  });

  it('rejects with what a timer throws', async () => {
    const here = install();
    setTimeout(() => {
      throw new Error('boom');
    }, 10);
    await expect(here.advance(20)).rejects.toThrow('boom');
  });

  it('is in use once at a time', () => {
    install();
    expect(() => VirtualTime.install()).toThrow('virtual time is in use');
  });

  it('leaves everything as it was, and no timers', async () => {
    const { Date: date, setTimeout: timeout, setInterval: interval, clearTimeout: clear, clearInterval: stop } = globalThis;
    const { now } = Date;
    const watch = Object.getOwnPropertyDescriptor(performance, 'now');
    const here = install();
    setInterval(() => {}, 10);
    here.close();
    expect([globalThis.Date, globalThis.setTimeout, globalThis.setInterval, globalThis.clearTimeout, globalThis.clearInterval, Date.now]).toEqual([
      date,
      timeout,
      interval,
      clear,
      stop,
      now,
    ]);
    expect(Object.getOwnPropertyDescriptor(performance, 'now')).toEqual(watch);
    const again = install();
    expect([again.timers, again.now()]).toEqual([0, 0]);
    again.close();
    await expect(sleep(1, 'real')).resolves.toBe('real');
  });

  it('clears timers from before the session', async () => {
    let ran = false;
    const before = setTimeout(() => {
      ran = true;
    }, 1);
    install();
    clearTimeout(before);
    time!.close();
    await sleep(5);
    expect(ran).toBe(false);
  });

  it('says when the next timer is due', async () => {
    const here = install();
    expect(here.dueMs).toBe(Number.POSITIVE_INFINITY);
    setTimeout(() => {}, 60_000);
    setInterval(() => {}, 5000);
    await here.advance(1000);
    expect(here.dueMs).toBe(4000);
  });

  it('runs out in the end: what was set to run once does, with all that it sets, but nothing for ever', () => {
    const ran: string[] = [];
    const here = install();
    expect(here.runOut()).toBe(false);
    const again = (): void => {
      ran.push('again');
      setTimeout(again, 1);
    };
    setTimeout(() => ran.push(`late ${Date.now() - START_MS}`), 5000);
    setTimeout(() => {
      setTimeout(() => ran.push(`early, then ${Date.now() - START_MS}`), 1000);
      throw new Error('early');
    }, 1000);
    setInterval(() => ran.push('interval'), 1);
    expect(here.runOut()).toBe(true);
    expect(ran).toEqual(['early, then 2000', 'late 5000']);
    setTimeout(again, 1);
    here.runOut();
    expect(ran.slice(2).length).toBeLessThan(100);
  });

  it('does not keep sockets from working', async () => {
    const here = install();
    const server = createServer((_request, response) => setTimeout(() => response.end(new Date().toISOString()), 1000));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const body = new Promise<string>((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      const sent = request({ port, host: '127.0.0.1', timeout: 60_000 }, (response) => {
        response.setEncoding('utf8').on('data', resolve).on('error', reject);
      });
      sent.on('error', reject).end();
    });
    while (here.timers === 0) await turn();
    await here.advance(1000);
    await expect(body).resolves.toBe('2020-01-02T00:00:01.000Z');
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('real time', () => {
  it('is what a promise is waited for, and no longer', async () => {
    const late = (): Error => new Error('late');
    await expect(within(1, new Promise(() => {}), late)).rejects.toThrow('late');
    await expect(within(60_000, Promise.resolve('in time'), late)).resolves.toBe('in time');
    await expect(within(60_000, Promise.reject(new Error('failed')), late)).rejects.toThrow('failed');
  });
});
