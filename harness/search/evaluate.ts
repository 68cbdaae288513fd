import type { Program } from '../../models/domain/program.ts';

/** What a search needs to know of a breach: which property, how, and at which operation (from 1). */
export interface Found {
  readonly property: string;
  readonly kind: string;
  readonly instant: number;
}

/** Runs a program against the target and says what was broken. The one way in for every candidate. */
export type Evaluate = (program: Program) => readonly Found[] | Promise<readonly Found[]>;

/** Whether a changed program still breaks what is to be explained. */
export type Leaks = (changed: Program) => Promise<boolean>;

/** Whether two breaches are the same finding: shrinking must not slide from one bug to another. */
export function sameShape(a: Pick<Found, 'property' | 'kind'>, b: Pick<Found, 'property' | 'kind'>): boolean {
  return a.property === b.property && a.kind === b.kind;
}
