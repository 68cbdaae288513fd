import { describe, expect, it } from 'vitest';
import { PROPERTIES } from '../../properties/index.ts';
import type { Severity } from '../../properties/property.ts';
import type { ViolationReport } from '../report/document.ts';
import { newTally, place, type Tally } from '../run/situations.ts';
import { REFERENCE_MODELS } from '../targets/reference.ts';
import { type Target, TargetFault } from '../targets/target.ts';
import { requiredSituations } from './requirements.ts';
import { type Account, verdictOf } from './verdict.ts';

const TARGET: Target = REFERENCE_MODELS[0]!;

function everything(): Tally {
  const tally = newTally();
  for (const situation of requiredSituations(TARGET.capabilities)) tally[place(situation)] = 3;
  return tally;
}

const ACCOUNT: Account = {
  target: TARGET,
  tally: everything(),
  runs: 1_000,
  operations: 20_000,
  seconds: 1.5,
  tail: 200,
  enumerated: { depth: 3, programs: 500, ended: false },
  compared: 15,
  strays: 0,
  mishaps: { count: 0, first: '' },
  violations: [],
  fault: null,
  unwired: null,
  unseen: [],
  interrupted: false,
  unmet: null,
  isTimed: false,
};

/** A violation, as far as a verdict looks at it. */
function violation(property: string, kind: string, size: number): ViolationReport {
  const { title, severity } = PROPERTIES.find(({ id }) => id === property)!;
  return { property, title, severity, shape: `${property}/${kind}`, size, explanation: 'A hit is served without asking.' } as ViolationReport;
}

const FAULT = new TargetFault('it hung', 'Look for a promise that never settles.');

