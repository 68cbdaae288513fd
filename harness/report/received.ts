import type { Mark } from '../../models/domain/frame.ts';
import type { History, HistoryEvent } from '../../models/domain/history.ts';
import { propertyOf } from '../../properties/index.ts';
import { type Breach, breachOf, isBroken } from './breach.ts';
import type { Counterexample } from './document.ts';
import type { LaneTone } from './lanes.ts';

/** What a caller received. */
export interface Received {
  readonly instant: number;
  readonly call: number;
  /** What the frame says about itself; `null` where it is a picture in which no mark could be read. */
  readonly frame: Mark | null;
  /**
   * The picture as it was received, as a `data:` URL of a raster image with no character that HTML could take for its own;
   * `null` where the history holds none, or what it holds is no such picture.
   */
  readonly picture: string | null;
  readonly tone: LaneTone;
}

/** Every frame and every picture that somebody received in a counterexample, in order. */
export function receivedIn(counterexample: Counterexample): Received[] {
  const { history } = counterexample;
  const breach = breachOf(counterexample);
  const pictures = picturesOf(history);
  const broken = breach === null ? undefined : history.find((event) => isBroken(breach, event));
  return history.flatMap((event): Received[] => {
    if (event.event !== 'answered' && event.event !== 'refused') return [];
    const { at: instant, call } = event;
    const picture = pictures.get(call) ?? null;
    if (event.event === 'answered')
      return [{ instant, call, frame: event.frame, picture, tone: isBeside(event, broken) ? 'plain' : toneOf(instant, call, breach) }];
    return picture === null ? [] : [{ instant, call, frame: null, picture, tone: 'plain' }];
  });
}

/** Whether an answer holds the frame that leaked, and this is another one of it. */
function isBeside(event: HistoryEvent, broken: HistoryEvent | undefined): boolean {
  return event.event === 'answered' && broken?.event === 'answered' && event.call === broken.call && event !== broken;
}

function toneOf(instant: number, call: number, breach: Breach | null): LaneTone {
  // What only a second run shows is no picture: the one in this run is for whoever received it.
  if (breach === null || propertyOf(breach.property)?.isCompared === true) return 'plain';
  if (breach.call === call && breach.instant === instant) return 'leak';
  return breach.plant?.call === call && breach.plant.instant === instant ? 'plant' : 'plain';
}

/** A counterexample file may come from anybody: what is shown is a raster image and nothing that could hold markup or a request. */
const PICTURE = /^data:image\/(?:jpeg|png|webp|gif|avif);base64,[A-Za-z0-9+/]+={0,2}$/;
const LARGEST_PICTURE = 400_000;

/** The pictures of a history, by call. */
function picturesOf(history: History): Map<number, string> {
  const pictures = new Map<number, string>();
  for (const event of history)
    if (event.event === 'shown' && event.picture.length <= LARGEST_PICTURE && PICTURE.test(event.picture)) pictures.set(event.call, event.picture);
  return pictures;
}
