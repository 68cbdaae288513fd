import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import type { Counterexample, ReportDocument } from '../report/document.ts';
import { htmlOf } from '../report/html.ts';
import { jsonOf } from '../report/json.ts';
import { prettyJson } from '../report/pretty-json.ts';
import { UsageProblem } from './usage-problem.ts';

/** Writes every counterexample to a file of its own; the document returned names them, counted from the folder `from`. */
export async function keepCounterexamples(document: ReportDocument, folder: string, from: string): Promise<ReportDocument> {
  const kept = async (evidence: Counterexample): Promise<string> => {
    const path = join(resolve(from, folder), `ce-${evidence.digest.slice(0, 12)}.json`);
    await writeWhole(path, prettyJson(evidence));
    return relative(from, path).split(sep).join('/');
  };
  const targets = document.targets.map(async (target) => ({
    ...target,
    violations: await Promise.all(target.violations.map(async (violation) => ({ ...violation, counterexample: await kept(violation.evidence) }))),
  }));
  return { ...document, targets: await Promise.all(targets) };
}

/** Writes `index.html` and `report.json` into a folder. */
export async function writeReports(document: ReportDocument, folder: string, command: string): Promise<void> {
  await writeWhole(join(folder, 'index.html'), htmlOf(document, { command }));
  await writeWhole(join(folder, 'report.json'), jsonOf(document));
}

/** Writes a file, and the folders that lead to it. Throws a {@link UsageProblem}: a report that cannot be written is asked for in the wrong place. */
export async function writeWhole(path: string, text: string): Promise<void> {
  try {
    await mkdir(resolve(path, '..'), { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    throw new UsageProblem(
      `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      'Give another place, or look at its permissions.',
    );
  }
}
