import { describe, expect, it } from 'vitest';
import type { Explanation } from '../../models/domain/explanation.ts';
import type { Mark } from '../../models/domain/frame.ts';
import type { History } from '../../models/domain/history.ts';
import { type Operation, operation, type Outcome as Answer } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, type Template, type World } from '../../models/domain/world.ts';
import { sharedEntries } from '../../models/lru.ts';
import type { Policy } from '../../models/policy.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab, type Outcome } from '../run/lab.ts';
import { PLANTED_FAULTS } from '../targets/planted-faults.laws.ts';
import { lookasideTarget } from '../targets/reference.ts';
import type { Target } from '../targets/target.ts';
import { evidenceOf } from './evidence.ts';
import { explain } from './explain.ts';

const ask = (user: number, camera: number, template: number = 0): Operation => operation({ op: 'request', user, camera, template });
const begin = (user: number, camera: number): Operation => operation({ op: 'begin', user, camera, template: 0 });
const release = (user: number, camera: number, outcome: Answer = 'reply'): Operation => operation({ op: 'release', user, camera, template: 0, outcome });
const advance = (by: number): Operation => operation({ op: 'advance', by });
const share = operation({ op: 'share', camera: 0, user: 1 });
const unshare = operation({ op: 'unshare', camera: 0, user: 1 });

const ONE_CAMERA: World = { ...PLAIN_WORLD, cameras: [PLAIN_WORLD.cameras[0]!] };
const asking = (...templates: readonly Partial<Template>[]): World => ({
  ...PLAIN_WORLD,
  templates: templates.map((template) => ({ ...PLAIN_TEMPLATE, ...template })),
});
const HUB_LOW = asking({ channel: 'hub', tier: 'low' });
const HUB: World = { ...asking({ channel: 'hub' }), cameras: ONE_CAMERA.cameras };

/** The shortest program that shows each fault. */
const SHORTEST: Readonly<Record<string, Program>> = {
  'rights-checked-on-a-miss-only': { world: ONE_CAMERA, operations: [ask(0, 0), ask(1, 0)] },
  'keyed-without-the-camera': { world: PLAIN_WORLD, operations: [ask(0, 0), ask(1, 1)] },
  'low-tier-on-the-hub-keyed-by-device': { world: HUB_LOW, operations: [ask(0, 0), ask(1, 1)] },
  'keyed-without-the-tier': { world: { ...asking({}, { tier: 'low' }), cameras: ONE_CAMERA.cameras }, operations: [ask(0, 0), ask(0, 0, 1)] },
  'ids-joined-by-a-colon': {
    world: {
      ...PLAIN_WORLD,
      users: ['a', 'a:b'],
      cameras: [
        { id: 'b:c', owner: 0 },
        { id: 'c', owner: 1 },
      ],
    },
    operations: [ask(0, 0), ask(1, 1)],
  },
  'joined-without-asking': { world: ONE_CAMERA, operations: [begin(0, 0), begin(1, 0), release(0, 0)] },
  'stale-for-anybody-when-the-origin-fails': { world: ONE_CAMERA, operations: [ask(0, 0), advance(60_000), begin(1, 0), release(1, 0, 'error')] },
  'withdrawing-a-share-removes-nothing': { world: ONE_CAMERA, operations: [share, ask(1, 0), unshare, ask(1, 0)] },
  'late-answers-are-stored': { world: ONE_CAMERA, operations: [share, begin(1, 0), unshare, release(1, 0), ask(1, 0)] },
  'a-change-of-owner-removes-nothing': { world: ONE_CAMERA, operations: [ask(0, 0), operation({ op: 'transfer', camera: 0, user: 1 }), ask(1, 0)] },
  'switching-a-channel-off-removes-nothing': { world: HUB, operations: [ask(0, 0), operation({ op: 'disable', channel: 'hub' }), ask(0, 0)] },
  'served-beyond-its-lifetime': { world: ONE_CAMERA, operations: [share, ask(1, 0), unshare, advance(61_000), ask(1, 0)] },
  'vary-is-not-looked-at': {
    world: { ...ONE_CAMERA, policies: [{ cacheControl: 'public, max-age=60', vary: 'Authorization' }] },
    operations: [ask(0, 0), ask(1, 0)],
  },
};

const shapeOf = ({ property, kind }: { property: string; kind: string }): string => `${property}/${kind}`;

async function explained(target: Target, program: Program, shape: string): Promise<Explanation> {
  const lab = new Lab(target, PROPERTIES);
  const { breaches, history } = lab.try(program, { record: true }) as Outcome;
  const found = breaches.find((breach) => shapeOf(breach) === shape);
  if (found === undefined) throw new Error(`${target.name} does not break ${shape}: ${breaches.map(shapeOf).join()}`);
  expect(found.instant).toBe(program.operations.length);
  return explain(program, found, history, { evaluate: (changed) => (lab.try(changed) as Outcome).breaches, capabilities: target.capabilities });
}

