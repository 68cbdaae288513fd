import { join } from 'node:path';
import { type Assignment, runCampaign } from '../campaign/campaign.ts';
import { drawSeed } from '../campaign/check-isolation.ts';
import { documentOf } from '../campaign/document-of.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../campaign/exit-code.ts';
import { keepCounterexamples, writeReports, writeWhole } from '../campaign/keep.ts';
import type { LoadedConfig } from '../campaign/protocol.ts';
import { toolOf } from '../campaign/tool.ts';
import type { ReportDocument } from '../report/document.ts';
import { jsonOf } from '../report/json.ts';
import { textOf } from '../report/text.ts';
import { Interrupts } from './interrupts.ts';
import { ProgressLine } from './progress-line.ts';
import { chooseTargets, type Choice, keptCounterexamples, openSession, type Session } from './session.ts';
import type { Terminal } from './terminal.ts';

export interface CheckFlags {
  readonly config?: string | undefined;
  readonly seed?: number | undefined;
  readonly runs?: number | undefined;
  /** In ms, for all targets together. */
  readonly maxTime?: number | undefined;
  readonly bail?: boolean | undefined;
  /** A file, or `-` for standard output. */
  readonly json?: string | undefined;
  /** A folder. */
  readonly report?: string | undefined;
  /** In ms. */
  readonly hang: number;
}

/** Where counterexamples go unless a folder for the report is named. */
const KEPT = join('.keyhole', 'counterexamples');

/** `keyhole check`. */
export async function check(names: readonly string[], flags: CheckFlags, terminal: Terminal): Promise<ExitCode> {
  const session = await openSession({ config: flags.config, hangMs: flags.hang });
  try {
    const choices = await chooseTargets(names, session.config);
    const assignments = await assign(choices, flags, session.config);
    const { document, interrupted } = await carryOut(session, assignments, flags, terminal);
    await present(document, flags, terminal);
    return interrupted ? EXIT.interrupted : exitCodeOf(document.targets);
  } finally {
    await session.supervisor.close();
  }
}

async function assign(choices: readonly Choice[], flags: CheckFlags, config: LoadedConfig): Promise<Assignment[]> {
  const kept = await keptCounterexamples(config);
  return choices.map(({ info }) => ({
    target: info,
    expected: null,
    runs: flags.runs ?? config.runs,
    corpus: kept.filter(({ target }) => target === info.name).map(({ program }) => program),
  }));
}

/** Checks, with progress on the screen and an ear for Ctrl-C. */
export async function carryOut(
  { supervisor, config }: Session,
  assignments: readonly Assignment[],
  flags: Pick<CheckFlags, 'seed' | 'maxTime' | 'bail' | 'hang'>,
  terminal: Terminal,
): Promise<{ document: ReportDocument; interrupted: boolean }> {
  const startedAt = new Date().toISOString();
  const started = performance.now();
  const seed = flags.seed ?? config.seed ?? drawSeed();
  terminal.say(`keyhole ${toolOf().version}, seed ${seed}`);
  const progress = new ProgressLine(terminal);
  const interrupts = new Interrupts(supervisor, (text) => {
    progress.clear();
    terminal.say(text);
  });
  try {
    const options = { seed, bail: flags.bail ?? false, maxTimeMs: flags.maxTime ?? config.maxTimeMs, hangMs: flags.hang };
    const reports = await runCampaign(supervisor, assignments, options, progress);
    const seconds = Math.round(performance.now() - started) / 1000;
    return { document: documentOf(reports, { seed, startedAt, seconds }), interrupted: interrupts.interrupted };
  } finally {
    progress.close();
    interrupts.close();
  }
}

/** Writes the files that were asked for and prints the report. */
export async function present(found: ReportDocument, flags: Pick<CheckFlags, 'json' | 'report'>, terminal: Terminal): Promise<void> {
  const { colour, width, command } = terminal;
  const document = await keepCounterexamples(found, flags.report ?? KEPT, process.cwd());
  if (flags.report !== undefined) await writeReports(document, flags.report, command);
  if (flags.json !== undefined && flags.json !== '-') await writeWhole(flags.json, jsonOf(document));
  const text = textOf(document, { colour, width, command });
  if (flags.json === '-') {
    terminal.write(text);
    terminal.print(jsonOf(document));
  } else terminal.print(text);
  if (flags.report !== undefined)
    terminal.say(`The report for people is ${join(flags.report, 'index.html')}, for machines ${join(flags.report, 'report.json')}.`);
}
