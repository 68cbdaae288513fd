import type { ViolationReport } from './document.ts';
import { type Content, html, type Markup } from './markup.ts';
import { DECISION_WORDS, replayCommand, UNTOLD, type ViolationWords, violationWords } from './sentences.ts';
import { type Story, type StoryLine, storyOf } from './story.ts';

/** One violation: what came to pass, the story of it, the cause, and how to see it again. `id` is unique in the page. */
export function findingArticle(violation: ViolationReport, id: string, command: string): Markup {
  const words = violationWords(violation);
  const replay = replayCommand(violation, command);
  return html`<article class="finding" aria-labelledby="${id}">
<h3 id="${id}">${words.headline}</h3>
<p>${words.why}</p>
<h4>How it comes to pass</h4>
${storyList(storyOf(violation.evidence), id)}
<dl>
${factsOf(violation, words)}</dl>
<h4>See it happen</h4>
${replay === null ? html`<p>The counterexample was not written to a file.</p>` : html`<pre><code>${replay}</code></pre>`}
</article>
`;
}

function factsOf({ details }: ViolationReport, words: ViolationWords): (Markup | null)[] {
  return [
    fact('Cause', words.cause),
    fact('At fault', details.decision === 'unknown' ? null : `The decision about ${DECISION_WORDS[details.decision]}.`),
    fact('It takes', bullets(words.matters)),
    fact('No matter', bullets(words.indifferent)),
    fact('Rule', words.meaning === '' ? words.rule : [words.rule, ': ', words.meaning]),
    fact('Shortest?', words.certificate),
    fact('Again?', words.reproduced),
  ];
}

function storyList(story: Story, id: string): Markup {
  if (story.lines.length === 0) return html`<p>${UNTOLD}</p>`;
  const owners = story.cast.map(({ id: user, cameras }) => `${user} owns ${cameras.length === 0 ? 'no camera' : cameras.join(' and ')}. `);
  const isFirst = (place: number): boolean => story.lines[place]!.instant !== story.lines[place - 1]?.instant;
  return html`<p>${owners}<span class="soft small">${story.setting.join(' ')}</span></p>
<ol class="story">
${story.lines.map((line, place) => storyItem(line, id, isFirst(place)))}</ol>`;
}

function storyItem(line: StoryLine, id: string, isFirst: boolean): Markup {
  const mark = line.role === 'leak' ? leakMark(line, id) : line.role === 'plant' ? html`<span class="mark">Here the copy comes in</span>` : null;
  const anchor = isFirst ? html` id="${id}-step-${line.instant}"` : null;
  return html`<li class="${line.role}"${anchor}><span class="step">${line.instant}.</span><span>${mark}${line.text}</span></li>
`;
}

function leakMark({ plantedAt, instant }: StoryLine, id: string): Markup {
  if (plantedAt === null || plantedAt === instant) return html`<span class="mark">Here it goes wrong</span>`;
  return html`<span class="mark">Here it goes wrong: the copy of <a href="#${id}-step-${plantedAt}">step ${plantedAt}</a> is handed out</span>`;
}

function fact(name: string, content: Content): Markup | null {
  if (content === null || content === '') return null;
  return html`<dt>${name}</dt><dd>${content}</dd>
`;
}

function bullets(items: readonly string[]): Markup | null {
  return items.length === 0 ? null : html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}