describe('an explanation', () => {
  it.each(PLANTED_FAULTS.map((fault) => [fault.target.name, fault] as const))(
    'names the decision at fault: %s',
    async (name, { target, shape, size, decision }) => {
      const program = SHORTEST[name]!;
      expect(program.operations).toHaveLength(size);
      const explanation = await explained(target, program, shape);
      expect(explanation.decision).toBe(decision);
      expect(explanation.sentence).toMatch(/^[A-Z].*[^.]\.$/);
      expect(explanation.matters.filter((part) => explanation.indifferent.includes(part))).toEqual([]);
    },
  );

  it('says on which channel and at which tier, when nowhere else', async () => {
    const fault = PLANTED_FAULTS.find(({ target }) => target.name === 'low-tier-on-the-hub-keyed-by-device')!;
    const { sentence, matters, indifferent } = await explained(fault.target, SHORTEST[fault.target.name]!, fault.shape);
    expect(sentence).toBe('On the hub, at the low tier, the entry is keyed without the camera, so that one camera answers for another.');
    expect(matters).toEqual(['channel hub', 'tier low']);
    expect(indifferent).toEqual(['any two users and cameras', 'any capacity']);
  });

  it('says nothing about where, when it is everywhere', async () => {
    const fault = PLANTED_FAULTS.find(({ target }) => target.name === 'rights-checked-on-a-miss-only')!;
    const { sentence, matters, indifferent } = await explained(fault.target, SHORTEST[fault.target.name]!, fault.shape);
    expect(sentence).toMatch(/^A hit is served without asking/);
    expect(matters).toEqual([]);
    expect(indifferent).toEqual(['any channel', 'any tier', 'any two users and cameras', 'any capacity']);
  });

  it('does not take a change that comes twice in a program that was not shrunk for one that has to', async () => {
    const fault = PLANTED_FAULTS.find(({ target }) => target.name === 'withdrawing-a-share-removes-nothing')!;
    const { world, operations } = SHORTEST[fault.target.name]!;
    const { sentence } = await explained(fault.target, { world, operations: [share, unshare, ...operations] }, fault.shape);
    expect(sentence).toMatch(/^Withdrawing a right does not remove/);
  });

  it('names the ids when they are the cause', async () => {
    const fault = PLANTED_FAULTS.find(({ target }) => target.name === 'ids-joined-by-a-colon')!;
    const { matters, indifferent } = await explained(fault.target, SHORTEST[fault.target.name]!, fault.shape);
    expect(matters).toContain('the ids "a", "a:b", "b:c", "c"');
    expect(indifferent).not.toContain('any two users and cameras');
  });

  it('names the two values that it takes two of', async () => {
    const fault = PLANTED_FAULTS.find(({ target }) => target.name === 'keyed-without-the-tier')!;
    const { matters } = await explained(fault.target, SHORTEST[fault.target.name]!, fault.shape);
    expect(matters).toEqual(['two values of tier: high and low']);
  });

  it('says after which change, and which credential it takes', async () => {
    const onlyCookies: Policy = {
      ...sharedEntries,
      serve: (request, entry, nowMs) => (request.credential === 'cookie' ? 'serve' : sharedEntries.serve(request, entry, nowMs)),
    };
    const leaky = lookasideTarget({ name: 'leaky', title: '' }, [sharedEntries, onlyCookies], {}, { credentials: ['bearer', 'cookie', 'none'] });
    const world: World = { ...asking({ credential: 'cookie' }), cameras: ONE_CAMERA.cameras };
    const program: Program = { world, operations: [operation({ op: 'reconfigure', to: 1 }), ask(0, 0), ask(1, 0)] };
    const { sentence, matters } = await explained(leaky, program, 'KH001/stranger');
    expect(sentence).toMatch(/^After the cache was reconfigured, for requests with a cookie, a hit is served/);
    expect(matters).toEqual(['credential cookie']);
  });

  it('tries nothing that the target cannot be asked', async () => {
    const fault = PLANTED_FAULTS.find(({ target }) => target.name === 'rights-checked-on-a-miss-only')!;
    const { channels, credentials, spellings } = { channels: false, credentials: ['cookie'] as const, spellings: ['query'] as const };
    const target: Target = { ...fault.target, capabilities: { ...fault.target.capabilities, channels, credentials, spellings } };
    const world: World = { ...asking({ credential: 'cookie', spelling: 'query' }), cameras: ONE_CAMERA.cameras };
    const lab = new Lab(target, PROPERTIES);
    const program = { world, operations: [ask(0, 0), ask(1, 0)] };
    const { breaches, history } = lab.try(program, { record: true }) as Outcome;
    const tried: Template[] = [];
    const evaluate = (changed: Program): Outcome['breaches'] => {
      tried.push(...changed.world.templates);
      return (lab.try(changed) as Outcome).breaches;
    };
    await explain(program, breaches[0]!, history, { evaluate, capabilities: target.capabilities });
    expect(tried.length).toBeGreaterThan(0);
    for (const { channel, credential, spelling } of tried) expect([channel, credential, spelling]).toEqual(['app', 'cookie', 'query']);
  });

  it('says so when it takes little room', async () => {
    // A slot is used again by the size of the store: with more room, other cameras would not fall into it.
    const slots = lookasideTarget({ name: 'slots', title: '' }, [sharedEntries]);
    const crowded: Target = {
      ...slots,
      open: (stage, options) =>
        lookasideTarget({ name: 'slots', title: '' }, [stage.world.capacity > 4 ? sharedEntries : { ...sharedEntries, key: (request) => request.tier }]).open(
          stage,
          options,
        ),
    };
    const { sentence, matters } = await explained(crowded, SHORTEST['keyed-without-the-camera']!, 'KH001/stranger');
    expect(sentence).toMatch(/^Once entries are evicted, the entry is keyed without the camera/);
    expect(matters).toContain('a capacity of 2');
  });
});

