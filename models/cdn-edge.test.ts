import { describe, expect, it } from 'vitest';
import { advance, ALICE, ask, begin, BOB, BY_TOKEN, capture, CAROL, FOR_ALL, publish, purge, release, share, tell, worldOf } from './cdn-told.laws.ts';
import { edge } from './cdn.ts';
import { operation } from './domain/operation.ts';
import { ANONYMOUS, type ResponsePolicy } from './domain/world.ts';

const NAMED: ResponsePolicy = { ...FOR_ALL, validator: true };
/** To be validated at each use, by whoever uses it. */
const ASK_FIRST: ResponsePolicy = { cacheControl: 'public, no-cache', vary: '', validator: true };
const EACH_HIS_OWN: ResponsePolicy = { ...BY_TOKEN, validator: true, session: true };
const unshareBob = operation({ op: 'unshare', camera: 0, user: BOB });

describe('CdnEdge: HEAD (RFC 9110 section 9.3.2)', () => {
  const world = worldOf({ credential: 'none', says: NAMED }, { credential: 'none', method: 'HEAD', says: NAMED });

  it('is answered from the stored answer to a GET, without a body', () => {
    expect(tell(world, [publish, ask(ANONYMOUS), ask(ANONYMOUS, 1)])).toMatchObject({ calls: [0, 'told 0'], contacts: [0] });
  });

  it('stores nothing that a GET could be answered with', () => {
    expect(tell(world, [publish, ask(ANONYMOUS, 1), ask(ANONYMOUS)])).toMatchObject({ calls: ['told 0', 1], contacts: [0, 1] });
  });

  it('waits for the answer to a GET that is on its way, and never lets a GET wait for its own', () => {
    expect(tell(world, [publish, begin(ANONYMOUS), ask(ANONYMOUS, 1), release(ANONYMOUS)])).toMatchObject({ calls: [0, 'told 0'], contacts: [0] });
    expect(tell(world, [publish, begin(ANONYMOUS, 1), ask(ANONYMOUS)])).toMatchObject({ calls: [null, 1], contacts: [0, 1] });
  });

  it('is told of the variant that a GET would get, and of no other', () => {
    const byToken = worldOf({ says: EACH_HIS_OWN }, { method: 'HEAD', says: EACH_HIS_OWN });
    expect(tell(byToken, [share(BOB), ask(ALICE), ask(BOB, 1), ask(ALICE, 1), ask(CAROL, 1)]).calls).toEqual([0, 'told 1', 'told 0', 'refused']);
  });

  it('that brings news throws away what was stored (RFC 9111 section 4.3.5)', () => {
    const said = tell(world, [publish, ask(ANONYMOUS), advance(60_000), capture, ask(ANONYMOUS, 1), capture, ask(ANONYMOUS)]);
    expect(said).toMatchObject({ calls: [0, 'told 1', 2], replies: ['ok', 'ok', 'ok'] });
  });

  it('that is met by a 304 freshens what was stored (RFC 9111 section 4.3.4)', () => {
    const said = tell(world, [publish, ask(ANONYMOUS), advance(60_000), ask(ANONYMOUS, 1), ask(ANONYMOUS)]);
    expect(said).toMatchObject({ calls: [0, 'told 0', 0], replies: ['ok', 'unchanged'] });
  });

  it('does not say which picture it is where there is no validator', () => {
    const unnamed = worldOf({ credential: 'none', says: FOR_ALL }, { credential: 'none', method: 'HEAD', says: FOR_ALL });
    expect(tell(unnamed, [publish, ask(ANONYMOUS), ask(ANONYMOUS, 1)]).calls).toEqual([0, 'told -']);
  });
});

