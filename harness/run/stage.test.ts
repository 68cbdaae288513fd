import { describe, expect, it } from 'vitest';
import type { MarkedFrame } from '../../models/domain/authority.ts';
import type { HistoryEvent } from '../../models/domain/history.ts';
import { type Operation, operation, type Outcome } from '../../models/domain/operation.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import type { Call, Contact, Reply, Session } from '../../models/origin.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { randomRuns } from '../search/random-runs.laws.ts';
import { PLANTED_FAULTS } from '../targets/planted-faults.laws.ts';
import { Lab } from './lab.ts';
import { compile, play } from './run.ts';
import { Stage } from './stage.ts';

const ALICE = 0;
const BOB = 1;
const DOOR = 0;
const YARD = 1;
const WORLD: World = { ...PLAIN_WORLD, templates: [PLAIN_TEMPLATE, { ...PLAIN_TEMPLATE, tier: 'low' }] };

const ask = (user: number, camera: number, template: number = 0): Operation => operation({ op: 'request', user, camera, template });
const begin = (user: number, camera: number, template: number = 0): Operation => operation({ op: 'begin', user, camera, template });
const cancel = (user: number, camera: number): Operation => operation({ op: 'cancel', user, camera, template: 0 });
const release = (user: number, camera: number, outcome: Outcome = 'reply', template: number = 0): Operation =>
  operation({ op: 'release', user, camera, template, outcome });
const share = operation({ op: 'share', camera: DOOR, user: BOB });
const unshare = operation({ op: 'unshare', camera: DOOR, user: BOB });
const advance = (by: number): Operation => operation({ op: 'advance', by });
const capture = operation({ op: 'capture', camera: DOOR });

/** Passes everything on to the origin, asks twice where told to, and writes down what it was told. */
class Recorder implements Session {
  readonly heard: string[] = [];
  private readonly stage: Stage;
  private readonly asksTwice: boolean;

  constructor(stage: Stage, asksTwice: boolean) {
    this.stage = stage;
    this.asksTwice = asksTwice;
  }

  ask(call: Call): void {
    this.heard.push(`ask ${call.request.user} ${call.request.camera}`);
    if (this.asksTwice) this.stage.authorise(call, this);
    else this.stage.fetch(call, call.request.tier, this);
  }

  resume(call: Call, contact: Contact, reply: Reply): void {
    const { status, epoch, lifetimeMs } = reply;
    this.heard.push(`${contact} ${status}`);
    if (contact === 'authorise' && status === 'ok') {
      this.stage.fetch(call, call.request.tier, this);
      // The reply stays valid until the handler returns, whatever was answered meanwhile.
      this.heard.push(`still ${reply.status} ${reply.frame === null} ${reply.epoch === epoch} ${reply.lifetimeMs === lifetimeMs}`);
    } else if (status === 'ok') this.stage.answered(call, reply.frame as MarkedFrame, false);
    else this.stage.refused(call, status);
  }

  cancel(call: Call): void {
    this.heard.push(`cancel ${call.request.user}`);
  }

  tell(notice: { kind: string }): void {
    this.heard.push(notice.kind);
  }

  close(): void {}
}

function open(asksTwice: boolean = false): { stage: Stage; session: Recorder } {
  const stage = new Stage(WORLD, { terms: { told: true }, lifetimes: 'granted', properties: PROPERTIES, record: true });
  return { stage, session: new Recorder(stage, asksTwice) };
}

function told(operations: readonly Operation[], asksTwice: boolean = false): { stage: Stage; heard: readonly string[]; history: readonly HistoryEvent[] } {
  const { stage, session } = open(asksTwice);
  play(stage, session, compile(stage, operations));
  return { stage, heard: session.heard, history: stage.history! };
}

const eventsOf = <E extends HistoryEvent['event']>(history: readonly HistoryEvent[], event: E): Extract<HistoryEvent, { event: E }>[] =>
  history.filter((other): other is Extract<HistoryEvent, { event: E }> => other.event === event);

