import type { History } from '../../models/domain/history.ts';
import type { Program } from '../../models/domain/program.ts';
import type { Found } from './evaluate.ts';
import { type Answered, type Asked, askedBy } from './history-events.ts';
import { bringerOf } from './http-evidence.ts';

/** The call that received what it should not, and the copy that it received. */
export interface Leak {
  readonly program: Program;
  readonly history: History;
  /** The events of this call. */
  readonly mine: History;
  readonly asked: Asked;
  readonly answered: Answered;
  /** All answers that carry the copy, in order. */
  readonly answers: readonly Answered[];
  /** The first of them. */
  readonly first: Answered | undefined;
  /** The operation at which the copy was first given out: the one of this answer where nobody ever received it. */
  readonly since: number;
  /** The other call that first received the copy. */
  readonly bringer: Asked | null;
  /** The same, or the other call that what came without a frame was made for. */
  readonly source: Asked | null;
}

/** Finds the leak in the history of a counterexample. */
export function leakOf(program: Program, found: Found, history: History): Leak {
  const place = history.findIndex((event) => event.event === 'violation' && event.property === found.property && event.kind === found.kind);
  const violation = history[place];
  const call = violation?.event === 'violation' ? violation.call : -1;
  const mine = history.filter((event) => 'call' in event && event.call === call);
  const asked = askedBy(mine, call);
  if (asked === undefined) throw new Error('The history holds no answer that breaks the property: it is not of this counterexample.');
  const answered = lastAnswerOf(history.slice(0, place), asked) ?? lastAnswerOf(history, asked) ?? nothing(mine, asked);
  const answers = history.filter((event): event is Answered => event.event === 'answered' && event.frame.copy === answered.frame.copy);
  const first = answers[0];
  const bringer = bringerOf(history, answered.frame.copy, call);
  const source = bringer ?? makerOf(found, history, mine, asked);
  return { program, history, mine, asked, answered, answers, first, since: (first ?? answered).at, bringer, source };
}

/** Whether another call was the first that received the copy. */
export function isSecondHand({ first, asked }: Leak): boolean {
  return first !== undefined && first.call !== asked.call;
}

/** The last frame that a call received. */
function lastAnswerOf(history: History, { call }: Asked): Answered | undefined {
  return history.findLast((event): event is Answered => event.event === 'answered' && event.call === call);
}

/** Stands for the frame of a call that received none: the one that it was told about, or one of nothing, which nobody else received. */
function nothing(mine: History, { at, ms, call, camera }: Asked): Answered {
  const told = mine.find((event) => event.event === 'described' || event.event === 'refused');
  const frame = told?.event === 'described' ? told.frame : null;
  return {
    event: 'answered',
    at: told?.at ?? at,
    ms,
    call,
    fallback: false,
    frame: frame ?? { camera, epoch: 0, owner: 0, sequence: 0, tier: 'high', copy: -1 },
  };
}

/** The call for which the headers were made that reached another one, or the one that brought in what a caller was told of without receiving it. */
function makerOf(found: Found, history: History, mine: History, asked: Asked): Asked | null {
  const told = mine.findLast((event) => event.event === 'described');
  if (found.property === 'KH008' && told?.event === 'described') return told.frame === null ? lastViewerOf(history, asked) : firstToldOf(history, told);
  const header = mine.findLast((event) => event.event === 'header');
  if (found.property !== 'KH007' || header?.event !== 'header') return null;
  const first = history.find((event) => event.event === 'header' && event.party === header.party);
  const maker = first?.event === 'header' && first.call !== header.call ? first.call : -1;
  return askedBy(history, maker) ?? null;
}

/** The last other call that received a frame of the camera, or was told of one. */
function lastViewerOf(history: History, { at, call, camera }: Asked): Asked | null {
  const earlier = history.filter((event) => 'call' in event && event.call !== call && event.at < at);
  const last = earlier.findLast((event) => (event.event === 'answered' ? event.frame.camera === camera : isToldOf(history, event, camera)));
  return last !== undefined && 'call' in last ? (askedBy(history, last.call) ?? null) : null;
}

function isToldOf(history: History, event: History[number], camera: number): boolean {
  return event.event === 'described' && askedBy(history, event.call)?.camera === camera;
}

/** The first call that was told of the same copy, where nobody received it before. */
function firstToldOf(history: History, { call, frame }: History[number] & { readonly event: 'described' }): Asked | null {
  const first = history.find((event) => event.event === 'described' && event.frame !== null && event.frame.copy === frame?.copy);
  return first?.event === 'described' && first.call !== call ? (askedBy(history, first.call) ?? null) : null;
}
