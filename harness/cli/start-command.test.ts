import { describe, expect, it } from 'vitest';
import { emptyReport } from '../campaign/cut-short.ts';
import { EXIT } from '../campaign/exit-code.ts';
import type { TargetReport } from '../report/document.ts';
import { allBuiltIn, missingPackages } from './built-in.ts';
import { judged } from './start-command.ts';

function verdict(target: string, reached: TargetReport['verdict'], expected: TargetReport['expected'], fault = false): TargetReport {
  return { ...emptyReport({ name: target, title: '', kind: 'model', evidence: '' }, ''), verdict: reached, expected, fault };
}

describe('judged', () => {
  it('ends with 0 although something leaks, and says why', () => {
    const { code, summary } = judged([verdict('a', 'holds', 'holds'), verdict('b', 'violated', 'violated')]);
    expect(code).toBe(EXIT.holds);
    expect(summary).toBe('2 verdicts, all as expected: 1 correct ones hold, 1 with a known leak is found out. That is why this ends with exit code 0.');
  });

  it.each([
    ['violated', 'holds', false, EXIT.leak],
    ['inconclusive', 'holds', true, EXIT.fault],
    ['inconclusive', 'violated', false, EXIT.inconclusive],
    ['holds', 'violated', false, EXIT.leak],
  ] as const)('does not pass when one is %s and %s was expected', (reached, expected, fault, code) => {
    const result = judged([verdict('good', 'violated', 'violated'), verdict('bad', reached, expected, fault)]);
    expect(result).toEqual({ code, summary: `2 verdicts, 1 not as expected: bad is ${reached}, expected was ${expected}.` });
  });
});

describe('built-in targets', () => {
  it('bear the names that they are called by, each once', async () => {
    const all = await allBuiltIn();
    const here = all.filter((one) => missingPackages(one).length === 0 && one.name !== 'redis-server');
    const names = await Promise.all(here.map(async (one) => (await one.load()).name));
    expect(names).toEqual(here.map(({ name }) => name));
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });
});
