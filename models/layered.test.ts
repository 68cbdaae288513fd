import { describe, expect, it } from 'vitest';
import type { Stage } from '../harness/run/stage.ts';
import { CdnEdge } from './cdn-edge.ts';
import { advance, ALICE, ask, begin, BOB, BY_TOKEN, capture, FOR_ALL, publish, purge, release, share, type Told, tellOf, worldOf } from './cdn-told.laws.ts';
import { edge, type EdgePolicy } from './cdn.ts';
import { type Operation, operation } from './domain/operation.ts';
import { ANONYMOUS, type ResponsePolicy, type World } from './domain/world.ts';
import { Layered, type LayeredOptions } from './layered.ts';
import { Lookaside } from './lookaside.ts';
import { perViewer } from './lru.ts';
import { tiered } from './tiered.ts';

const NAMED: ResponsePolicy = { ...FOR_ALL, validator: true };
const restart = operation({ op: 'restart' });
const keepsNothing: EdgePolicy = { ...edge, admit: () => false };

interface Levels {
  readonly outer?: EdgePolicy;
  readonly inner?: EdgePolicy;
  readonly restarts?: LayeredOptions['restarts'];
}

/** Plays operations against an edge in front of a shield. */
function tell(world: World, operations: readonly Operation[], { outer = edge, inner = edge, restarts = 'outer' }: Levels = {}): Told {
  const level =
    (policy: EdgePolicy): LayeredOptions['outer'] =>
    (origin, sink) =>
      new CdnEdge(origin, sink, { policies: [policy], capacity: 8 });
  return tellOf(world, operations, (stage) => new Layered(stage, stage, { outer: level(outer), inner: level(inner), restarts }));
}

