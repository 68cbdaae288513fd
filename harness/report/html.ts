import { sha256Base64 } from './digest.ts';
import type { ReportDocument, TargetReport } from './document.ts';
import { bounded } from './escape.ts';
import { findingArticle } from './html-finding.ts';
import { STYLE } from './html-style.ts';
import { html, Markup } from './markup.ts';
import { seedSentence, violationWords } from './sentences.ts';
import { bySeverity, byUrgency, chancesOf, grouped, headlineOf, nameOf, verdictWords } from './verdict.ts';

export interface HtmlOptions {
  /** How keyhole is called: `keyhole`, or `npm run keyhole --` in the checkout. */
  readonly command: string;
}

/**
 * The report as one page that needs nothing else: no scripts, no requests, readable from a file. Its Content-Security-Policy
 * allows nothing but its own style, so that even a text that got past the escaping could do nothing.
 */
export function htmlOf(document: ReportDocument, options: HtmlOptions): string {
  const targets = byUrgency(document.targets);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${sha256Base64(STYLE)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>keyhole: ${headlineOf(document)}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<div class="page">
<header>
<p class="brand">keyhole report</p>
<h1>${headlineOf(document)}</h1>
${worstOf(targets)}
<p>${LEAD}</p>
</header>
<main>
${summarySection(targets)}
${targets.map((target, place) => targetSection(target, place, options.command))}
${WORDS_SECTION}
</main>
<footer>
<p>${seedSentence(document)} The same seed and the same budget give the same findings again.</p>
</footer>
</div>
</body>
</html>
`;
  return page.text;
}

const LEAD =
  'A cache keeps pictures ready so that they need not be fetched twice. If it mixes up who asked, one person sees the camera of another. ' +
  'keyhole made up people, cameras and long sequences of requests, sent them through each cache below, and looked at every picture that came back: whose is it, and who received it?';

/** The most urgent finding, where there is one. */
function worstOf(targets: readonly TargetReport[]): Markup | null {
  const target = targets.find((candidate) => candidate.violations.length > 0);
  const worst = target === undefined ? undefined : bySeverity(target.violations)[0];
  if (target === undefined || worst === undefined) return null;
  return html`<p class="worst">In ${nameOf(target)}, ${violationWords(worst).headline}</p>`;
}

function summarySection(targets: readonly TargetReport[]): Markup | null {
  if (targets.length === 0) return null;
  return html`<section aria-labelledby="results">
<h2 id="results">Results</h2>
<table class="cards" role="table">
<caption>One line for each target, a cache or something with a cache in it; what needs attention comes first. A chance to leak is a request, by somebody without a right, for what somebody else had just received.</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Target</th><th role="columnheader" scope="col">Verdict</th><th role="columnheader" scope="col" class="number">Programs</th><th role="columnheader" scope="col" class="number">Operations</th><th role="columnheader" scope="col" class="number">Answers from the cache</th><th role="columnheader" scope="col" class="number">Chances to leak</th></tr></thead>
<tbody role="rowgroup">
${targets.map(summaryRow)}
</tbody>
</table>
</section>`;
}

function summaryRow(target: TargetReport, place: number): Markup {
  const { hits, chances } = chancesOf(target);
  return html`<tr role="row"><th role="rowheader" scope="row"><a href="#target-${place + 1}">${nameOf(target)}</a></th><td role="cell" data-label="Verdict">${verdictBadge(target)}</td><td role="cell" class="number" data-label="Programs">${grouped(target.runs)}</td><td role="cell" class="number" data-label="Operations">${grouped(target.operations)}</td><td role="cell" class="number" data-label="Answers from the cache">${counted(hits)}</td><td role="cell" class="number" data-label="Chances to leak">${counted(chances)}</td></tr>
`;
}

function verdictBadge(target: TargetReport): Markup {
  const { word, tone, expectation } = verdictWords(target);
  const [first, ...rest] = word.toLowerCase();
  return html`<span><span class="verdict ${tone}">${first!.toUpperCase()}${rest.join('')}</span>${expectation === '' ? null : html` <span class="soft small">${expectation}</span>`}</span>`;
}

function targetSection(target: TargetReport, place: number, command: string): Markup {
  const id = `target-${place + 1}`;
  const isViolated = target.verdict === 'violated';
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${nameOf(target)} ${verdictBadge(target)}</h2>
<p class="soft">${bounded(target.title, 400)}<br>Answered by: ${bounded(target.evidence, 400)}</p>
${isViolated ? null : html`<p>${bounded(target.reason, 1000)}</p>`}
${
  target.advice.length === 0
    ? null
    : html`<h3>What to do</h3>
<ul class="plain">${target.advice.map((item) => html`<li>${bounded(item, 1000)}</li>`)}</ul>`
}
${bySeverity(target.violations).map((violation, index) => findingArticle(violation, `${id}-finding-${index + 1}`, command))}
${coverage(target)}
</section>
`;
}

/** What was tried, what was not, and what that is worth. */
function coverage(target: TargetReport): Markup {
  const { enumerated, worth, properties, situations } = target;
  const missing = new Set(target.missing);
  const tried = Object.entries(situations).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return html`<details>
<summary>What was tried on ${nameOf(target)}, and what was not</summary>
${enumerated === null ? null : html`<p>Tried completely: all ${grouped(enumerated.programs)} programs of up to ${enumerated.depth} operations in a small world.</p>`}
${worth === null ? null : html`<p>${bounded(worth, 1000)}</p>`}
<table>
<caption>The rules, and whether they were checked</caption>
<thead><tr><th scope="col">Rule</th><th scope="col">Checked</th></tr></thead>
<tbody>${properties.map(({ id, title, checked, note }) => html`<tr><th scope="row">${bounded(id, 20)} ${bounded(title, 200)}</th><td>${checked ? 'yes' : 'no'}${note === '' ? null : html`. ${bounded(note, 400)}`}</td></tr>`)}</tbody>
</table>
<table>
<caption>What occurred, and how often</caption>
<thead><tr><th scope="col">Situation</th><th scope="col" class="number">Times</th></tr></thead>
<tbody>${tried.map(([name, count]) => html`<tr><th scope="row">${bounded(name, 80).replaceAll('-', ' ')}${missing.has(name) ? html` <span class="verdict unsure">needed, and never occurred</span>` : null}</th><td class="number">${grouped(count)}</td></tr>`)}</tbody>
</table>
</details>`;
}

function counted(value: number | null): string {
  return value === null ? '–' : grouped(value);
}

const WORDS_SECTION = html`<section aria-labelledby="words">
<h2 id="words">The words used here</h2>
<dl>
<dt>program</dt><dd>A made-up sequence of operations: somebody asks for a picture, shares a camera, time passes, and so on. It is run against an empty cache.</dd>
<dt>frame</dt><dd>One picture that a camera took. Each frame carries a mark in its own bytes that says which camera it is from and who owned that camera then.</dd>
<dt>cache</dt><dd>What stands between the people who ask and the origin, and keeps answers to hand them out again.</dd>
<dt>origin</dt><dd>Where frames and rights come from. It always knows who may see what.</dd>
<dt>copy</dt><dd>One answer of the origin. When somebody receives the very copy that was fetched for somebody else, the cache mixed them up.</dd>
<dt>leak</dt><dd>Somebody received a frame that he had no right to. One is enough: a foreign frame that was seen once has been seen.</dd>
<dt>no leak found</dt><dd>Nothing leaked in what was tried, and what a leak needs was tried. It does not say that nothing can.</dd>
</dl>
</section>`;
