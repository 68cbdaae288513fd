import { describe, expect, it } from 'vitest';
import { excerptOf } from './excerpt.ts';

describe('excerptOf', () => {
  it('shows everything where there is room', () => {
    expect(excerptOf(12, [3], 12)).toEqual([{ kind: 'shown', from: 0, to: 12 }]);
    expect(excerptOf(0, [], 12)).toEqual([]);
  });

  it('shows the beginning, the end and what lies around the places that matter', () => {
    expect(excerptOf(1000, [500], 30)).toEqual([
      { kind: 'shown', from: 0, to: 10 },
      { kind: 'left-out', from: 10, to: 495 },
      { kind: 'shown', from: 495, to: 505 },
      { kind: 'left-out', from: 505, to: 990 },
      { kind: 'shown', from: 990, to: 1000 },
    ]);
  });

  it.each([
    [10_000, [0, 9_999], 12],
    [10_000, [7, 5_000], 1],
    [50, [20, 21], 49],
    [3, [0, 2], 2],
  ])('covers %i places once and in order, keeps %j, and shows about %i', (count, around, most) => {
    const stretches = excerptOf(count, around, most);
    expect(stretches.map(({ from }) => from)).toEqual([0, ...stretches.slice(0, -1).map(({ to }) => to)]);
    expect(stretches.at(-1)!.to).toBe(count);
    const shown = stretches.filter(({ kind }) => kind === 'shown');
    for (const place of around) expect(shown.some(({ from, to }) => from <= place && place < to)).toBe(true);
    expect(shown.reduce((sum, { from, to }) => sum + to - from, 0)).toBeLessThanOrEqual(Math.max(most, around.length + 2));
  });
});
