import { type Assignment } from '../campaign/campaign.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../campaign/exit-code.ts';
import type { TargetReport } from '../report/document.ts';
import { BUILT_IN } from './built-in.ts';
import { carryOut, present } from './check-command.ts';
import { openSession, unloaded } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Where `npm start` leaves its report. */
const FOLDER = 'keyhole-report';
/** Enough for a first look on a busy machine; most targets need a fraction of their share. */
const MAX_TIME_MS = 36_000;
const HANG_MS = 15_000;

/** `keyhole start`: the targets that come with keyhole, against the verdicts that they deserve. Each has a budget of its own. */
export async function start(seed: number | undefined, terminal: Terminal): Promise<ExitCode> {
  const session = await openSession({ config: null, hangMs: HANG_MS });
  try {
    const assignments = BUILT_IN.map(({ name, expected, runs }): Assignment => ({ target: unloaded(name), expected, runs, corpus: [] }));
    const { document, interrupted } = await carryOut(session, assignments, { seed, maxTime: MAX_TIME_MS, hang: HANG_MS }, terminal);
    await present(document, { report: FOLDER }, terminal);
    const unexpected = document.targets.filter((report) => report.verdict !== report.expected);
    terminal.say(summary(document.targets, unexpected));
    if (interrupted) return EXIT.interrupted;
    return unexpected.length === 0 ? EXIT.holds : exitCodeOf(unexpected);
  } finally {
    await session.supervisor.close();
  }
}

function summary(reports: readonly TargetReport[], unexpected: readonly TargetReport[]): string {
  const violated = reports.filter(({ verdict }) => verdict === 'violated').length;
  const code = unexpected.length === 0 ? ' That is why this ends with exit code 0.' : '';
  if (unexpected.length === 0)
    return `${reports.length} verdicts, all as expected: ${reports.length - violated} correct caches hold, ${violated} with a known leak are found out.${code}`;
  const named = unexpected.map(({ target, verdict, expected }) => `${target} is ${verdict}, expected was ${expected}`);
  return `${reports.length} verdicts, ${unexpected.length} not as expected: ${named.join('; ')}.`;
}
