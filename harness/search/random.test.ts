import { describe, expect, it } from 'vitest';
import { mix, Random } from './random.ts';

const stream = (seed: number, index: number, length = 50): number[] => {
  const random = new Random(seed, index);
  return Array.from({ length }, () => random.next());
};

describe('a stream of random numbers', () => {
  it('is the same for the same seed and index, whatever was drawn before', () => {
    const random = new Random(99, 3);
    random.next();
    random.seed(5, 7);
    expect(Array.from({ length: 50 }, () => random.next())).toEqual(stream(5, 7));
  });

  it('is another one for each neighbouring seed and index', () => {
    const firsts = new Set<string>();
    for (let seed = -50; seed < 50; seed++) for (let index = 0; index < 50; index++) firsts.add(stream(seed, index, 3).join());
    expect(firsts.size).toBe(5_000);
  });

  it('takes any 32-bit seed', () => {
    for (const seed of [0, -1, 2 ** 31, 2 ** 32 - 1, -(2 ** 31)]) expect(new Set(stream(seed, 0)).size).toBeGreaterThan(45);
    expect(stream(-1, 0)).toEqual(stream(2 ** 32 - 1, 0));
  });

  it.each([1, 2, 3, 5, 7, 64, 1000, 65_536])('draws whole numbers below %i, all about equally often', (bound) => {
    const random = new Random(8, bound);
    const groups = Math.min(bound, 8);
    const counts = Array.from({ length: groups }, () => 0);
    for (let draw = 0; draw < 8_000; draw++) {
      const value = random.below(bound);
      if (!Number.isInteger(value) || value < 0 || value >= bound) throw new Error(`${value} is not below ${bound}`);
      counts[Math.floor((value * groups) / bound)]!++;
    }
    const share = 8_000 / groups;
    for (const count of counts) expect(Math.abs(count - share) / share).toBeLessThan(0.25);
  });

  it('is true as often as asked', () => {
    const random = new Random(8, 1);
    const hits = (numerator: number): number => Array.from({ length: 4_000 }, () => random.chance(numerator)).filter(Boolean).length;
    expect([hits(0), hits(256)]).toEqual([0, 4_000]);
    expect(Math.abs(hits(128) - 2_000)).toBeLessThan(200);
  });

  it('picks every value', () => {
    const random = new Random(1);
    expect(new Set(Array.from({ length: 200 }, () => random.pick(['a', 'b', 'c']))).size).toBe(3);
  });
});

describe('the mixer', () => {
  it('gives different numbers for different ones', () => {
    const mixed = new Set(Array.from({ length: 20_000 }, (_, value) => mix(value)));
    expect(mixed.size).toBe(20_000);
  });
});
