import { PROPERTIES } from '../../properties/index.ts';
import type { ViolationReport } from '../report/document.ts';
import { Lab } from '../run/lab.ts';
import { type Target, TargetFault } from '../targets/target.ts';
import type { Sighted } from './api.ts';
import { Findings } from './findings.ts';

export interface RescueOptions {
  readonly seed: number;
  readonly stopped: () => boolean;
}

/** Shrinks and explains failures that another check had seen when it ended, as far as the target lets it. */
export async function rescue(target: Target, sighted: readonly Sighted[], options: RescueOptions): Promise<ViolationReport[]> {
  const findings = new Findings(new Lab(target, PROPERTIES), options);
  for (const { program, breach } of sighted) {
    findings.note(program, breach);
    try {
      await findings.conclude();
    } catch (error) {
      // The target is known to be at fault; what it lets through is worth the more.
      if (!(error instanceof TargetFault)) throw error;
    }
  }
  return findings.reports;
}
