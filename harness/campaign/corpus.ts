import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Program } from '../../models/domain/program.ts';
import { readCounterexample } from '../report/counterexample-file.ts';
import { readText } from './read-text.ts';
import { UsageProblem } from './usage-problem.ts';

/** A kept counterexample: it runs first whenever its target is checked. */
export interface Kept {
  readonly file: string;
  readonly target: string;
  readonly program: Program;
}

/** Where this package keeps the counterexamples of its own targets; absent where it was installed. */
export const OWN_CORPUS: URL = new URL('../../fixtures/corpus/', import.meta.url);

/** Reads a folder of counterexample files, by name. Throws a {@link UsageProblem}: a regression test that is skipped in silence is none. */
export async function readCorpus(folder: string): Promise<readonly Kept[]> {
  if (!existsSync(folder))
    throw new UsageProblem(`There is no folder ${folder} to read kept counterexamples from.`, 'Make it, or take "corpus" out of the configuration.');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).toSorted();
  return Promise.all(names.map((name) => readKept(join(folder, name))));
}

async function readKept(file: string): Promise<Kept> {
  const read = readCounterexample(await readText(file));
  if (!read.ok) throw new UsageProblem(`The kept counterexample ${file} cannot be used. ${read.problem}`, read.remedy);
  // An edited one is kept all the same: whoever keeps a file may shape it.
  return { file, target: read.value.target, program: read.value.program };
}
