import { describe, expect, it } from 'vitest';
import { operation, type Operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { playAsync } from '../run/run-async.ts';
import { compile } from '../run/run.ts';
import { Stage } from '../run/stage.ts';
import type { Environment, Subject } from './function-subject.ts';
import { functionTarget } from './function.ts';
import { type AsyncSession, type Target, TargetFault } from './target.ts';

const ALICE_DOOR = { user: 0, camera: 0, template: 0 };
const BOB_DOOR = { user: 1, camera: 0, template: 0 };
const OWNER: Operation = { op: 'request', ...ALICE_DOOR };
const STRANGER: Operation = { op: 'request', ...BOB_DOOR };

/** A cache keyed by camera, its rights checked on a miss only: the smallest one that leaks. */
function careless({ origin }: Environment): Subject {
  const cache = new Map<string, Buffer>();
  return {
    async get(request) {
      const hit = cache.get(request.camera);
      if (hit !== undefined) return hit;
      const reply = await origin.fetch(request);
      if (reply.status === 200) cache.set(request.camera, reply.body);
      return reply.body;
    },
  };
}

async function run(subject: Target, operations: readonly Operation[], options: { world?: World; tripwire?: boolean; record?: boolean } = {}): Promise<Stage> {
  const { told, lifetimes } = subject.capabilities;
  const stage = new Stage(options.world ?? PLAIN_WORLD, { terms: { told }, lifetimes, properties: PROPERTIES, record: options.record ?? true });
  const session = (await subject.open(stage, { tripwire: options.tripwire ?? false })) as AsyncSession;
  try {
    await playAsync(stage, session, compile(stage, operations.map(operation)));
  } finally {
    await session.close();
  }
  return stage;
}

function target(open: (env: Environment) => Subject): Target {
  return functionTarget({ name: 'subject', open });
}

/** A target whose cache answers each request as this function does. */
function answering(get: (env: Environment) => Subject['get']): Target {
  return target((env) => ({ get: get(env) }));
}

function events(stage: Stage): string[] {
  return stage.history!.filter(({ event }) => event !== 'operation').map(({ event }) => event);
}

const frame = async (env: Environment): Promise<Buffer> => {
  const reply = await env.origin.read({ camera: 'door', tier: 'high' });
  return reply.body!;
};

describe('functionTarget', () => {
  it('plugs in a cache that leaks, and the leak is seen', async () => {
    const stage = await run(target(careless), [OWNER, STRANGER]);
    expect(stage.breaches).toEqual([expect.objectContaining({ property: 'KH001', kind: 'stranger', call: 1 })]);
  });

  it('takes a refusal of the origin for a refusal', async () => {
    const stage = await run(target(careless), [STRANGER, OWNER]);
    expect(stage.breaches).toEqual([]);
    expect(events(stage)).toEqual(['asked', 'contact', 'origin', 'refused', 'asked', 'contact', 'origin', 'answered']);
  });

  it('opens an empty cache each time', async () => {
    const careful = target(careless);
    await run(careful, [OWNER]);
    const stage = await run(careful, [STRANGER]);
    expect(events(stage)).toEqual(['asked', 'contact', 'origin', 'refused']);
  });

  it.each<[string, (bytes: Buffer) => unknown]>([
    ['bytes', (bytes) => new Uint8Array(bytes)],
    ['an array buffer', (bytes) => new Uint8Array(bytes).buffer],
    ['text', (bytes) => bytes.toString('latin1')],
    ['a body', (bytes) => ({ body: bytes })],
    ['a status with a body', (bytes) => ({ status: 200, body: bytes.toString('base64') })],
    ['something of its own that JSON can show', (bytes) => ({ data: { image: bytes.toString('base64') } })],
  ])('reads %s', async (_name, wrap) => {
    const stage = await run(
      answering((env) => async () => wrap(await frame(env)) as Buffer),
      [OWNER],
    );
    expect(events(stage).at(-1)).toBe('answered');
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['undefined', undefined],
    ['a status of 403', { status: 403, body: 'Forbidden' }],
    ['no content', { status: 204 }],
    ['no body', { body: null }],
  ])('takes %s for a refusal', async (_name, answer) => {
    const stage = await run(
      answering(() => () => answer as null),
      [OWNER],
    );
    expect(events(stage)).toEqual(['asked', 'refused']);
  });

  it('believes a cache that says that it gave another frame than the one asked for', async () => {
    const low = { ...PLAIN_WORLD, templates: [{ ...PLAIN_WORLD.templates[0]!, tier: 'low' as const }] };
    const give = (fallback: boolean): Target => answering((env) => async () => ({ body: await frame(env), fallback }));
    const silent = await run(give(false), [OWNER], { world: low });
    const declared = await run(give(true), [OWNER], { world: low });
    expect([silent.breaches.map(({ kind }) => kind), declared.breaches]).toEqual([['tier'], []]);
  });

  it('judges all parts of a torn answer', async () => {
    const torn = answering((env) => async () => {
      const [door, yard] = await Promise.all([env.origin.read({ camera: 'door' }), env.origin.read({ camera: 'yard' })]);
      return Buffer.concat([door.body!.subarray(0, 1000), yard.body!.subarray(1000)]);
    });
    const stage = await run(torn, [OWNER]);
    expect(stage.breaches.map(({ property, kind }) => `${property} ${kind}`)).toEqual(['KH006 torn', 'KH001 stranger']);
    expect(events(stage).filter((event) => event === 'answered')).toHaveLength(2);
  });

  it('tells from the hooks what a cache can be asked to do', () => {
    const get = (): null => null;
    expect(target(() => ({ get })).capabilities).toMatchObject({ told: false, channels: true, purge: false, restart: false, configurations: 1 });
    const all = target(() => ({ get, invalidate() {}, restart() {}, reconfigure() {} }));
    expect(all.capabilities).toMatchObject({ told: true, channels: true, purge: true, restart: true, configurations: 2, concurrent: true, time: true });
    const declared = functionTarget({ name: 'later', hooks: ['invalidate'], open: async () => ({ get, invalidate() {} }), capabilities: { channels: false } });
    expect(declared.capabilities).toMatchObject({ told: true, channels: false });
  });

  it('asks to declare the hooks of a cache that is opened asynchronously', () => {
    const later = functionTarget({ name: 'later', open: async () => ({ get: () => null }) });
    expect(() => later.capabilities).toThrow(
      expect.objectContaining({ name: 'TargetFault', remedy: "Declare them beside open(): hooks: ['invalidate'], or hooks: [] where there are none." }),
    );
  });

  it('faults a cache that lacks a hook that is declared', async () => {
    const lacking = functionTarget({ name: 'lacking', hooks: ['invalidate'], open: () => ({ get: () => null }) });
    await expect(run(lacking, [OWNER])).rejects.toThrow('declares the hook invalidate');
  });

  it('passes on what happens, and waits for the hooks', async () => {
    const told: unknown[] = [];
    const hooks = target(() => ({
      get: () => null,
      async invalidate(notice) {
        await Promise.resolve();
        told.push(notice);
      },
      restart: () => void told.push('restart'),
      reconfigure: (to) => void told.push(`reconfigure ${to}`),
      advance: (byMs) => void told.push(`advance ${byMs}`),
    }));
    const operations: Operation[] = [
      { op: 'share', camera: 0, user: 1 },
      { op: 'restart' },
      { op: 'reconfigure', to: 1 },
      { op: 'advance', by: 50 },
      { op: 'capture', camera: 0 },
    ];
    await run(hooks, operations);
    expect(told).toEqual([{ kind: 'share', camera: 'door', user: 'bob', channel: '' }, 'restart', 'reconfigure 1', 'advance 50']);
  });

  it('takes no offence at what a hook gives back', async () => {
    const kept = new Map<string, Uint8Array>();
    const values: unknown[] = [true, null, kept, 0];
    const hook = (): void => values.shift() as undefined;
    const odd = functionTarget({ name: 'odd', open: () => ({ get: () => null, invalidate: hook, restart: hook, reconfigure: hook, advance: hook }) });
    await expect(run(odd, [{ op: 'purge', camera: 0 }, { op: 'restart' }, { op: 'reconfigure', to: 1 }, { op: 'advance', by: 1000 }])).resolves.toBeDefined();
    expect(values).toEqual([]);
  });

  it('asks nobody before a hook has returned, though it waits for what the origin holds back', async () => {
    const waiting = target(({ origin }) => {
      let load: Promise<unknown> = Promise.resolve();
      return {
        async get(request) {
          const reply = origin.fetch(request);
          load = reply;
          return (await reply).body;
        },
        async invalidate() {
          await load;
        },
      };
    });
    const stage = await run(waiting, [{ op: 'begin', ...ALICE_DOOR }, { op: 'unshare', camera: 0, user: 1 }, OWNER]);
    expect(events(stage)).toEqual(['asked', 'contact', 'origin', 'answered', 'asked', 'contact', 'origin', 'answered']);
  });

  it('tells a cache that its caller has gone away', async () => {
    const seen: string[] = [];
    const listening = answering(({ origin }) => async (request, signal) => {
      signal.addEventListener('abort', () => seen.push(request.user));
      return (await origin.fetch(request)).body;
    });
    await run(listening, [
      { op: 'begin', ...ALICE_DOOR },
      { op: 'begin', ...BOB_DOOR },
      { op: 'cancel', ...ALICE_DOOR },
    ]);
    expect(seen).toEqual(['alice']);
  });

  it('hears no more of a caller who went away, however late and after however many others he is answered', async () => {
    // Without a history the objects of old calls are used again: the 64th after him has that of the caller who went away.
    const others = Array.from({ length: 64 }, (): Operation => ({ op: 'request', ...BOB_DOOR }));
    let open: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let count = 0;
    const slow = answering(({ origin }) => async (request) => {
      if (request.user === 'bob') {
        if (++count === others.length) open();
        for (let turns = 0; turns < 20; turns++) await Promise.resolve();
        return null;
      }
      const { body } = await origin.fetch(request);
      await gate;
      return body;
    });
    const gone: Operation[] = [
      { op: 'begin', ...ALICE_DOOR },
      { op: 'cancel', ...ALICE_DOOR },
      { op: 'release', ...ALICE_DOOR, outcome: 'reply' },
    ];
    const stage = await run(slow, [...gone, ...others], { record: false });
    expect(stage.breaches).toEqual([]);
  });

  it('gives every call a request of its own that cannot be changed', async () => {
    const seen: object[] = [];
    await run(
      answering(() => (request) => void seen.push(request)),
      [OWNER, OWNER],
    );
    expect(seen[0]).not.toBe(seen[1]);
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]).toMatchObject({
      user: 'alice',
      camera: 'door',
      tier: 'high',
      channel: 'app',
      credential: 'bearer',
      method: 'GET',
      path: '/app/cameras/door/snapshot',
      query: '',
    });
    for (const request of seen) expect([Object.isFrozen(request), Object.isFrozen((request as { headers: object }).headers)]).toEqual([true, true]);
  });

  it('hands over the size of the world, and its time', async () => {
    const seen: number[] = [];
    const looking = target(({ clock, capacity, lifetimeMs }) => ({
      get: () => void seen.push(clock.now(), Date.now() - Date.UTC(2020, 0, 2), capacity, lifetimeMs),
    }));
    await run(looking, [OWNER, { op: 'advance', by: 1000 }, OWNER]);
    expect(seen).toEqual([0, 0, 2, 60_000, 1000, 1000, 2, 60_000]);
  });

  it('waits for what takes turns of the event loop', async () => {
    const slow = answering(({ origin }) => async (request) => {
      for (let turns = 0; turns < 10; turns++) await new Promise((resolve) => setImmediate(resolve));
      return (await origin.fetch(request)).body;
    });
    expect((await run(slow, [OWNER])).breaches).toEqual([]);
    expect(events(await run(slow, [OWNER, STRANGER]))).toEqual(['asked', 'contact', 'origin', 'answered', 'asked', 'contact', 'origin', 'refused']);
  });

  it('waits for the fence where there is one', async () => {
    const seen: string[] = [];
    const fenced = target(() => {
      let stored = false;
      return {
        get: () => void seen.push(stored ? 'stored' : 'not yet'),
        invalidate: () => void setImmediate(() => setImmediate(() => setImmediate(() => (stored = true)))),
        fence: async () => {
          for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
        },
      };
    });
    await run(fenced, [{ op: 'purge', camera: 0 }, OWNER]);
    expect(seen).toEqual(['stored']);
  });

  it('asks as soon as a hook has returned, where requests come together, although what it set off is still under way', async () => {
    const seen: string[] = [];
    const hasty = (): Subject => {
      let removed = false;
      const removing = async (): Promise<void> => {
        for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
        removed = true;
      };
      return {
        get: () => void seen.push(removed ? 'removed' : 'not yet'),
        invalidate: () => void removing(),
        fence: async () => {
          while (!removed) await new Promise((resolve) => setImmediate(resolve));
        },
      };
    };
    const program: Operation[] = [{ op: 'purge', camera: 0 }, OWNER, OWNER];
    await run(target(hasty), program);
    await run(target(hasty), program, { world: { ...PLAIN_WORLD, together: true } });
    expect(seen).toEqual(['removed', 'removed', 'not yet', 'not yet']);
  });

  it('lets time pass while a cache is closed, and what timers are to take back of what all caches share', async () => {
    let now: number | undefined;
    let closed = 0;
    // As packages do that read the clock only once in a while.
    const read = (): number => {
      if (now === undefined) {
        now = Date.now();
        setTimeout(() => {
          now = undefined;
        }, 1000);
      }
      return now;
    };
    const seen: number[] = [];
    const open = (): Subject => ({
      get: () => void seen.push(read() - Date.UTC(2020, 0, 2)),
      close: async () => {
        await new Promise((resolve) => setTimeout(resolve, 0));
        closed++;
      },
    });
    const sharing = functionTarget({ name: 'sharing', hooks: [], open });
    await run(sharing, [{ op: 'advance', by: 500 }, OWNER]);
    await run(sharing, [OWNER]);
    expect([seen, closed]).toEqual([[500, 0], 2]);
  });

  it('springs the tripwire', async () => {
    const careful = answering(
      ({ origin }) =>
        async (request) =>
          (await origin.fetch(request)).body,
    );
    expect((await run(careful, [OWNER, STRANGER])).breaches).toEqual([]);
    const tripped = await run(careful, [STRANGER, OWNER, STRANGER], { tripwire: true });
    expect(tripped.breaches.map(({ property }) => property)).toEqual(['KH001']);
  });
});

