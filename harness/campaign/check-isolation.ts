import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Program } from '../../models/domain/program.ts';
import type { TargetReport } from '../report/document.ts';
import { textOf } from '../report/text.ts';
import type { Target } from '../targets/target.ts';
import type { CheckOptions } from './api.ts';
import { checkTarget } from './check.ts';
import { readCorpus } from './corpus.ts';
import { documentOf } from './document-of.ts';
import { keepCounterexamples } from './keep.ts';

export interface IsolationOptions extends Omit<CheckOptions, 'seed' | 'corpus'> {
  /** 32-bit integer that everything random follows from; drawn anew where absent. */
  readonly seed?: number;
  /** Kept counterexamples of this target, which run first: programs, or the path of a folder of counterexample files. */
  readonly corpus?: readonly Program[] | string;
  /** The folder for counterexample files, counted from the working directory; `.keyhole/counterexamples` where absent, none where `null`. */
  readonly counterexamples?: string | null;
}

export interface IsolationReport extends TargetReport {
  /** The seed of this check: given again, the same programs are run. */
  readonly seed: number;
  /** The report for people, without colours and up to 100 columns wide. */
  readonly text: string;
}

/** A target that does not hold: it leaks, it is at fault, or nothing can be said. The message is the whole report for people. */
export class IsolationError extends Error {
  override readonly name = 'IsolationError';
  /** What was found. Not enumerable: test runners print what is, and the story stands in the message. */
  declare readonly report: IsolationReport;

  /** `site`: the stack of whoever asked for the check. It says more than where the verdict was made. */
  constructor(report: IsolationReport, site: string) {
    super(`${report.text}${again(report)}`);
    Object.defineProperty(this, 'report', { value: report, enumerable: false });
    this.stack = `${this.name}: ${this.message}\n${site}`;
  }

  /** For runners that print all of an error, enumerable or not. */
  toJSON(): object {
    const { name, message, stack } = this;
    return { name, message, stack };
  }
}

/** Where counterexamples go unless told otherwise: the same place as from the command line. */
const KEPT = join('.keyhole', 'counterexamples');

/**
 * Checks one target in this thread, as `keyhole check` does in one of its own. Resolves with the report where the target holds; rejects
 * with an {@link IsolationError} where it leaks, throws, hangs, or where so little happened that a green would mean nothing. Every
 * counterexample is written to a file. Rejects with another error where the options are wrong or a file cannot be read or written.
 */
export async function checkIsolation(target: Target, options: IsolationOptions = {}): Promise<IsolationReport> {
  const site: { stack?: string } = {};
  Error.captureStackTrace(site, checkIsolation);
  const report = await found(target, options);
  if (report.verdict === 'holds') return report;
  throw new IsolationError(report, (site.stack ?? '').slice((site.stack ?? '').indexOf('\n') + 1));
}

async function found(target: Target, { counterexamples = KEPT, corpus = [], ...options }: IsolationOptions): Promise<IsolationReport> {
  const startedAt = new Date().toISOString();
  const seed = options.seed ?? drawSeed();
  const kept = typeof corpus === 'string' ? await programsOf(target, corpus) : corpus;
  const checked = await disposing(target, () => checkTarget(target, { ...options, corpus: kept, seed }));
  const bare = documentOf([checked], { seed, startedAt, seconds: checked.seconds });
  const document = counterexamples === null ? bare : await keepCounterexamples(bare, counterexamples, process.cwd());
  return { ...document.targets[0]!, seed, text: textOf(document, { colour: false, width: 100, command: 'npx keyhole' }) };
}

async function programsOf({ name }: Target, folder: string): Promise<readonly Program[]> {
  const kept = await readCorpus(folder);
  return kept.filter((one) => one.target === name).map(({ program }) => program);
}

async function disposing<T>(target: Target, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await target.dispose?.();
  }
}

/** How to see it again without a configuration: a target of a test is known to that test alone. */
function again({ seed, violations }: IsolationReport): string {
  const replay = violations.some(({ counterexample }) => counterexample !== '') ? ' keyhole replay knows the targets of keyhole.config.ts.' : '';
  return `In this test, { seed: ${seed} } runs the same programs again.${replay}\n`;
}

/** A seed nobody chose. */
export function drawSeed(): number {
  return randomInt(2 ** 32);
}
