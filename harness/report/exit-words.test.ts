import { describe, expect, it } from 'vitest';
import { EXIT, exitCodeOf } from '../campaign/exit-code.ts';
import type { TargetReport } from './document.ts';
import { exitWords } from './exit-words.ts';
import { targetReport } from './sample-document.laws.ts';

const VERDICTS: readonly Partial<TargetReport>[] = [
  { verdict: 'holds' },
  { verdict: 'violated' },
  { verdict: 'inconclusive' },
  { verdict: 'inconclusive', fault: true },
];
const EXPECTED = ['holds', 'violated'] as const;

describe('exitWords', () => {
  const pairs = VERDICTS.flatMap((one) => VERDICTS.map((other) => [one, other] as const));

  it('says the code that check ends with', () => {
    for (const pair of pairs) {
      const targets = pair.map((fields) => targetReport(fields));
      expect(exitWords(targets).code, JSON.stringify(pair)).toBe(exitCodeOf(targets));
    }
  });

  it('takes what was declared for every target as success, and else goes by those that did not do it', () => {
    for (const [one, other] of pairs)
      for (const first of EXPECTED)
        for (const second of EXPECTED) {
          const targets = [targetReport({ ...one, expected: first }), targetReport({ ...other, expected: second })];
          const unexpected = targets.filter(({ verdict, expected }) => verdict !== expected);
          const code = unexpected.length === 0 ? EXIT.holds : exitCodeOf(unexpected) || EXIT.leak;
          expect(exitWords(targets).code, JSON.stringify([one, other, first, second])).toBe(code);
        }
  });
});
