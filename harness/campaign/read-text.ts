import { readFile, stat } from 'node:fs/promises';
import { UsageProblem } from './usage-problem.ts';

/** Bytes. No file that keyhole reads is larger. */
const LARGEST = 32 * 1024 * 1024;

/** Reads a text that somebody named. Throws a {@link UsageProblem} where that is no ordinary file: a device may have no end. */
export async function readText(path: string): Promise<string> {
  try {
    const about = await stat(path);
    if (!about.isFile()) throw new UsageProblem(`${path} is not a file.`, 'Give the path of a file that keyhole wrote.');
    if (about.size > LARGEST) throw new UsageProblem(`${path} is larger than 32 MB, and no file of keyhole is.`, 'Give the path of a file that keyhole wrote.');
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof UsageProblem) throw error;
    const { code } = error as { code?: unknown };
    if (code === 'ENOENT') throw new UsageProblem(`There is no file ${path}.`, `The path counts from ${process.cwd()}.`);
    throw new UsageProblem(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, 'Look at its permissions.');
  }
}
