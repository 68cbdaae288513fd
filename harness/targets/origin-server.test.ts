import { Agent, request as send } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operation, type Operation } from '../../models/domain/operation.ts';
import { tokenOf } from '../../models/domain/token.ts';
import { ANONYMOUS, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import type { Call } from '../../models/origin.ts';
import type { StageCall } from '../run/call.ts';
import { Stage } from '../run/stage.ts';
import { FrameLedger } from './frame-bytes-ledger.ts';
import type { OriginSession } from './origin-server-session.ts';
import { OriginServer } from './origin-server.ts';

const [PLAIN] = PLAIN_WORLD.templates;
const WORLD: World = {
  ...PLAIN_WORLD,
  templates: [PLAIN!, { ...PLAIN!, credential: 'cookie' }, { ...PLAIN!, credential: 'none' }, { ...PLAIN!, tier: 'low', spelling: 'query' }],
};
const DOOR = '/app/cameras/door/snapshot';
const bearer = (user: string): Record<string, string> => ({ authorization: `Bearer ${tokenOf(user)}` });
const agent = new Agent({ keepAlive: true });

interface Got {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: Buffer;
}

let origin: OriginServer;

beforeAll(async () => {
  origin = await OriginServer.start();
});
afterAll(async () => {
  agent.destroy();
  await origin.close();
});

/** Asks the origin as a cache would: with whatever credentials it likes, over any connection. Rejects where the connection breaks. */
function get(path: string, headers: Record<string, string> = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    send({ host: origin.host, port: origin.port, path, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }));
      response.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}

/** A session in which the calls of some operations are in flight, and nobody but the test asks the origin for them. */
function opened(...operations: Operation[]): { stage: Stage; session: OriginSession; ledger: FrameLedger; play: (next: Operation) => void } {
  const stage = new Stage(WORLD, { terms: { told: false }, lifetimes: 'http', properties: [], record: true });
  const ledger = new FrameLedger(stage);
  const session = origin.open(stage, ledger);
  const cache = { ask: (call: Call) => session.enter(call as StageCall), cancel: () => {}, tell: () => {}, close: () => {} };
  const play = (next: Operation): void => stage.play(stage.compile(operation(next)), cache);
  for (const one of operations) play(one);
  return { stage, session, ledger, play };
}

const contacts = (stage: Stage): unknown[] => stage.history!.flatMap((event) => (event.event === 'contact' ? [{ call: event.call, held: event.held }] : []));
const ALICE: Operation = { op: 'request', user: 0, camera: 0, template: 0 };
const BOB: Operation = { op: 'request', user: 1, camera: 0, template: 0 };

