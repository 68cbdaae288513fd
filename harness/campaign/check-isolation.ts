import { randomInt } from 'node:crypto';
import type { TargetReport } from '../report/document.ts';
import { textOf } from '../report/text.ts';
import type { Target } from '../targets/target.ts';
import type { CheckOptions } from './api.ts';
import { checkTarget } from './check.ts';
import { documentOf } from './document-of.ts';

export interface IsolationOptions extends Omit<CheckOptions, 'seed'> {
  /** 32-bit integer that everything random follows from; drawn anew where absent. */
  readonly seed?: number;
}

export interface IsolationReport extends TargetReport {
  /** The seed of this check: given again, the same programs are run. */
  readonly seed: number;
  /** The report for people, 100 columns wide: what a failing test should show. */
  readonly text: string;
}

/**
 * Checks one target in this thread, as `keyhole check` does in one of its own, and resolves with what was found. Never rejects
 * for what the target does: a leak is `verdict: 'violated'`, a target that throws or hangs is `fault: true`.
 */
export async function checkIsolation(target: Target, options: IsolationOptions = {}): Promise<IsolationReport> {
  const startedAt = new Date().toISOString();
  const seed = options.seed ?? drawSeed();
  const report = await checkTarget(target, { ...options, seed });
  const document = documentOf([report], { seed, startedAt, seconds: report.seconds });
  return { ...report, seed, text: textOf(document, { colour: false, width: 100, command: 'npx keyhole' }) };
}

/** A seed nobody chose. */
export function drawSeed(): number {
  return randomInt(2 ** 32);
}
