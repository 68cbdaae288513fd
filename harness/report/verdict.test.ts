import { describe, expect, it } from 'vitest';
import type { TargetReport } from './document.ts';
import { sampleDocument, strangerCounterexample, targetReport, violationReport } from './sample-document.laws.ts';
import { byUrgency, grouped, headlineOf, verdictWords } from './verdict.ts';

const leaking = targetReport({ target: 'leaking', verdict: 'violated', violations: [violationReport(strangerCounterexample())] });
const wrong = targetReport({ target: 'wrong', verdict: 'violated', violations: [violationReport(strangerCounterexample(), { property: 'KH004' })] });
const keeping = targetReport({ target: 'keeping', verdict: 'violated', violations: [violationReport(strangerCounterexample(), { property: 'KH009' })] });
const telling = targetReport({
  target: 'telling',
  verdict: 'violated',
  violations: ['KH007', 'KH009'].map((property) => violationReport(strangerCounterexample(), { property })),
});
const open = targetReport({ target: 'open', verdict: 'inconclusive' });
const faulty = targetReport({ target: 'faulty', verdict: 'inconclusive', fault: true });
const holding = targetReport({ target: 'holding' });

function headline(...targets: TargetReport[]): string {
  return headlineOf(sampleDocument(targets));
}

describe('headlineOf', () => {
  it('says the worst first', () => {
    expect(headline()).toBe('Nothing was checked.');
    expect(headline(holding, leaking)).toBe('1 of 2 targets hands camera frames to people who must not see them.');
    expect(headline(leaking, leaking, open)).toBe('2 of 3 targets hand camera frames to people who must not see them.');
    expect(headline(leaking)).toBe('leaking hands camera frames to people who must not see them.');
    expect(headline(telling)).toBe('telling hands people headers, cookies or tokens of the sessions of others.');
    expect(headline(telling, leaking)).toBe('2 of 2 targets hand camera frames to people who must not see them.');
    expect(headline(wrong, holding)).toBe('1 of 2 targets hands out other camera frames than were asked for.');
    expect(headline(keeping, holding)).toBe('1 of 2 targets hands out camera frames that were to be forgotten.');
    expect(headline(keeping, wrong)).toBe('2 of 2 targets hand out other camera frames than were asked for.');
  });

  it('never calls it safe while a verdict is missing', () => {
    expect(headline(open)).toBe('There is no verdict on open.');
    expect(headline(open, holding)).toBe('No leak was found, but 1 of 2 targets has no verdict.');
    expect(headline(open, faulty)).toBe('No leak was found, but 2 of 2 targets have no verdict.');
  });

  it('says that no leak was found, not that there is none', () => {
    expect(headline(holding)).toBe('No leak was found in holding.');
    expect(headline(holding, holding)).toBe('No leak was found in any of 2 targets.');
  });

  it('tells whether planted bugs behaved as expected', () => {
    expect(headline({ ...leaking, expected: 'violated' }, { ...holding, expected: 'holds' })).toBe(
      'All 2 targets did what was expected of them: 1 breaks a rule, 1 holds.',
    );
    expect(headline({ ...leaking, expected: 'violated' }, { ...leaking, expected: 'holds' })).toContain('2 of 2 targets hand camera frames');
    expect(headline({ ...holding, expected: 'violated' })).toBe('1 of 1 targets did not do what was expected of it.');
  });
});

describe('byUrgency', () => {
  it('puts what nobody expected first', () => {
    const expected = { ...leaking, target: 'planted', expected: 'violated' as const };
    expect(byUrgency([holding, expected, open, faulty, leaking]).map((target) => target.target)).toEqual(['leaking', 'faulty', 'open', 'holding', 'planted']);
  });
});

describe('verdictWords', () => {
  it('tells a leak from a wrong frame and from one that should be gone, and a fault from an open question', () => {
    expect([leaking, wrong, keeping, open, faulty, holding].map((target) => verdictWords(target).word)).toEqual([
      'LEAKS',
      'WRONG FRAME',
      'KEEPS TOO LONG',
      'NO VERDICT',
      'TARGET FAULT',
      'NO LEAK FOUND',
    ]);
  });

  it('says how the verdict compares with what was expected', () => {
    expect(verdictWords({ ...leaking, expected: 'violated' }).expectation).toBe('as expected');
    expect(verdictWords({ ...holding, expected: 'violated' }).expectation).toBe('expected to leak');
    expect(verdictWords({ ...holding, expected: 'violated' }).tone).toBe('bad');
    expect(verdictWords({ ...leaking, expected: 'holds' }).expectation).toBe('expected to hold');
    expect(verdictWords(leaking).expectation).toBe('');
  });
});

describe('grouped', () => {
  it('sets thousands apart', () => {
    expect([0, 999, 1000, 1_234_567].map(grouped)).toEqual(['0', '999', '1,000', '1,234,567']);
  });
});
