import type { Program } from '../../models/domain/program.ts';
import { PROPERTIES } from '../../properties/index.ts';
import type { Target } from '../targets/target.ts';
import { repeat } from './repeat.ts';

/**
 * Runs one program against a target, for a property of fast-check over {@link programs}. Resolves where it breaks nothing; rejects with
 * what it breaks, and with a `TargetFault` where the target throws or hangs. Rejects a program that asks what the target cannot do.
 */
export async function checkProgram(target: Target, program: Program): Promise<void> {
  const { runs, unsupported } = await repeat(target, program, 1);
  if (unsupported.length > 0)
    throw new Error(`${target.name} does not support ${unsupported.join(', ')}. Make programs for it: programs({ capabilities: target.capabilities }).`);
  const broken = (runs[0]?.breaches ?? []).map(({ property, kind, instant }) => `${titleOf(property)} (${property}/${kind}), in step ${instant}`);
  if (broken.length > 0) throw new Error(`${target.name} leaks: ${[...new Set(broken)].join('; ')}`);
}

function titleOf(id: string): string {
  return PROPERTIES.find((property) => property.id === id)?.title ?? id;
}
