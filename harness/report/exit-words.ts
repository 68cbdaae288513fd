import type { TargetReport } from './document.ts';

/** What a run ends with, for a reader who did not see it end. */
export interface ExitWords {
  readonly code: number;
  readonly meaning: string;
}

/**
 * The exit code that these verdicts come to, by the rule of the command line: where an expectation was declared for every target
 * and all are met, that is success. An interruption is not a verdict and does not show here.
 */
export function exitWords(targets: readonly TargetReport[]): ExitWords {
  const isProof = targets.length > 0 && targets.every((target) => target.expected !== null);
  const judged = isProof ? targets.filter((target) => target.expected !== target.verdict) : targets;
  if (isProof && judged.length === 0) return { code: 0, meaning: 'every target did what was expected of it' };
  if (judged.some((target) => target.verdict === 'violated')) return { code: 1, meaning: 'a rule is broken' };
  if (judged.some((target) => target.fault)) return { code: 3, meaning: 'a target, or what it stands on, is at fault' };
  if (judged.some((target) => target.verdict === 'inconclusive')) return { code: 4, meaning: 'nothing leaked, but that means too little' };
  return isProof ? { code: 1, meaning: 'a leak that was expected was not found' } : { code: 0, meaning: 'everything that was checked holds' };
}
