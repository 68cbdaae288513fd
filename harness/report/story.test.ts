import { describe, expect, it } from 'vitest';
import { type Operation, operation } from '../../models/domain/operation.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, ROOMY, type World } from '../../models/domain/world.ts';
import { Lookaside } from '../../models/lookaside.ts';
import type { Policy } from '../../models/policy.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { compile, play } from '../run/run.ts';
import { Stage } from '../run/stage.ts';
import { writeCounterexample } from './counterexample-file.ts';
import type { Counterexample } from './document.ts';
import { answered, ask, asked, fetched, historyOf, revokedCounterexample, strangerCounterexample, violation } from './sample-document.laws.ts';
import { type Story, storyOf } from './story.ts';

/** A cache that is wrong in every decision, so that every kind of story can be had. */
const CARELESS: Policy = {
  key: (request) => `${request.camera}/${request.tier}`,
  admit: () => true,
  join: (request) => `${request.camera}/${request.tier}`,
  hand: () => 'serve',
  serve: () => 'serve',
  fallback: () => 'serve',
  invalidate: () => false,
};

const WORLD: World = {
  ...PLAIN_WORLD,
  templates: [PLAIN_TEMPLATE, { ...PLAIN_TEMPLATE, tier: 'low', channel: 'hub', credential: 'none' }, { ...PLAIN_TEMPLATE, channel: 'hub', spelling: 'query' }],
};

/** One user more. */
const CROWD: World = { ...PLAIN_WORLD, users: ['alice', 'bob', 'carol'] };

/** Visitors ask for the same entries as everybody. */
const LOW: World = { ...PLAIN_WORLD, templates: [PLAIN_TEMPLATE, { ...PLAIN_TEMPLATE, credential: 'none' }] };

/** What really comes of operations, as a check would record it. */
function recorded(operations: readonly Operation[], world: World = PLAIN_WORLD): Counterexample {
  const stage = new Stage(world, { terms: { told: true }, lifetimes: 'granted', properties: PROPERTIES, record: true });
  const session = new Lookaside(stage, stage, { policies: [CARELESS], capacity: 2, limit: 'count', renditions: 'fetched' });
  play(stage, session, compile(stage, operations.map(operation)));
  const breach = stage.breaches[0];
  return writeCounterexample({
    tool: { name: 'keyhole', version: '0.1.0' },
    target: 'careless',
    property: breach?.property ?? 'KH001',
    kind: breach?.kind ?? 'stranger',
    seed: 1,
    program: { world, operations },
    history: stage.history!,
    explanation: { decision: 'unknown', sentence: '', matters: [], indifferent: [] },
  }).value;
}

function told(story: Story): string {
  return story.lines.map(({ instant, text, role, plantedAt }) => `${role}${plantedAt === null ? '' : ` of ${plantedAt}`} ${instant}. ${text}`).join('\n');
}

const begin = (user: number, camera: number): Operation => ({ op: 'begin', user, camera, template: 0 });
const release = (user: number, camera: number, outcome: 'reply' | 'refuse' | 'error' | 'drop'): Operation => ({
  op: 'release',
  user,
  camera,
  template: 0,
  outcome,
});

