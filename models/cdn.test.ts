import { describe, expect, it } from 'vitest';
import { play } from '../harness/run/run.ts';
import { addTally, newTally, tallyByName } from '../harness/run/situations.ts';
import { Stage } from '../harness/run/stage.ts';
import { Random } from '../harness/search/random.ts';
import { seatOf } from '../harness/search/seat.ts';
import { drawWorld } from '../harness/search/worlds.ts';
import { type Capabilities, IN_PROCESS } from '../harness/targets/capabilities.ts';
import { PROPERTIES } from '../properties/index.ts';
import { CdnEdge } from './cdn-edge.ts';
import { advance, ALICE, ask, begin, BOB, BY_TOKEN, CAROL, FOR_ALL, publish, release, share, tell, worldOf, YARD, DOOR } from './cdn-told.laws.ts';
import { edge, type EdgePolicy } from './cdn.ts';
import { type Operation, operation } from './domain/operation.ts';
import type { Situation } from './domain/situation.ts';
import { ANONYMOUS, type Credential, type ResponsePolicy } from './domain/world.ts';

describe('CdnEdge: storing', () => {
  /** Alice asks twice, or somebody anonymous does: an answer that may be stored makes the second one a hit. */
  function isKept(cacheControl: string, vary: string, credential: Credential): boolean {
    const user = credential === 'none' ? ANONYMOUS : ALICE;
    return tell(worldOf({ credential, says: { cacheControl, vary } }), [publish, ask(user), ask(user)]).contacts.length === 1;
  }

  it.each([
    ['max-age=60', '', 'none'],
    ['s-maxage=60', '', 'none'],
    ['MAX-AGE="60"', '', 'none'],
    ['max-age=0, s-maxage=60', '', 'none'],
    ['max-age=60', 'Accept', 'none'],
    ['max-age=60', 'COOKIE', 'cookie'],
    ['public, max-age=60', 'authorization', 'bearer'],
    ['must-revalidate, max-age=60', 'Authorization', 'bearer'],
    ['s-maxage=60', 'Accept, Authorization', 'bearer'],
    ['max-age=60', '', 'query'],
    ['proxy-revalidate, max-age=60', '', 'none'],
    ['max-age=60, stale-while-revalidate=30', '', 'none'],
  ] as const)('keeps %j with Vary %j for a request by %s', (cacheControl, vary, credential) => {
    expect(isKept(cacheControl, vary, credential)).toBe(true);
  });

  it.each([
    ['no-store, max-age=60', '', 'none', 'section 5.2.2.5'],
    ['max-age=60, NO-STORE', '', 'none', 'section 5.2, names in any case'],
    ['private, max-age=60', '', 'none', 'section 5.2.2.7'],
    ['Private="set-cookie", max-age=60', '', 'none', 'section 5.2.2.7, with field names'],
    ['no-cache, max-age=60', '', 'none', 'section 5.2.2.4, and nothing to validate with'],
    ['', '', 'none', 'section 4.2.2, and no guess is made'],
    ['public', '', 'none', 'section 4.2.2, and no guess is made'],
    ['max-age=60, s-maxage=0', '', 'none', 'section 5.2.2.10, s-maxage goes before max-age'],
    ['max-age=60, max-age=600', '', 'none', 'section 4.2.1, two values'],
    ['max-age=soon', '', 'none', 'section 4.2.1, no number'],
    ['max-age=60', ' * ', 'none', 'section 4.1'],
    ['max-age=60', 'Accept, *', 'none', 'section 4.1'],
    ['max-age=60', '', 'bearer', 'section 3.5'],
    ['max-age=60', 'Authorization', 'bearer', 'section 3.5'],
  ] as const)('does not keep %j with Vary %j for a request by %s: %s', (cacheControl, vary, credential, _section) => {
    expect(isKept(cacheControl, vary, credential)).toBe(false);
  });

  it('never keeps a refusal', () => {
    const world = worldOf({ credential: 'none', says: FOR_ALL });
    expect(tell(world, [ask(ANONYMOUS), publish, ask(ANONYMOUS)]).calls).toEqual(['refused', 0]);
  });

  it('counts variants, and lets the one go that was not used for longest', () => {
    const world = { ...worldOf({ says: BY_TOKEN }), capacity: 2 };
    const said = tell(world, [share(BOB), share(CAROL), ask(ALICE), ask(BOB), ask(ALICE), ask(CAROL), ask(ALICE), ask(BOB)]);
    expect(said.calls).toEqual([0, 1, 0, 2, 0, 3]);
  });
});

