import type { ReportDocument, TargetReport, ViolationReport } from './document.ts';
import { bounded } from './escape.ts';
import { groupsByCause } from './groups-by-cause.ts';
import { SEVERITY_WORDS, severityBadge } from './html-finding.ts';
import { findingId } from './html-target.ts';
import { html, type Markup } from './markup.ts';
import { violationWords } from './sentences.ts';
import { bySeverity, chancesOf, grouped, headlineOf, nameOf, verdictWords } from './verdict.ts';

/** As many of the worst findings stand on the first screen. */
const MOST = 4;

/** The first screen: the verdict, what it rests on, who saw what. The targets come in the order of the page; the first `shown` can be linked. */
export function headlineSection(document: ReportDocument, targets: readonly TargetReport[], shown: number): Markup {
  return html`<header class="top">
<p class="brand">keyhole report</p>
<h1>${headlineOf(document)}</h1>
<p class="basis">${basisOf(targets)}</p>
${openReasons(targets)}${worstList(targets, shown)}
<p class="soft prose">${LEAD}</p>
</header>`;
}

const LEAD =
  'A cache keeps pictures ready so that they need not be fetched twice. If it mixes up who asked, one person sees the camera of another. ' +
  'keyhole made up people, cameras and sequences of requests, sent them through the cache, and looked at every picture that came back: whose is it, and who received it?';

/** What the verdict rests on, in one or two sentences. */
function basisOf(targets: readonly TargetReport[]): string {
  if (targets.length === 0) return 'There was nothing to check.';
  const sum = (valueOf: (target: TargetReport) => number): number => targets.reduce((total, target) => total + valueOf(target), 0);
  const hits = sum((target) => chancesOf(target).hits ?? 0);
  const chances = sum((target) => chancesOf(target).chances ?? 0);
  const programs = `${grouped(sum(({ runs }) => runs))} made-up programs (${grouped(sum(({ operations }) => operations))} operations)`;
  const answered = targets.length === 1 ? `; what answered: ${bounded(targets[0]!.evidence, 400)}` : ` on ${targets.length} targets`;
  const exercised =
    hits === 0
      ? 'No kept answer was ever handed out again, so nothing could be seen of what the cache does with them.'
      : `A kept answer was handed out again ${times(hits)}, and ${times(chances)} somebody without a right asked for what somebody else had just received: each could have been a leak.`;
  return `This rests on ${programs}${answered}. ${exercised}`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${grouped(count)} times`;
}

/** Why there is no verdict, where there is none. */
function openReasons(targets: readonly TargetReport[]): (Markup | null)[] {
  const open = targets.filter(({ verdict }) => verdict === 'inconclusive');
  const reasons = open.slice(0, MOST).map((target) => {
    const where = targets.length === 1 ? '' : `No verdict on ${nameOf(target)}: `;
    return html`<p class="open-reason">${where}${bounded(target.reason, 1000)}</p>\n`;
  });
  const rest = open.length - reasons.length;
  return [...reasons, rest === 0 ? null : html`<p class="open-reason">No verdict on ${grouped(rest)} further ${rest === 1 ? 'target' : 'targets'}.</p>\n`];
}

/** Who saw what: the worst of each target, or of the only one the first of each cause. */
function worstList(targets: readonly TargetReport[], sections: number): Markup | null {
  const found = targets.flatMap((target, place) => {
    const groups = groupsByCause(bySeverity(target.violations)).slice(0, targets.length === 1 ? MOST : 1);
    return groups.map(({ first }) => ({ target, violation: first.violation, id: place < sections ? findingId(place, first.place) : null }));
  });
  if (found.length === 0) return null;
  const shown = found.slice(0, MOST);
  const rest = targets.reduce((total, { violations }) => total + violations.length, 0) - shown.length;
  const severities = [...new Set(shown.map(({ violation }) => violation.severity))].map((severity) => `${severity}: ${SEVERITY_WORDS[severity]}.`);
  const further = rest <= 0 ? [] : [`${rest === 1 ? 'One further finding stands' : `${grouped(rest)} further findings stand`} below.`];
  return html`<ul class="worst">
${shown.map(({ target, violation, id }) => worstItem(violation, id, targets.length === 1 ? '' : whereOf(target)))}</ul>
<p class="soft prose">${[...severities, ...further].map(capitalised).join(' ')}</p>`;
}

function worstItem(violation: ViolationReport, id: string | null, where: string): Markup {
  const { headline, cause } = violationWords(violation);
  return html`<li>${severityBadge(violation.severity)} <span>${where}${id === null ? headline : html`<a href="#${id}">${headline}</a>`} <span class="soft">${cause}</span></span></li>
`;
}

function whereOf(target: TargetReport): string {
  const { expectation } = verdictWords(target);
  return `${nameOf(target)}${expectation === '' ? '' : `, ${expectation}`}: `;
}

function capitalised(sentence: string): string {
  return `${sentence[0]!.toUpperCase()}${sentence.slice(1)}`;
}