describe('CdnEdge: ranges (RFC 9111 section 3.3)', () => {
  const world = worldOf({ says: BY_TOKEN }, { range: true, says: BY_TOKEN });

  it('are cut from the whole that is stored', () => {
    expect(tell(world, [ask(ALICE), ask(ALICE, 1)])).toMatchObject({ calls: [0, 0], contacts: [0] });
  });

  it('are never kept, and nobody waits for one', () => {
    expect(tell(world, [ask(ALICE, 1), ask(ALICE, 1), ask(ALICE)]).calls).toEqual([0, 1, 2]);
    expect(tell(world, [begin(ALICE, 1), ask(ALICE)])).toMatchObject({ calls: [null, 1], contacts: [0, 1] });
  });

  it('come from the variant of the caller', () => {
    expect(tell(world, [share(BOB), ask(ALICE), ask(BOB, 1), ask(CAROL, 1)]).calls).toEqual([0, 1, 'refused']);
  });
});

describe('CdnEdge: conditions of the caller (RFC 9110 section 13.1.2, RFC 9111 section 4.3.2)', () => {
  const named: ResponsePolicy = { ...BY_TOKEN, validator: true };
  const own = worldOf({ says: named }, { condition: 'own', says: named });
  const any = worldOf({ says: named }, { condition: 'any', says: named });

  it('are met by what is stored, where the caller could be served with it', () => {
    expect(tell(own, [ask(ALICE), ask(ALICE, 1)])).toMatchObject({ calls: [0, 'told 0'], contacts: [0] });
    expect(tell(any, [ask(ALICE), ask(ALICE, 1)])).toMatchObject({ calls: [0, 'told 0'], contacts: [0] });
  });

  it('are not met by what others stored, not even If-None-Match: *', () => {
    expect(tell(any, [ask(ALICE), ask(BOB, 1)])).toMatchObject({ calls: [0, 'refused'], contacts: [0, 1], breaches: [] });
  });

  it('go to the origin where nothing is stored, and a 304 to them is no answer that could be kept', () => {
    const said = tell(own, [ask(ALICE), purge, ask(ALICE, 1), ask(ALICE)]);
    expect(said).toMatchObject({ calls: [0, 'told 0', 1], replies: ['ok', 'unchanged', 'ok'] });
  });

  it('bring the new picture where there is one', () => {
    const said = tell(own, [ask(ALICE), purge, capture, ask(ALICE, 1), ask(ALICE)]);
    expect(said).toMatchObject({ calls: [0, 1, 1], replies: ['ok', 'ok'] });
  });

  it('let nobody wait for an answer that may be a 304', () => {
    const said = tell(own, [ask(ALICE), purge, begin(ALICE, 1), ask(ALICE), release(ALICE, 'reply', 1)]);
    expect(said.calls).toEqual([0, 'told 0', 1]);
  });

  it('compare nothing where the origin names no picture', () => {
    const unnamed = worldOf({ says: BY_TOKEN }, { condition: 'own', says: BY_TOKEN });
    expect(tell(unnamed, [ask(ALICE), ask(ALICE, 1)]).calls).toEqual([0, 0]);
  });
});

