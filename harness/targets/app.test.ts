import { spawnSync } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { operation, type Operation } from '../../models/domain/operation.ts';
import { type Request, requestsOf } from '../../models/domain/request.ts';
import { tokenOf } from '../../models/domain/token.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { playAsync } from '../run/run-async.ts';
import { compile } from '../run/run.ts';
import { Stage } from '../run/stage.ts';
import { alphabetOf } from '../search/alphabet.ts';
import { requestOf, type WireRequestWithBody } from './app-request.ts';
import { type App, type AppEnvironment, type AppOptions, appTarget } from './app.ts';
import type { AsyncSession, Target } from './target.ts';

const ALICE_DOOR = { user: 0, camera: 0, template: 0 };
const BOB_DOOR = { user: 1, camera: 0, template: 0 };
const OWNER: Operation = { op: 'request', ...ALICE_DOOR };
const STRANGER: Operation = { op: 'request', ...BOB_DOOR };

const targets: Target[] = [];
afterAll(async () => {
  for (const made of targets) await made.dispose?.();
});

function target(build: (env: AppEnvironment) => App, more: Partial<AppOptions> = {}): Target {
  const made = appTarget({ name: 'app', build, ...more });
  targets.push(made);
  return made;
}

async function run(subject: Target, operations: readonly Operation[], world: World = PLAIN_WORLD): Promise<Stage> {
  const { told, lifetimes } = subject.capabilities;
  const stage = new Stage(world, { terms: { told }, lifetimes, properties: PROPERTIES, record: true });
  const session = (await subject.open(stage)) as AsyncSession;
  try {
    await playAsync(stage, session, compile(stage, operations.map(operation)));
  } finally {
    await session.close();
  }
  return stage;
}

/** The five lines of a newcomer's handler, with a cache keyed by URL in front of them. */
function careless({ origin, requestOf: read }: AppEnvironment): App {
  const cache = new Map<string, Buffer>();
  return async (request, response) => {
    const reply = cache.has(request.url!) ? { status: 200, body: cache.get(request.url!)! } : await origin.fetch(read(request));
    if (reply.body !== null) cache.set(request.url!, reply.body);
    response.writeHead(reply.status).end(reply.body);
  };
}

/** An app without a cache. */
function plain({ origin, requestOf: read }: AppEnvironment): App {
  return async (request, response) => {
    const { status, body } = await origin.fetch(read(request));
    response.writeHead(status).end(body);
  };
}

function events(stage: Stage): string[] {
  return stage.history!.flatMap((event) => {
    if (event.event === 'answered' || event.event === 'cancelled') return [`${event.event} ${event.call}`];
    return event.event === 'refused' ? [`refused ${event.call} ${event.status}`] : [];
  });
}

