import { propertyOf } from '../../properties/index.ts';
import type { TargetReport } from './document.ts';
import { bounded } from './escape.ts';
import { html, Markup } from './markup.ts';
import { enumeratedSentence } from './sentences.ts';
import { situationRank, situationWords } from './situation-words.ts';
import { grouped, nameOf } from './verdict.ts';

/** What a verdict without a leak claims, and what it does not. */
export function worthSection(target: TargetReport): Markup {
  const { enumerated, worth, reason, evidence, properties } = target;
  const blind = properties.flatMap(({ id, checked }) => (checked ? [`${bounded(id, 20)} does not see: ${propertyOf(id)?.blind ?? ''}`] : []));
  const unchecked = properties
    .filter(({ checked }) => !checked)
    .map(({ id, title, note }) => `${bounded(id, 20)} ${bounded(title, 200)} was not checked. ${bounded(note, 400)}`);
  return html`<div class="two">
<div><h3>What this says</h3>
<ul>
<li>${bounded(reason, 1000)}</li>
${enumerated === null ? null : html`<li>${enumeratedSentence(enumerated)}</li>\n`}${worth === null ? null : html`<li>${bounded(worth, 1000)}</li>\n`}</ul></div>
<div><h3>What it does not say</h3>
<ul>
<li>That no leak can exist: it was looked for, with these programs, and none was found.</li>
<li>Anything about another version, configuration or deployment than what answered here: ${bounded(evidence, 400)}.</li>
${[...unchecked, ...blind].map((text) => html`<li>${text}</li>\n`)}</ul></div>
</div>`;
}

/** What was tried and what was not: closed until somebody wants to know, unless told otherwise, and open on paper. */
export function coverageDetails(target: TargetReport, isOpen: boolean): Markup {
  const { properties, enumerated } = target;
  return html`<details${isOpen ? new Markup(' open') : null}>
<summary>What was tried on ${nameOf(target)}, and what was not</summary>
${target.verdict === 'holds' || enumerated === null ? null : html`<p>${enumeratedSentence(enumerated)}</p>`}
<table class="wordy" role="table">
<caption>The rules, and whether they were checked</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Rule</th><th role="columnheader" scope="col">What it says</th><th role="columnheader" scope="col">Checked</th></tr></thead>
<tbody role="rowgroup">
${properties.map((property) => ruleRow(property, target))}</tbody>
</table>
${situationTable(target)}
</details>`;
}

function situationTable({ situations, missing }: TargetReport): Markup {
  const needed = new Set(missing);
  const tried = Object.entries(situations).toSorted(([one], [other]) => situationRank(one) - situationRank(other) || (one < other ? -1 : 1));
  const rank = (name: string, count: number): number => (needed.has(name) ? 0 : count > 0 ? 1 : 2);
  const rows = tried.toSorted(([one, count], [other, times]) => rank(one, count) - rank(other, times));
  return html`<table class="wordy situations" role="table">
<caption>What occurred, and how often: each is something that a leak could have come from</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Situation</th><th role="columnheader" scope="col">What it is</th><th role="columnheader" scope="col" class="number">Times</th></tr></thead>
<tbody role="rowgroup">
${rows.map(([name, count]) => situationRow(name, count, needed.has(name)))}</tbody>
</table>`;
}

function ruleRow({ id, title, checked, note }: TargetReport['properties'][number], { violations }: TargetReport): Markup {
  const said = note === '' ? '' : `: ${bounded(note, 400)}`;
  const isBroken = violations.some(({ property }) => property === id);
  const broken = isBroken ? html` <span class="verdict bad">broken</span>` : null;
  return html`<tr role="row"><th role="rowheader" scope="row">${bounded(id, 20)} ${bounded(title, 200)}</th><td role="cell">${propertyOf(id)?.meaning ?? ''}</td><td role="cell" data-label="Checked">${checked ? 'yes' : 'no'}${said}${broken}</td></tr>
`;
}

function situationRow(id: string, count: number, isMissing: boolean): Markup {
  const { name, meaning } = situationWords(id);
  const mark = isMissing ? html` <span class="verdict unsure">needed, and never occurred</span>` : null;
  return html`<tr role="row"><th role="rowheader" scope="row">${bounded(name, 80)}${idOf(id, name)}${mark}</th><td role="cell">${meaning}</td><td role="cell" class="number" data-label="Times">${grouped(count)}</td></tr>
`;
}

/** What the command line calls it. */
function idOf(id: string, name: string): Markup | null {
  return id === name ? null : html`<br><code>${bounded(id, 80)}</code>`;
}
