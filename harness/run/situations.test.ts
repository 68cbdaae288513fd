import { describe, expect, it } from 'vitest';
import { type Operation, operation, type Outcome } from '../../models/domain/operation.ts';
import { type Situation, SITUATION_MEANING, SITUATIONS } from '../../models/domain/situation.ts';
import { ANONYMOUS, PLAIN_TEMPLATE, PLAIN_WORLD, PRIVATE, type World } from '../../models/domain/world.ts';
import { NO_PARTY } from '../../models/origin.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { modelTarget } from '../targets/model.ts';
import { REFERENCE_MODELS } from '../targets/reference.ts';
import { Lab } from './lab.ts';
import { compile } from './run.ts';
import { addTally, newTally, place, tallyByName } from './situations.ts';

const ALICE = 0;
const BOB = 1;
const CAROL = 2;
const DOOR = 0;
const YARD = 1;
const LOW = 1;
const HUB = 2;
const VISITOR = 3;
const HEAD = 4;

const WORLD: World = {
  ...PLAIN_WORLD,
  users: ['alice', 'bob', 'carol'],
  templates: [
    PLAIN_TEMPLATE,
    { ...PLAIN_TEMPLATE, tier: 'low' },
    { ...PLAIN_TEMPLATE, channel: 'hub' },
    { ...PLAIN_TEMPLATE, credential: 'none' },
    { ...PLAIN_TEMPLATE, method: 'HEAD' },
  ],
  policies: [{ ...PRIVATE, session: true }],
  capacity: 2,
};

const ask = (user: number, camera: number, template: number = 0): Operation => operation({ op: 'request', user, camera, template });
const begin = (user: number, camera: number): Operation => operation({ op: 'begin', user, camera, template: 0 });
const release = (user: number, camera: number, outcome: Outcome = 'reply'): Operation => operation({ op: 'release', user, camera, template: 0, outcome });
const share = (camera: number, user: number): Operation => operation({ op: 'share', camera, user });
const unshare = (camera: number, user: number): Operation => operation({ op: 'unshare', camera, user });
const transfer = (camera: number, user: number): Operation => operation({ op: 'transfer', camera, user });
const advance = (by: number): Operation => operation({ op: 'advance', by });
const disable = operation({ op: 'disable', channel: 'hub' });
const restart = operation({ op: 'restart' });
const reconfigure = operation({ op: 'reconfigure', to: 0 });
const { lifetimeMs } = WORLD;

interface Story {
  /** Programs in which it occurs once. */
  readonly once: readonly (readonly Operation[])[];
  /** Programs that come close. */
  readonly never: readonly (readonly Operation[])[];
}

