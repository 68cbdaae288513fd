import { describe, expect, it } from 'vitest';
import { closest, suggestion } from './closest.ts';

const NAMES = ['lru', 'tiered', 'cdn', 'xiaomi-2020', 'apicache-readme'];

describe('closest', () => {
  it.each([
    ['lur', 'lru'],
    ['LRU', 'lru'],
    ['teired', 'tiered'],
    ['xiaomi', 'xiaomi-2020'],
    ['xiaomi2020', 'xiaomi-2020'],
    ['apicache-readm', 'apicache-readme'],
  ])('takes %s for %s', (word, meant) => {
    expect(closest(word, NAMES)).toBe(meant);
  });

  it.each(['redis', '', 'x'.repeat(100_000)])('guesses nothing where nothing is near', (word) => {
    expect(closest(word, NAMES)).toBeNull();
    expect(suggestion(word, NAMES)).toBe('');
  });
});
