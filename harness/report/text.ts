import type { Counterexample, ReportDocument, TargetReport, ViolationReport } from './document.ts';
import { bounded } from './escape.ts';
import { groupsByCause, type PlacedFinding } from './groups-by-cause.ts';
import { type Paint, paintOf } from './paint.ts';
import { DECISION_WORDS, enumeratedSentence, meantSo, replayCommand, seedSentence, stepsOf, UNTOLD, violationWords } from './sentences.ts';
import { type Story, type StoryLine, storyOf } from './story.ts';
import { summaryTable, TONE_STYLE } from './text-table.ts';
import { bySeverity, byUrgency, headlineOf, nameOf, verdictWords } from './verdict.ts';
import { hang } from './wrap.ts';

export interface TextOptions {
  readonly colour: boolean;
  /** Columns of the terminal; lines are between 40 and 120 columns long. */
  readonly width: number;
  /** How keyhole is called: `keyhole`, or `npm run keyhole --` in the checkout. */
  readonly command: string;
}

/** What every part of the report is written with. */
interface Page {
  readonly paint: Paint;
  readonly width: number;
  readonly command: string;
}

const INDENT = '  ';
const SAME_CAUSE = 'The same cause also leads to these; the command of each tells its story:';

/** The report for a terminal: what matters most first, the command that replays it and the seed last. */
export function textOf(document: ReportDocument, options: TextOptions): string {
  const page = pageOf(options);
  const targets = byUrgency(document.targets);
  const blocks = [
    hang(headlineOf(document), page.width, '').map((line) => page.paint('bold', line)),
    summaryTable(targets, page.width, page.paint),
    ...targets.map((target) => targetBlock(target, page)),
    lastBlock(document, targets, page),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

/** The story of a counterexample alone: who there is, then every step. */
export function storyText(counterexample: Counterexample, options: TextOptions): string {
  return `${storyLines(storyOf(counterexample), pageOf(options)).join('\n')}\n`;
}

function pageOf({ colour, width, command }: TextOptions): Page {
  return { paint: paintOf(colour), width: Math.min(120, Math.max(40, width)), command };
}

function targetBlock(target: TargetReport, page: Page): string[] {
  const { paint, width } = page;
  const { word, tone, expectation } = verdictWords(target);
  const name = nameOf(target);
  const rest = `: ${word.toLowerCase()}${expectation === '' ? '' : ` (${expectation})`}`;
  return [
    paint('bold', paint(TONE_STYLE[tone], `${name}${rest}`)),
    ...[bounded(target.title, 400), `Answered by: ${bounded(target.evidence, 400)}`]
      .flatMap((said) => hang(said, width, INDENT))
      .map((line) => paint('dim', line)),
    ...(target.verdict === 'violated' ? findings(target, page) : ['', ...hang(bounded(target.reason, 1000), width, INDENT)]),
    ...advice(target, page),
    ...coverage(target, page),
  ];
}

function findings(target: TargetReport, page: Page): string[] {
  const violations = bySeverity(target.violations);
  const prefixOf = (place: number): string => (violations.length === 1 ? '' : `${place + 1} of ${violations.length}: `);
  return groupsByCause(violations).flatMap(({ first, others }) => [
    '',
    ...finding(first.violation, prefixOf(first.place), page),
    ...(others.length === 0 ? [] : ['', ...hang(SAME_CAUSE, page.width, INDENT)]),
    ...others.flatMap((other) => ['', ...briefly(other, prefixOf(other.place), page)]),
  ]);
}

/** A finding whose cause was told with another one: what is different about it, and how to see it. */
function briefly({ violation }: PlacedFinding, prefix: string, { paint, width, command }: Page): string[] {
  const { headline, rule } = violationWords(violation);
  const replay = replayCommand(violation, command);
  const margin = `${INDENT}${INDENT}`;
  return [
    ...hang(`${prefix}${headline}`, width, margin).map((line) => paint('bold', line)),
    ...hang(`${rule}, ${stepsOf(violation)}`, width, margin),
    ...(replay === null ? [] : [`${margin}${paint('cyan', replay)}`]),
  ];
}

function finding(violation: ViolationReport, prefix: string, page: Page): string[] {
  const { paint, width } = page;
  const words = violationWords(violation);
  const replay = replayCommand(violation, page.command);
  const facts: [string, string][] = [
    ['Why wrong', words.why],
    ['Rule', words.rule],
    ['Meant so?', meantSo(violation)],
    ['Cause', words.cause],
    ['At fault', violation.details.decision === 'unknown' ? '' : `The decision about ${DECISION_WORDS[violation.details.decision]}.`],
    ['It takes', words.matters.join('; ')],
    ['No matter', words.indifferent.join('; ')],
    ['Shortest?', words.certificate],
    ['Again?', words.reproduced],
  ];
  return [
    ...hang(`${prefix}${words.headline}`, width, INDENT).map((line) => paint('bold', line)),
    '',
    ...storyLines(storyOf(violation.evidence), page),
    '',
    ...facts.flatMap(([label, text]) => (text === '' ? [] : fact(label, text, page))),
    '',
    ...(replay === null ? hang('The counterexample was not written to a file.', width, INDENT) : [`${INDENT}${paint('cyan', replay)}`]),
  ];
}

function fact(label: string, text: string, { paint, width }: Page): string[] {
  const [first, ...rest] = hang(text, width, `${INDENT}${label.padEnd(11)}`);
  return [first!.replace(label, () => paint('dim', label)), ...rest];
}

/** The steps, with a line in the margin from the one that brought the copy in to the one that handed it out. */
function storyLines(story: Story, { paint, width }: Page): string[] {
  if (story.lines.length === 0) return hang(UNTOLD, width, INDENT);
  const owners = story.cast.map(({ id, cameras }) => `${id} owns ${cameras.length === 0 ? 'no camera' : listed(cameras)}.`).join(' ');
  const leak = story.lines.find((line) => line.role === 'leak');
  const margin = String(story.lines.at(-1)?.instant ?? 1).length;
  const lines = story.lines.flatMap((line, place) => {
    const { first, rest } = marginOf(line, leak);
    // What is noted at the end is no step of its own.
    const number = (line.instant === story.lines[place - 1]?.instant ? '' : `${line.instant}. `).padStart(margin + 2);
    const told = hang(line.text, width, `${INDENT}${first}${number}`, `${INDENT}${rest}${' '.repeat(margin + 2)}`);
    return line.role === 'leak' ? told.map((text) => paint('red', text)) : told;
  });
  return [...hang(owners, width, INDENT), ...hang(story.setting.join(' '), width, INDENT).map((line) => paint('dim', line)), ...lines];
}

function marginOf(line: StoryLine, leak: StoryLine | undefined): { first: string; rest: string } {
  const from = leak?.plantedAt ?? null;
  if (line === leak) return { first: from === null || from === line.instant ? ' ▶ ' : '└▶ ', rest: '   ' };
  if (leak === undefined || from === null || line.instant < from || line.instant > leak.instant || from === leak.instant) return { first: '   ', rest: '   ' };
  return { first: line.instant === from ? '┌─ ' : '│  ', rest: '│  ' };
}

function advice({ advice: list }: TargetReport, { width }: Page): string[] {
  return list.length === 0 ? [] : ['', `${INDENT}What to do:`, ...list.flatMap((item) => hang(bounded(item, 1000), width, `${INDENT}- `))];
}

/** What the verdict covers and what it does not. */
function coverage(target: TargetReport, { width }: Page): string[] {
  const { enumerated, worth, properties } = target;
  const unchecked = properties.filter((property) => !property.checked);
  const said = [
    enumerated === null ? '' : enumeratedSentence(enumerated),
    worth === null ? '' : bounded(worth, 1000),
    ...unchecked.map(({ id, title, note }) => `Not checked: ${bounded(`${id} ${title}. ${note}`, 400)}`),
  ].filter((text) => text !== '');
  return target.verdict === 'violated' || said.length === 0 ? [] : ['', ...said.flatMap((text) => hang(text, width, INDENT))];
}

function lastBlock(document: ReportDocument, targets: readonly TargetReport[], { paint, command, width }: Page): string[] {
  const replays = targets.flatMap((target) => bySeverity(target.violations).flatMap((violation) => replayCommand(violation, command) ?? []));
  const first = replays[0];
  return [...(first === undefined ? [] : [`See it happen: ${paint('cyan', first)}`]), ...hang(seedSentence(document), width, '')];
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
}
