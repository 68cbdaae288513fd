import { PROPERTIES } from '../../properties/index.ts';
import { Findings } from '../campaign/findings.ts';
import type { ViolationReport } from '../report/document.ts';
import { Lab } from '../run/lab.ts';
import { drawnPrograms } from '../search/draw.ts';
import type { Target } from '../targets/target.ts';
import { playNow } from './play-now.ts';

/** What came of one leg. */
export interface Leg {
  readonly target: string;
  readonly seed: number;
  readonly operations: number;
  readonly programs: number;
  /** What a correct cache was accused of: there must be nothing. */
  readonly violations: readonly ViolationReport[];
}

/** Plays random programs, with all that they can hold, to a cache that is correct. Ends at the first that breaks anything. */
export async function soakLeg(target: Target, { seed, operations }: { readonly seed: number; readonly operations: number }): Promise<Leg> {
  const lab = new Lab(target, PROPERTIES);
  let played = 0;
  let programs = 0;
  for (const drawn of drawnPrograms(lab, seed)) {
    playNow(lab, drawn);
    played += drawn.length;
    programs++;
    const { breaches, world } = drawn.stage;
    if (breaches.length > 0) {
      const findings = new Findings(lab, { seed, stopped: () => false });
      for (const breach of breaches) findings.note({ world, operations: drawn.steps.slice(0, breach.instant).map((step) => step.operation) }, breach);
      await findings.conclude();
      return { target: target.name, seed, operations: played, programs, violations: findings.reports };
    }
    if (played >= operations) break;
  }
  return { target: target.name, seed, operations: played, programs, violations: [] };
}
