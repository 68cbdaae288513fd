import type { Program } from '../../models/domain/program.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab } from '../run/lab.ts';
import { alphabetOf } from '../search/alphabet.ts';
import { Comparison, isComparable } from '../search/non-interference.ts';
import type { Target } from '../targets/target.ts';
import type { Replayed, TargetInfo } from './protocol.ts';

/** Runs one program several times against a target, recorded. What the target does not support is named, and nothing is run. */
export async function repeat(target: Target, program: Program, times: number): Promise<Replayed> {
  const unsupported = unsupportedBy(target, program);
  const runs: Replayed['runs'][number][] = [];
  const lab = new Lab(target, PROPERTIES);
  const trial = isComparable(target) ? new Comparison(lab) : lab;
  for (let count = 0; count < times && unsupported.length === 0; count++) runs.push(await trial.try(program, { record: true }));
  return { target: infoOf(target), runs, unsupported };
}

export function infoOf({ name, title, kind, evidence }: Target): TargetInfo {
  return { name, title, kind, evidence };
}

/** What a program asks for and a target cannot do, in words. */
function unsupportedBy({ capabilities }: Target, { world, operations }: Program): string[] {
  const kinds = new Set<string>(alphabetOf(world, capabilities).blocks.map((block) => block.kind));
  const asking = new Set(
    operations.flatMap((operation) => ('template' in operation && operation.template !== undefined ? [world.templates[operation.template]!] : [])),
  );
  const missing = operations.filter(({ op }) => !kinds.has(op)).map(({ op }) => `the operation "${op}"`);
  for (const { credential, spelling, channel } of asking) {
    if (!capabilities.credentials.includes(credential))
      missing.push(credential === 'none' ? 'requests without a credential' : `the credential "${credential}"`);
    if (!capabilities.spellings.includes(spelling)) missing.push(`cameras named in the ${spelling}`);
    if (channel !== 'app' && !capabilities.channels) missing.push(`the channel "${channel}"`);
  }
  return [...new Set(missing)];
}
