import { describe, expect, it } from 'vitest';
import { compile, play } from '../harness/run/run.ts';
import { Stage } from '../harness/run/stage.ts';
import { PROPERTIES } from '../properties/index.ts';
import { type Operation, operation, type Outcome } from './domain/operation.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, type World } from './domain/world.ts';
import { Lookaside, type LookasideOptions } from './lookaside.ts';
import { perViewer, sharedEntries } from './lru.ts';
import type { Session } from './origin.ts';
import type { Policy } from './policy.ts';
import { tiered } from './tiered.ts';

const ALICE = 0;
const BOB = 1;
const DOOR = 0;
const YARD = 1;
const HIGH = 0;
const LOW = 1;

const WORLD: World = {
  ...PLAIN_WORLD,
  users: ['alice', 'bob', 'carol'],
  cameras: [...PLAIN_WORLD.cameras, { id: 'hall', owner: 0 }],
  templates: [PLAIN_TEMPLATE, { ...PLAIN_TEMPLATE, tier: 'low' }, { ...PLAIN_TEMPLATE, channel: 'hub' }],
  capacity: 2,
};
const HALL = 2;
const HUB = 2;

const ask = (user: number, camera: number, template: number = HIGH): Operation => operation({ op: 'request', user, camera, template });
const begin = (user: number, camera: number, template: number = HIGH): Operation => operation({ op: 'begin', user, camera, template });
const cancel = (user: number, camera: number): Operation => operation({ op: 'cancel', user, camera, template: HIGH });
const release = (user: number, camera: number, outcome: Outcome = 'reply', template: number = HIGH): Operation =>
  operation({ op: 'release', user, camera, template, outcome });
const share = (camera: number, user: number): Operation => operation({ op: 'share', camera, user });
const unshare = (camera: number, user: number): Operation => operation({ op: 'unshare', camera, user });
const transfer = (camera: number, user: number): Operation => operation({ op: 'transfer', camera, user });
const advance = (by: number): Operation => operation({ op: 'advance', by });
const purge = (camera: number): Operation => operation({ op: 'purge', camera });
const restart = operation({ op: 'restart' });

/** A line for each event that concerns a caller: `0 fetch`, `0 ask`, `0 gets 0`, `1 gets 0 openly`, `1 refused`. */
function lines(stage: Stage): string[] {
  const said: string[] = [];
  for (const event of stage.history!) {
    if (event.event === 'contact') said.push(`${event.call} ${event.contact === 'fetch' ? 'fetches' : 'asks'}`);
    else if (event.event === 'answered')
      said.push(`${event.call} gets ${event.frame.copy}${event.frame.tier === 'low' ? ' low' : ''}${event.fallback ? ' openly' : ''}`);
    else if (event.event === 'refused') said.push(`${event.call} ${event.status}`);
    else if (event.event === 'violation') said.push(`${event.call} breaks ${event.property}`);
  }
  return said;
}

const SHARED: Partial<LookasideOptions> = { policies: [sharedEntries] };
const PER_VIEWER: Partial<LookasideOptions> = { policies: [perViewer] };
const TIERED: Partial<LookasideOptions> = { policies: [tiered], renditions: 'derived', limit: 'bytes' };

function open(options: Partial<LookasideOptions>): { stage: Stage; session: Session } {
  const stage = new Stage(WORLD, { terms: { told: true }, lifetimes: 'granted', properties: PROPERTIES, record: true });
  const session = new Lookaside(stage, stage, { policies: [sharedEntries], capacity: WORLD.capacity, limit: 'count', renditions: 'fetched', ...options });
  return { stage, session };
}

function told(options: Partial<LookasideOptions>, ...operations: readonly Operation[]): string[] {
  const { stage, session } = open(options);
  play(stage, session, compile(stage, operations));
  return lines(stage);
}

