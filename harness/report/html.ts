import { sha256Base64 } from './digest.ts';
import type { ReportDocument, TargetReport } from './document.ts';
import { headlineSection } from './html-headline.ts';
import { runSection } from './html-run.ts';
import { SCRIPT } from './html-script.ts';
import { STYLE } from './html-style.ts';
import { summarySection } from './html-summary.ts';
import { type TargetSections, targetSections } from './html-target.ts';
import { html, Markup } from './markup.ts';
import { byUrgency, headlineOf } from './verdict.ts';

export interface HtmlOptions {
  /** How keyhole is called: `keyhole`, or `npm run keyhole --` in the checkout. */
  readonly command: string;
}

/** No page is larger, in bytes: it has to open on a phone and to pass through a mail. */
const LARGEST_PAGE = 5_000_000;

/**
 * The report as one page that needs nothing else: no requests, readable from a file, on paper and without scripts. Its
 * Content-Security-Policy allows nothing but its own style and script and the pictures in it, so that even a text that got past
 * the escaping could do nothing.
 */
export function htmlOf(document: ReportDocument, options: HtmlOptions): string {
  const targets = byUrgency(document.targets);
  // All that stands around the sections, with every link that there could be: at its longest.
  const frame = pageText(document, targets, { markup: html``, shown: targets.length });
  const room = LARGEST_PAGE - Buffer.byteLength(frame);
  return pageText(document, targets, targetSections(targets, { command: options.command, room }));
}

function pageText(document: ReportDocument, targets: readonly TargetReport[], sections: TargetSections): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(CONTENT_POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>keyhole: ${headlineOf(document)}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<div class="page">
${headlineSection(document, targets, sections.shown)}
<main>
${summarySection(targets, sections.shown)}
${sections.markup}
${wordsSection()}
${runSection(document)}
</main>
</div>
<script>${new Markup(SCRIPT)}</script>
</body>
</html>
`;
  return page.text;
}

const CONTENT_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${sha256Base64(STYLE)}'`,
  `script-src 'sha256-${sha256Base64(SCRIPT)}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** What the report speaks of, for a reader who meets it for the first time. */
const WORDS: readonly (readonly [string, string])[] = [
  ['program', 'A made-up sequence of operations: somebody asks for a picture, shares a camera, time passes, and so on. It is run against an empty cache.'],
  [
    'frame',
    'One picture that a camera took. Each frame carries a mark in its own bytes that says which camera it is from and who owned that camera then. ' +
      'Where the picture itself is not at hand, this page draws the mark: the outline stands for the camera, the shape and letter of the tag for the owner.',
  ],
  ['cache', 'What stands between the people who ask and the origin, and keeps answers to hand them out again.'],
  ['origin', 'Where frames and rights come from. It always knows who may see what. keyhole plays it.'],
  ['copy', 'One answer of the origin. When somebody receives the very copy that was fetched for somebody else, the cache mixed them up.'],
  ['tier', 'The rendition of a picture: high for good links, low for weak ones.'],
  ['app, hub', 'The ways in which a request can come: the vendor’s own app, or a partner’s integration.'],
  ['leak', 'Somebody received a frame without a right to it. One is enough: a foreign frame that was seen once has been seen.'],
  ['no leak found', 'Nothing leaked in what was tried, and what a leak needs was tried. It does not say that nothing can.'],
];

function wordsSection(): Markup {
  return html`<section aria-labelledby="words">
<h2 id="words">The words used here</h2>
<dl>
${WORDS.map(([word, meaning]) => html`<div><dt>${word}</dt><dd>${meaning}</dd></div>\n`)}</dl>
</section>`;
}
