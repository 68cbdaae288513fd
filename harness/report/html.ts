import { sha256Base64 } from './digest.ts';
import type { ReportDocument, TargetReport } from './document.ts';
import { bounded } from './escape.ts';
import { coverageDetails } from './html-coverage.ts';
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
<meta http-equiv="Content-Security-Policy" content="${new Markup(CONTENT_POLICY)}">
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
${wordsSection()}
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

const CONTENT_POLICY = `default-src 'none'; style-src 'sha256-${sha256Base64(STYLE)}'; base-uri 'none'; form-action 'none'`;

const LEAD =
  'A cache keeps pictures ready so that they need not be fetched twice. If it mixes up who asked, one person sees the camera of another. ' +
  'keyhole made up people, cameras and long sequences of requests, sent them through each cache below, and looked at every picture that came back: whose is it, and who received it?';

/** The most urgent finding, where there is one that nobody planted. */
function worstOf(targets: readonly TargetReport[]): Markup | null {
  const target = targets.find((candidate) => candidate.violations.length > 0 && candidate.expected !== 'violated');
  const worst = target === undefined ? undefined : bySeverity(target.violations)[0];
  if (target === undefined || worst === undefined) return null;
  return html`<p class="worst">In ${nameOf(target)}, ${violationWords(worst).headline}</p>`;
}

const CAPTION =
  'One line for each target, a cache or something with a cache in it; what needs attention comes first. ' +
  'A chance to leak is a request, by somebody without a right, for what somebody else had just received.';

/** The columns of the summary that hold numbers. */
const NUMBERS = ['Programs', 'Operations', 'Answers from the cache', 'Chances to leak'];

function summarySection(targets: readonly TargetReport[]): Markup | null {
  if (targets.length === 0) return null;
  return html`<section aria-labelledby="results">
<h2 id="results">Results</h2>
<table class="cards" role="table">
<caption>${CAPTION}</caption>
<thead role="rowgroup"><tr role="row">
<th role="columnheader" scope="col">Target</th>
<th role="columnheader" scope="col">Verdict</th>
${NUMBERS.map((name) => html`<th role="columnheader" scope="col" class="number">${name}</th>\n`)}</tr></thead>
<tbody role="rowgroup">
${targets.map(summaryRow)}
</tbody>
</table>
</section>`;
}

function summaryRow(target: TargetReport, place: number): Markup {
  const { hits, chances } = chancesOf(target);
  const numbers = [grouped(target.runs), grouped(target.operations), counted(hits), counted(chances)];
  return html`<tr role="row">
<th role="rowheader" scope="row"><a href="#target-${place + 1}">${nameOf(target)}</a></th>
<td role="cell" data-label="Verdict">${verdictBadge(target)}</td>
${numbers.map((value, column) => html`<td role="cell" class="number" data-label="${NUMBERS[column]!}">${value}</td>\n`)}</tr>
`;
}

function verdictBadge(target: TargetReport): Markup {
  const { word, tone, expectation } = verdictWords(target);
  const [first, ...rest] = word.toLowerCase();
  const beside = expectation === '' ? null : html` <span class="soft small">${expectation}</span>`;
  return html`<span><span class="verdict ${tone}">${first!.toUpperCase()}${rest.join('')}</span>${beside}</span>`;
}

function targetSection(target: TargetReport, place: number, command: string): Markup {
  const id = `target-${place + 1}`;
  const isViolated = target.verdict === 'violated';
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${nameOf(target)} ${verdictBadge(target)}</h2>
<p class="soft">${bounded(target.title, 400)}<br>Answered by: ${bounded(target.evidence, 400)}</p>
${isViolated ? null : html`<p>${bounded(target.reason, 1000)}</p>`}
${target.advice.length === 0 ? null : adviceList(target.advice)}
${bySeverity(target.violations).map((violation, index) => findingArticle(violation, `${id}-finding-${index + 1}`, command))}
${coverageDetails(target)}
</section>
`;
}

function adviceList(advice: readonly string[]): Markup {
  return html`<h3>What to do</h3>
<ul class="plain">${advice.map((item) => html`<li>${bounded(item, 1000)}</li>`)}</ul>`;
}

function counted(value: number | null): string {
  return value === null ? '–' : grouped(value);
}

/** What the report speaks of, for a reader who meets it for the first time. */
const WORDS: readonly (readonly [string, string])[] = [
  ['program', 'A made-up sequence of operations: somebody asks for a picture, shares a camera, time passes, and so on. It is run against an empty cache.'],
  ['frame', 'One picture that a camera took. Each frame carries a mark in its own bytes that says which camera it is from and who owned that camera then.'],
  ['cache', 'What stands between the people who ask and the origin, and keeps answers to hand them out again.'],
  ['origin', 'Where frames and rights come from. It always knows who may see what.'],
  ['copy', 'One answer of the origin. When somebody receives the very copy that was fetched for somebody else, the cache mixed them up.'],
  ['leak', 'Somebody received a frame without a right to it. One is enough: a foreign frame that was seen once has been seen.'],
  ['no leak found', 'Nothing leaked in what was tried, and what a leak needs was tried. It does not say that nothing can.'],
];

function wordsSection(): Markup {
  return html`<section aria-labelledby="words">
<h2 id="words">The words used here</h2>
<dl>
${WORDS.map(([word, meaning]) => html`<dt>${word}</dt><dd>${meaning}</dd>\n`)}</dl>
</section>`;
}
