import type { Mark } from '../../models/domain/frame.ts';
import type { History, HistoryEvent } from '../../models/domain/history.ts';
import type { Counterexample } from './document.ts';

type Answered = Extract<HistoryEvent, { event: 'answered' }>;
type Violation = Extract<HistoryEvent, { event: 'violation' }>;

/** The answer of a history that breaks its property, and where the copy that was handed out came from. */
export interface Breach {
  readonly property: string;
  readonly kind: string;
  readonly call: number;
  readonly instant: number;
  readonly frame: Mark;
  readonly plant: Plant | null;
}

/** The step that brought the leaked copy in: it was handed to a caller, or fetched for one who went away. */
export interface Plant {
  readonly call: number;
  readonly instant: number;
  readonly how: 'received' | 'fetched';
}

/** The breach that the counterexample is about; `null` where its history holds none. */
export function breachOf(counterexample: Counterexample): Breach | null {
  const { history, property, kind } = counterexample;
  const found = history.filter((event): event is Violation => event.event === 'violation');
  const violation = found.find((event) => event.property === property && event.kind === kind) ?? found.find((event) => event.property === property) ?? found[0];
  if (violation === undefined) return null;
  const until = history.indexOf(violation);
  const { kind: said, call } = violation;
  const place = history.findLastIndex((event, index) => index < until && isTelling(event) && event.call === call);
  const { at } = violation;
  // What only a second run shows may lie in a contact, in a refusal, or in nothing at all.
  if (history.some((event) => event.event === 'otherwise' && event.call === call))
    return { property: violation.property, kind: said, call, instant: at, frame: askedFrame(counterexample, call), plant: null };
  if (place < 0) return null;
  const event = history[place]!;
  const frame = 'frame' in event ? event.frame : null;
  const broken = { property: violation.property, kind: said, call, instant: at };
  if (event.event === 'answered') return { ...broken, frame: event.frame, plant: plantOf(history, place) };
  return { ...broken, frame: frame ?? askedFrame(counterexample, call), plant: event.event === 'header' ? makerOf(history, event) : null };
}

/** Whether this is the very frame that the breach is about: a torn answer holds others, in the same call. */
export function isBroken({ call, instant, frame }: Breach, event: HistoryEvent): boolean {
  return event.event === 'answered' && event.call === call && event.at === instant && event.frame === frame;
}

function isTelling(event: HistoryEvent): event is Extract<HistoryEvent, { event: 'answered' | 'described' | 'header' }> {
  return event.event === 'answered' || event.event === 'described' || event.event === 'header';
}

/** The call whose session the headers were made for. */
function makerOf(history: History, leak: Extract<HistoryEvent, { event: 'header' }>): Plant | null {
  const made = history.find((event) => event.event === 'header' && event.party === leak.party);
  return made?.event !== 'header' || made.call === leak.call ? null : { call: made.call, instant: made.at, how: 'received' };
}

/** Where an answer names no frame, it speaks of the camera that was asked for. */
function askedFrame({ history, program: { world } }: Counterexample, call: number): Mark {
  const asked = history.find((event) => event.event === 'asked' && event.call === call);
  const camera = asked?.event === 'asked' ? asked.camera : 0;
  return { camera, epoch: 0, owner: world.cameras[camera]?.owner ?? 0, sequence: 0, tier: 'high', copy: -1 };
}

function plantOf(history: History, leak: number): Plant | null {
  const { call, frame } = history[leak] as Answered;
  const broken = new Set(history.map((event) => (event.event === 'violation' ? event.call : -1)));
  for (let place = 0; place < leak; place++) {
    const event = history[place]!;
    if (event.event === 'answered' && event.frame.copy === frame.copy && !broken.has(event.call))
      return { call: event.call, instant: event.at, how: 'received' };
  }
  return fetchedBefore(history, leak, call, frame);
}

/** The latest fetch of the frame's camera on behalf of somebody who never received what it brought. */
function fetchedBefore(history: History, leak: number, leaking: number, frame: Mark): Plant | null {
  const answered = new Set(history.slice(0, leak).map((event) => (event.event === 'answered' ? event.call : -1)));
  const asked = new Map(history.map((event) => (event.event === 'asked' ? [event.call, event.camera] : [-1, -1])));
  for (let place = leak - 1; place >= 0; place--) {
    const event = history[place]!;
    if (event.event !== 'origin' || event.contact !== 'fetch' || event.status !== 'ok') continue;
    if (event.call !== leaking && !answered.has(event.call) && asked.get(event.call) === frame.camera)
      return { call: event.call, instant: event.at, how: 'fetched' };
  }
  return null;
}
