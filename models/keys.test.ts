import { describe, expect, it } from 'vitest';
import { Random } from '../harness/search/random.ts';
import { keyOf } from './keys.ts';

describe('a key', () => {
  it('is the same for the same parts', () => {
    expect(keyOf('door', 'low')).toBe(keyOf('door', 'low'));
  });

  it.each([
    [
      ['a', 'bc'],
      ['ab', 'c'],
    ],
    [
      ['a:b', 'c'],
      ['a', 'b:c'],
    ],
    [
      ['', 'a'],
      ['a', ''],
    ],
    [['a'], ['a', '']],
    [[], ['']],
    [['1:a,1:b'], ['a', 'b']],
    [['1:a,'], ['a']],
    [['a,1:b'], ['a', 'b']],
    [['caf\u00e9'], ['cafe\u0301']],
    [['\ud83d'], ['\ud83d\udcf7']],
    // Without a mark between length and part, 2 and 1a would read as 21 and a.
    [['1a', 'q'.repeat(17)], [`a,17${'q'.repeat(17)}`]],
  ])('tells %j from %j', (one, other) => {
    expect(keyOf(...one)).not.toBe(keyOf(...other));
  });

  it('tells all short lists of awkward parts apart', () => {
    const parts = ['', 'a', '1', ':', ',', '1:', ':a', ',1', '1:a', '1:a,', '2:1:', '0:,'];
    const lists: string[][] = [[]];
    for (const first of parts) {
      lists.push([first]);
      for (const second of parts) {
        lists.push([first, second]);
        for (const third of parts) lists.push([first, second, third]);
      }
    }
    expect(new Set(lists.map((list) => keyOf(...list))).size).toBe(lists.length);
  });

  it('tells random lists over its own punctuation apart', () => {
    const random = new Random(11);
    const known = new Map<string, string>();
    const text = (): string => Array.from({ length: random.below(5) }, () => random.pick([':', ',', '0', '1', '2', 'a'])).join('');
    for (let round = 0; round < 50_000; round++) {
      const list = Array.from({ length: random.below(4) }, text);
      const key = keyOf(...list);
      const name = JSON.stringify(list);
      if ((known.get(key) ?? name) !== name) throw new Error(`${known.get(key)} and ${name} have the key ${key}`);
      known.set(key, name);
    }
    expect(known.size).toBeGreaterThan(10_000);
  });
});
