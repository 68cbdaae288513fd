import { describe, expect, it } from 'vitest';
import type { Operation } from '../../models/domain/operation.ts';
import { ANONYMOUS, PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import type { Counterexample } from './document.ts';
import { type LaneMessage, type Lanes, lanesOf } from './lanes.ts';
import { answered, ask, asked, fetched, historyOf, revokedCounterexample, strangerCounterexample, violation } from './sample-document.laws.ts';

/** Each row as `from>to label`, or `lane label` for a note, with its tone where it has one. */
function rowsOf({ lanes, steps }: Lanes): string[][] {
  const name = (lane: number): string => lanes[lane]?.name ?? 'all';
  const told = ({ from, to, label, tone }: LaneMessage): string => `${name(from)}>${name(to)} ${label}${tone === 'plain' ? '' : ` [${tone}]`}`;
  return steps.map(({ rows }) => rows.map((row) => (row.kind === 'note' ? `${name(row.lane)}: ${row.label}` : told(row))));
}

function counterexampleOf(world: World, steps: Parameters<typeof historyOf>[0]): Counterexample {
  return { ...strangerCounterexample(), program: { world, operations: steps.map(({ operation }) => operation) }, history: historyOf(steps) };
}

describe('lanesOf', () => {
  it('lays a stranger who receives a stored copy out between users, cache and origin', () => {
    const lanes = lanesOf(strangerCounterexample());
    expect(lanes.lanes.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['user alice', 'user bob', 'cache cache', 'origin origin']);
    expect(rowsOf(lanes)).toEqual([
      ['alice>cache asks for door', 'cache>origin fetches door', 'origin>cache frame for alice [plant]', "cache>alice alice's door"],
      ['bob>cache asks for door', "cache>bob alice's door [leak]"],
    ]);
  });

  it('keeps the copy in the cache from the row that brought it in to the row that hands it out', () => {
    expect(lanesOf(strangerCounterexample()).steps.map(({ stay }) => stay)).toEqual([
      { from: 2, to: null },
      { from: null, to: 1 },
    ]);
    expect(lanesOf(revokedCounterexample()).steps.map(({ stay }) => stay)).toEqual([
      null,
      { from: 2, to: null },
      { from: null, to: null },
      { from: null, to: null },
      { from: null, to: 1 },
    ]);
  });

  it('keeps the copy within one step where those who wait for one fetch all receive it', () => {
    const begin = (user: number): Operation => ({ op: 'begin', user, camera: 0, template: 0 });
    const { steps } = lanesOf(
      counterexampleOf(PLAIN_WORLD, [
        { operation: begin(0), events: [asked(0, 0, 0), { event: 'contact', call: 0, contact: 'fetch', held: true }] },
        { operation: begin(1), events: [asked(1, 1, 0)] },
        {
          operation: { op: 'release', user: 0, camera: 0, template: 0, outcome: 'reply' },
          events: [{ event: 'origin', call: 0, contact: 'fetch', status: 'ok' }, answered(0, {}), answered(1, {}), violation(1, 'KH001', 'stranger')],
        },
      ]),
    );
    expect(steps.map(({ stay }) => stay)).toEqual([null, null, { from: 0, to: 2 }]);
  });

  it('begins the stay with the answer where the history does not show the fetch, and knows none where nothing was brought in', () => {
    const whole = strangerCounterexample();
    const unfetched = { ...whole, history: whole.history.filter(({ event }) => event !== 'origin' && event !== 'contact') };
    expect(lanesOf(unfetched).steps.map(({ stay }) => stay)).toEqual([
      { from: 1, to: null },
      { from: null, to: 1 },
    ]);
    const unplanted = { ...whole, history: whole.history.filter((event) => event.at === 2) };
    expect(lanesOf(unplanted).steps.map(({ stay }) => stay)).toEqual([null, null]);
  });

  it('says what every other operation does at the lane of whom it concerns, by the owner of that moment', () => {
    const camera = 0;
    const user = 1;
    const operations: Operation[] = [
      { op: 'capture', camera },
      { op: 'share', camera, user },
      { op: 'unshare', camera, user },
      { op: 'publish', camera },
      { op: 'unpublish', camera },
      { op: 'transfer', camera, user },
      { op: 'recreate', camera },
      { op: 'link', user: 0, channel: 'hub' },
      { op: 'unlink', user: 0, channel: 'hub' },
      { op: 'disable', channel: 'hub' },
      { op: 'enable', channel: 'hub' },
      { op: 'advance', by: 1500 },
      { op: 'purge', camera },
      { op: 'restart' },
      { op: 'reconfigure', to: 1 },
      { op: 'release', user, camera, template: 0, outcome: 'reply' },
    ];
    const lanes = lanesOf(
      counterexampleOf(
        PLAIN_WORLD,
        operations.map((operation) => ({ operation, events: [] })),
      ),
    );
    expect(rowsOf(lanes).flat()).toEqual([
      'origin: new frame of door',
      'alice: shares door with bob',
      'alice: stops sharing door with bob',
      'alice: makes door public',
      'alice: makes door private',
      'alice: hands door over to bob',
      'bob: sets door up anew',
      'alice: links the hub',
      'alice: unlinks the hub',
      'origin: hub is switched off',
      'origin: hub is switched on',
      'all: 1.5 s pass',
      'cache: forgets door',
      'cache: is restarted',
      'cache: configuration 1',
      'all: nothing happens',
    ]);
  });

  it('tells what the origin is asked on behalf of no call, and in whose name it is asked on behalf of another one', () => {
    const service = { user: null, camera: 1 };
    const events = [
      { event: 'contact', call: -1, contact: 'fetch', held: false, of: service },
      { event: 'origin', call: -1, contact: 'fetch', status: 'ok' },
      asked(0, 0, 0),
      { event: 'contact', call: 0, contact: 'authorise', held: false, of: { user: 1, camera: 1 } },
      { event: 'origin', call: 0, contact: 'authorise', status: 'refused' },
      ...fetched(0),
    ] as const;
    expect(rowsOf(lanesOf(counterexampleOf(PLAIN_WORLD, [{ operation: ask(0, 0), events }])))).toEqual([
      [
        'cache>origin fetches yard for the service',
        'origin>cache frame for the service',
        'alice>cache asks for door',
        'cache>origin may bob see yard?',
        'origin>cache no for bob',
        'cache>origin fetches door',
        'origin>cache frame for alice',
      ],
    ]);
  });

  it('gives the anonymous visitor the last lane of those who ask, and tells refusals, questions and callers who go away', () => {
    const world: World = { ...PLAIN_WORLD, templates: [{ ...PLAIN_TEMPLATE, credential: 'none', tier: 'low', channel: 'hub' }] };
    const gone: Operation = { op: 'cancel', user: ANONYMOUS, camera: 0, template: 0 };
    const lanes = lanesOf(
      counterexampleOf(world, [
        {
          operation: ask(ANONYMOUS, 0),
          events: [
            asked(0, ANONYMOUS, 0),
            { event: 'contact', call: 0, contact: 'authorise', held: false },
            { event: 'origin', call: 0, contact: 'authorise', status: 'refused' },
            { event: 'refused', call: 0, status: 'error' },
          ],
        },
        { operation: ask(1, 1), events: [asked(1, 1, 1), ...fetched(1, 'dropped'), { event: 'refused', call: 1, status: 'odd' }] },
        { operation: gone, events: [{ event: 'cancelled', call: 0 }] },
      ]),
    );
    expect(lanes.lanes.map(({ name }) => name)).toEqual(['alice', 'bob', 'visitor', 'cache', 'origin']);
    expect(rowsOf(lanes)).toEqual([
      ['visitor>cache asks for door (low, hub)', 'cache>origin may the visitor see door?', 'origin>cache no for the visitor', 'cache>visitor error'],
      ['bob>cache asks for yard (low, hub)', 'cache>origin fetches yard', 'origin>cache connection broken for bob', 'cache>bob no frame'],
      ['visitor>cache goes away'],
    ]);
  });

  it('tells what comes without a frame: headers of somebody else, and news of a picture', () => {
    const lanes = lanesOf({
      ...counterexampleOf(PLAIN_WORLD, [
        { operation: ask(0, 0), events: [asked(0, 0, 0), { event: 'header', call: 0, party: -2 }, answered(0, { sequence: 1 })] },
        { operation: ask(1, 0), events: [asked(1, 1, 0), { event: 'header', call: 1, party: 0 }, violation(1, 'KH007', 'user')] },
        { operation: ask(1, 0), events: [asked(2, 1, 0), { event: 'described', call: 2, frame: null }] },
      ]),
      property: 'KH007',
      kind: 'user',
    });
    expect(rowsOf(lanes)).toEqual([
      ['alice>cache asks for door', 'cache>alice headers for a visitor', "cache>alice alice's door #1"],
      ['bob>cache asks for door', 'cache>bob headers for alice [leak]'],
      ['bob>cache asks for door', 'cache>bob told of a picture'],
    ]);
    expect(lanes.steps.map(({ stay }) => stay)).toEqual([null, null, null]);
  });

  it('needs no history', () => {
    const bare = { ...strangerCounterexample(), history: [] };
    expect(lanesOf(bare).steps.map(({ rows }) => rows.length)).toEqual([1, 1]);
    expect(lanesOf({ ...bare, program: { ...bare.program, operations: [] } }).steps).toEqual([]);
  });

  it('is plain data', () => {
    const lanes = lanesOf(revokedCounterexample());
    expect(JSON.parse(JSON.stringify(lanes))).toEqual(lanes);
  });
});