describe('CdnEdge: reuse', () => {
  it('tells URLs apart by path and by query', () => {
    const byQuery = worldOf({ credential: 'none', spelling: 'query', says: FOR_ALL }, { credential: 'none', spelling: 'query', tier: 'low', says: FOR_ALL });
    const publishBoth = [publish, operation({ op: 'publish', camera: YARD })];
    const asks = [ask(ANONYMOUS), ask(ANONYMOUS, 0, YARD), ask(ANONYMOUS, 1), ask(ANONYMOUS), ask(ANONYMOUS, 0, YARD), ask(ANONYMOUS, 1)];
    expect(tell(byQuery, [...publishBoth, ...asks]).calls).toEqual([0, 1, 2, 0, 1, 2]);
    const byPath = worldOf({ credential: 'none', says: FOR_ALL });
    expect(tell(byPath, [...publishBoth, ask(ANONYMOUS), ask(ANONYMOUS, 0, YARD), ask(ANONYMOUS)]).calls).toEqual([0, 1, 0]);
  });

  it('keeps a variant for each value of the field that Vary names', () => {
    expect(tell(worldOf({ says: BY_TOKEN }), [share(BOB), ask(ALICE), ask(BOB), ask(ALICE), ask(BOB), ask(CAROL)]).calls).toEqual([0, 1, 0, 1, 'refused']);
  });

  it('serves an answer without Vary to whoever asks for the URL', () => {
    const world = worldOf({ credential: 'none', says: FOR_ALL }, { says: BY_TOKEN });
    expect(tell(world, [publish, ask(ANONYMOUS), ask(BOB, 1)]).calls).toEqual([0, 0]);
  });

  it('prefers a matching variant with a Vary to one without (section 4.1)', () => {
    const world = worldOf({ credential: 'cookie', says: { cacheControl: 'max-age=60', vary: 'Cookie' } }, { credential: 'none', says: FOR_ALL });
    expect(tell(world, [publish, ask(ALICE), ask(ANONYMOUS, 1), ask(ALICE), ask(ANONYMOUS, 1)]).calls).toEqual([0, 1, 0, 1]);
  });

  it('ends at the end of the lifetime, not after it (section 4.2)', () => {
    const world = worldOf({ credential: 'none', says: FOR_ALL });
    expect(tell(world, [publish, ask(ANONYMOUS), advance(59_999), ask(ANONYMOUS), advance(1), ask(ANONYMOUS)]).calls).toEqual([0, 0, 1]);
  });

  it('counts the time that an answer took to come as its age (section 4.2.3)', () => {
    const world = worldOf({ credential: 'none', says: FOR_ALL });
    expect(tell(world, [publish, begin(ANONYMOUS), advance(59_000), release(ANONYMOUS), ask(ANONYMOUS), advance(1000), ask(ANONYMOUS)]).calls).toEqual([
      0, 0, 1,
    ]);
  });

  it('replaces a stale variant instead of keeping both', () => {
    const world = { ...worldOf({ says: BY_TOKEN }), capacity: 2 };
    const said = tell(world, [share(BOB), ask(ALICE), advance(30_000), ask(BOB), advance(30_000), ask(ALICE), ask(BOB)]);
    expect(said.calls).toEqual([0, 1, 2, 1]);
  });

  it('goes to the origin when all that it has is stale and the origin is down', () => {
    const world = worldOf({ credential: 'none', says: FOR_ALL });
    expect(tell(world, [publish, ask(ANONYMOUS), advance(61_000), begin(ANONYMOUS), release(ANONYMOUS, 'error')]).calls).toEqual([0, 'error']);
  });
});

