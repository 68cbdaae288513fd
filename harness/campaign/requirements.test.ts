import { describe, expect, it } from 'vitest';
import { type Situation, SITUATIONS } from '../../models/domain/situation.ts';
import { newTally, place } from '../run/situations.ts';
import { type Capabilities, IN_PROCESS } from '../targets/capabilities.ts';
import { adviceFor, missingSituations, requiredSituations } from './requirements.ts';

const LEAST: Capabilities = {
  told: false,
  concurrent: false,
  together: false,
  time: false,
  channels: false,
  publish: false,
  purge: false,
  restart: false,
  configurations: 1,
  credentials: ['bearer'],
  spellings: ['path'],
  http: false,
  lifetimes: 'granted',
  partitioned: false,
  lifetimeMs: 1_000,
  capacity: 1,
};

describe('the situations that a green needs', () => {
  const always = requiredSituations(LEAST);

  it('are asked of every target where it comes to hits and to other people', () => {
    expect(always).toEqual(
      expect.arrayContaining<Situation>([
        'frame-received',
        'hit',
        'foreign-read-after-fill',
        'shared-read-after-fill',
        'read-after-unshare',
        'read-after-change-of-owner',
      ]),
    );
  });

  it.each<[string, Partial<Capabilities>, readonly Situation[]]>([
    ['whose time can be moved', { time: true }, ['read-after-expiry']],
    ['that overlaps', { concurrent: true }, ['join-opportunity', 'late-fill']],
    ['that hears of channels', { channels: true, told: true }, ['read-through-closed-channel']],
    ['that hears of none of its channels', { channels: true }, []],
    ['that can be restarted', { restart: true }, ['read-after-restart']],
    ['with several configurations', { configurations: 2 }, ['read-after-reconfigure']],
    ['that visitors can ask', { credentials: ['bearer', 'none'] }, ['anonymous-read-after-fill']],
    ['that takes the capacity of the world', { capacity: null }, ['more-keys-than-capacity']],
  ])('are more for a target %s', (_name, more, situations) => {
    expect(requiredSituations({ ...LEAST, ...more }).filter((situation) => !always.includes(situation))).toEqual(situations);
  });

  it('are missing where they never occurred, but for hits where callers shared what was under way', () => {
    const tally = newTally();
    expect(missingSituations(LEAST, tally, [])).toEqual(always);
    for (const situation of always) if (situation !== 'hit') tally[place(situation)] = 1;
    expect(missingSituations(LEAST, tally, [])).toEqual(['hit']);
    tally[place('joined')] = 1;
    expect(missingSituations(LEAST, tally, [])).toEqual([]);
    tally[place('read-after-unshare')] = 0;
    expect(missingSituations(LEAST, tally, [])).toEqual(['read-after-unshare']);
  });

  it('are listed once', () => {
    const all = requiredSituations({ ...IN_PROCESS, configurations: 2 });
    expect(new Set(all).size).toBe(all.length);
  });

  it('come with advice, each in a sentence that a reader can act on', () => {
    for (const situation of SITUATIONS) expect(adviceFor([situation], false)).toEqual([expect.stringMatching(/^[A-Z].*\.$/)]);
    expect(adviceFor(['late-fill', 'hit', 'read-after-expiry'], false)).toEqual([
      expect.stringContaining('cache is switched on'),
      expect.stringMatching(/with --runs\..*: late-fill, read-after-expiry\.$/),
    ]);
  });

  it('come with advice to give more time where it was time that ended the check', () => {
    expect(adviceFor(['late-fill'], true)).toEqual([expect.stringContaining('--max-time')]);
    expect(adviceFor([], true)).toEqual([]);
  });
});
