import type { TargetReport } from './document.ts';
import type { Paint, Style } from './paint.ts';
import { chancesOf, grouped, nameOf, type Tone, verdictWords } from './verdict.ts';
import { hang, lengthOf } from './wrap.ts';

/** The colour of a verdict, beside its words. */
export const TONE_STYLE: Readonly<Record<Tone, Style>> = { bad: 'red', unsure: 'yellow', good: 'green' };
const HEADS = ['VERDICT', 'TARGET', 'PROGRAMS', 'OPERATIONS', 'FROM CACHE', 'CHANCES'];
/** Columns of words; the others hold numbers and are set to the right. */
const WORDS = 2;

const LEGEND =
  'Programs: generated sequences of operations that were run. From cache: answers handed out a second time. ' +
  'Chances: requests for what somebody else had just received, by somebody without a right to it.';

/** One line a target; where the terminal is too narrow for that, one paragraph a target. */
export function summaryTable(targets: readonly TargetReport[], width: number, paint: Paint): string[] {
  if (targets.length === 0) return [];
  const rows = targets.map(cellsOf);
  const widths = HEADS.map((head, column) => Math.max(head.length, ...rows.map((row) => lengthOf(row[column]!))));
  const total = widths.reduce((sum, part) => sum + part + 2, 0);
  if (total > width) return targets.flatMap((target, index) => paragraph(target, rows[index]!, width, paint));
  const align = (row: readonly string[]): string[] =>
    row.map((cell, column) => (column < WORDS ? pad(cell, widths[column]!, false) : pad(cell, widths[column]!, true)));
  const lines = rows.map((row, index) => {
    const [verdict, ...rest] = align(row);
    return `  ${paint(TONE_STYLE[verdictWords(targets[index]!).tone], verdict!)}  ${rest.join('  ')}`.trimEnd();
  });
  return [paint('dim', `  ${align(HEADS).join('  ')}`.trimEnd()), ...lines, ...hang(LEGEND, width, '  ').map((line) => paint('dim', line))];
}

function cellsOf(target: TargetReport): string[] {
  const { word, expectation } = verdictWords(target);
  const { hits, chances } = chancesOf(target);
  return [
    expectation === '' ? word : `${word} (${expectation})`,
    nameOf(target),
    grouped(target.runs),
    grouped(target.operations),
    counted(hits),
    counted(chances),
  ];
}

function paragraph(target: TargetReport, row: readonly string[], width: number, paint: Paint): string[] {
  const [verdict, name, runs, operations, hits, chances] = row;
  const said = `${runs} programs, ${operations} operations; ${hits} answers from the cache, ${chances} chances to leak`;
  return [`  ${paint(TONE_STYLE[verdictWords(target).tone], verdict!)}  ${name}`, ...hang(said, width, '    ').map((line) => paint('dim', line))];
}

function counted(value: number | null): string {
  return value === null ? '-' : grouped(value);
}

function pad(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(width - lengthOf(text));
  return right ? `${space}${text}` : `${text}${space}`;
}
