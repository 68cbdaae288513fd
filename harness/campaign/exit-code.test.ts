import { describe, expect, it } from 'vitest';
import { emptyReport } from './cut-short.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';

const open = emptyReport({ name: 't', title: '', kind: 'model', evidence: '' }, '');
const holding = { ...open, verdict: 'holds' } as const;
const leaking = { ...open, verdict: 'violated' } as const;
const faulty = { ...open, fault: true };

describe('exitCodeOf', () => {
  it('is that of the most serious verdict', () => {
    expect(exitCodeOf([holding, open, faulty, leaking])).toBe(EXIT.leak);
    expect(exitCodeOf([holding, open, faulty])).toBe(EXIT.fault);
    expect(exitCodeOf([holding, open])).toBe(EXIT.inconclusive);
    expect(exitCodeOf([holding, holding])).toBe(EXIT.holds);
  });

  it('is a leak also where the target was at fault besides', () => {
    expect(exitCodeOf([{ ...leaking, fault: true }])).toBe(EXIT.leak);
  });
});
