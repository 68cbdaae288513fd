import type { TargetReport } from './document.ts';
import { bounded } from './escape.ts';
import { html, type Markup } from './markup.ts';
import { bySeverity, chancesOf, grouped, nameOf, verdictWords } from './verdict.ts';

const CAPTION =
  'One line for each target, a cache or something with a cache in it; what needs attention comes first. ' +
  'A chance to leak is a request, by somebody without a right, for what somebody else had just received.';

/** The columns that hold numbers. */
const NUMBERS = ['Programs', 'Operations', 'Answers from the cache', 'Chances to leak'];

/** More rows than anybody reads; the rest is in the file for machines. */
const MOST_ROWS = 500;

/** The overview of several targets, of which the first `shown` can be linked. One alone needs none. */
export function summarySection(targets: readonly TargetReport[], shown: number): Markup | null {
  if (targets.length < 2) return null;
  const rest = targets.length - MOST_ROWS;
  return html`<section aria-labelledby="results">
<h2 id="results">Results</h2>
<table class="cards" role="table">
<caption>${CAPTION}</caption>
<thead role="rowgroup"><tr role="row">
<th role="columnheader" scope="col">Target</th>
<th role="columnheader" scope="col">Verdict</th>
<th role="columnheader" scope="col">Findings</th>
${NUMBERS.map((name) => html`<th role="columnheader" scope="col" class="number">${name}</th>\n`)}</tr></thead>
<tbody role="rowgroup">
${targets.slice(0, MOST_ROWS).map((target, place) => summaryRow(target, place < shown ? `target-${place + 1}` : null))}
</tbody>
</table>
${rest <= 0 ? null : html`<p>${grouped(rest)} further targets are left out here; report.json holds them all.</p>`}
</section>`;
}

function summaryRow(target: TargetReport, id: string | null): Markup {
  const { hits, chances } = chancesOf(target);
  const numbers = [grouped(target.runs), grouped(target.operations), counted(hits), counted(chances)];
  return html`<tr role="row">
<th role="rowheader" scope="row">${id === null ? nameOf(target) : html`<a href="#${id}">${nameOf(target)}</a>`}</th>
<td role="cell" data-label="Verdict">${verdictBadge(target)}</td>
<td role="cell" data-label="Findings">${foundIn(target)}</td>
${numbers.map((value, column) => html`<td role="cell" class="number" data-label="${NUMBERS[column]!}">${value}</td>\n`)}</tr>
`;
}

function foundIn({ violations }: TargetReport): string {
  const [worst] = bySeverity(violations);
  if (worst === undefined) return 'none';
  return `${grouped(violations.length)}, ${worst.severity}`;
}

/** The verdict in a word or two, and how it compares with what was expected. */
export function verdictBadge(target: TargetReport): Markup {
  const { word, tone, expectation } = verdictWords(target);
  const [first, ...rest] = word.toLowerCase();
  const beside = expectation === '' ? null : html` <span class="soft small">${bounded(expectation, 60)}</span>`;
  return html`<span class="badges"><span class="verdict ${tone}">${first!.toUpperCase()}${rest.join('')}</span>${beside}</span>`;
}

function counted(value: number | null): string {
  return value === null ? '–' : grouped(value);
}