describe('a verdict', () => {
  it('holds when nothing leaked and everything that a leak needs was tried', () => {
    const report = verdictOf(ACCOUNT);
    expect(report).toMatchObject({
      target: 'lru',
      verdict: 'holds',
      fault: false,
      missing: [],
      violations: [],
      advice: [],
      enumerated: { depth: 3, programs: 500 },
      runs: 1_000,
    });
    expect(report.reason).toBe('Nothing leaked in 1000 programs (20000 operations), and everything that a leak needs was tried.');
    expect(report.situations).toMatchObject({ hit: 3, 'late-fill': 3 });
  });

  it('says what a green is worth by the rule of three, from the independent programs alone', () => {
    expect(verdictOf({ ...ACCOUNT, tail: 200 }).worth).toMatch(
      /^200 independent programs, no leak: at 95 % confidence fewer than 0\.015 of such programs leak\./,
    );
    expect(verdictOf({ ...ACCOUNT, tail: 300_000 }).worth).toContain('fewer than 1.0e-5 ');
    expect(verdictOf({ ...ACCOUNT, tail: 0 }).worth).toBeNull();
  });

  it('is inconclusive when the time was over too soon, and counts the programs of the search alone', () => {
    const report = verdictOf({ ...ACCOUNT, runs: 36_900, unmet: { searched: 300, of: 1_000 } });
    expect(report).toMatchObject({ verdict: 'inconclusive', worth: null });
    expect(report.reason).toContain(': 300 of 1000;');
  });

  it('asks for more time alone where the time was over, and not for more programs as well', () => {
    const tally = everything();
    tally[place('late-fill')] = 0;
    const unmet = { searched: 300, of: 1_000 };
    expect(verdictOf({ ...ACCOUNT, tally, unmet }).advice).toEqual([expect.stringContaining('more time')]);
    tally[place('hit')] = 0;
    expect(verdictOf({ ...ACCOUNT, tally, unmet }).advice).toEqual([expect.stringContaining('more time'), expect.stringContaining('cache is switched on')]);
  });

  it('tells states only where they were counted', () => {
    expect(verdictOf({ ...ACCOUNT, enumerated: { depth: 4, programs: 7_072, states: 908, ended: false } }).enumerated).toEqual({
      depth: 4,
      programs: 7_072,
      states: 908,
    });
    expect(verdictOf(ACCOUNT).enumerated).toEqual({ depth: 3, programs: 500 });
  });

  it('is inconclusive when a required situation never occurred, and says which and what to do', () => {
    const tally = everything();
    tally[place('hit')] = 0;
    const report = verdictOf({ ...ACCOUNT, tally });
    expect(report).toMatchObject({ verdict: 'inconclusive', missing: ['hit'], worth: null, fault: false });
    expect(report.reason).toContain('hit never occurred in 1000 programs');
    expect(report.advice).toEqual([expect.stringContaining('cache is switched on')]);
  });

  it('holds for a cache that only joins callers, and says that nothing was kept and what to do if it should be', () => {
    const tally = everything();
    tally[place('hit')] = 0;
    tally[place('joined')] = 40;
    const report = verdictOf({ ...ACCOUNT, tally });
    expect(report).toMatchObject({ verdict: 'holds', missing: [] });
    expect(report.reason).toMatch(
      /The cache kept nothing: it only let callers share an answer that was under way, 40 times, and that is all that this speaks of\.$/,
    );
    expect(report.advice).toEqual([expect.stringContaining('If it should keep frames')]);
    tally[place('hit')] = 1;
    expect(verdictOf({ ...ACCOUNT, tally })).toMatchObject({ verdict: 'holds', advice: [] });
  });

  it('does not miss what the target cannot do', () => {
    const tally = everything();
    tally[place('read-after-restart')] = 0;
    expect(verdictOf({ ...ACCOUNT, tally }).missing).toEqual(['read-after-restart']);
    const target: Target = { ...TARGET, capabilities: { ...TARGET.capabilities, restart: false } };
    expect(verdictOf({ ...ACCOUNT, tally, target }).verdict).toBe('holds');
  });

  it('is inconclusive when the adapter is blind, whatever was counted', () => {
    const report = verdictOf({ ...ACCOUNT, unwired: 'A leak was forced on the target and nobody noticed.' });
    expect(report).toMatchObject({ verdict: 'inconclusive', fault: false, worth: null });
    expect(report.reason).toBe('A leak was forced on the target and nobody noticed.');
  });

  it('says what a server keeps from being checked, and asks for nothing that only that is good for', () => {
    const proxy: Target = { ...REFERENCE_MODELS.find(({ capabilities }) => capabilities.http)!, kind: 'proxy' };
    const tally = ACCOUNT.tally.slice().fill(1);
    tally[place('session-received')] = 0;
    expect(verdictOf({ ...ACCOUNT, target: proxy, tally }).verdict).toBe('inconclusive');
    const report = verdictOf({ ...ACCOUNT, target: proxy, tally, unseen: ['KH007'] });
    expect(report.verdict).toBe('holds');
    expect(report.properties.find(({ id }) => id === 'KH007')).toMatchObject({ checked: false, note: expect.stringContaining('takes out') });
  });

  it('is inconclusive, and a fault, when the target is at fault, and passes its remedy on', () => {
    const report = verdictOf({ ...ACCOUNT, fault: FAULT });
    expect(report).toMatchObject({ verdict: 'inconclusive', fault: true, advice: [FAULT.remedy], worth: null });
    expect(report.reason).toBe('The target is at fault: it hung');
  });

  it('tells last of what the cache asked the origin by itself, whatever the verdict is, and only where it did', () => {
    const strays = (count: number, besides: Partial<Account> = {}): readonly string[] => verdictOf({ ...ACCOUNT, ...besides, strays: count }).advice;
    const told = expect.stringMatching(
      /^Make sure that this is meant: once the cache asked the origin for a picture on behalf of somebody who was not waiting/,
    );
    expect(strays(0)).toEqual([]);
    expect(strays(1)).toEqual([told]);
    expect(strays(1, { fault: FAULT })).toEqual([FAULT.remedy, told]);
    expect(strays(1, { violations: [violation('KH001', 'stranger', 3)] })).toEqual([]);
    expect(strays(12)[0]).toContain(' 12 times the cache asked ');
  });

  it('says that requests ended with errors of the cache itself, since it may be why nothing is found in it', () => {
    const mishaps = (count: number, besides: Partial<Account> = {}): readonly string[] =>
      verdictOf({ ...ACCOUNT, ...besides, mishaps: { count, first: 'SyntaxError: Unexpected token, at get (cache.js:3:7)' } }).advice;
    expect(mishaps(0)).toEqual([]);
    expect(mishaps(1)).toEqual([
      'Make sure that this is meant: one request ended with an error although the origin had refused nobody, the first with SyntaxError: Unexpected token, at get (cache.js:3:7).',
    ]);
    expect(mishaps(12)[0]).toContain(' 12 requests ended with an error ');
    expect(mishaps(1, { fault: FAULT })).toEqual([FAULT.remedy]);
    expect(mishaps(1, { violations: [violation('KH001', 'stranger', 3)] })).toEqual([]);
  });

  it('is inconclusive when it was interrupted', () => {
    const report = verdictOf({ ...ACCOUNT, interrupted: true });
    expect(report).toMatchObject({ verdict: 'inconclusive', fault: false, worth: null });
    expect(report.reason).toContain('interrupted after 1000 programs');
  });

  it('is violated as soon as anything leaked, whatever else went wrong', () => {
    for (const besides of [{}, { fault: FAULT }, { interrupted: true }, { tally: newTally() }, { unwired: 'blind' }]) {
      const report = verdictOf({ ...ACCOUNT, ...besides, violations: [violation('KH001', 'stranger', 3)] });
      expect(report).toMatchObject({ verdict: 'violated', worth: null });
      expect(report.reason).toMatch(/^"No foreign frame" is broken by 3 operations\. A hit is served without asking\.$/);
    }
  });

  it('puts the gravest violation first, then the shortest, then the first of the registry', () => {
    const all = [
      violation('KH004', 'tier', 1),
      violation('KH002', 'unshared', 2),
      violation('KH003', 'former', 3),
      violation('KH001', 'anonymous', 2),
      violation('KH001', 'stranger', 2),
    ];
    const { violations, reason } = verdictOf({ ...ACCOUNT, violations: all });
    expect(violations.map(({ shape }) => shape)).toEqual(['KH001/stranger', 'KH001/anonymous', 'KH003/former', 'KH002/unshared', 'KH004/tier']);
    expect(verdictOf({ ...ACCOUNT, violations: all.toReversed() }).violations).toEqual(violations);
    const ranks = violations.map(({ severity }) => (['critical', 'high', 'medium'] as readonly Severity[]).indexOf(severity));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(reason).toContain('4 other ways');
    expect(all[0]!.shape).toBe('KH004/tier');
  });

  it('lists every property, and says which were not checked and why', () => {
    const checked = (capabilities: Partial<Target['capabilities']>): unknown =>
      verdictOf({ ...ACCOUNT, target: { ...TARGET, capabilities: { ...TARGET.capabilities, ...capabilities } } }).properties.map(
        ({ id, checked: was, note }) => [id, was, note !== ''],
      );
    const ids = PROPERTIES.map(({ id }) => id);
    // How often two runs were compared is always said.
    const noted = (id: string, other: string): boolean => id === 'KH011' || id === other;
    const http = true;
    expect(checked({ http })).toEqual(ids.map((id) => [id, true, noted(id, '')]));
    expect(checked({ http, channels: false })).toEqual(ids.map((id) => [id, id !== 'KH005', noted(id, 'KH005')]));
    const untold = (id: string): boolean => noted(id, 'KH002') || id === 'KH005';
    expect(checked({ http, told: false })).toEqual(ids.map((id) => [id, id !== 'KH005', untold(id)]));
    expect(checked({ http, told: false, time: false })).toEqual(ids.map((id) => [id, id !== 'KH002' && id !== 'KH005', untold(id)]));
    const onlyHttp = (id: string): boolean => id === 'KH007' || id === 'KH008';
    expect(checked({})).toEqual(ids.map((id) => [id, !onlyHttp(id), noted(id, '') || onlyHttp(id)]));
  });

  it('says how many programs were run again, and why none was', () => {
    const compared = (count: number | null, target: Partial<Target> = {}): unknown =>
      verdictOf({ ...ACCOUNT, compared: count, target: { ...TARGET, ...target } }).properties.at(-1);
    expect(compared(15)).toMatchObject({ id: 'KH011', checked: true, note: expect.stringMatching(/^15 programs were run again .* never see\.$/) as string });
    expect(compared(1)).toMatchObject({ checked: true, note: expect.stringMatching(/^1 program was run again/) as string });
    expect(compared(1, { capabilities: { ...TARGET.capabilities, partitioned: true } })).toMatchObject({
      note: expect.stringMatching(/, and without all others\.$/) as string,
    });
    expect(compared(0)).toMatchObject({ checked: false });
    expect(compared(null)).toMatchObject({ checked: false, note: expect.stringContaining('does not do the same twice') as string });
    expect(compared(null, { kind: 'proxy' })).toMatchObject({ checked: false, note: 'Only models and functions in this process are run twice.' });
  });
});