/** Each situation: the compiler sees to it that none is left out. */
const STORIES: Readonly<Record<Situation, Story>> = {
  'frame-received': { once: [[ask(ALICE, DOOR)]], never: [[ask(BOB, DOOR)], [begin(ALICE, DOOR)]] },
  refused: { once: [[ask(BOB, DOOR)], [begin(ALICE, DOOR), release(ALICE, DOOR, 'error')]], never: [[ask(ALICE, DOOR)], [begin(BOB, DOOR)]] },
  hit: {
    once: [[ask(ALICE, DOOR), ask(ALICE, DOOR)]],
    never: [
      [ask(ALICE, DOOR), advance(lifetimeMs), ask(ALICE, DOOR)],
      [ask(ALICE, DOOR), ask(BOB, DOOR)],
    ],
  },
  joined: {
    once: [[begin(ALICE, DOOR), ask(ALICE, DOOR), release(ALICE, DOOR)]],
    never: [
      [ask(ALICE, DOOR), ask(ALICE, DOOR)],
      [begin(ALICE, DOOR), ask(BOB, DOOR), release(ALICE, DOOR)],
      [begin(ALICE, DOOR), ask(ALICE, DOOR)],
    ],
  },
  'foreign-read-after-fill': {
    once: [
      [ask(ALICE, DOOR), ask(BOB, DOOR)],
      [share(DOOR, BOB), ask(ALICE, DOOR), unshare(DOOR, BOB), ask(BOB, DOOR)],
    ],
    never: [
      [ask(BOB, DOOR), ask(ALICE, DOOR)],
      [share(DOOR, BOB), ask(ALICE, DOOR), ask(BOB, DOOR)],
      [ask(ALICE, DOOR), ask(CAROL, YARD)],
      [ask(ALICE, DOOR), ask(BOB, DOOR, LOW)],
    ],
  },
  'shared-read-after-fill': {
    once: [
      [share(DOOR, BOB), ask(ALICE, DOOR), ask(BOB, DOOR)],
      [operation({ op: 'publish', camera: DOOR }), ask(ALICE, DOOR), ask(BOB, DOOR)],
    ],
    never: [
      [ask(ALICE, DOOR), ask(BOB, DOOR)],
      [ask(ALICE, DOOR), ask(ALICE, DOOR)],
    ],
  },
  'same-read-again': {
    once: [[ask(ALICE, DOOR), ask(ALICE, DOOR)]],
    never: [
      [ask(ALICE, DOOR), ask(ALICE, DOOR, LOW)],
      [ask(BOB, DOOR), ask(BOB, DOOR)],
    ],
  },
  'other-tier-after-fill': {
    once: [
      [ask(ALICE, DOOR), ask(ALICE, DOOR, LOW)],
      [ask(ALICE, DOOR, LOW), ask(BOB, DOOR)],
    ],
    never: [[ask(ALICE, DOOR), ask(BOB, YARD, LOW)]],
  },
  'anonymous-read-after-fill': {
    once: [[ask(ALICE, DOOR), ask(ANONYMOUS, DOOR, VISITOR)]],
    never: [[ask(ANONYMOUS, DOOR, VISITOR)], [ask(ALICE, DOOR), ask(BOB, DOOR)]],
  },
  'read-after-unshare': {
    once: [[share(DOOR, BOB), ask(BOB, DOOR), unshare(DOOR, BOB), ask(BOB, DOOR)]],
    never: [
      [ask(ALICE, DOOR), unshare(DOOR, BOB), ask(BOB, DOOR)],
      [share(DOOR, BOB), ask(BOB, DOOR), ask(BOB, DOOR)],
    ],
  },
  'read-after-change-of-owner': {
    once: [
      [ask(ALICE, DOOR), transfer(DOOR, BOB), ask(BOB, DOOR)],
      [ask(ALICE, DOOR), operation({ op: 'recreate', camera: DOOR }), ask(ALICE, DOOR)],
    ],
    never: [
      [transfer(DOOR, BOB), ask(BOB, DOOR), ask(ALICE, DOOR)],
      [ask(ALICE, DOOR), transfer(DOOR, ALICE), ask(ALICE, DOOR)],
    ],
  },
  'read-after-expiry': {
    once: [[ask(ALICE, DOOR), advance(lifetimeMs + 1), ask(ALICE, DOOR)]],
    never: [[ask(ALICE, DOOR), advance(lifetimeMs), ask(ALICE, DOOR)]],
  },
  'refetch-while-fresh': {
    once: [[ask(ALICE, DOOR), restart, ask(ALICE, DOOR)]],
    never: [
      [ask(ALICE, DOOR), ask(ALICE, DOOR)],
      [ask(ALICE, DOOR), restart, advance(lifetimeMs), ask(ALICE, DOOR)],
    ],
  },
  'more-keys-than-capacity': {
    once: [[ask(ALICE, DOOR), ask(ALICE, DOOR, LOW), ask(BOB, YARD)]],
    never: [[ask(ALICE, DOOR), ask(ALICE, DOOR, LOW), ask(ALICE, DOOR), ask(BOB, DOOR)]],
  },
  'read-through-closed-channel': {
    once: [
      [disable, ask(ALICE, DOOR, HUB)],
      [operation({ op: 'unlink', user: ALICE, channel: 'hub' }), ask(ALICE, DOOR, HUB)],
    ],
    never: [
      [disable, ask(ALICE, DOOR)],
      [disable, operation({ op: 'enable', channel: 'hub' }), ask(ALICE, DOOR, HUB)],
      [operation({ op: 'unlink', user: BOB, channel: 'hub' }), ask(ALICE, DOOR, HUB)],
    ],
  },
  'read-after-reconfigure': {
    once: [[ask(ALICE, DOOR), reconfigure, ask(ALICE, DOOR)]],
    never: [
      [reconfigure, ask(ALICE, DOOR)],
      [ask(ALICE, DOOR), reconfigure, ask(BOB, YARD)],
    ],
  },
  'read-after-restart': {
    once: [[ask(ALICE, DOOR), restart, ask(ALICE, DOOR)]],
    never: [
      [restart, ask(ALICE, DOOR)],
      [ask(ALICE, DOOR), restart, ask(BOB, YARD)],
    ],
  },
  'join-opportunity': {
    once: [[begin(ALICE, DOOR), ask(BOB, DOOR)]],
    never: [
      [begin(ALICE, DOOR), ask(ALICE, DOOR)],
      [begin(ALICE, DOOR), ask(BOB, YARD)],
      [begin(ALICE, DOOR), release(ALICE, DOOR), ask(BOB, DOOR)],
    ],
  },
  'late-fill': {
    once: [
      [share(DOOR, BOB), begin(BOB, DOOR), unshare(DOOR, BOB), release(BOB, DOOR)],
      [begin(ALICE, DOOR), transfer(DOOR, BOB), release(ALICE, DOOR)],
    ],
    never: [
      [begin(ALICE, DOOR), release(ALICE, DOOR)],
      [begin(ALICE, DOOR), unshare(YARD, ALICE), release(ALICE, DOOR)],
      [begin(ALICE, DOOR), advance(1000), release(ALICE, DOOR)],
      [unshare(DOOR, BOB), begin(ALICE, DOOR), release(ALICE, DOOR)],
      [begin(ALICE, DOOR), transfer(DOOR, BOB), release(ALICE, DOOR, 'error')],
    ],
  },
  'origin-failure': {
    once: [
      [begin(ALICE, DOOR), release(ALICE, DOOR, 'drop')],
      [begin(ALICE, DOOR), release(ALICE, DOOR, 'refuse')],
    ],
    never: [[begin(ALICE, DOOR), release(ALICE, DOOR)]],
  },
  'told-without-body': { once: [[ask(ALICE, DOOR, HEAD)]], never: [[ask(ALICE, DOOR)], [ask(BOB, DOOR, HEAD)]] },
  'session-received': { once: [[ask(ALICE, DOOR)], [ask(BOB, DOOR)]], never: [[share(DOOR, BOB)]] },
  'caller-gone': {
    once: [[begin(ALICE, DOOR), operation({ op: 'cancel', user: ALICE, camera: DOOR, template: 0 })]],
    never: [
      [operation({ op: 'cancel', user: ALICE, camera: DOOR, template: 0 })],
      [begin(ALICE, DOOR), operation({ op: 'cancel', user: BOB, camera: DOOR, template: 0 })],
    ],
  },
};

