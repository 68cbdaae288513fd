import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { operation, type Operation } from '../../models/domain/operation.ts';
import { ANONYMOUS, PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { playAsync } from '../run/run-async.ts';
import { compile } from '../run/run.ts';
import { type Breach, Stage } from '../run/stage.ts';
import { cookiesIn, cookiesOfSessions } from './app-cookies.ts';
import { type App, type AppEnvironment, appTarget } from './app.ts';
import type { AsyncSession, Target } from './target.ts';

const WORLD: World = { ...PLAIN_WORLD, users: ['alice', 'bob', 'carol'], templates: [PLAIN_TEMPLATE, { ...PLAIN_TEMPLATE, credential: 'none' }] };
const SHARE: Operation = { op: 'share', camera: 0, user: 1 };
const PUBLISH: Operation = { op: 'publish', camera: 0 };
const ask = (user: number): Operation => ({ op: 'request', user, camera: 0, template: user === ANONYMOUS ? 1 : 0 });

const targets: Target[] = [];
afterAll(async () => {
  for (const made of targets) await made.dispose?.();
});

/** An app that keeps whole answers by camera, asks about each caller, and gives this cookie to each whom it answers anew. `keepsCookies`: with the answer. */
function cookieApp(cookie: (user: string) => string, keepsCookies = true) {
  return ({ origin, requestOf }: AppEnvironment): App => {
    const kept = new Map<string, { body: Buffer; headers: Record<string, string> }>();
    return async (incoming, response) => {
      const request = requestOf(incoming);
      const { allowed } = await origin.authorise(request);
      if (!allowed) return void response.writeHead(403).end();
      const known = kept.get(request.camera);
      if (known !== undefined) return void response.writeHead(200, known.headers).end(known.body);
      const { status, body } = await origin.fetch(request);
      if (body === null) return void response.writeHead(status).end();
      const headers = { 'set-cookie': `sid=${cookie(request.user)}; Path=/; HttpOnly` };
      kept.set(request.camera, { body, headers: keepsCookies ? headers : {} });
      response.writeHead(200, headers).end(body);
    };
  };
}

async function breachesOf(build: (env: AppEnvironment) => App, operations: readonly Operation[]): Promise<readonly Breach[]> {
  const target = appTarget({ name: 'app', build });
  targets.push(target);
  const { told, lifetimes } = target.capabilities;
  const stage = new Stage(WORLD, { terms: { told }, lifetimes, properties: PROPERTIES, record: true });
  const session = (await target.open(stage)) as AsyncSession;
  try {
    await playAsync(stage, session, compile(stage, operations.map(operation)));
  } finally {
    await session.close();
  }
  return stage.breaches;
}

describe('the session cookies of an app', () => {
  it('reach nobody else, however the app makes them', async () => {
    const ways: ((user: string) => string)[] = [
      () => randomUUID(),
      // oxlint-disable-next-line eslint/no-restricted-properties -- As many make them up.
      () => Math.random().toString(36).slice(2),
      (user) => createHmac('sha256', 'secret').update(user).digest('base64url'),
    ];
    for (const cookie of ways) {
      expect(await breachesOf(cookieApp(cookie), [SHARE, ask(0), ask(1)])).toMatchObject([{ property: 'KH007', kind: 'user', instant: 3 }]);
      expect(await breachesOf(cookieApp(cookie), [SHARE, ask(0), ask(0)])).toEqual([]);
      expect(await breachesOf(cookieApp(cookie, false), [SHARE, ask(0), ask(1)])).toEqual([]);
    }
  });

  it('of a visitor reach no other visitor', async () => {
    expect(
      await breachesOf(
        cookieApp(() => randomUUID()),
        [PUBLISH, ask(ANONYMOUS), ask(ANONYMOUS)],
      ),
    ).toMatchObject([{ property: 'KH007', kind: 'visitor', instant: 3 }]);
    expect(
      await breachesOf(
        cookieApp(() => randomUUID(), false),
        [PUBLISH, ask(ANONYMOUS), ask(ANONYMOUS)],
      ),
    ).toEqual([]);
  });

  it('are none where all callers are given the same, or a setting', async () => {
    for (const value of ['build-2026-11-23-a1b2c3d4', 'dark', new Date(0).toISOString()])
      expect(
        await breachesOf(
          cookieApp(() => value),
          [SHARE, ask(0), ask(1)],
        ),
      ).toEqual([]);
    // What names an app, or the machine that it runs on, is another one each time it is built.
    const instance = (env: AppEnvironment): App => {
      const name = randomUUID();
      return cookieApp(() => name)(env);
    };
    expect(await breachesOf(instance, [SHARE, ask(0), ask(1)])).toEqual([]);
  });
});

describe('cookiesOfSessions', () => {
  it('are those that differ in every answer', () => {
    const answer = (...cookies: string[]): { 'set-cookie': string[] } => ({ 'set-cookie': cookies });
    expect([...cookiesOfSessions([answer('a=12345678', 'b=same-value'), answer('b=same-value', 'a=12345679; Path=/')])]).toEqual(['a']);
    expect([...cookiesOfSessions([answer('a=12345678'), answer('a=12345679'), answer('a=12345678')])]).toEqual([]);
    expect([...cookiesOfSessions([answer('a=12345678'), answer()])]).toEqual([]);
    expect([...cookiesOfSessions([])]).toEqual([]);
  });

  it('reads nothing into what is no pair, or too short to be a session', () => {
    expect(cookiesIn({ 'set-cookie': ['=12345678', 'sid', 'sid=1; Max-Age=12345678', 'sid= s3cret-s3cret ;Secure'] })).toEqual([['sid', 's3cret-s3cret']]);
    expect(cookiesIn({})).toEqual([]);
  });
});