describe('a look-aside cache', () => {
  it('fetches once and then asks about each caller, or serves what is his', () => {
    expect(told(SHARED, ask(ALICE, DOOR), ask(ALICE, DOOR))).toEqual(['0 fetches', '0 gets 0', '1 asks', '1 gets 0']);
    expect(told(PER_VIEWER, ask(ALICE, DOOR), ask(ALICE, DOOR))).toEqual(['0 fetches', '0 gets 0', '1 gets 0']);
  });

  it('shares an entry among those who may see the camera, or keeps one for each', () => {
    expect(told(SHARED, share(DOOR, BOB), ask(ALICE, DOOR), ask(BOB, DOOR))).toEqual(['0 fetches', '0 gets 0', '1 asks', '1 gets 0']);
    expect(told(PER_VIEWER, share(DOOR, BOB), ask(ALICE, DOOR), ask(BOB, DOOR))).toEqual(['0 fetches', '0 gets 0', '1 fetches', '1 gets 1']);
  });

  it('turns a stranger away, whether something is kept or not', () => {
    for (const options of [SHARED, PER_VIEWER, TIERED]) {
      expect(told(options, ask(BOB, DOOR)).at(-1)).toBe('0 refused');
      expect(told(options, ask(ALICE, DOOR), ask(BOB, DOOR)).at(-1)).toBe('1 refused');
    }
  });

  it('serves an entry until its lifetime ends, and not at its end', () => {
    const { lifetimeMs } = WORLD;
    expect(told(PER_VIEWER, ask(ALICE, DOOR), advance(lifetimeMs - 1), ask(ALICE, DOOR)).at(-1)).toBe('1 gets 0');
    expect(told(PER_VIEWER, ask(ALICE, DOOR), advance(lifetimeMs), ask(ALICE, DOOR)).at(-1)).toBe('1 gets 1');
    expect(told(SHARED, ask(ALICE, DOOR), advance(lifetimeMs), ask(ALICE, DOOR)).at(-1)).toBe('1 gets 1');
  });

  it('evicts what was used longest ago, by count', () => {
    const story = [ask(ALICE, DOOR), ask(ALICE, HALL), ask(ALICE, DOOR), ask(BOB, YARD)];
    expect(told(PER_VIEWER, ...story, ask(ALICE, DOOR)).at(-1)).toBe('4 gets 0');
    expect(told(PER_VIEWER, ...story, ask(ALICE, HALL)).at(-1)).toBe('4 gets 3');
  });

  it('or by bytes, where low renditions are small', () => {
    const bytes = { ...PER_VIEWER, limit: 'bytes' } as const;
    const lows = [ask(ALICE, DOOR, LOW), ask(ALICE, HALL, LOW), ask(BOB, YARD, LOW)];
    expect(told(bytes, ...lows, ask(ALICE, DOOR, LOW)).at(-1)).toBe('3 gets 0 low');
    expect(told(PER_VIEWER, ...lows, ask(ALICE, DOOR, LOW)).at(-1)).toBe('3 gets 3 low');
    expect(told(bytes, ...lows, ask(ALICE, HALL), ask(ALICE, DOOR), ask(ALICE, DOOR, LOW)).at(-1)).toBe('5 gets 5 low');
  });

  it('starts over when it is restarted, and is empty and under its first policy after it is closed', () => {
    expect(told(PER_VIEWER, ask(ALICE, DOOR), restart, ask(ALICE, DOOR)).at(-1)).toBe('1 gets 1');
    const { stage, session } = open({ policies: [sharedEntries, perViewer] });
    const steps = compile(stage, [operation({ op: 'reconfigure', to: 1 }), ask(ALICE, DOOR), ask(ALICE, DOOR)]);
    play(stage, session, steps);
    expect(lines(stage)).toEqual(['0 fetches', '0 gets 0', '1 gets 0']);
    void session.close();
    play(stage, session, steps.slice(1));
    expect(lines(stage)).toEqual(['0 fetches', '0 gets 0', '1 asks', '1 gets 0']);
  });

  it('keeps its entries when it is reconfigured', () => {
    const longer: Policy = { ...perViewer, serve: () => 'serve' };
    const reconfigure = operation({ op: 'reconfigure', to: 1 });
    expect(told({ policies: [perViewer, longer] }, ask(ALICE, DOOR), reconfigure, advance(WORLD.lifetimeMs), ask(ALICE, DOOR)).at(-1)).toBe('1 gets 0');
    expect(told({ policies: [perViewer] }, ask(ALICE, DOOR), reconfigure, ask(ALICE, DOOR)).at(-1)).toBe('1 gets 0');
  });
});

