import type { ViolationReport } from './document.ts';

/** A finding, and its place in the order that it was given in, from 0. */
export interface PlacedFinding {
  readonly violation: ViolationReport;
  readonly place: number;
}

/** Findings of one cause: the first is told in full, the others in brief. */
export interface FindingGroup {
  readonly first: PlacedFinding;
  readonly others: readonly PlacedFinding[];
}

/**
 * Findings of one target, those of the same decision at fault and the same sentence of cause together, in the order of the first of each: one
 * mistake breaks many rules, and nobody wants to read ten stories of it.
 */
export function groupsByCause(violations: readonly ViolationReport[]): FindingGroup[] {
  const groups: { first: PlacedFinding; others: PlacedFinding[] }[] = [];
  const known = new Map<string, PlacedFinding[]>();
  for (const [place, violation] of violations.entries()) {
    const cause = causeOf(violation);
    const others = cause === null ? undefined : known.get(cause);
    if (others !== undefined) others.push({ violation, place });
    else {
      const group = { first: { violation, place }, others: [] };
      groups.push(group);
      if (cause !== null) known.set(cause, group.others);
    }
  }
  return groups;
}

/** `null` where it is not known, or where no file was written: then the story stands nowhere but in the report. */
function causeOf({ details, explanation, counterexample }: ViolationReport): string | null {
  const sentence = explanation === '' ? details.sentence : explanation;
  return details.decision === 'unknown' || sentence === '' || counterexample === '' ? null : `${details.decision} ${sentence}`;
}
