import { ANONYMOUS } from '../../models/domain/world.ts';
import type { Severity } from '../../properties/property.ts';
import { type Breach, breachOf } from './breach.ts';
import { sha256Hex } from './digest.ts';
import type { Counterexample, ViolationReport } from './document.ts';
import { bounded } from './escape.ts';
import { pictureOf } from './html-picture.ts';
import { type Detail, storySection } from './html-story.ts';
import { type Content, html, type Markup } from './markup.ts';
import { prettyJson } from './pretty-json.ts';
import { receivedIn } from './received.ts';
import { rightsIn } from './rights.ts';
import { Scene } from './scene.ts';
import { DECISION_WORDS, meantSo, replayCommand, stepsOf, type ViolationWords, violationWords } from './sentences.ts';

export interface FindingOptions {
  /** Unique in the page. */
  readonly id: string;
  /** How keyhole is called. */
  readonly command: string;
  readonly detail: Detail;
}

/** What a severity means. */
export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  critical: 'what is private reaches somebody who has no right to it',
  high: 'pictures still come after the right to them, or the channel, was taken away, several are mixed into one, or what somebody is given depends on pictures that are for others alone',
  medium: 'an answer that must not be given, though no picture of a stranger',
};

/** One violation: what came to pass, the story of it, the cause, how sure that is, and how to see it again. */
export function findingArticle(violation: ViolationReport, options: FindingOptions): Markup {
  const words = violationWords(violation);
  return html`<article class="finding" aria-labelledby="${options.id}">
<p class="kicker">${kicker(violation)}</p>
<h3 id="${options.id}">${words.headline}</h3>
${findingBody(violation, words, options)}
</article>
`;
}

/** The same, folded away behind its headline: its cause was told with another one. The heading stays in view, for links and for whoever goes by headings. */
export function foldedFinding(violation: ViolationReport, options: FindingOptions): Markup {
  const words = violationWords(violation);
  return html`<article class="finding folded" aria-labelledby="${options.id}">
<details>
<summary><span class="kicker">${kicker(violation)}, ${stepsOf(violation)}</span> <h3 id="${options.id}">${words.headline}</h3></summary>
${findingBody(violation, words, options)}
</details>
</article>
`;
}

function kicker(violation: ViolationReport): Markup {
  return html`${severityBadge(violation.severity)} ${bounded(violation.property, 20)} ${bounded(violation.title, 200)}`;
}

function findingBody(violation: ViolationReport, words: ViolationWords, { id, command, detail }: FindingOptions): Markup {
  return html`<p class="prose">${words.why}</p>
${glance(violation, id, detail)}
<h4>How it comes to pass, step by step</h4>
${storySection(violation, id, detail)}
<h4>Why</h4>
<p class="cause">${words.cause}</p>
${whatMatters(violation, words)}
<h4>What is broken, and how sure that is</h4>
<dl>
${fact('Rule', words.meaning === '' ? words.rule : [words.rule, ': ', words.meaning])}
${fact('Meant so?', meantSo(violation))}
${fact('How bad', `${violation.severity}: ${SEVERITY_WORDS[violation.severity]}.`)}
${fact('Came again?', words.reproduced)}
${fact('Shortest?', words.certificate)}
</dl>
<h4>See it happen</h4>
${replayOf(violation, command)}`;
}

export function severityBadge(severity: Severity): Markup {
  return html`<span class="severity ${severity}">${severity}</span>`;
}

/** The leak in one look: the picture, who has it, whose it is, where it came from, who might have it. */
function glance(violation: ViolationReport, id: string, { pictures }: Detail): Markup | null {
  const { evidence } = violation;
  const breach = breachOf(evidence);
  const scene = new Scene(evidence);
  const call = breach === null ? undefined : scene.calls.get(breach.call);
  const leaked = receivedIn(evidence).find(({ tone }) => tone === 'leak');
  if (breach === null || call === undefined) return null;
  const { channel, tier } = scene.template(call.template);
  const who = call.user === ANONYMOUS ? 'An anonymous visitor' : scene.user(call.user);
  return html`<div class="glance">
${leaked === undefined ? null : pictureOf(leaked, scene, pictures)}
<dl>
${fact('Received by', [`${who}, who asked for ${scene.camera(call.camera)} (${channel}, ${tier} tier), in `, stepLink(id, breach.instant)])}
${fact('What it shows', leaked === undefined ? null : `frame #${breach.frame.sequence} of ${scene.camera(breach.frame.camera)}, captured while ${scene.user(breach.frame.owner)} owned the camera`)}
${fact('Where it came from', originWords(breach, id, scene))}
${fact('Rights at that time', rightsWords(violation, breach.frame.camera, breach.instant))}
</dl>
</div>`;
}

function originWords({ plant }: Breach, id: string, scene: Scene): Content {
  const owner = plant === null ? undefined : scene.calls.get(plant.call);
  if (plant === null || owner === undefined) return null;
  return [`the copy that was fetched for ${scene.user(owner.user)}, which came in with `, stepLink(id, plant.instant)];
}

function stepLink(id: string, instant: number): Markup {
  return html`<a href="#${id}-step-${instant}">step ${instant}</a>`;
}

function rightsWords({ evidence }: ViolationReport, camera: number, instant: number): string {
  const scene = new Scene(evidence);
  const { owner, sharees, isPublic } = rightsIn(evidence, camera, instant);
  const shared = sharees.length === 0 ? 'shared with nobody' : `shared with ${sharees.map((user) => scene.user(user)).join(', ')}`;
  return `${scene.camera(camera)} belonged to ${scene.user(owner)}, was ${shared}, and was ${isPublic ? 'public' : 'not public'}`;
}

function whatMatters({ details }: ViolationReport, { matters, indifferent }: ViolationWords): Markup {
  return html`<dl>
${fact('At fault', details.decision === 'unknown' ? null : `The decision about ${DECISION_WORDS[details.decision]}.`)}
${fact('It takes', bullets(matters))}
${fact('No matter', bullets(indifferent))}
</dl>`;
}

function replayOf(violation: ViolationReport, command: string): Markup {
  const replay = replayCommand(violation, command);
  if (replay === null) return html`<p>The counterexample was not written to a file.</p>`;
  const { evidence } = violation;
  return html`<div class="command"><pre tabindex="0"><code>${replay}</code></pre><button type="button" data-copy hidden>Copy</button></div>
${evidence.digest === '' ? null : html`<p class="soft small">SHA-256 of the file: <code>${fileHash(evidence)}</code></p>`}`;
}

const hashes = new WeakMap<Counterexample, string>();

/** SHA-256 of the counterexample file. Kept, since a section may be laid out more than once and a history can be long. */
function fileHash(evidence: Counterexample): string {
  const known = hashes.get(evidence) ?? sha256Hex(prettyJson(evidence));
  hashes.set(evidence, known);
  return known;
}

function fact(name: string, content: Content): Markup | null {
  if (content === null || content === '') return null;
  return html`<div><dt>${name}</dt><dd>${content}</dd></div>
`;
}

function bullets(items: readonly string[]): Markup | null {
  return items.length === 0 ? null : html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}