describe('concurrent misses', () => {
  it('share one fetch, and each caller is asked about', () => {
    expect(told(SHARED, share(DOOR, BOB), begin(ALICE, DOOR), begin(BOB, DOOR), release(ALICE, DOOR), release(BOB, DOOR))).toEqual([
      '0 fetches',
      '0 gets 0',
      '1 asks',
      '1 gets 0',
    ]);
    expect(told(SHARED, begin(ALICE, DOOR), begin(BOB, DOOR), release(ALICE, DOOR), release(BOB, DOOR))).toEqual([
      '0 fetches',
      '0 gets 0',
      '1 asks',
      '1 refused',
    ]);
  });

  it('of different viewers do not share where entries are theirs', () => {
    expect(told(PER_VIEWER, begin(ALICE, DOOR), begin(ALICE, DOOR), begin(BOB, DOOR), release(ALICE, DOOR))).toEqual([
      '0 fetches',
      '2 fetches',
      '0 gets 0',
      '1 gets 0',
    ]);
  });

  it('ask for themselves when the first is denied or fails', () => {
    for (const outcome of ['refuse', 'error', 'drop'] as const) {
      const [, first, second] = told(SHARED, share(DOOR, BOB), begin(ALICE, DOOR), begin(BOB, DOOR), release(ALICE, DOOR, outcome));
      expect(first).toBe(`0 ${{ refuse: 'refused', error: 'error', drop: 'dropped' }[outcome]}`);
      expect(second).toBe('1 fetches');
    }
  });

  it('go on without the caller who left', () => {
    expect(
      told(SHARED, share(DOOR, BOB), begin(ALICE, DOOR), begin(BOB, DOOR), cancel(ALICE, DOOR), release(ALICE, DOOR), release(BOB, DOOR), ask(ALICE, DOOR)),
    ).toEqual(['0 fetches', '1 asks', '1 gets 0', '2 asks', '2 gets 0']);
  });

  it("are lost in a restart: those who wait are dropped, and a late answer is nobody's", () => {
    expect(told(SHARED, share(DOOR, BOB), begin(ALICE, DOOR), begin(BOB, DOOR), restart, release(ALICE, DOOR), ask(ALICE, DOOR))).toEqual([
      '0 fetches',
      '1 dropped',
      '0 dropped',
      '2 fetches',
      '2 gets 1',
    ]);
  });
});

describe('what was fetched before a change', () => {
  it.each([
    ['unshare', unshare(DOOR, BOB)],
    ['purge', purge(DOOR)],
    ['transfer', transfer(DOOR, BOB)],
    ['recreate', operation({ op: 'recreate', camera: DOOR })],
    ['unpublish', operation({ op: 'unpublish', camera: DOOR })],
  ])('is not stored after it: %s', (_name, change) => {
    for (const options of [SHARED, PER_VIEWER]) {
      const said = told(options, share(DOOR, BOB), begin(BOB, DOOR), change, release(BOB, DOOR), share(DOOR, BOB), ask(BOB, DOOR));
      expect(said).toEqual(['0 fetches', '0 gets 0', '1 fetches', '1 gets 1']);
    }
  });

  it('is stored after a change that does not concern it', () => {
    for (const change of [unshare(YARD, ALICE), share(DOOR, ALICE), advance(1000), purge(YARD)])
      expect(told(PER_VIEWER, begin(ALICE, DOOR), change, release(ALICE, DOOR), ask(ALICE, DOOR)).at(-1)).toBe('1 gets 0');
  });

  it('is not joined by those who ask after it', () => {
    expect(told(SHARED, begin(ALICE, DOOR), purge(DOOR), begin(ALICE, DOOR))).toEqual(['0 fetches', '1 fetches']);
    expect(told(SHARED, begin(ALICE, DOOR), purge(YARD), begin(ALICE, DOOR))).toEqual(['0 fetches']);
  });

  it('is not served to a caller who was allowed for another epoch', () => {
    const story = [ask(ALICE, DOOR), begin(BOB, DOOR), release(BOB, DOOR)];
    const keeping: Policy = { ...sharedEntries, invalidate: () => false };
    expect(told({ policies: [keeping] }, ask(ALICE, DOOR), transfer(DOOR, BOB), ...story.slice(1), release(BOB, DOOR))).toEqual([
      '0 fetches',
      '0 gets 0',
      '1 asks',
      '1 fetches',
      '1 gets 1',
    ]);
  });
});

