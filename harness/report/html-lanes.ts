import { cut, smallDrawing, tag } from './html-drawing.ts';
import type { Lane, LaneMessage, LaneNote, LaneRow, Lanes, LaneStep } from './lanes.ts';
import { html, type Markup } from './markup.ts';

/** Measures in px. The widths of letters, plain and bold, are what system fonts take at 12 px, with a reserve. */
const SPACING = 104;
const MARGIN = 38;
const HEAD = 48;
const ROW = 30;
const FOOT = 8;
const LETTER = 6.3;
const BOLD_LETTER = 7.3;

/** One step of the lanes as an SVG of its own, so that a page can break between steps, and lines that fill what the text beside it needs more. */
export function laneChunk({ lanes }: Lanes, step: LaneStep): Markup {
  const width = laneX(lanes.length - 1) + MARGIN;
  const height = HEAD + step.rows.length * ROW + FOOT;
  const { stay } = step;
  const cache = laneX(lanes.length - 2);
  const [from, to] = stay === null ? [0, 0] : [stay.from === null ? 0 : rowY(stay.from), stay.to === null ? height : rowY(stay.to)];
  const scrolls = isBroad(lanes) ? html` tabindex="0" role="group" aria-label="Step ${step.instant} in lanes"` : null;
  return html`<div class="lanes"${scrolls}><svg class="chunk" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false">
${lanes.map((_, lane) => html`<line class="life" x1="${laneX(lane)}" x2="${laneX(lane)}" y1="${HEAD - 4}" y2="${height}"/>`)}
${stay === null ? null : html`<line class="stay" x1="${cache}" x2="${cache}" y1="${from}" y2="${to}"/>`}
${lanes.map(head)}
${step.rows.map((row, place) => laneRow(row, rowY(place), lanes))}
</svg><svg class="fill" width="${width}" viewBox="0 0 ${width} 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
${lanes.map((_, lane) => html`<line class="life" x1="${laneX(lane)}" x2="${laneX(lane)}" y1="0" y2="10"/>`)}
${stay === null || stay.to !== null ? null : html`<line class="stay" x1="${cache}" x2="${cache}" y1="0" y2="10"/>`}
</svg></div>`;
}

/** Whether there are so many lanes that no text fits beside them: then they stand below it, and may scroll. */
export function isBroad(lanes: readonly Lane[]): boolean {
  return lanes.length > 5;
}

function head(lane: Lane, place: number): Markup {
  const x = laneX(place);
  const icon =
    lane.kind === 'cache' || lane.kind === 'origin' ? html`<path class="icon" transform="translate(${x} 17)" d="${ICONS[lane.kind]}"/>` : tag(x, 17, lane.user);
  return html`${icon}<text class="name" x="${x}" y="40" text-anchor="middle">${cut(lane.name, 12)}</text>`;
}

/** Drawers; a lens. */
const ICONS: Readonly<Record<'cache' | 'origin', string>> = {
  cache: 'M-9-9H9V9H-9zM-9-3H9M-9 3H9M-2-6h4M-2 0h4M-2 6h4',
  origin: 'M-11-6h5l2-3h8l2 3h5V8h-22zM-4 1a4 4 0 1 0 8 0a4 4 0 1 0-8 0z',
};

function laneRow(row: LaneRow, y: number, lanes: readonly Lane[]): Markup {
  return row.kind === 'note' ? noteRow(row, y, lanes) : messageRow(row, y, lanes);
}

function noteRow({ lane, label }: LaneNote, y: number, lanes: readonly Lane[]): Markup {
  const most = laneX(lanes.length - 1) + MARGIN - 4;
  const text = cut(label, Math.floor((most - 20) / LETTER));
  const width = [...text].length * LETTER + 16;
  const middle = lane < 0 ? most / 2 : laneX(lane);
  const left = Math.round(Math.max(2, Math.min(middle - width / 2, most - width)));
  const across = lane < 0 ? html`<line class="pass" x1="4" x2="${most}" y1="${y - 6}" y2="${y - 6}"/>` : null;
  return html`${across}<rect class="note" x="${left}" y="${y - 17}" width="${Math.round(width)}" height="22" rx="4"/><text x="${left + Math.round(width / 2)}" y="${y - 2}" text-anchor="middle">${text}</text>`;
}

function messageRow(row: LaneMessage, y: number, lanes: readonly Lane[]): Markup {
  const [start, end] = [laneX(row.from), laneX(row.to)];
  const direction = end > start ? 1 : -1;
  const tip = end - direction * (row.frame === null ? 3 : 17);
  const kind = `${row.tone}${row.isReply && row.frame === null && row.tone === 'plain' ? ' reply' : ''}`;
  const held = row.tone === 'plant' && row.frame === null ? html`<path class="arrival" d="M${end - 5} ${y - 5}h10v10h-10z"/>` : null;
  return html`<g class="${kind}"><line class="way" x1="${start + direction * 3}" x2="${tip - direction * 4}" y1="${y}" y2="${y}"/><path class="tip" d="M${tip} ${y}l${-8 * direction} -4v8z"/>${held}${row.frame === null ? null : smallDrawing(row.frame, end, y)}${labelOf(row, y, lanes)}</g>`;
}

/** Above the line; towards the origin from the right, since there is no more room there, else from the left. */
function labelOf({ from, to, label, frame, tone }: LaneMessage, y: number, lanes: readonly Lane[]): Markup {
  const right = laneX(Math.max(from, to));
  const letter = tone === 'plain' ? LETTER : BOLD_LETTER;
  if (Math.max(from, to) === lanes.length - 1)
    return html`<text x="${right - 7}" y="${y - 6}" text-anchor="end">${cut(label, Math.floor((right - 10) / letter))}</text>`;
  const left = laneX(Math.min(from, to)) + (frame === null ? 7 : 20);
  return html`<text x="${left}" y="${y - 6}">${cut(label, Math.floor((laneX(lanes.length - 1) + MARGIN - left) / letter))}</text>`;
}

function laneX(lane: number): number {
  return MARGIN + lane * SPACING;
}

function rowY(row: number): number {
  return HEAD + row * ROW + 22;
}