describe('the origin on the wire', () => {
  it('gives the frame to whoever the credentials name, and says what may be done with it', async () => {
    const { session, ledger } = opened(ALICE);
    const { status, headers, body } = await get(session.prefix + DOOR, bearer('alice'));
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'cache-control': 'private, max-age=60', 'content-length': String(body.length) });
    expect(Math.abs(Date.parse(String(headers['date'])) - Date.now())).toBeLessThan(5_000);
    expect(ledger.find(body)).toMatchObject({ frames: [{ camera: 0, owner: 0, tier: 'high' }], stray: null });
  });

  it('puts contacts by that may come at once, and lets them in one after the other, that for the oldest call first', async () => {
    const { stage, session } = opened(ALICE, BOB);
    let came = 0;
    session.isGathering = () => true;
    const both = new Promise<void>((resolve) => {
      session.onGathered = () => {
        if (++came === 2) resolve();
      };
    });
    const [bob, alice] = [get(session.prefix + DOOR, bearer('bob')), get(session.prefix + DOOR, bearer('alice'))];
    await both;
    expect(contacts(stage)).toEqual([]);
    expect(session.admitNext()).toBe(true);
    expect(await alice).toMatchObject({ status: 200 });
    expect(contacts(stage)).toEqual([{ call: 0, held: false }]);
    expect(session.admitNext()).toBe(true);
    expect(await bob).toMatchObject({ status: 403 });
    expect(session.admitNext()).toBe(false);
  });

  it('breaks the connection of whom it has put by when the session is over', async () => {
    const { session } = opened(ALICE);
    session.isGathering = () => true;
    const came = new Promise<void>((resolve) => {
      session.onGathered = resolve;
    });
    const alice = get(session.prefix + DOOR, bearer('alice'));
    await came;
    session.close();
    await expect(alice).rejects.toThrow('socket hang up');
  });

  it('refuses who may not see the camera, and turns away what does not exist', async () => {
    const { session } = opened(BOB);
    expect(await get(session.prefix + DOOR, bearer('bob'))).toMatchObject({ status: 403, headers: { 'cache-control': 'no-store' } });
    expect(await get(session.prefix + DOOR)).toMatchObject({ status: 403 });
    expect(await get(session.prefix + DOOR, bearer('eve'))).toMatchObject({ status: 403 });
    expect(await get(`${session.prefix}/app/cameras/cellar/snapshot`, bearer('bob'))).toMatchObject({ status: 404 });
  });

  it('fails as the program says, each time for the call that asked for it', async () => {
    const { session, stage, play } = opened();
    const outcomes = { reply: 200, refuse: 403, error: 502 } as const;
    for (const [outcome, status] of Object.entries(outcomes)) {
      play({ ...ALICE, op: 'begin' });
      const answer = get(session.prefix + DOOR, bearer('alice'));
      await new Promise<void>((resolve) => {
        session.onContact = () => resolve();
      });
      expect(stage.held).toHaveLength(1);
      play({ ...ALICE, op: 'release', outcome: outcome as 'reply' });
      expect(await answer).toMatchObject({ status });
      stage.refused(
        stage.calls.findLast((call) => call.state !== 0)!,
        'refused',
      );
    }
    play({ ...ALICE, op: 'begin' });
    const broken = get(session.prefix + DOOR, bearer('alice'));
    await new Promise<void>((resolve) => {
      session.onContact = () => resolve();
    });
    play({ ...ALICE, op: 'release', outcome: 'drop' });
    await expect(broken).rejects.toThrow(/socket hang up|ECONNRESET/);
  });

  it('finds the call by what is asked and by whom, never by the order or the connection', async () => {
    const { session, stage } = opened(ALICE, BOB, { op: 'request', user: 0, camera: 0, template: 1 }, { op: 'request', user: 0, camera: 0, template: 3 });
    await get(`${session.prefix}/app/snapshot?camera=door&tier=low`, bearer('alice'));
    await get(session.prefix + DOOR, { cookie: `session=${tokenOf('alice')}` });
    await get(session.prefix + DOOR, bearer('bob'));
    await get(session.prefix + DOOR, bearer('alice'));
    expect(contacts(stage).map((contact) => (contact as { call: number }).call)).toEqual([3, 2, 1, 0]);
    expect(session.strays).toBe(0);
  });

  it('gives each of several equal calls a contact of its own', async () => {
    const { session, stage } = opened(ALICE, ALICE);
    await get(session.prefix + DOOR, bearer('alice'));
    await get(session.prefix + DOOR, bearer('alice'));
    expect(contacts(stage)).toEqual([
      { call: 0, held: false },
      { call: 1, held: false },
    ]);
  });

  it('knows a call again whose request was only spelled anew', async () => {
    const { session, stage } = opened(ALICE);
    await get(`${session.prefix}/app/cameras/d%6For/snapshot?`, bearer('alice'));
    expect([contacts(stage), session.strays]).toEqual([[{ call: 0, held: false }], 0]);
  });

  it('answers truthfully for whom a changed request names, as part of the call that waits for the same thing, and counts it', async () => {
    const { session, stage, play } = opened({ ...ALICE, op: 'begin' });
    const stripped = get(session.prefix + DOOR);
    await new Promise<void>((resolve) => {
      session.onContact = () => resolve();
    });
    expect([contacts(stage), session.strays]).toEqual([[{ call: 0, held: true }], 1]);
    play({ ...ALICE, op: 'release', outcome: 'reply' });
    // The cache left out the credentials: the visitor that it speaks for may not see the camera.
    expect(await stripped).toMatchObject({ status: 403 });
  });

  it('answers at once what nobody waits for, under the terms of such a request', async () => {
    const { session, stage } = opened();
    expect(await get(session.prefix + DOOR, bearer('alice'))).toMatchObject({ status: 200, headers: { 'cache-control': 'private, max-age=60' } });
    expect([contacts(stage), session.strays, stage.inFlight]).toEqual([[{ call: -1, held: false }], 1, 0]);
  });

  it('speaks of anonymous visitors as such', async () => {
    const { session, stage, play } = opened();
    play({ op: 'publish', camera: 0 });
    play({ op: 'request', user: ANONYMOUS, camera: 0, template: 2 });
    expect(await get(session.prefix + DOOR)).toMatchObject({ status: 200 });
    expect(contacts(stage)).toEqual([{ call: 0, held: false }]);
  });

  it('turns away what is asked for another session, or for none', async () => {
    const { session: former } = opened(ALICE);
    const { session } = opened(ALICE);
    expect(session.prefix).not.toBe(former.prefix);
    expect((await get(former.prefix + DOOR, bearer('alice'))).status).toBe(410);
    expect((await get(`${session.prefix}x${DOOR}`, bearer('alice'))).status).toBe(410);
    session.close();
    expect((await get(session.prefix + DOOR, bearer('alice'))).status).toBe(410);
  });

  it('answers fences at once, each under a path of its own, for nobody to keep', async () => {
    const [first, second] = [origin.fencePath(), origin.fencePath()];
    expect(first).not.toBe(second);
    expect(await get(first)).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' }, body: Buffer.alloc(0) });
    expect([origin.hasSeen(first), origin.hasSeen(second)]).toEqual([true, false]);
  });

  it('notices requests that are sent over a connection on which another one is unanswered', async () => {
    for (let times = 0; times < 3; times++) await get(origin.fencePath());
    expect(origin.wasPipelined).toBe(false);
    const asking = (): string => `GET ${origin.fencePath()} HTTP/1.1\r\nHost: ${origin.host}\r\n\r\n`;
    const socket = connect(origin.port, origin.host, () => socket.write(asking() + asking()));
    let said = '';
    for await (const chunk of socket) if ((said += String(chunk)).split('HTTP/1.1 200').length === 3) break;
    expect(origin.wasPipelined).toBe(true);
  });

  it('dates what it says by the clock that caches have', async () => {
    origin.clock = { now: () => Date.UTC(2031, 0, 2, 3, 4, 5, 678), advance: () => true };
    const { session } = opened(ALICE);
    expect((await get(session.prefix + DOOR, bearer('alice'))).headers['date']).toBe('Thu, 02 Jan 2031 03:04:05 GMT');
  });
});
