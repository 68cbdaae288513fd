import type { TargetReport } from './document.ts';
import { bounded } from './escape.ts';
import { type FindingGroup, groupsByCause } from './groups-by-cause.ts';
import { coverageDetails, worthSection } from './html-coverage.ts';
import { findingArticle, foldedFinding } from './html-finding.ts';
import type { Detail } from './html-story.ts';
import { verdictBadge } from './html-summary.ts';
import { html, type Markup } from './markup.ts';
import { bySeverity, grouped, nameOf } from './verdict.ts';

export interface SectionOptions {
  /** How keyhole is called. */
  readonly command: string;
  /** Bytes that the sections of all targets may take together. */
  readonly room: number;
}

export interface TargetSections {
  readonly markup: Markup;
  /** So many targets have a section: the first ones. Nothing can be linked of the others. */
  readonly shown: number;
}

/** More findings than anybody reads one by one; shapes are few. */
const MOST_FINDINGS = 40;
/** Room for the remark that something was left out. */
const REMARK = 500;

/** How much is shown of each finding: the first that fits into what is left of the page. */
const DETAILS: readonly (() => Detail)[] = [
  () => ({ steps: 160, pictures: { left: 1_500_000 } }),
  () => ({ steps: 60, pictures: { left: 200_000 } }),
  () => ({ steps: 12, pictures: { left: 0 } }),
];

/** The id of a finding of the target that stands at `place` in the page. */
export function findingId(place: number, index: number): string {
  return `target-${place + 1}-finding-${index + 1}`;
}

/** A section for each target, in the order given, as long as there is room; what has none is named. */
export function targetSections(targets: readonly TargetReport[], { command, room }: SectionOptions): TargetSections {
  let left = room - REMARK;
  const sections: Markup[] = [];
  for (const [place, target] of targets.entries()) {
    const section = sectionWithin(target, place, { command, isOnly: targets.length === 1, room: left });
    if (section === null) break;
    sections.push(section);
    left -= Buffer.byteLength(section.text);
  }
  const rest = targets.length - sections.length;
  const remark =
    rest === 0 ? null : html`<p>${grouped(rest)} further ${rest === 1 ? 'target has' : 'targets have'} no room in this page; report.json holds them all.</p>`;
  return { markup: html`${sections}${remark}`, shown: sections.length };
}

function sectionWithin(target: TargetReport, place: number, { command, isOnly, room }: SectionOptions & { readonly isOnly: boolean }): Markup | null {
  for (const detailOf of DETAILS) {
    const section = targetSection(target, place, { command, isOnly, detail: detailOf() });
    if (Buffer.byteLength(section.text) <= room) return section;
  }
  return null;
}

function targetSection(target: TargetReport, place: number, { command, isOnly, detail }: TargetOptions): Markup {
  const id = `target-${place + 1}`;
  const violations = bySeverity(target.violations);
  const rest = violations.length - MOST_FINDINGS;
  return html`<section class="target" aria-labelledby="${id}">
<h2 id="${id}">${nameOf(target)} ${verdictBadge(target)}</h2>
<p class="soft">${bounded(target.title, 400)}<br>What answered: ${bounded(target.evidence, 400)}</p>
${target.verdict === 'inconclusive' && !isOnly ? html`<p class="prose">${bounded(target.reason, 1000)}</p>` : null}
${target.advice.length === 0 ? null : adviceList(target.advice)}
${groupsByCause(violations.slice(0, MOST_FINDINGS)).map((group) => findingsOf(group, place, { command, isOnly, detail }))}
${rest <= 0 ? null : html`<p>${grouped(rest)} further findings are left out here; report.json holds them all.</p>`}
${target.verdict === 'holds' ? worthSection(target) : null}
${coverageDetails(target, isOnly)}
</section>
`;
}

/** The findings of one cause: the first as it is, the others folded away behind what is different about them. */
function findingsOf({ first, others }: FindingGroup, target: number, { command, detail }: TargetOptions): Markup {
  const told = findingArticle(first.violation, { id: findingId(target, first.place), command, detail });
  if (others.length === 0) return told;
  const lead = others.length === 1 ? 'The same cause also leads to this finding:' : `The same cause also leads to these ${others.length} findings:`;
  return html`${told}<p class="same-cause">${lead}</p>
${others.map(({ violation, place }) => foldedFinding(violation, { id: findingId(target, place), command, detail }))}`;
}

interface TargetOptions {
  readonly command: string;
  /** It is the only one of the report: then its reason stands on the first screen, and nothing is folded away. */
  readonly isOnly: boolean;
  readonly detail: Detail;
}

function adviceList(advice: readonly string[]): Markup {
  return html`<h3>What to do</h3>
<ul class="plain">${advice.map((item) => html`<li>${bounded(item, 1000)}</li>`)}</ul>`;
}
