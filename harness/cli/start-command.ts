import type { Assignment } from '../campaign/campaign.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../campaign/exit-code.ts';
import type { TargetReport } from '../report/document.ts';
import { BUILT_IN } from './built-in.ts';
import { carryOut, present } from './check-command.ts';
import { openSession, unloaded } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Where `npm start` leaves its report. */
const FOLDER = 'keyhole-report';
/** Enough for a first look on a busy machine; most targets need a fraction of their share. */
const MAX_TIME_MS = 46_000;
const HANG_MS = 15_000;
/** A first look shows everybody the same, unless another seed is asked for. */
const SEED = 2020;

/** `keyhole start`: the targets that come with keyhole, against the verdicts that they deserve. Each has a budget of its own. */
export async function start(seed: number | undefined, terminal: Terminal): Promise<ExitCode> {
  const session = await openSession({ config: null, hangMs: HANG_MS });
  try {
    const assignments = BUILT_IN.map(({ name, expected, runs }): Assignment => ({ target: unloaded(name), expected, runs, corpus: [] }));
    const { document, interrupted } = await carryOut(session, assignments, { seed: seed ?? SEED, maxTime: MAX_TIME_MS, hang: HANG_MS }, terminal);
    await present(document, { report: FOLDER }, terminal);
    const { code, summary } = judged(document.targets);
    terminal.say(summary);
    return interrupted ? EXIT.interrupted : code;
  } finally {
    await session.supervisor.close();
  }
}

/** What the verdicts come to: as good as they were expected to be, or as bad as the worst of those that were not. */
export function judged(reports: readonly TargetReport[]): { readonly code: ExitCode; readonly summary: string } {
  const unexpected = reports.filter(({ verdict, expected }) => verdict !== expected);
  const violated = reports.filter(({ verdict }) => verdict === 'violated').length;
  if (unexpected.length > 0) {
    const named = unexpected.map(({ target, verdict, expected }) => `${target} is ${verdict}, expected was ${expected}`);
    return { code: exitCodeOf(unexpected) || EXIT.leak, summary: `${reports.length} verdicts, ${unexpected.length} not as expected: ${named.join('; ')}.` };
  }
  const counts = `${reports.length - violated} correct ones hold, ${violated} with a known leak ${violated === 1 ? 'is' : 'are'} found out`;
  return { code: EXIT.holds, summary: `${reports.length} verdicts, all as expected: ${counts}. That is why this ends with exit code 0.` };
}
