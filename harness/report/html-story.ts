import type { ViolationReport } from './document.ts';
import { excerptOf } from './excerpt.ts';
import { tag } from './html-drawing.ts';
import { isBroad, laneChunk } from './html-lanes.ts';
import { type PictureBudget, pictureOf } from './html-picture.ts';
import { type Lanes, lanesOf } from './lanes.ts';
import { html, type Markup } from './markup.ts';
import { type Received, receivedIn } from './received.ts';
import { Scene } from './scene.ts';
import { UNTOLD } from './sentences.ts';
import { type Story, type StoryLine, storyOf } from './story.ts';
import { grouped } from './verdict.ts';

/** How much of a finding the page has room for. */
export interface Detail {
  /** At most about so many steps of a story. */
  readonly steps: number;
  readonly pictures: PictureBudget;
}

/** In a longer story only the frames that the leak is about are drawn: the others would bury them. */
const SHORT_STORY = 24;

/** Everything that the steps of one story are told from. */
interface Telling {
  readonly id: string;
  readonly story: Story;
  readonly lanes: Lanes;
  readonly received: readonly Received[];
  readonly scene: Scene;
  readonly pictures: PictureBudget;
}

/** The steps of a counterexample, each with its lanes, its sentences and what was received. `id` begins the ids of the steps. */
export function storySection({ evidence }: ViolationReport, id: string, detail: Detail): Markup {
  const story = storyOf(evidence);
  if (story.lines.length === 0) return html`<p>${UNTOLD}</p>`;
  const scene = new Scene(evidence);
  const telling: Telling = { id, story, lanes: lanesOf(evidence), received: receivedIn(evidence), scene, pictures: detail.pictures };
  const { lines } = story;
  const around = lines.flatMap((line, place) => (line.role === 'plant' || line.role === 'leak' ? [place] : []));
  const stretches = excerptOf(lines.length, around, detail.steps);
  return html`<p class="cast">${story.cast.map((member, user) => castMember(member, user))}</p>
<p class="soft small">${story.setting.join(' ')}</p>
<div class="story${isBroad(telling.lanes.lanes) ? ' broad' : ''}" data-story tabindex="0" role="group" aria-label="The story, step by step">
${PLAYER}
<ol class="steps">
${stretches.map(({ kind, from, to }) => (kind === 'shown' ? lines.slice(from, to).map((line, place) => stepItem(line, from + place, telling)) : gapItem(lines[from]!, lines[to - 1]!)))}</ol>
</div>`;
}

/** Of use only where scripts run: shown by the script itself. */
const PLAYER: Markup = html`<div class="player" hidden>
<button type="button" data-go="first">First</button>
<button type="button" data-go="back">Back</button>
<button type="button" data-go="next">Next</button>
<button type="button" data-go="last">Last</button>
<button type="button" data-go="all">All</button>
<span class="place" role="status"></span>
<span class="keys soft">Keys: ← → or k j, Home, End; Esc for all</span>
</div>`;

function castMember({ id, cameras }: Story['cast'][number], user: number): Markup {
  return html`<span class="member"><svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${tag(12, 12, user)}</svg> ${id} owns ${cameras.length === 0 ? 'no camera' : cameras.join(' and ')}</span> `;
}

function stepItem(line: StoryLine, place: number, telling: Telling): Markup {
  const { id, story, lanes } = telling;
  const isFirst = line.instant !== story.lines[place - 1]?.instant;
  const step = isFirst ? lanes.steps.find(({ instant }) => instant === line.instant) : undefined;
  const anchor = isFirst ? html` id="${id}-step-${line.instant}"` : null;
  return html`<li class="step ${line.role}" data-step="${line.instant}"${anchor}>
<span class="number">${isFirst ? `${line.instant}.` : ''}</span>
<div class="told">${markOf(line, id)}<p>${line.text}</p>
${isFirst ? picturesOf(line, telling) : null}</div>
${step === undefined ? null : laneChunk(lanes, step)}
</li>
`;
}

function picturesOf({ instant, role }: StoryLine, { story, received, scene, pictures }: Telling): Markup | null {
  const isLong = story.lines.length > SHORT_STORY;
  const shown = received.filter((one) => one.instant === instant && (!isLong || one.tone !== 'plain' || role === 'leak'));
  return shown.length === 0 ? null : html`<div class="pictures">${shown.map((one) => pictureOf(one, scene, pictures))}</div>`;
}

function gapItem(first: StoryLine, last: StoryLine): Markup {
  return html`<li class="gap soft">Steps ${grouped(first.instant)} to ${grouped(last.instant)} are left out here to keep this page small; the counterexample file holds them all.</li>
`;
}

function markOf({ role, plantedAt, instant }: StoryLine, id: string): Markup | null {
  if (role === 'plant') return html`<span class="mark">Here the copy comes in</span>`;
  if (role !== 'leak') return null;
  if (plantedAt === null || plantedAt === instant) return html`<span class="mark">Here it goes wrong</span>`;
  return html`<span class="mark">Here it goes wrong: the copy of <a href="#${id}-step-${plantedAt}">step ${plantedAt}</a> is handed out</span>`;
}
