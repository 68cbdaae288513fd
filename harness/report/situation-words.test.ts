import { describe, expect, it } from 'vitest';
import { SITUATIONS } from '../../models/domain/situation.ts';
import { situationRank, situationWords } from './situation-words.ts';

describe('situationWords', () => {
  it('has words of its own for every situation that a run counts, and no two are called alike', () => {
    const words = SITUATIONS.map(situationWords);
    expect(words.filter(({ meaning }) => meaning === '')).toEqual([]);
    expect(new Set(words.map(({ name }) => name)).size).toBe(SITUATIONS.length);
    expect(new Set(SITUATIONS.map(situationRank)).size).toBe(SITUATIONS.length);
  });

  it('calls what it does not know by its id, last', () => {
    expect(situationWords('read-in-the-dark')).toEqual({ name: 'read in the dark', meaning: '' });
    expect(situationWords('constructor')).toEqual({ name: 'constructor', meaning: '' });
    expect(situationRank('constructor')).toBeGreaterThan(situationRank('refused'));
  });
});
