import type { TargetReport } from './document.ts';
import { bounded } from './escape.ts';
import { html, type Markup } from './markup.ts';
import { grouped, nameOf } from './verdict.ts';

/** What was tried, what was not, and what that is worth: closed until somebody wants to know. */
export function coverageDetails(target: TargetReport): Markup {
  const { enumerated, worth, properties, situations } = target;
  const missing = new Set(target.missing);
  const tried = Object.entries(situations).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return html`<details>
<summary>What was tried on ${nameOf(target)}, and what was not</summary>
${enumerated === null ? null : enumeratedParagraph(enumerated)}
${worth === null ? null : html`<p>${bounded(worth, 1000)}</p>`}
<table>
<caption>The rules, and whether they were checked</caption>
<thead><tr><th scope="col">Rule</th><th scope="col">Checked</th></tr></thead>
<tbody>
${properties.map(ruleRow)}</tbody>
</table>
<table>
<caption>What occurred, and how often</caption>
<thead><tr><th scope="col">Situation</th><th scope="col" class="number">Times</th></tr></thead>
<tbody>
${tried.map(([name, count]) => situationRow(name, count, missing.has(name)))}</tbody>
</table>
</details>`;
}

function enumeratedParagraph({ programs, depth }: { readonly programs: number; readonly depth: number }): Markup {
  return html`<p>Tried completely: all ${grouped(programs)} programs of up to ${depth} operations in a small world.</p>`;
}

function ruleRow({ id, title, checked, note }: TargetReport['properties'][number]): Markup {
  const said = note === '' ? '' : `. ${bounded(note, 400)}`;
  return html`<tr><th scope="row">${bounded(id, 20)} ${bounded(title, 200)}</th><td>${checked ? 'yes' : 'no'}${said}</td></tr>
`;
}

function situationRow(name: string, count: number, isMissing: boolean): Markup {
  const mark = isMissing ? html` <span class="verdict unsure">needed, and never occurred</span>` : null;
  return html`<tr><th scope="row">${bounded(name, 80).replaceAll('-', ' ')}${mark}</th><td class="number">${grouped(count)}</td></tr>
`;
}
