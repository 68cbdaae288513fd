import { brotliCompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { operation, type Operation } from '../../models/domain/operation.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { playAsync } from '../run/run-async.ts';
import { compile } from '../run/run.ts';
import { Stage } from '../run/stage.ts';
import { type App, type AppEnvironment, type AppOptions, appTarget } from './app.ts';
import type { AsyncSession, Target } from './target.ts';

const OWNER: Operation = { op: 'request', user: 0, camera: 0, template: 0 };
const STRANGER: Operation = { op: 'request', user: 1, camera: 0, template: 0 };
const NEIGHBOUR: Operation = { op: 'request', user: 1, camera: 1, template: 0 };

const targets: Target[] = [];
afterAll(async () => {
  for (const made of targets) await made.dispose?.();
});

function target(build: (env: AppEnvironment) => App | Promise<App>, more: Partial<AppOptions> = {}): Target {
  const made = appTarget({ name: 'app', build, ...more });
  targets.push(made);
  return made;
}

async function run(subject: Target, operations: readonly Operation[], more: { world?: World; tripwire?: boolean } = {}): Promise<Stage> {
  const { told, lifetimes } = subject.capabilities;
  const { world = PLAIN_WORLD, tripwire = false } = more;
  const stage = new Stage(world, { terms: { told }, lifetimes, properties: PROPERTIES, record: true });
  const session = (await subject.open(stage, { tripwire })) as AsyncSession;
  try {
    await playAsync(stage, session, compile(stage, operations.map(operation)));
  } finally {
    await session.close();
  }
  return stage;
}

const broken = (stage: Stage): string[] => stage.breaches.map(({ property }) => property);
const ends = (stage: Stage): string[] => stage.history!.map(({ event }) => event).filter((event) => event === 'answered' || event === 'refused');

/** GraphQL over HTTP: what is refused has status 200, and so has what is leaked by a cache keyed by camera. */
function graph({ origin, requestOf }: AppEnvironment): App {
  const kept = new Map<string, string>();
  return async (request, response) => {
    const asked = requestOf(request);
    const { body } = kept.has(asked.camera) ? { body: null } : await origin.fetch(asked);
    const errors = JSON.stringify({ errors: [{ message: 'Not authorised' }] });
    if (body !== null) kept.set(asked.camera, JSON.stringify({ data: body.toString('base64') }));
    response.writeHead(200, { 'content-type': 'application/json' }).end(kept.get(asked.camera) ?? errors);
  };
}

/** Gives the low picture in place of the high one, and says so. */
function adaptive({ origin, requestOf }: AppEnvironment): App {
  return async (request, response) => {
    const { body, status } = await origin.fetch({ ...requestOf(request), tier: 'low' });
    response.writeHead(status, { 'x-fallback': 'true' }).end(body ?? undefined);
  };
}

/** A handler that is told the answer of the origin and the token of the caller. */
function page(show: (body: Buffer, token: string, response: Parameters<Extract<App, (...given: never) => unknown>>[1]) => void): Target {
  return target(({ origin, requestOf }) => async (request, response) => {
    const { body, status } = await origin.fetch(requestOf(request));
    if (body === null) response.writeHead(status).end();
    else show(body, request.headers.authorization!.slice('Bearer '.length), response);
  });
}

describe('what an answer of an app is', () => {
  it('is a refusal with status 200 where the app says so', async () => {
    const answer = ({ body }: { body: Buffer }): 'refusal' | undefined => ('errors' in JSON.parse(body.toString()) ? 'refusal' : undefined);
    await expect(run(target(graph), [STRANGER])).rejects.toThrow('an answer holds no frame of the origin');
    expect(ends(await run(target(graph, { answer }), [STRANGER, OWNER]))).toEqual(['refused', 'answered']);
    expect(broken(await run(target(graph, { answer }), [OWNER, STRANGER]))).toEqual(['KH001']);
    expect(broken(await run(target(graph, { answer: () => 'refusal' }), [OWNER, STRANGER]))).toEqual(['KH001']);
    expect(broken(await run(target(graph, { answer }), [STRANGER, OWNER, STRANGER], { tripwire: true }))).toEqual(['KH001']);
  });

  it('is a fallback where the app says so, and else not', async () => {
    expect(broken(await run(target(adaptive), [OWNER]))).toEqual(['KH004']);
    const answer: AppOptions['answer'] = ({ headers }) => (headers['x-fallback'] === 'true' ? 'fallback' : undefined);
    expect(broken(await run(target(adaptive, { answer }), [OWNER]))).toEqual([]);
  });

  it('is a frame whatever its status where the app says so', async () => {
    const empty = target(() => (_request, response) => void response.writeHead(404).end('none'), { answer: () => 'frame' });
    await expect(run(empty, [OWNER])).rejects.toThrow('an answer holds no frame of the origin: it is 4 bytes as its body: "none"');
  });

  it('is a fault where what should say it throws, or says what is unknown', async () => {
    const throwing: AppOptions['answer'] = () => {
      throw new SyntaxError('Unexpected end');
    };
    await expect(run(target(adaptive, { answer: throwing }), [OWNER])).rejects.toThrow('answer() threw: SyntaxError: Unexpected end');
    const unknown = (() => 'denied') as unknown as NonNullable<AppOptions['answer']>;
    await expect(run(target(adaptive, { answer: unknown }), [OWNER])).rejects.toThrow('answer() returned "denied"');
    const late = (() => Promise.resolve('frame')) as unknown as NonNullable<AppOptions['answer']>;
    await expect(run(target(adaptive, { answer: late }), [OWNER])).rejects.toThrow('answer() returned a promise');
  });
});

describe('where an answer of an app is searched', () => {
  it('undoes the coding of its content, for the tripwire too', async () => {
    const coded = page((body, _token, response) => response.writeHead(200, { 'content-encoding': 'br' }).end(brotliCompressSync(body)));
    const stage = await run(coded, [OWNER, STRANGER]);
    expect([ends(stage), broken(stage)]).toEqual([['answered', 'refused'], []]);
    expect(broken(await run(coded, [OWNER, STRANGER], { tripwire: true }))).toEqual(['KH001']);
  });

  it('finds a frame in a header, beside a frame and beside a refusal', async () => {
    const previewing = (status: number): Target => {
      const build = ({ origin, requestOf }: AppEnvironment): App => {
        let last = '';
        return async (request, response) => {
          const { body } = await origin.fetch(requestOf(request));
          response.writeHead(status, { 'x-preview': last }).end(status === 403 ? undefined : body);
          last = body?.toString('base64') ?? last;
        };
      };
      return target(build);
    };
    expect(broken(await run(previewing(200), [OWNER, NEIGHBOUR]))).toEqual(expect.arrayContaining(['KH001']));
    expect(broken(await run(previewing(403), [OWNER, NEIGHBOUR]))).toEqual(['KH001']);
    expect(broken(await run(previewing(403), [OWNER, OWNER]))).toEqual([]);
  });

  it('finds the token of somebody else in a page, and takes no offence at the own one', async () => {
    const shown = (body: Buffer, token: string): string => `<script>S={"token":"${token}"}</script><img src="data:image/x;base64,${body.toString('base64')}">`;
    const own = page((body, token, response) => response.setHeader('content-type', 'text/html').end(shown(body, token)));
    expect(broken(await run(own, [OWNER, NEIGHBOUR]))).toEqual([]);
    let first: string | undefined;
    const shared = page((body, token, response) => response.setHeader('content-type', 'text/html').end(shown(body, (first ??= token))));
    const stage = await run(shared, [OWNER, OWNER, NEIGHBOUR]);
    expect(stage.breaches).toEqual([expect.objectContaining({ property: 'KH007', kind: 'user', call: 2 })]);
  });
});

describe('a stream of pictures without an end', () => {
  const part = (body: Buffer): Buffer =>
    Buffer.concat([Buffer.from(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${body.length}\r\n\r\n`), body, Buffer.from('\r\n')]);
  /** Shows the last part of anybody where it may, and goes on every second until nobody looks any more. */
  const streaming = (isOpen: boolean, over: () => void): Target =>
    target(({ origin, requestOf }) => {
      let last: Buffer | undefined;
      return async (request, response) => {
        const asked = requestOf(request);
        const { body } = await origin.fetch(asked);
        last ??= body ?? undefined;
        const first = body ?? (isOpen ? last : undefined);
        if (first === undefined) return response.writeHead(403).end();
        response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' }).write(part(first));
        const timer = setInterval(() => response.write(part(first)), 1000);
        return response.once('close', () => {
          clearInterval(timer);
          over();
        });
      };
    });

  it('is answered by what comes at once, and hung up on', async () => {
    let over = 0;
    const count = (): void => {
      over++;
    };
    const stage = await run(streaming(false, count), [OWNER, STRANGER, OWNER]);
    expect([ends(stage), broken(stage), over]).toEqual([['answered', 'refused', 'answered'], [], 2]);
    expect(broken(await run(streaming(true, count), [OWNER, STRANGER]))).toEqual(['KH001']);
  });

  it('is read to its end where it has one', async () => {
    const ended = page((body, _token, response) => {
      response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' }).write(part(body));
      setImmediate(() => response.end(`${part(body).toString('latin1')}--frame--`, 'latin1'));
    });
    const world: World = { ...PLAIN_WORLD, templates: [PLAIN_TEMPLATE] };
    const stage = await run(ended, [OWNER], { world });
    expect([ends(stage), broken(stage)]).toEqual([['answered'], []]);
  });
});

describe('a fault of an app', () => {
  it('speaks of build where the app was built', async () => {
    const late = appTarget({ name: 'late', build: async () => () => {} });
    expect(() => late.capabilities).toThrow('build() returns a promise');
    const kept = new Map<string, Buffer>();
    const outside = target(({ origin, requestOf }) => async (request, response) => {
      const body = kept.get(request.url!) ?? (await origin.fetch(requestOf(request))).body!;
      kept.set(request.url!, body);
      response.end(body);
    });
    await run(outside, [OWNER]);
    await expect(run(outside, [OWNER])).rejects.toMatchObject({ remedy: expect.stringContaining('within build()') });
    const hookless = target(async () => () => {}, { hooks: ['restart'] });
    await expect(run(hookless, [OWNER])).rejects.toMatchObject({ remedy: expect.stringContaining('Return restart from build()') });
    const failing = target(
      () => {
        throw new Error('db.open() failed');
      },
      { hooks: [] },
    );
    await expect(run(failing, [OWNER])).rejects.toThrow('the cache could not be opened: Error: db.open() failed');
  });
});
