import { describe, expect, it } from 'vitest';
import { operation, type Operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { playAsync } from '../run/run-async.ts';
import { compile } from '../run/run.ts';
import { Stage } from '../run/stage.ts';
import type { Environment, Subject } from './function-subject.ts';
import { functionTarget } from './function.ts';
import type { Inquiry, OriginApi } from './origin-api.ts';
import type { AsyncSession } from './target.ts';

const WORLD = { ...PLAIN_WORLD, templates: [PLAIN_WORLD.templates[0]!, { ...PLAIN_WORLD.templates[0]!, channel: 'hub' as const, tier: 'low' as const }] };
const ALICE_DOOR = { user: 0, camera: 0, template: 0 };
const BOB_DOOR = { user: 1, camera: 0, template: 0 };
const BOB_YARD = { user: 1, camera: 1, template: 0 };

/** Plays operations against a cache that is made for the test, and returns the stage. */
async function run(open: (env: Environment) => Subject, ...operations: Operation[]): Promise<Stage> {
  return runIn(WORLD, open, ...operations);
}

async function runIn(world: World, open: (env: Environment) => Subject, ...operations: Operation[]): Promise<Stage> {
  const target = functionTarget({ name: 'subject', open, hooks: [] });
  const stage = new Stage(world, { terms: { told: false }, lifetimes: 'granted', properties: PROPERTIES, record: true });
  const session = (await target.open(stage)) as AsyncSession;
  try {
    await playAsync(stage, session, compile(stage, operations.map(operation)));
  } finally {
    await session.close();
  }
  return stage;
}

/** What the origin says when it is asked in the course of one request, by default of the owner. */
async function ask<T>(asking: (origin: OriginApi, request: Parameters<Subject['get']>[0]) => Promise<T>, ...operations: Operation[]): Promise<T[]> {
  const said: T[] = [];
  const open = ({ origin }: Environment): Subject => ({
    async get(request) {
      said.push(await asking(origin, request));
      return null;
    },
  });
  await run(open, ...(operations.length === 0 ? [{ op: 'request', ...ALICE_DOOR } as const] : operations));
  return said;
}

function contacts(stage: Stage): unknown[] {
  return stage.history!.flatMap((event) => (event.event === 'contact' ? [{ call: event.call, held: event.held }] : []));
}

describe('the origin of a cache in this process', () => {
  it('still knows for whom a request was made after many others', async () => {
    const said: number[] = [];
    const open = ({ origin }: Environment): Subject => {
      let first: Parameters<Subject['get']>[0] | undefined;
      return {
        async get(request) {
          first ??= request;
          said.push((await origin.fetch(first)).status);
          return null;
        },
      };
    };
    // Only where no history is kept does a stage use the objects of old calls again.
    const stage = new Stage(WORLD, { terms: { told: false }, lifetimes: 'granted', properties: PROPERTIES, record: false });
    const session = (await functionTarget({ name: 'subject', open, hooks: [] }).open(stage)) as AsyncSession;
    const others = Array.from({ length: 200 }, () => operation({ op: 'request', ...BOB_DOOR }));
    await playAsync(stage, session, compile(stage, [operation({ op: 'request', ...ALICE_DOOR }), ...others]));
    await session.close();
    expect(new Set(said)).toEqual(new Set([200]));
  });

  it('gives a frame to who may see it, with what may be done with it', async () => {
    const [reply] = await ask((origin, request) => origin.fetch(request));
    expect(reply).toMatchObject({
      status: 200,
      epoch: 0,
      maxAgeMs: 60_000,
      headers: { 'content-type': 'application/octet-stream', 'cache-control': 'private, max-age=60' },
    });
    expect(reply!.body).toBeInstanceOf(Buffer);
  });

  it('refuses who may not see it, on his own credential only', async () => {
    const stranger = { op: 'request', ...BOB_DOOR } as const;
    expect(await ask((origin, request) => origin.fetch(request), stranger)).toEqual([
      { status: 403, body: null, epoch: 0, maxAgeMs: 0, headers: { 'cache-control': 'no-store' } },
    ]);
    expect(await ask((origin, request) => origin.authorise(request), stranger)).toEqual([{ allowed: false, epoch: 0 }]);
    expect(await ask((origin, request) => origin.read(request), stranger)).toEqual([expect.objectContaining({ status: 200 })]);
  });

  it('tells the epoch that it speaks of', async () => {
    const operations: Operation[] = [
      { op: 'recreate', camera: 0 },
      { op: 'request', ...ALICE_DOOR },
    ];
    expect(await ask((origin, request) => origin.authorise(request), ...operations)).toEqual([{ allowed: true, epoch: 1 }]);
  });

  it('answers what is asked, not who is asking', async () => {
    const inquiries = [{ user: 'bob', camera: 'door' }, { user: 'bob', camera: 'yard' }, { camera: 'yard' }, { user: '', camera: 'door' }, {}];
    const said = await ask((origin) => Promise.all(inquiries.map(async (inquiry) => (await origin.authorise(inquiry)).allowed)));
    expect(said).toEqual([[false, true, false, false, true]]);
  });

  it('refuses what does not exist', async () => {
    const [said] = await ask((origin) =>
      Promise.all([origin.fetch({ user: 'eve', camera: 'door' }), origin.authorise({ camera: '__proto__' }), origin.read({ camera: 'constructor' })]),
    );
    expect(said).toMatchObject([{ status: 403 }, { allowed: false }, { status: 403 }]);
  });

  it('fails as it is told to', async () => {
    const held = (outcome: 'reply' | 'refuse' | 'error' | 'drop'): Operation[] => [
      { op: 'begin', ...ALICE_DOOR },
      { op: 'release', outcome, ...ALICE_DOOR },
    ];
    const fetched = (outcome: 'reply' | 'refuse' | 'error' | 'drop'): Promise<unknown[]> =>
      ask(async (origin, request) => origin.fetch(request).then(({ status }) => status, String), ...held(outcome));
    expect(await fetched('reply')).toEqual([200]);
    expect(await fetched('refuse')).toEqual([403]);
    expect(await fetched('error')).toEqual([502]);
    expect(await fetched('drop')).toEqual(['OriginError: the connection to the origin broke']);
    const authorised = (outcome: 'refuse' | 'error'): Promise<unknown[]> =>
      ask(async (origin, request) => origin.authorise(request).then(({ allowed }) => allowed, String), ...held(outcome));
    expect(await authorised('refuse')).toEqual([false]);
    expect(await authorised('error')).toEqual(['OriginError: the origin failed (502)']);
  });

  it('gives bytes that the cache may do anything with', async () => {
    const stage = await run(
      ({ origin }) => ({
        async get(request) {
          const first = (await origin.fetch(request)).body!;
          first.fill(0);
          return (await origin.fetch(request)).body;
        },
      }),
      { op: 'request', ...ALICE_DOOR },
    );
    expect(stage.history!.at(-1)!.event).toBe('answered');
  });

  it('keeps to the lifetime that it grants, from the answer on', async () => {
    const until: number[] = [];
    await run(
      ({ origin, clock }) => ({
        async get(request) {
          const reply = await origin.fetch(request);
          until.push(clock.now() + reply.maxAgeMs);
          return reply.body;
        },
      }),
      { op: 'begin', ...ALICE_DOOR },
      { op: 'advance', by: 5000 },
      { op: 'release', outcome: 'reply', ...ALICE_DOOR },
    );
    expect(until).toEqual([65_000]);
  });
});

describe('a contact with the origin', () => {
  it('is held back when the call was begun, and only then', async () => {
    const open = ({ origin }: Environment): Subject => ({ get: async (request) => (await origin.fetch({ ...request })).body });
    const stage = await run(open, { op: 'begin', ...ALICE_DOOR }, { op: 'request', ...ALICE_DOOR }, { op: 'request', ...BOB_YARD });
    expect(contacts(stage)).toEqual([
      { call: 0, held: true },
      { call: 1, held: false },
      { call: 2, held: false },
    ]);
  });

  it('belongs to the call in whose course it is made, whatever it asks for', async () => {
    const open = ({ origin }: Environment): Subject => ({
      async get(request) {
        await new Promise((resolve) => setImmediate(resolve));
        return (await origin.read({ camera: request.camera, tier: 'high' })).body;
      },
    });
    const stage = await run(open, { op: 'begin', ...ALICE_DOOR }, { op: 'begin', ...BOB_YARD });
    expect(contacts(stage)).toEqual([
      { call: 0, held: true },
      { call: 1, held: true },
    ]);
  });

  it('belongs to the call whose request is passed, where one call works for others', async () => {
    const open = ({ origin }: Environment): Subject => {
      const batch: Parameters<Subject['get']>[0][] = [];
      return {
        async get(request) {
          batch.push(request);
          if (batch.length < 2) await origin.authorise(request);
          else await Promise.all(batch.map((asked) => origin.fetch(asked)));
          return null;
        },
      };
    };
    const stage = await run(open, { op: 'begin', ...ALICE_DOOR }, { op: 'begin', ...BOB_YARD });
    expect(contacts(stage)).toEqual([
      { call: 0, held: true },
      { call: 0, held: true },
      { call: 1, held: true },
    ]);
  });

  it('is found by what it asks for where its course is lost', async () => {
    const open = ({ origin }: Environment): Subject => ({
      get: ({ user, camera }) =>
        new Promise((resolve) => {
          // As a pool does: what a call asks for is fetched later, in nobody's course.
          setTimeout(() => void origin.fetch({ user, camera, tier: 'high', channel: 'app' }).then(({ body }) => resolve(body)), 100);
        }),
    });
    const stage = await run(
      open,
      { op: 'begin', ...BOB_YARD },
      { op: 'begin', ...ALICE_DOOR },
      { op: 'advance', by: 1000 },
      { op: 'release', outcome: 'reply', ...ALICE_DOOR },
    );
    expect(contacts(stage)).toEqual([
      { call: 0, held: true },
      { call: 1, held: true },
    ]);
    expect(stage.history!.filter(({ event }) => event === 'answered')).toEqual([expect.objectContaining({ call: 1 })]);
  });

  it('is answered at once when its call is over, or when there was none', async () => {
    let seen: number[] = [];
    const open = ({ origin }: Environment): Subject => {
      // It is opened twice: see below.
      seen = [];
      return {
        async get(request) {
          setTimeout(() => void origin.fetch(request).then(({ status }) => seen.push(status)), 500);
          setTimeout(() => void origin.read({ camera: 'yard' }).then(({ status }) => seen.push(status)), 600);
          return (await origin.fetch(request)).body;
        },
      };
    };
    const stage = await run(open, { op: 'begin', ...ALICE_DOOR }, { op: 'release', outcome: 'reply', ...ALICE_DOOR }, { op: 'advance', by: 1000 });
    expect(seen).toEqual([200, 200]);
    // The one that was made for no call is in the history, and nobody's.
    expect(contacts(stage)).toEqual([
      { call: 0, held: true },
      { call: 0, held: false },
      { call: -1, held: false },
    ]);
    expect(stage.history!.findLast(({ event }) => event === 'contact')).toMatchObject({ of: { user: null, camera: 1 } });
  });

  it('is made for the one in flight who asks for the same, where a batch is sent off in the course of another', async () => {
    const open = ({ origin }: Environment): Subject => {
      const batch: { readonly user: string; readonly camera: string; done(body: Promise<Uint8Array | null>): void }[] = [];
      const fetch = async (inquiry: Inquiry): Promise<Uint8Array | null> => (await origin.fetch(inquiry)).body;
      const send = (): void => {
        for (const { user, camera, done } of batch.splice(0)) done(fetch({ user, camera }));
      };
      return {
        get: ({ user, camera }) =>
          new Promise((done) => {
            if (batch.push({ user, camera, done }) === 1) queueMicrotask(send);
          }),
      };
    };
    const operations = [operation({ op: 'request', ...ALICE_DOOR }), operation({ op: 'request', ...ALICE_DOOR, user: 1 })];
    const stage = await runIn({ ...PLAIN_WORLD, together: true }, open, ...operations);
    expect(contacts(stage)).toEqual([
      { call: 0, held: false },
      { call: 1, held: false },
    ]);
    expect(stage.history!.flatMap((event) => (event.event === 'origin' ? [event.status] : []))).toEqual(['ok', 'refused']);
  });

  it('has to say on whose behalf it is made', async () => {
    let said: string[] = [];
    const open = ({ origin }: Environment): Subject => {
      said = [];
      return {
        get() {
          setTimeout(() => void origin.fetch({ camera: 'door' }).catch((error: unknown) => said.push(String(error))), 10);
          setTimeout(() => void origin.read({}).catch((error: unknown) => said.push(String(error))), 10);
          return null;
        },
      };
    };
    await run(open, { op: 'request', ...ALICE_DOOR }, { op: 'advance', by: 1000 });
    expect(said).toEqual([expect.stringContaining('on behalf of nobody'), expect.stringContaining('not of which camera')]);
  });

  it('has promises followed, in a session that is begun anew, where it does not say for whom it is made', async () => {
    const opened: string[] = [];
    const passing = (pass: (request: Inquiry) => Inquiry, waits: boolean): Promise<Stage> =>
      run(
        ({ origin }) => {
          opened.push(waits ? 'waits' : 'asks at once');
          return {
            async get(request) {
              if (waits) await Promise.resolve();
              return (await origin.fetch(pass(request))).body;
            },
          };
        },
        { op: 'begin', ...BOB_YARD },
        { op: 'begin', ...ALICE_DOOR },
        { op: 'request', ...BOB_DOOR },
        { op: 'release', outcome: 'reply', ...ALICE_DOOR },
        { op: 'release', outcome: 'reply', ...BOB_YARD },
      );
    const named = await passing((request) => request, true);
    expect(opened).toEqual(['waits']);
    const unnamed = [await passing(() => ({}), false), await passing(() => ({}), true), await passing(({ camera }) => ({ camera }), true)];
    expect(opened).toEqual(['waits', 'asks at once', 'waits', 'waits', 'waits', 'waits']);
    for (const stage of unnamed) {
      expect(stage.history).toEqual(named.history);
      expect(stage.situations).toEqual(named.situations);
    }
    expect(contacts(named)).toHaveLength(3);
  });

  it('comes to nothing after the session', async () => {
    let late: (() => Promise<unknown>) | null = null;
    await run(
      ({ origin }) => ({
        get(request) {
          late = () => origin.fetch(request);
          return null;
        },
      }),
      { op: 'request', ...ALICE_DOOR },
    );
    const winner = await Promise.race([late!(), new Promise((resolve) => setImmediate(resolve, 'nothing'))]);
    expect(winner).toBe('nothing');
  });
});