describe('functionTarget faults', () => {
  async function faultOf(running: Promise<unknown>): Promise<TargetFault> {
    const error = await running.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(TargetFault);
    return error as TargetFault;
  }

  it.each<[string, unknown, string]>([
    ['text', 'Forbidden\u00e9', 'it is a string of 10 characters: "Forbidden\\u00e9"'],
    ['bytes', Buffer.from([1, 2, 255]), 'it is 3 bytes: 01 02 ff'],
    [
      'a picture of another kind',
      Buffer.from('GIF89a\u0001\u0000\u0001\u0000\u0080\u0000\u0000\u00ff\u00ff', 'latin1'),
      'it is 15 bytes: "GIF89a", then 01 00 01 00 80 00 00 ff ...',
    ],
    ['a body', { status: 200, body: 'x' }, 'it is a string of 1 characters as its body: "x"'],
    ['a number', 42, 'it is number 42'],
    ['an object', { image: 1 }, 'it is an object of class Object with 1 fields: "image"'],
    ['a response', new Response('x'), 'it is an object of class ReadableStream as its body'],
  ])('say what came back instead of a frame: %s', async (_name, answer, said) => {
    const fault = await faultOf(
      run(
        answering(() => () => answer as string),
        [OWNER],
      ),
    );
    expect(fault.message).toBe(`an answer holds no frame of the origin: ${said}${fault.message.slice(fault.message.indexOf(said) + said.length)}`);
    expect(fault.remedy).toContain('Return the bytes that origin.fetch');
  });

  it('say that a cache keeps state between sessions', async () => {
    const cache = new Map<string, Buffer>();
    const stateful = target(({ origin }) => ({
      async get(request) {
        const hit = cache.get(request.user);
        if (hit !== undefined) return hit;
        const { body } = await origin.fetch(request);
        if (body !== null) cache.set(request.user, body);
        return body;
      },
    }));
    await run(stateful, [OWNER]);
    const fault = await faultOf(run(stateful, [OWNER]));
    expect(fault.message).toContain('keeps state between sessions');
    expect(fault.remedy).toContain('within open()');
  });

  it('carry the error that every request was answered with', async () => {
    const boom = new TypeError('cache.get is not a function');
    const throwing = answering(() => () => {
      throw boom;
    });
    const fault = await faultOf(run(throwing, [OWNER]));
    expect(fault.message).toBe('every request was answered with an error: TypeError: cache.get is not a function');
    expect(fault.cause).toBe(boom);
  });

  it('do not come from a cache that throws when the origin refuses, or after it has answered', async () => {
    const strict = answering(({ origin }) => async (request) => {
      const reply = await origin.fetch(request);
      if (reply.status !== 200) throw new Error('forbidden');
      return reply.body;
    });
    expect(events(await run(strict, [STRANGER]))).toEqual(['asked', 'contact', 'origin', 'refused']);
    let answers = 0;
    const once = answering((env) => async () => {
      if (answers++ > 0) throw new Error('rate limited');
      return frame(env);
    });
    expect(events(await run(once, [OWNER, OWNER])).at(-1)).toBe('refused');
  });

  it('say that a call was never answered', async () => {
    const hanging = answering(() => () => new Promise<null>(() => {}));
    expect((await faultOf(run(hanging, [OWNER]))).message).toMatch(/^stranded: "alice" asked for camera "door"/);
  });

  it('say that a hook threw, or never returned', async () => {
    const get = (): null => null;
    const share: Operation = { op: 'share', camera: 0, user: 1 };
    const throwing = target(() => ({ get, invalidate: () => Promise.reject(new Error('no such key')) }));
    expect((await faultOf(run(throwing, [share]))).message).toBe('invalidate threw: Error: no such key');
    const hanging = target(() => ({ get, invalidate: () => new Promise<void>(() => {}) }));
    expect((await faultOf(run(hanging, [share]))).message).toContain('never returned');
  });

  it('say that an error would have ended the process', async () => {
    const floating = answering(() => () => {
      void Promise.reject(new Error('in the background'));
      return null;
    });
    expect((await faultOf(run(floating, [OWNER]))).message).toContain('nobody handles would have ended the process: Error: in the background');
  });

  it('say what was opened in the place of a cache', () => {
    const opened = (value: unknown) => () => functionTarget({ name: 'odd', open: () => value as Subject }).capabilities;
    expect(opened({ fetch: () => null, close: () => {} })).toThrow('open() returned an object with fetch, close, and no get');
    expect(opened(undefined)).toThrow('open() returned a value of the type undefined, and no get');
  });

  it('say that the cache could not be opened or closed, and give the time back', async () => {
    const { Date: real } = globalThis;
    const unopened = functionTarget({ name: 'unopened', hooks: [], open: () => Promise.reject(new Error('no connection')) });
    expect((await faultOf(run(unopened, [OWNER]))).message).toBe('the cache could not be opened: Error: no connection');
    const unclosed = target(() => ({ get: () => null, close: () => Promise.reject(new Error('still busy')) }));
    const fault = await faultOf(run(unclosed, [OWNER]));
    expect(fault.message).toBe('the cache could not be closed: Error: still busy');
    expect(fault.remedy).toMatch(/^Find out why: it was thrown at .*let close\(\) wait for it\.$/);
    expect(globalThis.Date).toBe(real);
  });

  it('say that the cache threw while it was closed, also where it was only looked at', async () => {
    const throwing = target(() => ({
      get: () => null,
      close: () => {
        throw new Error('already closed');
      },
    }));
    expect(throwing.capabilities.told).toBe(false);
    expect((await faultOf(run(throwing, [OWNER]))).message).toBe('the cache could not be closed: Error: already closed');
  });

  it('say that the cache asks the origin without an end', async () => {
    const insisting = answering(({ origin }) => async (request) => {
      for (;;) {
        const reply = await origin.fetch(request);
        if (reply.status === 200) return reply.body;
      }
    });
    expect((await faultOf(run(insisting, [STRANGER]))).message).toContain('asked the origin 20000 times');
  });

  it('say that the cache does not come to rest', async () => {
    const restless = answering(({ origin }) => async (request) => {
      const again = (): void => void origin.fetch(request).then(() => setImmediate(again));
      again();
      return new Promise<null>(() => {});
    });
    expect((await faultOf(run(restless, [OWNER]))).message).toContain('does not come to rest');
  });

  it('say that the origin was asked while a cache was opened', async () => {
    const early = functionTarget({
      name: 'early',
      hooks: [],
      open: async (env) => {
        await frame(env);
        return { get: () => null };
      },
    });
    expect((await faultOf(run(early, [OWNER]))).message).toContain('The origin was asked before the first request');
  });
});
