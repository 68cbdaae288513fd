import type { Program } from '../../models/domain/program.ts';
import type { Proposals } from './shrink-pass.ts';

/** Lets requests come one after the other that came in one turn. */
export function* oneByOne({ world: { together, ...world }, operations }: Program): Proposals {
  if (together === true) yield { world, operations };
}
