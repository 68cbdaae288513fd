import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { operation, type Operation } from '../../models/domain/operation.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { playAsync } from '../run/run-async.ts';
import { compile } from '../run/run.ts';
import { Stage } from '../run/stage.ts';
import { type ClientSubject, readAnswer } from './client-subject.ts';
import { clientTarget } from './client.ts';
import type { AsyncSession } from './target.ts';

const WORLD: World = {
  ...PLAIN_WORLD,
  templates: [PLAIN_TEMPLATE, { ...PLAIN_TEMPLATE, condition: 'own' }, { ...PLAIN_TEMPLATE, method: 'HEAD' }],
  policies: [{ cacheControl: 'max-age=60', vary: '', validator: true, session: true }],
};
const ask = (user: number, template: number = 0): Operation => operation({ op: 'request', user, camera: 0, template });

/** Plays operations against a client that is made for the test, and returns what its callers received. */
async function run(subject: () => ClientSubject, ...operations: Operation[]): Promise<unknown[]> {
  const target = clientTarget({ name: 'subject', open: subject });
  const stage = new Stage(WORLD, { terms: { told: false }, lifetimes: 'http', properties: PROPERTIES, record: true });
  const session = (await target.open(stage)) as AsyncSession;
  try {
    await playAsync(stage, session, compile(stage, operations));
  } finally {
    await session.close();
    await target.dispose!();
  }
  return stage.history!.flatMap((event) => {
    if (event.event === 'answered') return [`frame to ${event.call}`];
    if (event.event === 'described') return [`told ${event.call} of ${event.frame === null ? 'nothing' : event.frame.camera}`];
    if (event.event === 'header') return [`session of ${event.party} to ${event.call}`];
    if (event.event === 'refused') return [`${event.status} to ${event.call}`];
    return event.event === 'violation' ? [`${event.property}/${event.kind} by ${event.call}`] : [];
  });
}

const plain: ClientSubject = { request: ({ url, method, headers, signal }) => fetch(url, { method, headers, signal }) };

/** Keeps the first answer for everybody. */
function selfish(): ClientSubject {
  let first: Promise<{ status: number; headers: Headers; body: ArrayBuffer }> | null = null;
  return {
    request({ url, headers }) {
      first ??= fetch(url, { headers }).then(async (response) => ({ status: response.status, headers: response.headers, body: await response.arrayBuffer() }));
      return first;
    },
  };
}

describe('a client', () => {
  it('fetches on behalf of each caller, and receives the session that the origin made for him', async () => {
    expect(await run(() => plain, ask(0), ask(1))).toEqual(['session of 0 to 0', 'frame to 0', 'refused to 1']);
  });

  it('is told by 304 and by HEAD about what it does not receive', async () => {
    expect(await run(() => plain, ask(0), ask(0, 1), ask(0, 2))).toEqual([
      'session of 0 to 0',
      'frame to 0',
      'session of 0 to 1',
      'told 1 of 0',
      'session of 0 to 2',
      'told 2 of 0',
    ]);
  });

  it('is found to give one caller the frame and the session of another', async () => {
    expect(await run(selfish, ask(0), ask(1))).toEqual([
      'session of 0 to 0',
      'frame to 0',
      'session of 0 to 1',
      'KH007/user by 1',
      'frame to 1',
      'KH001/stranger by 1',
    ]);
  });

  it('comes to rest while the origin holds an answer back', async () => {
    const held = { user: 0, camera: 0, template: 0 };
    const begin = operation({ op: 'begin', ...held });
    expect(await run(() => plain, begin, ask(1))).toEqual(['refused to 1']);
    expect(await run(() => plain, begin, ask(1), operation({ op: 'release', outcome: 'reply', ...held }))).toEqual([
      'refused to 1',
      'session of 0 to 0',
      'frame to 0',
    ]);
    expect(await run(() => plain, begin, operation({ op: 'cancel', ...held }))).toEqual([]);
  });

  it('that throws at everything is at fault', async () => {
    await expect(run(() => ({ request: () => Promise.reject(new Error('no')) }), ask(0))).rejects.toThrow('every request ended with an error: Error: no');
  });

  it('that gives something else than an answer is at fault', async () => {
    await expect(run(() => ({ request: () => Promise.resolve({ ok: true }) }), ask(0))).rejects.toThrow('request() gave no answer');
  });
});

describe('an answer', () => {
  it('is read as the usual clients give it', async () => {
    const body = Buffer.from([0, 255, 128]);
    const forms = [
      new Response(body, { status: 203, headers: { 'X-One': '1' } }),
      { statusCode: 203, headers: { 'X-One': '1' }, body: { arrayBuffer: () => Promise.resolve(body.buffer.slice(body.byteOffset, body.byteOffset + 3)) } },
      { statusCode: 203, headers: { 'x-one': '1' }, rawBody: body },
      { status: 203, headers: { 'x-one': '1' }, data: body },
      { status: 203, headers: { 'x-one': '1' }, body: body.toString('latin1') },
    ];
    for (const form of forms) {
      const { status, headers, body: read } = await readAnswer(form);
      expect({ status, one: headers['x-one'], read: [...read] }).toEqual({ status: 203, one: '1', read: [0, 255, 128] });
    }
  });

  it('keeps every cookie', async () => {
    const server = createServer((_request, response) => response.setHeader('set-cookie', ['a=1', 'b=2']).end()).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const { headers } = await readAnswer(await fetch(`http://127.0.0.1:${port}`));
    server.close();
    server.closeAllConnections();
    expect(headers['set-cookie']).toEqual(['a=1', 'b=2']);
  });
});