describe('storyOf', () => {
  it('tells who received what, and links the leak to the step that brought the copy in', () => {
    const story = storyOf(strangerCounterexample());
    expect(story.cast).toEqual([
      { id: 'alice', cameras: ['door'] },
      { id: 'bob', cameras: ['yard'] },
    ]);
    expect(story.setting).toEqual([
      'The cache may hold 2 entries; the origin lets an in-process cache keep an answer for 60 s.',
      'The origin sends "Cache-Control: private, max-age=60" and no Vary.',
    ]);
    expect(story.outcome).toEqual({
      headline: 'bob received a frame of door, which belongs to alice.',
      wrong: 'bob never owned door, and it was never shared with bob.',
    });
    expect(story.lines.map((line) => line.who)).toEqual(['alice', 'bob']);
    expect(told(story)).toMatchInlineSnapshot(`
      "plant 1. alice asks for camera door (app, high tier, bearer token). The cache asks the origin for the frame. alice receives frame #0 of door, alice's own. This very copy comes out again in step 2.
      leak of 1 2. bob asks for camera door (app, high tier, bearer token). Nothing is asked of the origin. bob receives the same copy that alice received in step 1: frame #0 of door, which belongs to alice. bob never owned door, and it was never shared with bob."
    `);
  });

  it.each([
    [
      'the lifetime that is granted, and the header that speaks of it',
      { lifetimeMs: 10_000 },
      /^The cache may hold 2 entries; the origin lets.*for 10 s\. .*max-age=10"/,
    ],
    ['what HTTP says, to a cache on the wire', { capacity: ROOMY }, /^The origin sends "Cache-Control: private, max-age=60" and no Vary\.$/],
  ])('tells %s', (_, world, words) => {
    const counterexample = strangerCounterexample();
    const { program } = counterexample;
    const { setting } = storyOf({ ...counterexample, program: { ...program, world: { ...program.world, ...world } } });
    expect(setting.join(' ')).toMatch(words);
  });

  it('says for whom nothing was asked where something was for another caller', () => {
    const steps = [
      { operation: ask(0, 0), events: [asked(0, 0, 0)] },
      { operation: ask(1, 0), events: [asked(1, 1, 0), ...fetched(0), answered(0, {}), answered(1, { copy: 1 }), violation(1, 'KH001', 'stranger')] },
    ];
    const [, second] = storyOf({ ...strangerCounterexample(), history: historyOf(steps) }).lines;
    expect(second!.text).toContain('Nothing is asked of the origin for bob. For alice the cache asks the origin for the frame.');
  });

  it('says how a camera is named where that is not the plain way', () => {
    const world: World = { ...PLAIN_WORLD, templates: [{ ...PLAIN_TEMPLATE, spelling: 'query' }] };
    expect(storyOf(recorded([ask(0, 0), ask(1, 0)], world)).lines[0]!.text).toContain('(app, high tier, bearer token, camera named in the query string)');
  });

  it('tells the first time that a camera belonged to somebody from one in which it was set up anew', () => {
    const back: Operation[] = [ask(0, 0), { op: 'transfer', camera: 0, user: 1 }, { op: 'transfer', camera: 0, user: 0 }, ask(1, 0)];
    expect(storyOf(recorded(back)).outcome?.headline).toBe('bob received a frame of door, from an earlier time when it belonged to alice.');
  });

  it('says that nothing was asked of the origin only where that is so', () => {
    const [first, second] = storyOf(strangerCounterexample()).lines;
    expect(first!.text).not.toContain('Nothing is asked');
    expect(second!.text).toContain('Nothing is asked of the origin.');
  });

  it('tells the same from a recorded history as from the handmade one', () => {
    expect(storyOf(recorded([ask(0, 0), ask(1, 0)]))).toEqual(storyOf(strangerCounterexample()));
    const world = revokedCounterexample().program.world;
    expect(storyOf(recorded(revokedCounterexample().program.operations, world))).toEqual(storyOf(revokedCounterexample()));
  });

  it('tells of a share that was withdrawn, and of time', () => {
    expect(told(storyOf(revokedCounterexample()))).toMatchInlineSnapshot(`
      "setup 1. alice shares camera door with bob.
      plant 2. bob asks for camera door (hub, low tier, bearer token). The cache asks the origin for the frame. bob receives frame #0 of door, which belongs to alice. This very copy comes out again in step 5.
      setup 3. alice stops sharing camera door with bob.
      time 4. 1 s passes.
      leak of 2 5. bob asks for camera door (hub, low tier, bearer token). Nothing is asked of the origin. bob receives the same copy as in step 2: frame #0 of door, which belongs to alice. door had been shared with bob, but no longer was when bob asked."
    `);
  });

  it('tells what the origin holds back and who receives it on release', () => {
    expect(told(storyOf(recorded([begin(0, 0), begin(1, 0), release(0, 0, 'reply')])))).toMatchInlineSnapshot(`
      "plain 1. alice asks for camera door (app, high tier, bearer token). The cache asks the origin for the frame; the origin holds its answer back.
      plain 2. bob asks for camera door (app, high tier, bearer token). Nothing is asked of the origin; bob waits.
      leak of 3 3. The origin sends the frame that it held back, for the request of step 1 (alice, camera door). alice receives frame #0 of door, alice's own. bob receives the same copy: frame #0 of door, which belongs to alice. bob never owned door, and it was never shared with bob."
    `);
  });

  it('finds the copy that was fetched for a caller who had gone away', () => {
    expect(told(storyOf(recorded([begin(0, 0), { op: 'cancel', user: 0, camera: 0, template: 0 }, release(0, 0, 'reply'), ask(1, 0)])))).toMatchInlineSnapshot(`
      "plain 1. alice asks for camera door (app, high tier, bearer token). The cache asks the origin for the frame; the origin holds its answer back.
      plain 2. alice goes away before the request of step 1 is answered.
      plant 3. The origin sends the frame that it held back, for the request of step 1 (alice, camera door). This very copy comes out again in step 4.
      leak of 3 4. bob asks for camera door (app, high tier, bearer token). Nothing is asked of the origin. bob receives the copy that was fetched for alice in step 3: frame #0 of door, which belongs to alice. bob never owned door, and it was never shared with bob."
    `);
  });

  it('tells to which time a frame belongs when the camera has changed hands', () => {
    expect(told(storyOf(recorded([{ op: 'capture', camera: 0 }, ask(0, 0), { op: 'transfer', camera: 0, user: 1 }, ask(1, 0)])))).toMatchInlineSnapshot(`
      "setup 1. camera door takes a new frame, #1.
      plant 2. alice asks for camera door (app, high tier, bearer token). The cache asks the origin for the frame. alice receives frame #1 of door, alice's own. This very copy comes out again in step 4.
      setup 3. alice hands camera door over to bob.
      leak of 2 4. bob asks for camera door (app, high tier, bearer token). Nothing is asked of the origin. bob receives the same copy that alice received in step 2: frame #1 of door, from the time when it belonged to alice. bob may see door as it is now, but not what it saw before."
    `);
  });

  it('tells to which time a frame belongs when the camera was set up anew', () => {
    const share: Operation = { op: 'share', camera: 0, user: 1 };
    const story = storyOf(recorded([share, ask(0, 0), { op: 'recreate', camera: 0 }, ask(1, 0)]));
    expect(story.outcome).toMatchInlineSnapshot(`
      {
        "headline": "bob received a frame of door, from before alice set it up anew, after the right to it had been withdrawn.",
        "wrong": "The share that covered this frame had ended before bob asked.",
      }
    `);
    expect(told(story)).toMatchInlineSnapshot(`
      "setup 1. alice shares camera door with bob.
      plant 2. alice asks for camera door (app, high tier, bearer token). The cache asks the origin for the frame. alice receives frame #0 of door, alice's own. This very copy comes out again in step 4.
      setup 3. alice deletes camera door and sets it up anew under the same id.
      leak of 2 4. bob asks for camera door (app, high tier, bearer token). Nothing is asked of the origin. bob receives the same copy that alice received in step 2: frame #0 of door, from before alice set it up anew. The share that covered this frame had ended before bob asked."
    `);
  });

  it('says that a camera has not been public since it was set up anew, or came to somebody else', () => {
    const visit = ask(-1, 0, 1);
    const wrongOf = (operations: readonly Operation[]): string | undefined => storyOf(recorded(operations, LOW)).outcome?.wrong;
    const publish: Operation = { op: 'publish', camera: 0 };
    const recreate: Operation = { op: 'recreate', camera: 0 };
    const transfer: Operation = { op: 'transfer', camera: 0, user: 1 };
    expect(wrongOf([ask(0, 0), visit])).toBe('door was never public.');
    expect(wrongOf([publish, recreate, ask(0, 0), visit])).toBe('door was public once, but has not been since alice set it up anew.');
    expect(wrongOf([publish, transfer, ask(1, 0), visit])).toBe('door was public once, but has not been since it came to bob.');
    expect(wrongOf([ask(0, 0), recreate, publish, visit])).toBe('door was public at another time, but not in the ownership that this frame is from.');
  });

  it('says of a former sharee that the camera was set up anew, where it did not change hands', () => {
    const share: Operation = { op: 'share', camera: 0, user: 1 };
    const wrongOf = (change: Operation, owner: number): string | undefined =>
      storyOf(recorded([share, change, ask(owner, 0), ask(1, 0)], CROWD)).outcome?.wrong;
    expect(wrongOf({ op: 'recreate', camera: 0 }, 0)).toBe('bob may see what door saw before alice set it up anew, but not what it sees now.');
    expect(wrongOf({ op: 'transfer', camera: 0, user: 2 }, 2)).toBe('bob may see what door saw before it changed hands, but not what it sees now.');
  });

  it('tells of an anonymous visitor without giving him an id', () => {
    const visit = ask(-1, 0, 1);
    const story = storyOf(recorded([{ op: 'publish', camera: 0 }, visit, { op: 'unpublish', camera: 0 }, { op: 'advance', by: 61_500 }, visit], WORLD));
    expect(told(story)).toMatchInlineSnapshot(`
      "setup 1. alice makes camera door public.
      plant 2. An anonymous visitor asks for camera door (hub, low tier, no credential, camera named in the path). The cache asks the origin for the frame. The visitor receives frame #0 of door, which belongs to alice. This very copy comes out again in step 5.
      setup 3. alice makes camera door private again.
      time 4. 61.5 s pass.
      leak of 2 5. An anonymous visitor asks for camera door (hub, low tier, no credential, camera named in the path). Nothing is asked of the origin. The visitor receives the same copy as in step 2: frame #0 of door, which belongs to alice. door had been public, but no longer was when the visitor asked."
    `);
  });

  it('names the visitor, not a user, where the template carries no credential', () => {
    const story = storyOf(recorded([{ op: 'publish', camera: 0 }, ask(0, 0, 1)], WORLD));
    expect(story.lines[1]!.who).toBe('an anonymous visitor');
    expect(story.lines[1]!.text).toContain('An anonymous visitor asks');
  });

  it('has plain words for channels, conditions of the cache, failures, and what does nothing', () => {
    const operations: Operation[] = [
      { op: 'link', user: 0, channel: 'hub' },
      { op: 'unlink', user: 0, channel: 'hub' },
      { op: 'disable', channel: 'hub' },
      { op: 'enable', channel: 'hub' },
      { op: 'purge', camera: 1 },
      { op: 'restart' },
      { op: 'reconfigure', to: 0 },
      { op: 'advance', by: 120_000 },
      { op: 'share', camera: 0, user: 0 },
      { op: 'unshare', camera: 0, user: 0 },
      { op: 'transfer', camera: 0, user: 0 },
      release(0, 0, 'drop'),
      { op: 'cancel', user: 1, camera: 0, template: 0 },
      ask(1, 0),
      ask(0, 0, 2),
      begin(0, 0),
      release(0, 0, 'error'),
      begin(0, 0),
      release(0, 0, 'refuse'),
      begin(0, 0),
      release(0, 0, 'drop'),
      begin(0, 1),
    ];
    expect(told(storyOf(recorded(operations, WORLD)))).toMatchInlineSnapshot(`
      "setup 1. alice links the hub.
      setup 2. alice unlinks the hub.
      setup 3. The hub is switched off for everybody.
      setup 4. The hub is switched on again for everybody.
      setup 5. The cache is told to forget camera yard.
      setup 6. The cache is restarted.
      setup 7. The cache is put under configuration 0.
      time 8. 2 min pass.
      note 9. alice shares camera door with its owner: nothing changes, but a cache that hears of changes is told.
      note 10. alice stops sharing camera door with its owner: nothing changes, but a cache that hears of changes is told.
      note 11. alice hands camera door over to its owner: nothing happens.
      note 12. The origin holds nothing back for alice and camera door: nothing happens.
      note 13. bob has no request for camera door under way: nothing happens.
      plain 14. bob asks for camera door (app, high tier, bearer token, camera named in the path). The cache asks the origin for the frame; the origin refuses. bob is refused.
      plain 15. alice asks for camera door (hub, high tier, bearer token, camera named in the query string). The cache asks the origin for the frame; the origin refuses. alice is refused.
      plain 16. alice asks for camera door (app, high tier, bearer token, camera named in the path). The cache asks the origin for the frame; the origin holds its answer back.
      plain 17. The origin fails on what it was asked and held back, for the request of step 16 (alice, camera door). alice receives an error.
      plain 18. alice asks for camera door (app, high tier, bearer token, camera named in the path). The cache asks the origin for the frame; the origin holds its answer back.
      plain 19. The origin refuses what it was asked and held back, for the request of step 18 (alice, camera door). alice is refused.
      plain 20. alice asks for camera door (app, high tier, bearer token, camera named in the path). The cache asks the origin for the frame; the origin holds its answer back.
      plain 21. The origin breaks the connection on which it held its answer back, for the request of step 20 (alice, camera door). alice receives nothing: the connection breaks.
      plain 22. alice asks for camera yard (app, high tier, bearer token, camera named in the path). The cache asks the origin for the frame; the origin holds its answer back.
      note 22. At the end nothing has come of the request of step 22 (alice, camera yard)."
    `);
  });

  it('tells of the question whether a caller may see a camera', () => {
    const counterexample = strangerCounterexample();
    const story = storyOf({
      ...counterexample,
      history: historyOf([
        {
          operation: ask(0, 0),
          events: [
            asked(0, 0, 0),
            { event: 'contact', call: 0, contact: 'authorise', held: false },
            { event: 'origin', call: 0, contact: 'authorise', status: 'ok' },
            ...fetched(0),
            answered(0, {}),
          ],
        },
        {
          operation: ask(1, 0),
          events: [
            asked(1, 1, 0),
            { event: 'contact', call: 1, contact: 'authorise', held: false },
            { event: 'origin', call: 1, contact: 'authorise', status: 'refused' },
            { event: 'refused', call: 1, status: 'refused' },
          ],
        },
      ]),
    });
    expect(told(story)).toMatchInlineSnapshot(`
      "plain 1. alice asks for camera door (app, high tier, bearer token). The cache asks the origin whether alice may see it: yes. The cache asks the origin for the frame. alice receives frame #0 of door, alice's own.
      plain 2. bob asks for camera door (app, high tier, bearer token). The cache asks the origin whether bob may see it: no. bob is refused."
    `);
    expect(story.outcome).toBeNull();
  });

  it('tells what is asked of the origin in another name, or on behalf of no call', () => {
    const contact = { event: 'contact', call: -1, contact: 'fetch', held: false } as const;
    const story = storyOf({
      ...strangerCounterexample(),
      history: historyOf([
        {
          operation: ask(0, 0),
          events: [
            asked(0, 0, 0),
            { ...contact, call: 0, of: { user: 1, camera: 1 } },
            { event: 'origin', call: 0, contact: 'fetch', status: 'refused' },
            { ...contact, of: { user: null, camera: 0 } },
            { event: 'origin', call: -1, contact: 'fetch', status: 'ok' },
            answered(0, {}),
          ],
        },
        {
          operation: ask(1, 0),
          events: [
            asked(1, 1, 0),
            { ...contact, contact: 'authorise', of: { user: 0, camera: 0 } },
            { event: 'origin', call: -1, contact: 'authorise', status: 'ok' },
            { ...contact, of: { user: -1, camera: 0 } },
            { event: 'origin', call: -1, contact: 'fetch', status: 'refused' },
            contact,
          ],
        },
      ]),
    });
    expect(told(story)).toMatchInlineSnapshot(`
      "plain 1. alice asks for camera door (app, high tier, bearer token). The cache asks the origin for a frame of yard in the name of bob; the origin refuses. The cache asks the origin for a frame of door on nobody's behalf. alice receives frame #0 of door, alice's own.
      plain 2. bob asks for camera door (app, high tier, bearer token). The cache asks the origin whether alice may see door: yes. The cache asks the origin for a frame of door in the name of a visitor; the origin refuses. The cache asks the origin on nobody's behalf.
      note 2. At the end nothing has come of the request of step 2 (bob, camera door)."
    `);
  });

  it('says openly when the cache marked the frame as a fallback, and when its tier is another one', () => {
    const counterexample = strangerCounterexample();
    const frame = answered(1, { tier: 'low' });
    const history = historyOf([
      { operation: ask(0, 0), events: [asked(0, 0, 0), ...fetched(0), answered(0, {})] },
      { operation: ask(1, 0), events: [asked(1, 1, 0), { ...frame, fallback: true } as typeof frame, violation(1, 'KH001', 'stranger')] },
    ]);
    const [, leak] = storyOf({ ...counterexample, history }).lines;
    expect(leak!.text).toContain('frame #0 in the low tier of door');
    expect(leak!.text).toContain('The cache says that it is a stand-in for what was asked.');
  });

  it('says that another property was broken on the way', () => {
    const history = historyOf([
      { operation: ask(1, 0), events: [asked(0, 1, 0), answered(0, {}), violation(0, 'KH005', 'unlinked')] },
      { operation: ask(1, 0), events: [asked(1, 1, 0), answered(1, {}), violation(1, 'KH001', 'stranger')] },
    ]);
    const lines = storyOf({ ...strangerCounterexample(), history }).lines;
    expect(lines[0]!.text).toContain('What bob received breaks KH005 too.');
    expect(lines[0]!.role).toBe('plain');
    expect(lines[1]!).toMatchObject({ role: 'leak', plantedAt: null });
  });

  it('tells each frame of a torn answer as its own, and only the foreign one as the leak', () => {
    const history = historyOf([
      { operation: ask(0, 0), events: [asked(0, 0, 0), ...fetched(0), answered(0, {})] },
      { operation: ask(1, 1), events: [asked(1, 1, 1), ...fetched(1), answered(1, { camera: 1, owner: 1, copy: 1 })] },
      {
        operation: ask(1, 1),
        events: [
          asked(2, 1, 1),
          answered(2, { camera: 1, owner: 1, copy: 1 }),
          answered(2, {}),
          violation(2, 'KH006', 'torn'),
          violation(2, 'KH001', 'stranger'),
          answered(2, { camera: 1, owner: 1, copy: 2 }),
        ],
      },
    ]);
    const torn = { ...strangerCounterexample(), program: { world: PLAIN_WORLD, operations: [ask(0, 0), ask(1, 1), ask(1, 1)] }, history };
    const { lines, outcome } = storyOf(torn);
    expect(lines[2]!.text).toBe(
      'bob asks for camera yard (app, high tier, bearer token). Nothing is asked of the origin. ' +
        "bob receives the same copy as in step 2: frame #0 of yard, bob's own. " +
        'The same answer holds the same copy that alice received in step 1: frame #0 of door, which belongs to alice. ' +
        'bob never owned door, and it was never shared with bob. What bob received breaks KH006 too. ' +
        "The same answer holds frame #0 of yard, bob's own.",
    );
    expect(lines.map(({ role }) => role)).toEqual(['plant', 'plain', 'leak']);
    expect(outcome!.headline).toBe('bob received a frame of door, which belongs to alice.');
  });

  it('does not send the reader back to the step that is being told', () => {
    const history = historyOf([
      { operation: begin(0, 0), events: [asked(0, 0, 0)] },
      { operation: begin(0, 0), events: [asked(1, 0, 0)] },
      { operation: release(0, 0, 'reply'), events: [answered(0, {}), answered(1, {})] },
    ]);
    const { lines } = storyOf({
      ...strangerCounterexample(),
      program: { world: PLAIN_WORLD, operations: [begin(0, 0), begin(0, 0), release(0, 0, 'reply')] },
      history,
    });
    expect(lines[2]!.text).toContain("alice receives frame #0 of door, alice's own. alice receives the same copy: frame #0 of door, alice's own.");
    expect(lines[2]!.text).not.toContain('as in step');
  });

  it('takes names from a file for names, whatever they are', () => {
    const history = historyOf([
      { operation: ask(0, 0), events: [asked(0, 0, 0), ...fetched(0, 'constructor'), { event: 'refused', call: 0, status: 'toString' }] },
      { operation: ask(1, 0), events: [asked(1, 1, 0), answered(1, {}), violation(1, 'KH001', 'constructor')] },
    ]);
    expect(told(storyOf({ ...strangerCounterexample(), history }))).toMatchInlineSnapshot(`
      "plain 1. alice asks for camera door (app, high tier, bearer token). The cache asks the origin for the frame. alice receives no frame.
      leak 2. bob asks for camera door (app, high tier, bearer token). Nothing is asked of the origin. bob receives frame #0 of door, which belongs to alice. This breaks KH001."
    `);
  });

  it('tells the operations alone where there is no history', () => {
    const story = storyOf({ ...strangerCounterexample(), history: [] });
    expect(story.outcome).toBeNull();
    expect(told(story)).toBe(
      'plain 1. alice asks for camera door (app, high tier, bearer token).\nplain 2. bob asks for camera door (app, high tier, bearer token).',
    );
  });

  it('shows hostile ids for what they are, and ids that look alike as different', () => {
    const world: World = {
      ...PLAIN_WORLD,
      users: ['zo\u00e9', 'zoe\u0301'],
      cameras: [
        { id: '\u001b[31m<b>', owner: 0 },
        { id: 'a\u202eb', owner: 1 },
      ],
    };
    const story = storyOf(strangerCounterexample(world));
    const text = `${JSON.stringify(story.cast)} ${told(story).replaceAll('\n', ' ')} ${story.outcome!.headline}`;
    expect(text).not.toMatch(/\p{Cc}|\p{Cf}/u);
    expect(story.cast).toEqual([
      { id: '"zo\\u{e9}"', cameras: ['"\\u{1b}[31m<b>"'] },
      { id: '"zoe\\u{301}"', cameras: ['"a\\u{202e}b"'] },
    ]);
  });
});
