import { EXIT, type ExitCode } from '../campaign/exit-code.ts';
import { writeWhole } from '../campaign/keep.ts';
import { readReport } from '../campaign/read-report.ts';
import { htmlOf } from '../report/html.ts';
import { textOf } from '../report/text.ts';
import type { Terminal } from './terminal.ts';

export interface ReportFlags {
  /** Where the page goes; `-` for standard output. */
  readonly html?: string | undefined;
  readonly text?: boolean | undefined;
}

/** `keyhole report`: makes a report again from the file of a run. */
export async function report(given: string, flags: ReportFlags, terminal: Terminal): Promise<ExitCode> {
  const { document, gaps } = await readReport(given, process.cwd());
  for (const gap of gaps) terminal.say(gap);
  const { colour, width, command } = terminal;
  if (flags.html === '-') terminal.print(htmlOf(document, { command }));
  else if (flags.html !== undefined) {
    await writeWhole(flags.html, htmlOf(document, { command }));
    terminal.say(`Written to ${flags.html}.`);
  }
  if (flags.text === true || flags.html === undefined) terminal.print(textOf(document, { colour, width, command }));
  return EXIT.holds;
}