/** One caller brings a copy in, and another one, or the same, is given it. */
function kept(bringer: number, caller: number, property: string, kind: string): History {
  const frame: Mark = { camera: 0, epoch: 0, owner: 0, sequence: 0, tier: 'high', copy: 0 };
  const asked = { ms: 0, event: 'asked', camera: 0, template: 0 } as const;
  const answered = { ms: 0, event: 'answered', frame, fallback: false } as const;
  return [
    { ...asked, at: 1, call: 0, user: bringer },
    { ...answered, at: 1, call: 0 },
    { ...asked, at: 2, call: 1, user: caller },
    { ...answered, at: 2, call: 1 },
    { at: 2, ms: 0, event: 'violation', call: 1, property, kind },
  ];
}

describe('the evidence', () => {
  const evidenceFor = (name: string): ReturnType<typeof evidenceOf> => {
    const { target, shape } = PLANTED_FAULTS.find((fault) => fault.target.name === name)!;
    const program = SHORTEST[name]!;
    const { breaches, history } = new Lab(target, PROPERTIES).try(program, { record: true }) as Outcome;
    return evidenceOf(
      program,
      breaches.find((breach) => shapeOf(breach) === shape)!,
      history,
    );
  };

  it('says what the origin was asked on behalf of the leaking call', () => {
    expect(evidenceFor('rights-checked-on-a-miss-only')).toMatchObject({
      authorised: 'not asked',
      fetched: false,
      joined: false,
      sameCamera: true,
      sameTier: true,
    });
    expect(evidenceFor('keyed-without-the-camera')).toMatchObject({ authorised: 'allowed', sameCamera: false, sameTier: true });
    expect(evidenceFor('keyed-without-the-tier')).toMatchObject({ sameCamera: true, sameTier: false });
  });

  it("says whether the answer was another one's, came late, or stood in for one that failed", () => {
    const names = ['joined-without-asking', 'late-answers-are-stored', 'stale-for-anybody-when-the-origin-fails', 'withdrawing-a-share-removes-nothing'];
    expect(names.map((name) => evidenceFor(name)).map(({ joined, lateFill, afterFailure }) => [joined, lateFill, afterFailure])).toEqual([
      [true, false, false],
      [false, true, false],
      [false, false, true],
      [false, false, false],
    ]);
  });

  it.each([
    ['No-Cache, max-age=60', 'validation'],
    ['private, max-age=60', null],
    ['no-store', 'storing'],
  ] as const)('does not blame a copy that is kept for the caller himself on shared caches: %s', (cacheControl, broken) => {
    const world: World = { ...ONE_CAMERA, policies: [{ cacheControl, vary: '' }] };
    const history = kept(1, 1, 'KH002', 'unshared');
    const found = { property: 'KH002', kind: 'unshared', instant: 2 };
    expect(evidenceOf({ world, operations: [] }, found, history).broken).toBe(broken);
    const shared = { property: 'KH001', kind: 'stranger', instant: 2 };
    expect(evidenceOf({ world, operations: [] }, shared, kept(0, 1, 'KH001', 'stranger')).broken).toBe('storing');
  });

  it('is none where the history is of another run', () => {
    const program = SHORTEST['rights-checked-on-a-miss-only']!;
    expect(() => evidenceOf(program, { property: 'KH001', kind: 'stranger', instant: 2 }, [])).toThrow(/not of this counterexample/);
  });
});