describe('CdnEdge: collapsing', () => {
  it('answers all who wait with the one answer that they may share', () => {
    const world = worldOf({ credential: 'none', says: FOR_ALL });
    const said = tell(world, [publish, begin(ANONYMOUS), ask(ANONYMOUS), ask(ANONYMOUS), release(ANONYMOUS)]);
    expect(said).toMatchObject({ calls: [0, 0, 0], contacts: [0] });
  });

  it('sends on whoever does not match the Vary of what came', () => {
    const said = tell(worldOf({ says: BY_TOKEN }), [share(BOB), begin(ALICE), ask(BOB), ask(ALICE), ask(CAROL), release(ALICE)]);
    expect(said).toMatchObject({ calls: [0, 1, 0, 'refused'], contacts: [0, 1, 3] });
  });

  it('sends everybody on when what came must not be stored', () => {
    const world = worldOf({ credential: 'cookie', says: { cacheControl: 'private, max-age=60', vary: '' } });
    const said = tell(world, [share(BOB), begin(ALICE), ask(BOB), ask(CAROL), ask(ALICE), release(ALICE)]);
    expect(said).toMatchObject({ calls: [0, 1, 'refused', 2], contacts: [0, 1, 2, 3] });
  });

  it('sends everybody on when what came was stale on arrival', () => {
    const world = worldOf({ credential: 'none', says: FOR_ALL });
    expect(tell(world, [publish, begin(ANONYMOUS), ask(ANONYMOUS), advance(60_000), release(ANONYMOUS)]).calls).toEqual([0, 1]);
  });

  it.each(['refuse', 'error', 'drop'] as const)('sends everybody on after the first got "%s"', (outcome) => {
    const world = worldOf({ credential: 'none', says: FOR_ALL });
    const said = tell(world, [publish, begin(ANONYMOUS), ask(ANONYMOUS), release(ANONYMOUS, outcome)]);
    expect(said).toMatchObject({ calls: [outcome === 'refuse' ? 'refused' : outcome === 'drop' ? 'dropped' : 'error', 1], contacts: [0, 1] });
  });

  it('lets nobody wait for the answer to another URL', () => {
    const world = worldOf({ credential: 'query', says: FOR_ALL });
    expect(tell(world, [share(BOB), begin(ALICE), ask(BOB)]).calls).toEqual([null, 1]);
  });

  it('goes on without the first when he goes away', () => {
    const world = worldOf({ credential: 'none', says: FOR_ALL });
    const gone = operation({ op: 'cancel', user: ANONYMOUS, camera: DOOR, template: 0 });
    expect(tell(world, [publish, begin(ANONYMOUS), ask(ANONYMOUS), gone, release(ANONYMOUS), ask(ANONYMOUS)]).calls).toEqual([null, 0, 0]);
  });
});

describe('CdnEdge: notices', () => {
  const onHub = worldOf({ channel: 'hub', says: BY_TOKEN }, { channel: 'hub', credential: 'none', says: FOR_ALL }, { says: BY_TOKEN });
  const purges: readonly { readonly name: string; readonly notices: readonly Operation[] }[] = [
    { name: 'purge', notices: [operation({ op: 'purge', camera: DOOR })] },
    { name: 'unshare', notices: [operation({ op: 'unshare', camera: DOOR, user: CAROL })] },
    { name: 'unpublish', notices: [operation({ op: 'unpublish', camera: DOOR })] },
    { name: 'transfer', notices: [operation({ op: 'transfer', camera: DOOR, user: CAROL }), operation({ op: 'transfer', camera: DOOR, user: ALICE })] },
    { name: 'recreate', notices: [operation({ op: 'recreate', camera: DOOR })] },
  ];

  it.each(purges)('drop every variant of the camera concerned, and no other: $name', ({ notices }) => {
    const fill = [share(BOB), ask(ALICE), ask(BOB), ask(BOB, 0, YARD)];
    const said = tell(worldOf({ says: BY_TOKEN }), [...fill, ...notices, share(BOB), ask(ALICE), ask(BOB), ask(BOB, 0, YARD)]);
    expect(said.calls).toEqual([0, 1, 2, 3, 4, 2]);
  });

  it.each(purges)('keep an answer out of the store that was on its way, and late callers away from it: $name', ({ notices }) => {
    const said = tell(worldOf({ says: BY_TOKEN }), [begin(ALICE), ...notices, ask(ALICE), release(ALICE), ask(ALICE)]);
    expect(said.calls).toEqual([0, 1, 1]);
    expect(tell(worldOf({ says: BY_TOKEN }), [begin(ALICE), ...notices, release(ALICE), ask(ALICE)]).calls).toEqual([0, 1]);
  });

  it('drop what came through a channel that is switched off, and nothing of the other', () => {
    const disable = operation({ op: 'disable', channel: 'hub' });
    const enable = operation({ op: 'enable', channel: 'hub' });
    const said = tell(onHub, [ask(ALICE), ask(ALICE, 2), disable, ask(ALICE), ask(ALICE, 2), enable, ask(ALICE)]);
    expect(said.calls).toEqual([0, 1, 'refused', 1, 2]);
    expect(tell(onHub, [begin(ALICE), disable, release(ALICE), enable, ask(ALICE)]).calls).toEqual([0, 1]);
  });

  it('drop what was stored for the credential of a user who unlinks, and leave the others theirs', () => {
    const unlink = operation({ op: 'unlink', user: ALICE, channel: 'hub' });
    const link = operation({ op: 'link', user: ALICE, channel: 'hub' });
    const said = tell(onHub, [share(BOB), ask(ALICE), ask(BOB), ask(ALICE, 2), unlink, ask(ALICE), ask(BOB), ask(ALICE, 2), link, ask(ALICE)]);
    expect(said.calls).toEqual([0, 1, 2, 'refused', 1, 2, 3]);
  });

  it('empty the edge at a restart, and lose what was on its way with all who wait for it', () => {
    const restart = operation({ op: 'restart' });
    const world = worldOf({ says: BY_TOKEN });
    expect(tell(world, [ask(ALICE), restart, ask(ALICE)]).calls).toEqual([0, 1]);
    expect(tell(world, [begin(ALICE), ask(ALICE), restart, ask(ALICE), release(ALICE), ask(ALICE)]).calls).toEqual(['dropped', 'dropped', 1, 1]);
  });

  it('put the edge under another of its policies', () => {
    const keepsNothing: EdgePolicy = { ...edge, admit: () => false };
    const to = (index: number): Operation => operation({ op: 'reconfigure', to: index });
    const said = tell(worldOf({ says: BY_TOKEN }), [to(1), ask(ALICE), ask(ALICE), to(0), ask(ALICE), ask(ALICE)], edge, keepsNothing);
    expect(said.calls).toEqual([0, 1, 2, 2]);
  });
});