describe('Layered: an edge in front of a shield', () => {
  it('asks the origin once, and then neither of them', () => {
    const world = worldOf({ says: BY_TOKEN });
    expect(tell(world, [ask(ALICE), ask(ALICE)])).toMatchObject({ calls: [0, 0], contacts: [0] });
    expect(tell(world, [ask(ALICE), ask(ALICE)], { outer: keepsNothing })).toMatchObject({ calls: [0, 0], contacts: [0] });
  });

  it('keeps the shield warm when the edge is restarted, and not when both are', () => {
    const world = worldOf({ says: BY_TOKEN });
    expect(tell(world, [ask(ALICE), restart, ask(ALICE)]).calls).toEqual([0, 0]);
    expect(tell(world, [ask(ALICE), restart, ask(ALICE)], { restarts: 'inner' }).calls).toEqual([0, 0]);
    expect(tell(world, [ask(ALICE), restart, ask(ALICE)], { restarts: 'both' }).calls).toEqual([0, 1]);
  });

  it('drops those who wait for an edge that is restarted, and hears no late answer of the shield', () => {
    const said = tell(worldOf({ says: BY_TOKEN }), [begin(ALICE), ask(ALICE), restart, release(ALICE), ask(ALICE)]);
    expect(said.calls).toEqual(['dropped', 'dropped', 0]);
  });

  it('asks again for those who wait at a shield that is restarted', () => {
    const said = tell(worldOf({ credential: 'none', says: FOR_ALL }), [publish, begin(ANONYMOUS), ask(ANONYMOUS), restart], { restarts: 'inner' });
    expect(said.calls).toEqual([null, null]);
  });

  it('passes the age on, so that lifetimes do not add up (RFC 9111 section 4.2.3)', () => {
    const world = worldOf({ credential: 'none', says: FOR_ALL });
    const said = tell(world, [publish, ask(ANONYMOUS), advance(40_000), restart, ask(ANONYMOUS), advance(20_000), ask(ANONYMOUS)]);
    expect(said.calls).toEqual([0, 0, 1]);
  });

  it('passes Vary on: neither gives the variant of one user to another', () => {
    const said = tell(worldOf({ says: BY_TOKEN }), [share(BOB), ask(ALICE), ask(BOB), restart, ask(BOB), ask(ALICE)]);
    expect(said).toMatchObject({ calls: [0, 1, 1, 0], contacts: [0, 1] });
  });

  it('validates through both (RFC 9111 section 4.3)', () => {
    const world = worldOf({ credential: 'none', says: NAMED });
    const said = tell(world, [publish, ask(ANONYMOUS), advance(60_000), ask(ANONYMOUS), ask(ANONYMOUS)]);
    expect(said).toMatchObject({ calls: [0, 0, 0], replies: ['ok', 'unchanged'] });
    expect(tell(world, [publish, ask(ANONYMOUS), advance(60_000), capture, ask(ANONYMOUS)]).calls).toEqual([0, 1]);
  });

  it('answers HEAD and conditions from either', () => {
    const ways = worldOf({ says: { ...BY_TOKEN, validator: true } }, { method: 'HEAD', says: BY_TOKEN }, { condition: 'any', says: BY_TOKEN });
    expect(tell(ways, [ask(ALICE), ask(ALICE, 1), ask(ALICE, 2), restart, ask(ALICE, 1), ask(ALICE, 2)])).toMatchObject({
      calls: [0, 'told 0', 'told 0', 'told 0', 'told 0'],
      contacts: [0],
    });
    expect(tell(ways, [ask(BOB, 1), ask(BOB, 2)]).calls).toEqual(['refused', 'refused']);
  });

  it('hands the headers of a session to that session, whichever level they come from', () => {
    const world = worldOf({ says: { ...BY_TOKEN, session: true } });
    expect(tell(world, [share(BOB), ask(ALICE), ask(BOB), restart, ask(ALICE), ask(BOB)])).toMatchObject({ headers: [ALICE, BOB, ALICE, BOB], breaches: [] });
  });

  it('purges both, also of what is on its way', () => {
    const world = worldOf({ says: BY_TOKEN });
    expect(tell(world, [ask(ALICE), purge, ask(ALICE)]).calls).toEqual([0, 1]);
    expect(tell(world, [begin(ALICE), purge, release(ALICE), ask(ALICE)]).calls).toEqual([0, 1]);
  });

  it('writes unsafe requests through both, and both forget the URI', () => {
    const world = worldOf({ says: BY_TOKEN }, { method: 'POST', says: BY_TOKEN });
    expect(tell(world, [ask(ALICE), ask(ALICE, 1), ask(ALICE)]).calls).toEqual([0, 1, 2]);
  });
});

describe('Layered: a cache for each viewer in front of one that all share', () => {
  const world = worldOf({ says: FOR_ALL }, { tier: 'low', says: FOR_ALL });
  const said = (...operations: readonly Operation[]): Told =>
    tellOf(
      world,
      operations,
      (stage: Stage) =>
        new Layered(stage, stage, {
          outer: (origin, sink) => new Lookaside(origin, sink, { policies: [perViewer], capacity: 8, limit: 'count', renditions: 'fetched' }),
          inner: (origin, sink) => new Lookaside(origin, sink, { policies: [tiered], capacity: 8, limit: 'bytes', renditions: 'derived' }),
          restarts: 'both',
        }),
    );

  it('shares pictures behind, and asks the origin about whoever is new in front', () => {
    const { calls, history } = said(share(BOB), ask(ALICE), ask(BOB), ask(BOB), ask(2));
    expect(calls).toEqual([0, 0, 0, 'refused']);
    expect(history.filter((event) => event.event === 'contact').map((event) => event.event === 'contact' && `${event.contact} ${event.call}`)).toEqual([
      'fetch 0',
      'authorise 1',
      'authorise 3',
    ]);
  });

  it('makes the low rendition behind, and keeps it for the viewer in front', () => {
    expect(said(ask(ALICE), ask(ALICE, 1), ask(ALICE, 1))).toMatchObject({ calls: [0, 0, 0], contacts: [0, 1] });
  });

  it('counts one lifetime, not two', () => {
    const { calls } = said(share(BOB), ask(ALICE), advance(59_999), ask(BOB), advance(1), ask(BOB));
    expect(calls).toEqual([0, 0, 1]);
  });
});
