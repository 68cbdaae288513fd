import type { Mark } from '../../models/domain/frame.ts';
import { html, type Markup } from './markup.ts';

/** The names that a drawing shows; safe to show. */
export interface DrawingNames {
  readonly camera: string;
  readonly owner: string;
}

/** Width and height of a drawing, and of a picture that stands in its place. */
export const PICTURE_WIDTH = 160;
export const PICTURE_HEIGHT = 90;

/** What a camera sees, as outlines in a box of 60 by 46: by the camera's place in its world, so that no two of a small world look alike. */
const OUTLINES: readonly string[] = [
  // A door, a tree, a corridor, a roof with a window, a porch, stairs, a gate, a shed: in the order of the names that cameras get by default.
  'M18 44V4h24v40M8 44h44M37 23v4',
  'M30 44V27M30 27c-16 0-15-23 0-24c15 1 16 24 0 24M8 44h44',
  'M4 3h52v40H4zM20 15h20v17H20zM4 3l16 12M56 3L40 15M4 43l16-11M56 43L40 32',
  'M4 43L30 4l26 39zM23 36V25h14v11z',
  'M4 15L30 3l26 12zM10 15v28M23 15v28M37 15v28M50 15v28M4 43h52',
  'M4 7h13v12h13v12h13v12h13',
  'M6 43V8M54 43V8M6 15h48M6 35h48M18 15v20M30 15v20M42 15v20',
  'M8 43V18L30 4l22 14v25zM8 43l44-25M52 43L8 18',
];

/** A frame as its mark describes it. The camera is told by its outline, the owner by the shape and letter of the tag, both also in words. */
export function drawing(frame: Mark, { camera, owner }: DrawingNames): Markup {
  const ownership = frame.epoch === 0 ? null : html`<text x="154" y="17" text-anchor="end">ownership ${frame.epoch + 1}</text>`;
  return html`<svg class="drawing" width="${PICTURE_WIDTH}" height="${PICTURE_HEIGHT}" viewBox="0 0 160 90" aria-hidden="true" focusable="false">
<rect class="sheet" x="0.75" y="0.75" width="158.5" height="88.5" rx="3"/>
<path class="outline${frame.tier === 'low' ? ' coarse' : ''}" transform="translate(50 22)" d="${outlineOf(frame)}"/>
${tag(14, 13, frame.owner)}<text x="28" y="17">${cut(owner, frame.epoch === 0 ? 18 : 10)}</text>${ownership}
<text x="6" y="83">${cut(camera, 9)}</text><text x="154" y="83" text-anchor="end">#${frame.sequence} ${frame.tier}</text>
</svg>`;
}

/** The same, no larger than a word: 30 by 18, its middle at (x, y). */
export function smallDrawing(frame: Mark, x: number, y: number): Markup {
  return html`<rect class="sheet" x="${x - 15}" y="${y - 9}" width="30" height="18" rx="2"/><path class="outline small-outline" transform="translate(${x - 10} ${y - 7.5}) scale(0.33)" d="${outlineOf(frame)}"/>`;
}

/** A user's tag: shape and letter by the user's place in the world. `-1` is the anonymous visitor. */
export function tag(x: number, y: number, user: number): Markup {
  const letter = user < 0 ? '?' : String.fromCodePoint(65 + (user % 26));
  return html`<g class="tag ${user < 0 ? 'visitor' : `user-${user % 4}`}"><path transform="translate(${x} ${y})" d="${user < 0 ? SHAPES[0]! : SHAPES[user % 4]!}"/><text x="${x}" y="${y + 4}" text-anchor="middle">${letter}</text></g>`;
}

/** A circle, a square, a diamond, a hexagon, around the middle. */
const SHAPES: readonly string[] = ['M-9 0a9 9 0 1 0 18 0a9 9 0 1 0-18 0z', 'M-8-8H8V8H-8z', 'M0-11L11 0L0 11L-11 0z', 'M-10 0L-5-9H5L10 0L5 9H-5z'];

/** A text that has to fit: without its end where that is too long. It is safe to show already. */
export function cut(text: string, most: number): string {
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, Math.max(1, most - 1)).join('')}…`;
}

function outlineOf(frame: Mark): string {
  return OUTLINES[frame.camera % OUTLINES.length]!;
}