describe('appTarget', () => {
  it('says of an answer without a frame what an app can do about it', async () => {
    const placeholder = target(
      () => (_request, response) => void response.writeHead(200, { 'content-type': 'image/gif' }).end(Buffer.from('GIF89a\u0000', 'latin1')),
    );
    await expect(run(placeholder, [OWNER])).rejects.toMatchObject({
      message: expect.stringContaining('"GIF89a", then 00'),
      remedy: expect.stringMatching(/^Answer with the bytes .* let the option `answer` say "refusal"\.$/),
    });
  });

  it('plugs in an app that leaks, and the leak is seen', async () => {
    const stage = await run(target(careless), [OWNER, STRANGER]);
    expect(stage.breaches).toEqual([expect.objectContaining({ property: 'KH001', kind: 'stranger', call: 1 })]);
  });

  it('opens an empty app each time', async () => {
    const leaky = target(careless);
    await run(leaky, [OWNER]);
    expect(events(await run(leaky, [STRANGER]))).toEqual(['refused 0 refused']);
  });

  it('sends every request of a world so that it can be read back', async () => {
    const ids = ['zo\u00e9', 'a:b', 'a%3Ab', 'a/b', 'a b', '..', '__proto__', '#?&='];
    const credentials = ['bearer', 'cookie', 'query', 'header', 'none'] as const;
    const world: World = {
      ...PLAIN_WORLD,
      users: ids,
      cameras: ids.map((id, owner) => ({ id, owner })),
      templates: credentials.flatMap((credential) => [
        { ...PLAIN_TEMPLATE, credential },
        { ...PLAIN_TEMPLATE, credential, spelling: 'query' as const, tier: 'low' as const, channel: 'hub' as const },
      ]),
    };
    const seen: unknown[] = [];
    const reading = target(({ requestOf: read }) => (request, response) => {
      seen.push(read(request));
      response.writeHead(403).end();
    });
    const asked = requestsOf(world).map(({ user, camera, tier, channel }) => ({ user, camera, tier, channel }));
    const everything = alphabetOf(world, reading.capabilities).operations.filter(({ op }) => op === 'request');
    await run(reading, everything, world);
    expect(seen).toHaveLength(everything.length);
    expect(new Set(seen.map((each) => JSON.stringify(each)))).toEqual(new Set(asked.map((each) => JSON.stringify(each))));
  });

  it('cannot be told that it speaks HTTP to the full, which nothing in it could take up', () => {
    expect(() => appTarget({ name: 'full', build: () => () => {}, capabilities: { http: true } })).toThrow(/full.*http: true.*proxyTarget/s);
    expect(appTarget({ name: 'plain', build: () => () => {}, capabilities: { http: false } }).capabilities.http).toBe(false);
  });

  it('reads what is no request of keyhole as nobody asking for nothing', () => {
    const read = (url: string, headers: Record<string, string> = {}): unknown => requestOf({ url, headers });
    const nothing = { user: '', camera: '', tier: 'high', channel: 'app' };
    for (const url of ['/', '/health', '/app/cameras//snapshot', '/app/cameras/%E0%A4%A/snapshot']) expect(read(url)).toEqual(nothing);
    for (const authorization of [
      'Basic x',
      'Bearer x',
      'Bearer eyJhbGciOiJIUzI1NiJ9.%zz.k',
      `Bearer ${tokenOf('alice')}x`,
      `Bearer ${tokenOf('alice').slice(0, -1)}`,
    ])
      expect(read('/app/snapshot', { authorization })).toEqual(nothing);
  });

  it('reads the user from each place that names one', () => {
    const user = 'a.b/c\u00e9';
    const token = tokenOf(user);
    for (const headers of [
      { authorization: `Bearer ${token}` },
      { cookie: `a=b; session=${token}` },
      { 'x-user': encodeURIComponent(user) },
      { 'x-user': token },
    ])
      expect(requestOf({ url: '/app/snapshot', headers }).user).toBe(user);
    expect(requestOf({ url: `/app/snapshot?token=${token}`, headers: {} }).user).toBe(user);
  });

  it('shows the app nothing that a real client would not send', async () => {
    const seen: unknown[] = [];
    await run(
      target(() => (request, response) => {
        seen.push([request.method, request.url, Object.keys(request.headers).toSorted()]);
        response.writeHead(403).end();
      }),
      [OWNER],
    );
    expect(seen).toEqual([['GET', '/app/cameras/door/snapshot', ['authorization', 'connection', 'host']]]);
  });

  it('sends what is in requests, so that a question in a body is answered from a cache of bodies', async () => {
    /** Everything is asked of one path, as with GraphQL; the cache is keyed by the question, which does not name who asks. */
    const ofQuestions = ({ origin, requestOf: read }: AppEnvironment): App => {
      const cache = new Map<string, Buffer>();
      return async (incoming, response) => {
        let question = '';
        for await (const chunk of incoming.setEncoding('utf8')) question += chunk;
        const { camera } = JSON.parse(question) as { camera: string };
        const body = cache.get(question) ?? (await origin.fetch({ ...read(incoming), camera })).body;
        if (body !== null) cache.set(question, body);
        response.writeHead(body === null ? 403 : 200).end(body);
      };
    };
    const request = ({ camera, headers }: Request): WireRequestWithBody => ({
      method: 'POST',
      path: '/graphql',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ camera }),
    });
    const { breaches } = await run(target(ofQuestions, { request }), [OWNER, STRANGER]);
    expect(breaches).toEqual([expect.objectContaining({ property: 'KH001', kind: 'stranger', call: 1 })]);
  });

  it('sends requests as it is told to', async () => {
    const seen: unknown[] = [];
    const request = ({ user }: Request): { method: string; path: string; headers: Record<string, string> } => ({
      method: 'POST',
      path: `/of/${user}`,
      headers: { 'x-test': '1' },
    });
    await run(
      target(
        () => (incoming, response) => {
          seen.push([incoming.method, incoming.url, incoming.headers['x-test']]);
          response.writeHead(403).end();
        },
        { request },
      ),
      [OWNER],
    );
    expect(seen).toEqual([['POST', '/of/alice', '1']]);
  });

  it('holds back what belongs to a call that was begun, and nothing else', async () => {
    const stage = await run(target(plain), [
      { op: 'begin', ...ALICE_DOOR },
      { op: 'begin', ...ALICE_DOOR },
      OWNER,
      { op: 'release', outcome: 'reply', ...ALICE_DOOR },
      STRANGER,
      { op: 'release', outcome: 'error', ...ALICE_DOOR },
    ]);
    expect(events(stage)).toEqual(['answered 2', 'answered 0', 'refused 3 refused', 'refused 1 refused']);
  });

  it('moves the time of the app', async () => {
    const stage = await run(
      target(({ origin, requestOf: read }) => (request, response) => {
        setTimeout(() => void origin.fetch(read(request)).then(({ body }) => response.end(body)), 1500);
      }),
      [OWNER],
    );
    expect(events(stage)).toEqual(['answered 0']);
    expect(stage.now()).toBe(2000);
  });

  it('hangs up for a caller who goes away, and the app notices', async () => {
    const seen: string[] = [];
    const stage = await run(
      target(({ origin, requestOf: read }) => async (request, response) => {
        response.once('close', () => seen.push(`closed ${response.writableFinished}`));
        response.end((await origin.fetch(read(request))).body);
      }),
      [{ op: 'begin', ...ALICE_DOOR }, { op: 'cancel', ...ALICE_DOOR }, OWNER],
    );
    expect(events(stage)).toEqual(['cancelled 0', 'answered 1']);
    expect(seen).toEqual(['closed false', 'closed true']);
  });

  it('tells the hooks of the app', async () => {
    const told: string[] = [];
    const hooked = target((env) => ({
      handler: plain(env) as (request: IncomingMessage, response: ServerResponse) => unknown,
      invalidate: ({ kind }) => void told.push(kind),
    }));
    expect(hooked.capabilities).toMatchObject({ told: true, credentials: ['bearer', 'cookie', 'none'], spellings: ['path', 'query'] });
    expect(target(plain).capabilities.told).toBe(false);
    await run(hooked, [{ op: 'publish', camera: 0 }]);
    expect(told).toEqual(['publish']);
  });

  it('finds a frame in the page of an error', async () => {
    const failing = target(({ origin }) => async (_request, response) => {
      const { body } = await origin.read({ camera: 'door' });
      response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ error: 'oops', state: body!.toString('base64') }));
    });
    expect((await run(failing, [STRANGER])).breaches).toEqual([expect.objectContaining({ property: 'KH001' })]);
  });

  it('finds half a frame that came before the connection broke', async () => {
    const hasty = target(({ origin, requestOf: read }) => async (request, response) => {
      const { body } = await origin.read({ camera: 'door' });
      await new Promise<void>((sent) => {
        response.writeHead(200).write(body!.subarray(0, body!.length / 2), () => sent());
      });
      const { allowed } = await origin.authorise(read(request));
      if (allowed) response.end(body!.subarray(body!.length / 2));
      else response.destroy();
    });
    expect((await run(hasty, [OWNER])).breaches).toEqual([]);
    expect((await run(hasty, [STRANGER])).breaches).toEqual([expect.objectContaining({ property: 'KH001' })]);
  });

  it('finds the token of somebody else in headers and cookies, and takes no offence at the own one', async () => {
    const kept = (name: string, written: (token: string) => string): Target =>
      target(({ origin, requestOf: read }) => {
        let first: string | undefined;
        return async (request, response) => {
          first ??= request.headers.authorization!.slice('Bearer '.length);
          const { status, body } = await origin.fetch(read(request));
          response.writeHead(status, { [name]: written(first) }).end(body);
        };
      });
    const own: Operation = { op: 'request', user: 1, camera: 1, template: 0 };
    const alike: World = { ...PLAIN_WORLD, users: ['bob', 'bob.'] };
    const mirror = target(({ origin, requestOf: read }) => async (request, response) => {
      const { status, body } = await origin.fetch(read(request));
      const token = request.headers.authorization!.slice('Bearer '.length);
      response.writeHead(status, { 'x-user': token, 'set-cookie': `session=${encodeURIComponent(token)}` }).end(body);
    });
    expect((await run(mirror, [OWNER, own], alike)).breaches).toEqual([]);
    const inCookie = (token: string): string => `session=${encodeURIComponent(token)}; Path=/`;
    const inSession = (token: string): string => `session=${Buffer.from(JSON.stringify({ token })).toString('base64')}`;
    for (const subject of [kept('x-user', String), kept('set-cookie', inCookie), kept('set-cookie', inSession)]) {
      expect((await run(subject, [OWNER, OWNER])).breaches).toEqual([]);
      expect((await run(subject, [OWNER, own])).breaches).toEqual([expect.objectContaining({ property: 'KH007' })]);
    }
  });

  it('handles requests of one turn in one turn, in the order in which they were sent', async () => {
    const seen: string[] = [];
    const subject = target(({ origin, requestOf: read }) => (request, response) => {
      const asked = read(request);
      seen.push(`asked ${asked.user}`);
      queueMicrotask(() => seen.push(`later ${asked.user}`));
      void origin.fetch(asked).then(({ status, body }) => response.writeHead(status).end(body));
    });
    const own: Operation = { op: 'request', user: 1, camera: 1, template: 0 };
    await run(subject, [OWNER, own, OWNER], { ...PLAIN_WORLD, together: true });
    expect(seen).toEqual(['asked alice', 'asked bob', 'asked alice', 'later alice', 'later bob', 'later alice']);
    seen.length = 0;
    await run(subject, [OWNER, own]);
    expect(seen).toEqual(['asked alice', 'later alice', 'asked bob', 'later bob']);
  });

  it('takes a broken connection for one, also where the app does not handle that the origin broke off', async () => {
    const dropping: Operation[] = [
      { op: 'begin', ...ALICE_DOOR },
      { op: 'release', outcome: 'drop', ...ALICE_DOOR },
    ];
    expect(events(await run(target(plain), dropping))).toEqual(['refused 0 dropped']);
    const floating = target(({ origin, requestOf: read }) => (request, response) => {
      void origin.fetch(read(request)).then(({ body }) => response.end(body));
    });
    expect(events(await run(floating, [...dropping, OWNER]))).toEqual(['refused 0 dropped', 'answered 1']);
    const rude = target(() => (_request, response) => void response.destroy());
    expect(events(await run(rude, [OWNER]))).toEqual(['refused 0 dropped']);
  });

  it('breaks the connection of whoever is being served, also where the app asked the origin in the name of another one', async () => {
    let first: ReturnType<AppEnvironment['requestOf']> | undefined;
    const mistaken = target(({ origin, requestOf: read }) => async (request, response) => {
      first ??= read(request);
      response.end((await origin.fetch(first)).body ?? undefined);
    });
    const stage = await run(mistaken, [
      { op: 'begin', ...ALICE_DOOR },
      { op: 'begin', ...BOB_DOOR },
      { op: 'release', outcome: 'drop', ...ALICE_DOOR },
      { op: 'release', outcome: 'drop', ...ALICE_DOOR },
    ]);
    expect(events(stage).toSorted()).toEqual(['refused 0 dropped', 'refused 1 dropped']);
  });

  it('faults an app that only fails', async () => {
    const throwing = target(() => () => {
      throw new Error('no such view');
    });
    await expect(run(throwing, [OWNER])).rejects.toThrow('every request was answered with an error: Error: no such view');
    const failing = target(() => (_request, response) => void response.writeHead(500).end('Cannot read properties of undefined'));
    await expect(run(failing, [OWNER])).rejects.toThrow('every request was answered with status 500: 35 bytes as its body: "Cannot read');
    const floating = target(() => async (_request, response) => {
      response.end();
      void Promise.reject(new Error('in the background'));
    });
    await expect(run(floating, [OWNER])).rejects.toThrow('would have ended the process: Error: in the background');
    const garbage = target(() => (_request, response) => void response.end('<h1>Welcome</h1>'));
    await expect(run(garbage, [OWNER])).rejects.toThrow('an answer holds no frame of the origin: it is 16 bytes as its body: "<h1>Welcome</h1>"');
  });

  it('does not keep the process alive', () => {
    const script = `
      import { appTarget } from ${JSON.stringify(fileURLToPath(new URL('./app.ts', import.meta.url)))};
      import { Stage } from ${JSON.stringify(fileURLToPath(new URL('../run/stage.ts', import.meta.url)))};
      import { playAsync } from ${JSON.stringify(fileURLToPath(new URL('../run/run-async.ts', import.meta.url)))};
      const world = ${JSON.stringify(PLAIN_WORLD)};
      const build = ({ origin, requestOf }) => async (request, response) => response.end((await origin.fetch(requestOf(request))).body);
      const target = appTarget({ name: 'app', build });
      const stage = new Stage(world, { terms: { told: false }, lifetimes: 'granted', properties: [], record: true });
      const session = await target.open(stage);
      await playAsync(stage, session, [stage.compile({ op: 'request', user: 0, camera: 0, template: 0 })]);
      await session.close();
      console.log(stage.history.at(-1).event);
    `;
    const child = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
      encoding: 'utf8',
      timeout: 60_000,
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
    });
    expect([child.status, child.stdout, child.stderr]).toEqual([0, 'answered\n', '']);
  });
});