const AS_HTTP: Capabilities = {
  ...IN_PROCESS,
  credentials: ['bearer', 'cookie', 'header', 'query', 'none'],
  spellings: ['path', 'query'],
  http: true,
  lifetimes: 'http',
};
const UNTOLD: Capabilities = { ...AS_HTTP, told: false, channels: false };
/** Nobody tells it of rights: lifetimes are all that it goes by. A purge is what the operator asks of it. */
const deaf: EdgePolicy = { ...edge, invalidate: (notice, entry) => notice.kind === 'purge' && edge.invalidate(notice, entry) };

interface Searched {
  /** How properties were broken, most often only once: the search ends with what it looks for. */
  readonly found: ReadonlySet<string>;
  readonly situations: Record<Situation, number>;
  /** Programs after which a call was neither answered nor waiting for the origin. */
  readonly stranded: number;
}

interface SearchOptions {
  readonly capabilities?: Capabilities;
  readonly seed: number;
  /** How many operations may be used up. */
  readonly budget: number;
  /** What is looked for; without it, nothing ends the search but its budget. */
  readonly wanted?: string;
}

const PROGRAMS_A_WORLD = 200;

/** Plays programs in one drawn world after another. */
function search({ capabilities = AS_HTTP, seed, budget, wanted = '' }: SearchOptions, ...policies: readonly EdgePolicy[]): Searched {
  const terms = { told: capabilities.told };
  const situations = newTally();
  const found = new Set<string>();
  const random = new Random(seed);
  let left = budget;
  let stranded = 0;
  for (let number = 0; left > 0 && !found.has(wanted); number += PROGRAMS_A_WORLD + 1) {
    random.seed(seed, number);
    const world = drawWorld(random, capabilities);
    const stage = new Stage(world, { terms, lifetimes: 'http', properties: PROPERTIES, record: false });
    const { generator } = seatOf(stage, capabilities);
    const session = new CdnEdge(stage, stage, { policies, capacity: world.capacity });
    for (let index = 1; index <= PROGRAMS_A_WORLD && !found.has(wanted); index++) {
      random.seed(seed, number + index);
      const length = generator.generate(random);
      play(stage, session, generator.program, length);
      left -= length;
      if (stage.inFlight > 0 && stage.held.length === 0) stranded++;
      for (const breach of stage.breaches) found.add(`${breach.property} ${breach.kind}`);
      session.close();
    }
    addTally(situations, stage.situations);
  }
  return { found, situations: tallyByName(situations), stranded };
}

