import { describe, expect, it } from 'vitest';
import { operation, type Operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import type { Call, Notice, Reply, Sink } from '../../models/origin.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { type AsyncSession, TargetFault } from '../targets/target.ts';
import { playAsync } from './run-async.ts';
import { compile } from './run.ts';
import { Stage } from './stage.ts';

const ALICE_DOOR = { user: 0, camera: 0, template: 0 };
const BOB_DOOR = { user: 1, camera: 0, template: 0 };

function stageOf(record = true): Stage {
  return new Stage(PLAIN_WORLD, { terms: { told: true }, lifetimes: 'granted', properties: PROPERTIES, record });
}

/** A session that fetches for every call, and hands everybody what `give` makes of the reply. */
class Fetching implements AsyncSession {
  readonly told: Notice[] = [];
  settled = 0;
  private readonly stage: Stage;
  private readonly give: (call: Call, reply: Reply) => void;

  constructor(stage: Stage, give?: (call: Call, reply: Reply) => void) {
    this.stage = stage;
    this.give = give ?? ((call, reply) => pass(stage, call, reply));
  }

  ask(call: Call): void {
    this.stage.fetch(call, call.request.tier, { resume: (_call, _contact, reply) => this.give(call, reply) }, true);
  }

  cancel(): void {}

  tell(notice: Notice): void {
    this.told.push(notice);
  }

  async settle(): Promise<void> {
    this.settled++;
  }

  close(): void {}
}

function pass(sink: Sink, call: Call, reply: Reply): void {
  if (reply.frame === null) sink.refused(call, reply.status);
  else sink.answered(call, reply.frame, false);
}

function play(stage: Stage, session: AsyncSession, ...operations: Operation[]): Promise<void> {
  return playAsync(stage, session, compile(stage, operations.map(operation)));
}

describe('playAsync', () => {
  it('waits for rest after each step that the session has a part in', async () => {
    const stage = stageOf();
    const session = new Fetching(stage);
    await play(stage, session, { op: 'request', ...ALICE_DOOR }, { op: 'capture', camera: 0 }, { op: 'share', camera: 0, user: 1 });
    expect(session.settled).toBe(2);
    expect(stage.inFlight).toBe(0);
  });

  it('waits only for what does not come to rest by itself, where a session can tell', async () => {
    const stage = stageOf();
    const session = new Fetching(stage);
    const quick: AsyncSession = Object.assign(session, {
      whenDrained: (then: () => void) => void Promise.resolve().then(then),
      isSettled: () => stage.now() === 0,
    });
    await play(stage, quick, { op: 'request', ...ALICE_DOOR }, { op: 'share', camera: 0, user: 1 });
    expect(session.settled).toBe(0);
    const advance: Operation = { op: 'advance', by: 1000 };
    await play(stage, quick, { op: 'capture', camera: 0 }, { op: 'request', ...ALICE_DOOR }, advance, advance, { op: 'capture', camera: 0 });
    expect(session.settled).toBe(2);
    expect(stage.history!.filter(({ event }) => event === 'operation')).toHaveLength(5);
  });

  it('passes on what is thrown in the middle of it', async () => {
    const stage = stageOf();
    const session = Object.assign(new Fetching(stage), { whenDrained: (then: () => void) => void Promise.resolve().then(then), isSettled: () => true });
    session.tell = () => {
      throw new RangeError('told too much');
    };
    await expect(play(stage, session, { op: 'request', ...ALICE_DOOR }, { op: 'share', camera: 0, user: 1 })).rejects.toThrow('told too much');
  });

  it('judges what is answered within the program', async () => {
    const stage = stageOf();
    await play(stage, new Fetching(stage), { op: 'begin', ...BOB_DOOR }, { op: 'release', outcome: 'reply', ...BOB_DOOR });
    expect(stage.breaches.map((breach) => breach.property)).toEqual(['KH001']);
  });

  it('lets go of what is still held at the end, without judging or recording it', async () => {
    const stage = stageOf();
    const before = Array.from(stage.situations);
    await play(stage, new Fetching(stage), { op: 'begin', ...BOB_DOOR });
    expect([stage.inFlight, stage.held.length, stage.breaches]).toEqual([0, 0, []]);
    expect(stage.history!.map(({ event }) => event)).toEqual(['operation', 'asked', 'contact']);
    expect(Array.from(stage.situations)).toEqual(before);
  });

  it('lets go of what is held for callers who are gone', async () => {
    const stage = stageOf();
    const given: Call[] = [];
    await play(stage, new Fetching(stage, (call) => given.push(call)), { op: 'begin', ...BOB_DOOR }, { op: 'cancel', ...BOB_DOOR });
    expect(given).toHaveLength(1);
    expect(stage.held).toHaveLength(0);
  });

  it('lets time pass, a second at a time, for calls that do not wait for the origin', async () => {
    const stage = stageOf();
    const waiting: (() => void)[] = [];
    const session = new Fetching(stage, (call, reply) => {
      const copy = { ...reply };
      waiting.push(() => pass(stage, call, copy));
    });
    session.settle = async () => {
      if (session.told.length === 3) for (const answer of waiting.splice(0)) answer();
    };
    await play(stage, session, { op: 'request', ...ALICE_DOOR });
    expect(session.told.map(({ kind, by }) => `${kind} ${by}`)).toEqual(['advance 1000', 'advance 1000', 'advance 1000']);
    expect([stage.now(), stage.inFlight]).toEqual([3000, 0]);
  });

  it('leaves alone what was left in flight and waits inside the cache, where requests come together', async () => {
    const toldOf = async (together: boolean): Promise<string[]> => {
      const stage = new Stage(
        { ...PLAIN_WORLD, ...(together ? { together } : {}) },
        { terms: { told: true }, lifetimes: 'granted', properties: PROPERTIES, record: true },
      );
      const waiting: (() => void)[] = [];
      const session = new Fetching(stage);
      const { ask } = session;
      // It looks into a store of its own first, which takes its time.
      session.ask = (call) => void waiting.push(() => ask.call(session, call));
      session.settle = async () => {
        if (session.told.at(-1)?.kind === 'advance') for (const look of waiting.splice(0)) look();
      };
      await play(stage, session, { op: 'begin', ...ALICE_DOOR }, { op: 'unshare', camera: 0, user: 1 }, { op: 'release', outcome: 'reply', ...ALICE_DOOR });
      return session.told.map(({ kind }) => kind);
    };
    expect(await toldOf(false)).toEqual(['advance', 'unshare']);
    expect(await toldOf(true)).toEqual(['unshare', 'advance']);
  });

  it('lets as much time pass as is needed where one call after the other is let through', async () => {
    const stage = stageOf();
    const locked: Call[] = [];
    const session = new Fetching(stage);
    const { ask } = session;
    session.ask = (call) => (stage.held.length > 0 ? void locked.push(call) : ask.call(session, call));
    session.tell = () => stage.refused(locked.shift()!, 'refused');
    const waiting = Array.from({ length: 8 }, (): Operation => ({ op: 'request', ...BOB_DOOR }));
    await play(stage, session, { op: 'begin', ...ALICE_DOOR }, ...waiting, { op: 'release', outcome: 'reply', ...ALICE_DOOR });
    expect([stage.now(), stage.inFlight]).toEqual([8000, 0]);
  });

  it('does not take a call for stranded that waits for another one, which the origin holds back', async () => {
    const stage = stageOf();
    const joined: Call[] = [];
    const session = new Fetching(stage, (call, reply) => {
      for (const waiter of [call, ...joined]) pass(stage, waiter, reply);
    });
    const { ask } = session;
    session.ask = (call) => (stage.held.length > 0 ? void joined.push(call) : ask.call(session, call));
    await play(stage, session, { op: 'begin', ...ALICE_DOOR }, { op: 'request', ...ALICE_DOOR }, { op: 'release', outcome: 'reply', ...ALICE_DOOR });
    expect(session.told).toEqual([]);
    expect(stage.history!.filter(({ event }) => event === 'answered')).toHaveLength(2);
  });

  it('faults a target that never answers, and says what was asked', async () => {
    const stage = stageOf();
    const silent = new Fetching(stage, () => {});
    const playing = play(stage, silent, { op: 'request', ...BOB_DOOR });
    await expect(playing).rejects.toThrow(/^stranded: "bob" asked for camera "door" \(high, app\) and was never answered/);
    await expect(playing).rejects.toBeInstanceOf(TargetFault);
    expect(silent.told).toHaveLength(5);
  });

  it('gives real time, where a session can, before it faults a target that is only slow', async () => {
    const stage = stageOf();
    const late: (() => void)[] = [];
    let lingered = 0;
    const slow = Object.assign(new Fetching(stage, (call, { ...reply }) => void late.push(() => pass(stage, call, reply))), {
      linger: async (): Promise<boolean> => {
        if (++lingered === 2) late.pop()!();
        return true;
      },
    });
    await play(stage, slow, { op: 'request', ...BOB_DOOR });
    expect([lingered, stage.inFlight]).toEqual([2, 0]);
    const silent = Object.assign(new Fetching(stage, () => {}), { linger: async (): Promise<boolean> => ++lingered < 100 });
    await expect(play(stage, silent, { op: 'request', ...BOB_DOOR })).rejects.toThrow('stranded');
  });

  it('faults a target that never answers what is let go at the end', async () => {
    const stage = stageOf();
    await expect(play(stage, new Fetching(stage, () => {}), { op: 'begin', ...BOB_DOOR })).rejects.toThrow('stranded');
  });

  it('faults a target that goes back to the origin for ever', async () => {
    const stage = stageOf();
    const session: Fetching = new Fetching(stage, (call) => session.ask(call));
    await expect(play(stage, session, { op: 'begin', ...BOB_DOOR })).rejects.toThrow('went back to the origin 100 times');
  });

  it('begins anew each time', async () => {
    const stage = stageOf();
    const session = new Fetching(stage);
    await play(stage, session, { op: 'request', ...BOB_DOOR });
    await play(stage, session, { op: 'request', ...ALICE_DOOR });
    expect(stage.breaches).toEqual([]);
    expect(stage.history!.map(({ event }) => event)).toEqual(['operation', 'asked', 'contact', 'origin', 'answered']);
  });
});
