import { describe, expect, it } from 'vitest';
import type { History, HistoryEvent } from '../../models/domain/history.ts';
import { type Difference, differenceBetween, isSameSupply, observationsOf, type Observer, type Played } from './non-interference-observed.ts';

const FRAME = { camera: 0, epoch: 0, owner: 0, sequence: 0, tier: 'high', copy: 0 } as const;
const asked = (at: number, call: number, user: number): HistoryEvent => ({ at, ms: 0, event: 'asked', call, user, camera: 0, template: 0 });
const fetched = (at: number, call: number): HistoryEvent => ({ at, ms: 0, event: 'contact', call, contact: 'fetch', held: false });
const replied = (at: number, call: number): HistoryEvent => ({ at, ms: 0, event: 'origin', call, contact: 'fetch', status: 'ok' });
const answered = (at: number, call: number, frame: Partial<typeof FRAME | { sequence: number; copy: number }> = {}): HistoryEvent => ({
  at,
  ms: 0,
  event: 'answered',
  call,
  frame: { ...FRAME, ...frame },
  fallback: false,
});
const refused = (at: number, call: number): HistoryEvent => ({ at, ms: 0, event: 'refused', call, status: 'refused' });

const BOB: Observer = { user: 1, isAlone: false, isLiteral: true };
const played = (history: History, given: Readonly<Record<number, string>> = {}): Played => ({
  history,
  given: new Map(Object.entries(given).map(([call, digest]) => [Number(call), digest])),
});
const between = (one: Played, other: Played, who: Observer = BOB): Partial<Difference> | null => {
  const found = differenceBetween(observationsOf(one, who), observationsOf(other, who));
  return found === null ? null : { ordinal: found.ordinal, at: found.at, kind: found.kind, instead: found.instead };
};

describe('what a caller observes', () => {
  it('is what comes of his own calls', () => {
    const others = [asked(1, 0, 0), fetched(1, 0), answered(1, 0)];
    expect(observationsOf(played([...others, asked(2, 1, 1), refused(2, 1)]), BOB).map(({ ordinal, event }) => [ordinal, event.event])).toEqual([
      [0, 'refused'],
    ]);
    expect(between(played(others), played([asked(1, 0, 0), refused(1, 0)]))).toBeNull();
  });

  it("is nothing of what is asked on nobody's behalf", () => {
    expect(observationsOf(played([asked(1, 0, 1), fetched(1, -1), replied(1, -1), refused(1, 0)]), BOB).map(({ event }) => event.event)).toEqual(['refused']);
  });

  it('is not which copy of a picture it is, and is the picture', () => {
    const first = played([asked(1, 0, 1), answered(1, 0)]);
    expect(between(first, played([asked(1, 0, 1), answered(1, 0, { copy: 3 })]))).toBeNull();
    expect(between(first, played([asked(1, 0, 1), answered(1, 0, { sequence: 4 })]))).toEqual({ ordinal: 0, at: 1, kind: 'answer', instead: 'unlike' });
  });

  it('is the whole answer, where it is compared word for word', () => {
    const history = [asked(1, 0, 1), answered(1, 0)];
    expect(between(played(history, { 0: 'a' }), played(history, { 0: 'b' }))).toMatchObject({ kind: 'answer', instead: 'unlike' });
    expect(between(played(history, { 0: 'a' }), played(history, { 0: 'b' }), { ...BOB, isLiteral: false })).toBeNull();
  });

  it('is whether the origin is asked for him', () => {
    const miss = played([asked(2, 0, 1), fetched(2, 0), replied(2, 0), answered(2, 0)]);
    const hit = played([asked(2, 0, 1), answered(2, 0)]);
    expect(between(miss, hit)).toEqual({ ordinal: 0, at: 2, kind: 'hit', instead: 'answered' });
    expect(between(hit, miss)).toEqual({ ordinal: 0, at: 2, kind: 'hit', instead: 'contact' });
  });

  it('is when something comes: nothing has come in its place before', () => {
    const soon = played([asked(1, 0, 1), answered(1, 0), asked(4, 1, 1), refused(4, 1)]);
    const late = played([asked(1, 0, 1), answered(3, 0), asked(4, 1, 1), refused(4, 1)]);
    expect(between(soon, late)).toEqual({ ordinal: 0, at: 1, kind: 'answer', instead: 'nothing' });
    expect(between(late, soon)).toEqual({ ordinal: 0, at: 1, kind: 'answer', instead: 'answered' });
    const never = played([asked(1, 0, 1), answered(1, 0), asked(4, 1, 1)]);
    expect(between(soon, never)).toEqual({ ordinal: 1, at: 4, kind: 'answer', instead: 'nothing' });
    expect(between(never, soon)).toEqual({ ordinal: 1, at: 4, kind: 'answer', instead: 'refused' });
  });

  it('is not when something comes, where nobody else is there in the other run', () => {
    const among = played([asked(1, 0, 0), asked(2, 1, 1), refused(2, 1)]);
    const alone = played([asked(1, 0, 1), refused(1, 0)]);
    expect(between(among, alone)).not.toBeNull();
    expect(between(among, alone, { ...BOB, isAlone: true })).toBeNull();
  });
});

describe('the supply of the origin', () => {
  it('is the same where it is asked for the same calls in the same order', () => {
    const one = [asked(1, 0, 0), fetched(1, 0), answered(1, 0), asked(2, 1, 1)];
    expect(isSameSupply(one, [...one, refused(2, 1)])).toBe(true);
    expect(isSameSupply(one, [...one, fetched(2, 1)])).toBe(false);
  });
});