describe('CdnEdge: no property is broken', () => {
  it('in two million operations, in which everything worth trying was tried', () => {
    const { found, stranded, situations } = search({ seed: 1, budget: 2_000_000 }, edge);
    expect([...found]).toEqual([]);
    expect(stranded).toBe(0);
    const tried = [
      'hit',
      'foreign-read-after-fill',
      'join-opportunity',
      'late-fill',
      'read-after-expiry',
      'more-keys-than-capacity',
      'origin-failure',
    ] as const;
    expect(tried.filter((situation) => situations[situation] < 1000)).toEqual([]);
  });

  it('by an edge that is told nothing and holds to lifetimes alone', () => {
    const { found, situations } = search({ capabilities: UNTOLD, seed: 2, budget: 500_000 }, deaf);
    expect([...found]).toEqual([]);
    expect(situations['read-after-unshare']).toBeGreaterThan(100);
  });

  it('by an edge that is reconfigured on the way', () => {
    const { found, situations } = search({ capabilities: { ...AS_HTTP, configurations: 2 }, seed: 3, budget: 500_000 }, edge, { ...edge, join: () => null });
    expect([...found]).toEqual([]);
    expect(situations['read-after-reconfigure']).toBeGreaterThan(1000);
  });
});

describe('CdnEdge: one wrong decision is found', () => {
  /** What is left of a Cache-Control for a reader who knows no other spelling than his own. */
  function inLowerCase({ cacheControl, vary }: ResponsePolicy): ResponsePolicy {
    const known = cacheControl.split(',').filter((directive) => directive === directive.toLowerCase());
    return { cacheControl: known.join(','), vary };
  }

  it.each<[string, string, EdgePolicy, Capabilities?]>([
    ['KH001 stranger', 'the query is no part of the key (Fiber, CVE-2026-30246)', { ...edge, key: (request) => request.path }],
    [
      'KH001 stranger',
      'Vary is followed except for credentials (Hono, CVE-2026-44457)',
      { ...edge, matches: (request, stored, vary) => edge.matches(request, stored, vary.replaceAll(/authorization|cookie/gi, '')) },
    ],
    [
      'KH001 stranger',
      'directives are known in one spelling only (Django, CVE-2026-8404)',
      { ...edge, admit: (request, reply, overtaken) => edge.admit(request, { ...reply, policy: inLowerCase(reply.policy) }, overtaken) },
    ],
    ['KH001 stranger', 'on an error anybody gets the last answer', { ...edge, fallback: () => 'serve' }],
    ['KH001 stranger', 'everybody who waits gets what came (Squid, CVE-2016-10003)', { ...edge, hand: () => 'serve' }],
    ['KH002 unpublished', 'a late answer is stored', { ...edge, admit: (request, reply) => edge.admit(request, reply, false) }],
    [
      'KH002 unshared',
      'the end of a share purges nothing',
      { ...edge, invalidate: (notice, entry) => notice.kind !== 'unshare' && edge.invalidate(notice, entry) },
    ],
    [
      'KH005 disabled',
      'a disabled channel purges nothing',
      { ...edge, invalidate: (notice, entry) => notice.kind !== 'disable' && edge.invalidate(notice, entry) },
    ],
    ['KH002 unshared', 'an answer is served for ever, by an edge that is told nothing', { ...deaf, serve: () => 'serve' }, UNTOLD],
  ])('%s: %s', (wanted, _fault, policy, capabilities = AS_HTTP) => {
    expect([...search({ capabilities, seed: 10, budget: 10_000_000, wanted }, policy).found]).toContain(wanted);
  });
});

describe('CdnEdge: lives', () => {
  it('leaves nothing to the next life: a used edge answers as a new one', () => {
    const random = new Random(7);
    for (let drawn = 0; drawn < 40; drawn++) {
      random.seed(7, drawn);
      const world = drawWorld(random, AS_HTTP);
      const stage = new Stage(world, { terms: { told: true }, lifetimes: 'http', properties: PROPERTIES, record: true });
      const { generator } = seatOf(stage, AS_HTTP);
      const made = (): CdnEdge => new CdnEdge(stage, stage, { policies: [edge], capacity: world.capacity });
      const used = made();
      for (let index = 0; index < 20; index++) {
        const length = generator.generate(random);
        play(stage, used, generator.program, length);
        const history = [...stage.history!];
        used.close();
        play(stage, made(), generator.program, length);
        expect(stage.history).toEqual(history);
      }
    }
  });
});