describe('CdnEdge: validation (RFC 9111 section 4.3)', () => {
  it('of what is stale takes a 304 for another lifetime (section 4.3.4)', () => {
    const world = worldOf({ credential: 'none', says: NAMED });
    const said = tell(world, [publish, ask(ANONYMOUS), advance(60_000), ask(ANONYMOUS), advance(59_999), ask(ANONYMOUS), advance(1), ask(ANONYMOUS)]);
    expect(said).toMatchObject({ calls: [0, 0, 0, 0], replies: ['ok', 'unchanged', 'unchanged'] });
  });

  it('takes a new picture in its place (section 4.3.3)', () => {
    const world = worldOf({ credential: 'none', says: NAMED });
    const said = tell(world, [publish, ask(ANONYMOUS), capture, advance(60_000), ask(ANONYMOUS), ask(ANONYMOUS)]);
    expect(said).toMatchObject({ calls: [0, 1, 1], replies: ['ok', 'ok'] });
  });

  it('asks at each use under no-cache, on behalf of whoever uses it (section 5.2.2.4)', () => {
    const said = tell(worldOf({ credential: 'cookie', says: ASK_FIRST }), [share(BOB), ask(ALICE), ask(ALICE), ask(BOB), ask(CAROL), ask(BOB)]);
    expect(said).toMatchObject({ calls: [0, 0, 0, 'refused', 0], replies: ['ok', 'unchanged', 'unchanged', 'refused', 'unchanged'], breaches: [] });
  });

  it('gives each caller the headers that came for him (section 3.2)', () => {
    const world = worldOf({ credential: 'cookie', says: { ...ASK_FIRST, session: true } });
    expect(tell(world, [share(BOB), ask(ALICE), ask(BOB), ask(ALICE)])).toMatchObject({ headers: [ALICE, BOB, ALICE], breaches: [] });
  });

  it('keeps nothing when the 304 says that it must not be kept', () => {
    const world = worldOf({ credential: 'none', says: NAMED }, { credential: 'none', says: { cacheControl: 'no-store', vary: '', validator: true } });
    const said = tell(world, [publish, ask(ANONYMOUS), advance(60_000), ask(ANONYMOUS, 1), ask(ANONYMOUS)]);
    expect(said).toMatchObject({ calls: [0, 0, 1], replies: ['ok', 'unchanged', 'ok'] });
  });

  it('puts nothing back that fell while it was on its way', () => {
    const world = worldOf({ credential: 'none', says: NAMED });
    const said = tell(world, [publish, ask(ANONYMOUS), advance(60_000), begin(ANONYMOUS), purge, release(ANONYMOUS), ask(ANONYMOUS)]);
    expect(said).toMatchObject({ calls: [0, 0, 1], breaches: [] });
  });

  it('serves all who wait for it, where they could have been served from the store', () => {
    const fresh = worldOf({ credential: 'none', says: NAMED });
    const waiting = [advance(60_000), begin(ANONYMOUS), ask(ANONYMOUS), release(ANONYMOUS)];
    expect(tell(fresh, [publish, ask(ANONYMOUS), ...waiting])).toMatchObject({ calls: [0, 0, 0], contacts: [0, 1] });
    const askFirst = worldOf({ credential: 'none', says: ASK_FIRST });
    expect(tell(askFirst, [publish, ask(ANONYMOUS), ...waiting])).toMatchObject({ contacts: [0, 1, 2] });
  });

  it('hands nothing out when the origin refuses the caller', () => {
    expect(tell(worldOf({ credential: 'cookie', says: ASK_FIRST }), [ask(ALICE), ask(BOB)])).toMatchObject({ calls: [0, 'refused'], breaches: [] });
  });
});