/** No cache: everything is fetched, with its headers, and for a HEAD nothing more. */
const FORWARDING = modelTarget({
  name: 'forwarding',
  title: 'Forwards everything',
  make: (origin, sink) => ({
    ask: (call) =>
      origin.fetch(call, call.request.tier, {
        resume: (_call, _contact, { frame, party, status }) => {
          if (party !== NO_PARTY) sink.header(call, party);
          if (frame === null) sink.refused(call, status);
          else if (call.request.method === 'HEAD') sink.described(call, frame);
          else sink.answered(call, frame, false);
        },
      }),
    cancel: () => {},
    tell: () => {},
    close: () => {},
  }),
});

const BY_HTTP: ReadonlySet<Situation> = new Set(['told-without-body', 'session-received']);

/** How often each situation occurs in a program against the shared LRU cache, and what only HTTP has, without a cache. */
function occurring(operations: readonly Operation[], situation: Situation): Record<Situation, number> {
  const lab = new Lab(BY_HTTP.has(situation) ? FORWARDING : REFERENCE_MODELS[0]!, PROPERTIES);
  const stage = lab.stage(WORLD);
  expect(lab.run(stage, compile(stage, operations), operations.length)).toBeUndefined();
  expect(stage.breaches).toEqual([]);
  return tallyByName(stage.situations);
}

describe('situations', () => {
  it('have each a place and a meaning', () => {
    expect(SITUATIONS.map((situation) => place(situation))).toEqual(SITUATIONS.map((_, index) => index));
    expect(Object.keys(SITUATION_MEANING).toSorted()).toEqual([...SITUATIONS].toSorted());
  });

  it.each(SITUATIONS)('%s occurs when its sentence says so, and not when it comes close', (situation) => {
    for (const story of STORIES[situation].once) expect(occurring(story, situation)[situation], JSON.stringify(story)).toBe(1);
    for (const story of STORIES[situation].never) expect(occurring(story, situation)[situation], JSON.stringify(story)).toBe(0);
  });

  it('are forgotten from one run to the next, and their counts are kept', () => {
    const lab = new Lab(REFERENCE_MODELS[0]!, PROPERTIES);
    const stage = lab.stage(WORLD);
    const run = (...operations: Operation[]): unknown => lab.run(stage, compile(stage, operations), operations.length);
    run(ask(ALICE, DOOR), restart, reconfigure);
    run(ask(BOB, DOOR));
    run(ask(ALICE, DOOR), ask(ALICE, DOOR));
    const {
      'foreign-read-after-fill': foreign,
      'read-after-restart': restarted,
      'read-after-reconfigure': reconfigured,
      'frame-received': frames,
      hit,
    } = tallyByName(stage.situations);
    expect({ foreign, restarted, reconfigured, frames, hit }).toEqual({ foreign: 0, restarted: 0, reconfigured: 0, frames: 3, hit: 1 });
  });

  it('add up', () => {
    const sum = newTally();
    const more = newTally();
    more[place('hit')] = 2;
    addTally(sum, more);
    addTally(sum, more);
    expect(tallyByName(sum)).toEqual({ ...tallyByName(newTally()), hit: 4 });
  });
});
