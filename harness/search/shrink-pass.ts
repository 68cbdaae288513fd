import type { Operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import type { Capabilities } from '../targets/capabilities.ts';

/**
 * A way to make a program simpler: proposes candidates, best hope first. What it proposes depends on the program alone. Where it is
 * told what became of a candidate that helped, it goes on from there; else it begins anew.
 */
export interface Pass {
  readonly name: string;
  /** Candidates keep the names and the world that they have: cheap while a program is long. */
  readonly keepsNames?: boolean;
  readonly goesOn?: boolean;
  propose(program: Program, capabilities: Capabilities): Proposals;
}

export type Proposals = Generator<Program | null, void, Program | undefined>;

/** The operations but for so many from a place on. */
export function without(operations: readonly Operation[], start: number, size: number): Operation[] {
  return [...operations.slice(0, start), ...operations.slice(start + size)];
}