describe('CdnEdge: stale answers (RFC 9111 section 4.2.4, RFC 5861)', () => {
  const whileRevalidating: ResponsePolicy = { cacheControl: 'public, max-age=10, stale-while-revalidate=60', vary: 'Authorization', validator: true };
  const ifError: ResponsePolicy = { cacheControl: 'public, max-age=10, stale-if-error=120', vary: 'Authorization' };

  it('are served while a refresh that nobody waits for brings them up to date', () => {
    const said = tell(worldOf({ says: whileRevalidating }), [ask(ALICE), advance(10_000), capture, ask(ALICE), ask(ALICE)]);
    expect(said).toMatchObject({ calls: [0, 0, 1], contacts: [0, 1] });
  });

  it('are served on while the origin takes its time, with one refresh for all', () => {
    const said = tell(worldOf({ says: whileRevalidating }), [ask(ALICE), advance(10_000), begin(ALICE), ask(ALICE), capture, release(ALICE), ask(ALICE)]);
    expect(said).toMatchObject({ calls: [0, 0, 0, 0], contacts: [0, 1], replies: ['ok', 'unchanged'] });
  });

  it('are no longer served after the window: then the refresh is waited for', () => {
    const said = tell(worldOf({ says: whileRevalidating }), [ask(ALICE), advance(69_000), begin(ALICE), advance(1000), ask(ALICE), release(ALICE)]);
    expect(said).toMatchObject({ calls: [0, 0, 0], contacts: [0, 1] });
    expect(tell(worldOf({ says: whileRevalidating }), [ask(ALICE), advance(70_000), begin(ALICE)]).calls).toEqual([0, null]);
  });

  it('are gone with what falls, and with a refresh that it has overtaken', () => {
    const world = worldOf({ says: whileRevalidating });
    const late = [share(BOB), ask(BOB), advance(10_000), begin(BOB), unshareBob, release(BOB), ask(BOB)];
    expect(tell(world, late)).toMatchObject({ calls: [0, 0, 'refused'], breaches: [] });
  });

  it('are gone when a refresh is refused', () => {
    const said = tell(worldOf({ says: whileRevalidating }), [ask(ALICE), advance(10_000), begin(ALICE), release(ALICE, 'refuse'), begin(ALICE)]);
    expect(said.calls).toEqual([0, 0, null]);
  });

  it('stand in for an answer that failed, for whom they could have been served to, and for as long as allowed', () => {
    const world = worldOf({ says: ifError });
    const fails = (user: number, after: number): unknown => tell(world, [share(BOB), ask(ALICE), advance(after), begin(user), release(user, 'error')]).calls[1];
    expect([fails(ALICE, 129_999), fails(ALICE, 130_000), fails(BOB, 20_000)]).toEqual([0, 'error', 'error']);
    expect(tell(world, [ask(ALICE), advance(20_000), begin(ALICE), release(ALICE, 'refuse')]).calls).toEqual([0, 'refused']);
  });

  it.each([
    ['must-revalidate', 'section 5.2.2.2'],
    ['proxy-revalidate', 'section 5.2.2.8'],
    ['s-maxage=10', 'section 5.2.2.10'],
    ['no-cache', 'section 5.2.2.4'],
  ])('are forbidden by %s (%s)', (directive) => {
    const says = { cacheControl: `max-age=10, ${directive}, stale-while-revalidate=60, stale-if-error=60`, vary: '', validator: true } as const;
    const said = tell(worldOf({ credential: 'none', says }), [publish, ask(ANONYMOUS), advance(20_000), begin(ANONYMOUS), release(ANONYMOUS, 'error')]);
    expect(said.calls).toEqual([0, 'error']);
  });
});

describe('CdnEdge: unsafe methods (RFC 9111 sections 4 and 4.4)', () => {
  const world = worldOf({ says: BY_TOKEN }, { method: 'POST', says: BY_TOKEN });

  it('are written through, each time, and their answers are not kept', () => {
    expect(tell(world, [ask(ALICE, 1), ask(ALICE, 1), ask(ALICE)]).calls).toEqual([0, 1, 2]);
    expect(tell(world, [begin(ALICE), ask(ALICE, 1)]).calls).toEqual([null, 1]);
  });

  it('make every variant at their URI fall', () => {
    expect(tell(world, [share(BOB), ask(ALICE), ask(BOB), ask(ALICE, 1), ask(BOB), ask(ALICE)]).calls).toEqual([0, 1, 2, 3, 4]);
  });

  it('keep out what was on its way to that URI', () => {
    expect(tell(world, [begin(ALICE), ask(ALICE, 1), release(ALICE), ask(ALICE)]).calls).toEqual([0, 1, 2]);
  });

  it('make nothing fall where the origin refused them', () => {
    expect(tell(world, [ask(ALICE), ask(BOB, 1), ask(ALICE)]).calls).toEqual([0, 'refused', 0]);
  });
});

describe('CdnEdge: sessions', () => {
  it('whoever is served from the store gets the headers that were made for him', () => {
    const said = tell(worldOf({ says: EACH_HIS_OWN }), [share(BOB), ask(ALICE), ask(BOB), ask(ALICE), ask(BOB)]);
    expect(said).toMatchObject({ calls: [0, 1, 0, 1], headers: [ALICE, BOB, ALICE, BOB], breaches: [] });
  });

  it('headers that the policy does not keep are stored for nobody', () => {
    const stripping = { ...edge, headers: () => -1 };
    expect(tell(worldOf({ says: EACH_HIS_OWN }), [ask(ALICE), ask(ALICE)], stripping).headers).toEqual([ALICE, null]);
  });
});
