import { ANONYMOUS } from '../../models/domain/world.ts';
import { drawing, PICTURE_HEIGHT, PICTURE_WIDTH } from './html-drawing.ts';
import { html, Markup } from './markup.ts';
import type { Received } from './received.ts';
import type { Scene } from './scene.ts';

/** How many characters of pictures may still be shown. */
export interface PictureBudget {
  left: number;
}

/** A frame as it was received; else as its mark describes it, where the history holds no picture or the page has no room for it. */
export function pictureOf(received: Received, scene: Scene, budget: PictureBudget): Markup {
  const { picture, tone } = received;
  const isShown = picture !== null && picture.length <= budget.left;
  if (isShown) budget.left -= picture.length;
  const omitted = picture !== null && !isShown ? ' The picture itself is left out here to keep this page small; the counterexample file holds it.' : '';
  const seen = isShown ? photograph(picture) : drawn(received, scene);
  return html`<figure class="${tone}">${seen}<figcaption>${captionOf(received, scene)}${omitted}</figcaption></figure>`;
}

/** The caption beside it says what there is to say. */
function photograph(picture: string): Markup {
  return html`<img class="picture" src="${new Markup(picture)}" width="${PICTURE_WIDTH}" height="${PICTURE_HEIGHT}" alt="The picture as it was received">`;
}

function drawn({ frame }: Received, scene: Scene): Markup | null {
  return frame === null ? null : drawing(frame, { camera: scene.camera(frame.camera), owner: scene.user(frame.owner) });
}

/** Such as `What bob received: door, alice’s.` */
function captionOf({ call, frame }: Received, scene: Scene): string {
  const caller = scene.calls.get(call)?.user ?? ANONYMOUS;
  const who = caller === ANONYMOUS ? 'the visitor' : scene.user(caller);
  if (frame === null) return `What ${who} received: a picture in which no mark can be read.`;
  return `What ${who} received: ${scene.camera(frame.camera)}, ${scene.user(frame.owner)}’s${caller === frame.owner ? ' own' : ''}.`;
}