describe('the origin on a stage', () => {
  it('gives out frames that say whose they are', () => {
    const { history } = told([
      ask(ALICE, DOOR),
      capture,
      ask(ALICE, DOOR, 1),
      operation({ op: 'transfer', camera: DOOR, user: BOB }),
      ask(BOB, DOOR),
      ask(BOB, YARD),
    ]);
    expect(eventsOf(history, 'answered').map((event) => event.frame)).toEqual([
      { camera: DOOR, epoch: 0, owner: ALICE, sequence: 0, tier: 'high', copy: 0 },
      { camera: DOOR, epoch: 0, owner: ALICE, sequence: 1, tier: 'low', copy: 1 },
      { camera: DOOR, epoch: 1, owner: BOB, sequence: 0, tier: 'high', copy: 2 },
      { camera: YARD, epoch: 0, owner: BOB, sequence: 0, tier: 'high', copy: 3 },
    ]);
  });

  it('refuses those who may not see the camera', () => {
    expect(told([ask(BOB, DOOR)]).heard).toEqual(['ask bob door', 'fetch refused']);
    expect(told([ask(BOB, DOOR)], true).heard).toEqual(['ask bob door', 'authorise refused']);
  });

  it('may be asked anew while it answers, and what it said stays as it was', () => {
    expect(told([ask(ALICE, DOOR)], true).heard).toEqual(['ask alice door', 'authorise ok', 'fetch ok', 'still ok true true true']);
  });

  it('holds back what was begun, and answers what it decided when it was asked', () => {
    const { heard, history } = told([share, begin(BOB, DOOR), unshare, release(BOB, DOOR)]);
    expect(heard).toEqual(['share', 'ask bob door', 'unshare', 'fetch ok']);
    expect(eventsOf(history, 'contact')).toMatchObject([{ at: 2, held: true }]);
    expect(eventsOf(history, 'origin')).toMatchObject([{ at: 4, status: 'ok' }]);
    expect(told([begin(BOB, DOOR), share, release(BOB, DOOR)]).heard.at(-1)).toBe('fetch refused');
  });

  it('holds back every contact of such a call', () => {
    expect(told([begin(ALICE, DOOR), release(ALICE, DOOR)], true).heard).toEqual(['ask alice door', 'authorise ok', 'still ok true true true']);
    expect(told([begin(ALICE, DOOR), release(ALICE, DOOR), release(ALICE, DOOR)], true).heard.at(-1)).toBe('fetch ok');
  });

  it.each<[Outcome, string]>([
    ['refuse', 'refused'],
    ['error', 'error'],
    ['drop', 'dropped'],
  ])('can %s instead, and then gives no frame', (outcome, status) => {
    const { stage, heard, history } = told([begin(ALICE, DOOR), release(ALICE, DOOR, outcome)]);
    expect(heard.at(-1)).toBe(`fetch ${status}`);
    expect(eventsOf(history, 'refused')).toMatchObject([{ at: 2, call: 0, status }]);
    expect(stage.inFlight).toBe(0);
  });

  it('answers the oldest contact for what was asked, and nothing where there is none', () => {
    const { history } = told([
      begin(ALICE, DOOR),
      begin(BOB, YARD),
      begin(ALICE, DOOR),
      release(BOB, DOOR),
      release(ALICE, DOOR, 'reply', 1),
      release(ALICE, DOOR),
      release(BOB, YARD),
    ]);
    expect(eventsOf(history, 'answered').map(({ at, call }) => [at, call])).toEqual([
      [6, 0],
      [7, 1],
    ]);
  });

  it('goes on when the caller has left, and nobody hears the answer', () => {
    const { heard, history, stage } = told([begin(ALICE, DOOR), cancel(ALICE, DOOR), cancel(ALICE, DOOR), release(ALICE, DOOR)]);
    expect(heard).toEqual(['ask alice door', 'cancel alice', 'fetch ok']);
    expect([eventsOf(history, 'cancelled').length, eventsOf(history, 'answered').length, stage.inFlight]).toEqual([1, 0, 0]);
  });

  it('tells the cache of everything but captures and calls', () => {
    const notices = [
      share,
      unshare,
      operation({ op: 'publish', camera: DOOR }),
      operation({ op: 'unpublish', camera: DOOR }),
      operation({ op: 'recreate', camera: DOOR }),
    ];
    const others = [operation({ op: 'purge', camera: DOOR }), operation({ op: 'restart' }), operation({ op: 'reconfigure', to: 0 }), advance(5)];
    expect(told([capture, ...notices, ...others]).heard).toEqual([
      'share',
      'unshare',
      'publish',
      'unpublish',
      'recreate',
      'purge',
      'restart',
      'reconfigure',
      'advance',
    ]);
  });
});