describe('when the origin fails', () => {
  const expired = [ask(ALICE, DOOR), advance(WORLD.lifetimeMs), begin(ALICE, DOOR)];

  it('a viewer gets what was kept for him, openly', () => {
    expect(told(PER_VIEWER, ...expired, release(ALICE, DOOR, 'error')).at(-1)).toBe('1 gets 0 openly');
    expect(told(PER_VIEWER, ...expired, release(ALICE, DOOR, 'drop')).at(-1)).toBe('1 gets 0 openly');
  });

  it('but nothing when it refuses, or when a shared cache would have to ask', () => {
    expect(told(PER_VIEWER, ...expired, release(ALICE, DOOR, 'refuse')).at(-1)).toBe('1 refused');
    expect(told(SHARED, ...expired, release(ALICE, DOOR, 'error')).at(-1)).toBe('1 error');
  });
});

describe('a cache for good and weak links', () => {
  it('makes the low rendition from the high one, asks about the caller first, and keeps it', () => {
    expect(told(TIERED, ask(ALICE, DOOR), ask(ALICE, DOOR, LOW), ask(ALICE, DOOR, LOW))).toEqual([
      '0 fetches',
      '0 gets 0',
      '1 asks',
      '1 gets 0 low',
      '2 asks',
      '2 gets 0 low',
    ]);
    expect(told(TIERED, ask(ALICE, DOOR), ask(BOB, DOOR, LOW))).toEqual(['0 fetches', '0 gets 0', '1 asks', '1 refused']);
  });

  it('fetches the low rendition where there is no fresh high one, and never the high one from the low', () => {
    expect(told(TIERED, ask(ALICE, DOOR, LOW), ask(ALICE, DOOR))).toEqual(['0 fetches', '0 gets 0 low', '1 fetches', '1 gets 1']);
    expect(told(TIERED, ask(ALICE, DOOR), advance(WORLD.lifetimeMs), ask(ALICE, DOOR, LOW)).at(-1)).toBe('1 gets 1 low');
  });

  it('does not keep a rendition whose source fell while its caller was asked about', () => {
    const story = [ask(ALICE, DOOR), begin(ALICE, DOOR, LOW), purge(DOOR), release(ALICE, DOOR, 'reply', LOW), ask(ALICE, DOOR, LOW)];
    expect(told(TIERED, ...story)).toEqual(['0 fetches', '0 gets 0', '1 asks', '1 gets 0 low', '2 fetches', '2 gets 1 low']);
  });

  it('drops the source of a rendition that the origin allows for another ownership only, and fetches', () => {
    const deaf: Policy = { ...tiered, invalidate: () => false };
    const story = [ask(ALICE, DOOR), transfer(DOOR, BOB), ask(BOB, DOOR, LOW)];
    expect(told({ ...TIERED, policies: [deaf] }, ...story)).toEqual(['0 fetches', '0 gets 0', '1 asks', '1 fetches', '1 gets 1 low']);
  });

  it('gives a made rendition no longer to live than its source', () => {
    const half = advance(WORLD.lifetimeMs / 2);
    expect(told(TIERED, ask(ALICE, DOOR), half, ask(ALICE, DOOR, LOW), half, ask(ALICE, DOOR, LOW)).at(-1)).toBe('2 gets 1 low');
  });
});

describe('a withdrawn right', () => {
  it('takes what was kept under it along, on the channel or the camera concerned', () => {
    const hub = (change: Operation, back: Operation): string | undefined => told(PER_VIEWER, ask(ALICE, DOOR, HUB), change, back, ask(ALICE, DOOR, HUB)).at(-1);
    const again = '1 gets 1';
    expect(hub(operation({ op: 'disable', channel: 'hub' }), operation({ op: 'enable', channel: 'hub' }))).toBe(again);
    expect(hub(operation({ op: 'unlink', user: ALICE, channel: 'hub' }), operation({ op: 'link', user: ALICE, channel: 'hub' }))).toBe(again);
    expect(hub(operation({ op: 'unlink', user: BOB, channel: 'hub' }), operation({ op: 'link', user: BOB, channel: 'hub' }))).toBe('1 gets 0');
  });
});
