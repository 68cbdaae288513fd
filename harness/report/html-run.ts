import { sha256Hex } from './digest.ts';
import type { ReportDocument } from './document.ts';
import { bounded } from './escape.ts';
import { exitWords } from './exit-words.ts';
import { jsonOf } from './json.ts';
import { html, type Markup } from './markup.ts';

/** Where and how the report came to be. What differs from run to run stands here and nowhere else in the page. */
export function runSection(document: ReportDocument): Markup {
  const { seed, tool, volatile, targets } = document;
  const { code, meaning } = exitWords(targets);
  return html`<section aria-labelledby="run">
<h2 id="run">This run</h2>
<dl>
<div><dt>Exit code</dt><dd>${code}: ${meaning}</dd></div>
<div><dt>Seed</dt><dd>${seed}</dd></div>
<div><dt>keyhole</dt><dd>${bounded(tool.version, 60)}</dd></div>
<div><dt>Node</dt><dd>${bounded(volatile.node, 60)} on ${bounded(volatile.platform, 120)}</dd></div>
<div><dt>Started</dt><dd>${bounded(volatile.startedAt, 60)}</dd></div>
<div><dt>Took</dt><dd>${volatile.seconds} s</dd></div>
<div><dt>report.json</dt><dd>SHA-256 <code>${sha256Hex(jsonOf(document))}</code></dd></div>
</dl>
<p class="soft prose">The same seed and the same budget give the same programs, verdicts and counterexamples again; only what stands in this section differs from run to run. A hash is what <code>sha256sum</code> says of the file as keyhole wrote it.</p>
</section>`;
}