describe('a stage', () => {
  it('counts operations from 1 and lets time pass only by them', () => {
    const { stage, history } = told([ask(ALICE, DOOR), advance(1500), ask(ALICE, DOOR)]);
    expect(eventsOf(history, 'asked').map(({ at, ms }) => [at, ms])).toEqual([
      [1, 0],
      [3, 1500],
    ]);
    expect(stage.now()).toBe(1500);
    stage.elapse(500);
    expect(stage.now()).toBe(2000);
  });

  it('counts a call that is answered twice as answered once', () => {
    const { stage, session } = open();
    play(stage, session, compile(stage, [ask(ALICE, DOOR)]));
    const before = stage.history!.length;
    stage.answered(stage.calls[0]!, stage.frameOf(0)!, false);
    stage.refused(stage.calls[0]!, 'error');
    expect([stage.inFlight, stage.history!.length]).toEqual([0, before]);
  });

  it('knows the copies that it gave out in this run, and no others', () => {
    const { stage, session } = open();
    play(stage, session, compile(stage, [ask(ALICE, DOOR), ask(BOB, YARD)]));
    expect([stage.frameOf(0)?.camera, stage.frameOf(1)?.camera, stage.frameOf(2)]).toEqual([DOOR, YARD, undefined]);
    stage.reset();
    expect(stage.frameOf(0)).toBeUndefined();
  });

  it('moves with everything that happens, and stands still otherwise', () => {
    const { stage, session } = open();
    const activities: number[] = [];
    for (const letter of [share, begin(ALICE, DOOR), capture, release(BOB, DOOR), release(ALICE, DOOR)]) {
      stage.play(stage.compile(letter), session);
      activities.push(stage.activity);
    }
    expect(activities.map((activity, index) => activity > (activities[index - 1] ?? 0))).toEqual([false, true, false, false, true]);
  });

  it('lets everything go at the end, and judges none of it', () => {
    const { stage, session } = open();
    for (const letter of [begin(ALICE, DOOR), begin(BOB, YARD)]) stage.play(stage.compile(letter), session);
    const { length } = stage.history!;
    stage.finish();
    expect(stage.releaseAll()).toBe(2);
    expect([stage.inFlight, stage.held.length, stage.releaseAll()]).toEqual([0, 0, 0]);
    stage.answered(stage.calls[0]!, stage.frameOf(1)!, false);
    expect(stage.breaches).toEqual([]);
    expect(eventsOf(stage.history!.slice(length), 'answered')).toEqual([]);
  });

  it('makes one step of one operation', () => {
    const { stage } = open();
    const letter = ask(ALICE, DOOR);
    expect(stage.compile(letter)).toBe(stage.compile(letter));
  });

  it('says each shape once, at the first answer that has it, and in the history too', () => {
    const fault = PLANTED_FAULTS.find(({ target }) => target.name === 'rights-checked-on-a-miss-only')!;
    const lab = new Lab(fault.target, PROPERTIES);
    const stage = lab.stage(WORLD, true);
    expect(lab.run(stage, compile(stage, [ask(ALICE, DOOR), ask(BOB, DOOR), ask(BOB, DOOR)]), 3)).toBeUndefined();
    expect(stage.breaches).toEqual([{ property: 'KH001', kind: 'stranger', instant: 2, call: 1 }]);
    expect(eventsOf(stage.history!, 'violation')).toEqual([{ at: 2, ms: 0, event: 'violation', call: 1, property: 'KH001', kind: 'stranger' }]);
  });
});

describe('a stage that is used again', () => {
  it.each(PLANTED_FAULTS.map(({ target }) => [target.name, target] as const))('says of each program what a new one says: %s', (_name, target) => {
    const lab = new Lab(target, PROPERTIES);
    let programs = 0;
    randomRuns(lab, { seed: 4, operations: 1_500 }, ({ stage, steps, length }) => {
      if (++programs % 5 > 0) return;
      const used = [...stage.breaches];
      const fresh = lab.stage(stage.world, true);
      expect(
        lab.run(
          fresh,
          compile(
            fresh,
            steps.slice(0, length).map((step) => step.operation),
          ),
          length,
        ),
      ).toBeUndefined();
      expect(fresh.breaches).toEqual(used);
    });
    expect(programs).toBeGreaterThan(40);
  });
});

describe('what the origin says of a caller', () => {
  const untold = (unchecked: boolean, operations: readonly Operation[]): number => {
    const stage = new Stage(WORLD, { terms: { told: false }, lifetimes: 'granted', properties: [], record: false });
    const resume = (call: Call, _contact: Contact, { frame }: Reply): void => stage.answered(call, frame as MarkedFrame, false);
    const session: Session = { ask: (call) => stage.fetch(call, 'high', { resume }, unchecked), cancel: () => {}, tell: () => {}, close: () => {} };
    play(stage, session, compile(stage, operations));
    return stage.authority.mayBeTakenUntilMs(ALICE, DOOR);
  };
  const atOnce = [ask(ALICE, DOOR)];
  const heldBack = [begin(ALICE, DOOR), advance(1000), release(ALICE, DOOR)];

  it('may be taken for true for as long as the answer in which it does, from when it was given', () => {
    expect(untold(false, atOnce)).toBe(60_000);
    expect(untold(false, heldBack)).toBe(61_000);
  });

  it("is nothing where it is asked with the service's own credential", () => {
    expect(untold(true, atOnce)).toBe(-1);
    expect(untold(true, heldBack)).toBe(-1);
  });
});
