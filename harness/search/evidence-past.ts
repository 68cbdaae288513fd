import type { History } from '../../models/domain/history.ts';
import { answersTo, askedBy, CHANGES, contactOf, isChanged, isFrameGiven, isSameView, operationsBetween, type Origin } from './history-events.ts';
import { isSecondHand, type Leak } from './leak.ts';

// What came before the answer: what its caller had received, how the copy came in, and what happened until it was given out here.

/** Whether the caller had received a frame of this camera before something took rights away. */
export function hadBefore({ history, asked }: Leak): boolean {
  const earlier = answersTo(history, (other) => isSameView(other, asked));
  return earlier.some(({ at }) => isChanged(history, at, asked.at));
}

/** Whether the caller, or any visitor where nobody knows who is asking, had received a frame of another camera. */
export function isAllowedElsewhere({ history, asked }: Leak): boolean {
  const elsewhere = answersTo(history, (other) => other.user === asked.user && other.camera !== asked.camera);
  return elsewhere.some(({ at }) => at < asked.at);
}

/** Whether the copy, which nobody had received before, was fetched earlier on behalf of a call that had its answer already, or of none. */
export function isInBackground(leak: Leak): boolean {
  return isGivenBefore(leak, (reply) => (reply.call < 0 ? isUnawaited(leak, reply) : isOver(leak, reply, 'answered')));
}

/** Whether nobody asks for anything at the moment of a reply, and nothing is fetched anew when the leaking answer is given. */
function isUnawaited({ history, answered }: Leak, reply: Origin): boolean {
  return !history.some((event) => (event.event === 'asked' && event.at === reply.at) || (isFrameGiven(event) && event.at === answered.at));
}

/** Whether the copy, which nobody had received before, was fetched in the name of somebody else: for another request than the call's, or for none. */
export function isOfErrand(leak: Leak): boolean {
  const { history, asked, answered } = leak;
  const earlier = history.slice(0, Math.max(0, history.indexOf(answered)));
  const fetched = earlier.flatMap((event, place) => (isFrameGiven(event) ? errandOf(earlier.slice(0, place), event) : []));
  const last = fetched.findLast(({ camera }) => camera === answered.frame.camera);
  return !isSecondHand(leak) && last !== undefined && last.isErrand && last.user !== asked.user;
}

/** In whose name a frame was fetched, and whether that was for something else than what a caller was waiting for. */
function errandOf(earlier: History, { call }: Origin): { user: number | null; camera: number; isErrand: boolean }[] {
  const place = earlier.findLastIndex((event) => event.event === 'contact' && event.call === call && event.contact === 'fetch');
  const contact = earlier[place];
  const asked = askedBy(earlier, call);
  const isTurnedAway = earlier.some((event, other) => event.event === 'refused' && event.call === call && other < place);
  if (contact?.event === 'contact' && contact.of !== undefined) return [{ ...contact.of, isErrand: true }];
  return asked === undefined ? [] : [{ user: asked.user, camera: asked.camera, isErrand: isTurnedAway }];
}

/** Whether nobody had received the copy, and the last that the origin gave before was for a call whose caller had gone. */
export function isAbandoned(leak: Leak): boolean {
  return isGivenBefore(leak, (reply) => isOver(leak, reply, 'cancelled'));
}

/** Whether nobody had received the copy, and the origin gave a frame before, in a reply of some sort. */
function isGivenBefore(leak: Leak, isOfSort: (reply: Origin) => boolean): boolean {
  return !isSecondHand(leak) && leak.history.some((event) => isFrameGiven(event) && event.at < leak.answered.at && isOfSort(event));
}

/** Whether the call had ended in this way before the origin replied to it. */
function isOver({ history }: Leak, reply: Origin, end: 'answered' | 'cancelled'): boolean {
  return history.some((event) => event.event === end && event.call === reply.call && event.at < reply.at);
}

/** Whether the copy had been asked for before a change that lies before its arrival. */
export function isLate(leak: Leak): boolean {
  const { history, first } = leak;
  if (first === undefined) return false;
  const contact = contactOf(history, first.call, 'fetch');
  if (contact !== undefined && isChanged(history, contact.at, first.at)) return true;
  // Or nobody was waiting for it: it was fetched on behalf of a call that had its answer already.
  return history.some((event) => event.event === 'origin' && event.at < first.at && isLateRefresh(leak, event));
}

function isLateRefresh(leak: Leak, reply: Origin): boolean {
  const { history } = leak;
  const contact = history.findLast((event) => event.event === 'contact' && event.call === reply.call && event.contact === 'fetch' && event.at <= reply.at);
  return contact !== undefined && isOver(leak, reply, 'answered') && isChanged(history, contact.at, reply.at);
}

/** Whether another call received the copy at an earlier moment. */
export function isReceivedBefore(leak: Leak): boolean {
  return isSecondHand(leak) && leak.since < leak.answered.at;
}

/** Whether the copy had been given out, and never in this tier. */
export function isMade({ answers, answered }: Leak): boolean {
  const earlier = answers.slice(0, Math.max(0, answers.indexOf(answered)));
  return earlier.length > 0 && earlier.every(({ frame }) => frame.tier !== answered.frame.tier);
}

/** Whether something that takes rights away lies between the arrival of the copy and the answer. */
export function isChangedSince({ history, since, answered }: Leak): boolean {
  return isChanged(history, since, answered.at);
}

/** Whether the origin was asked anything, on behalf of whomever, between its last failure and the answer. */
export function isAskedAfterFailure({ history, answered }: Leak): boolean {
  const until = history.indexOf(answered);
  const failure = history.findLastIndex(
    (event, place) => place < until && event.event === 'origin' && (event.status === 'error' || event.status === 'dropped'),
  );
  return failure >= 0 && history.slice(failure, until).some(({ event }) => event === 'contact');
}

const WAITS: ReadonlySet<string> = new Set(['advance', 'restart']);

/** Whether time passed, or the cache was started anew, between the first change after the copy came in and the answer. */
export function isWaited({ history, since, answered }: Leak): boolean {
  return operationsBetween(history, WAITS, since, answered.at).some(({ at }) => isChanged(history, since, at));
}

const HANDOVERS: ReadonlySet<string> = new Set(['transfer', 'recreate']);

/** Whether the camera of the frame was deleted or handed over after the copy came in. */
export function isOlderOwnership({ history, since, answered }: Leak): boolean {
  const handovers = operationsBetween(history, HANDOVERS, since, answered.at);
  return handovers.some(({ operation }) => 'camera' in operation && operation.camera === answered.frame.camera);
}

/** Whether another request brought something in between the arrival of the copy and the first change after it. */
export function isBeside(leak: Leak): boolean {
  const change = operationsBetween(leak.history, CHANGES, leak.since, leak.answered.at)[0];
  return change !== undefined && isFetchedBetween(leak, leak.since, change.at);
}

const STEPS: ReadonlySet<string> = new Set(['advance']);

/** What happened between the first and the last step of time since the copy came in that may have moved its end. */
export function renewalOf(leak: Leak): 'by use' | 'by validation' | 'by others' | null {
  const steps = operationsBetween(leak.history, STEPS, leak.since, leak.answered.at);
  const [from, to] = [steps[0]?.at, steps.at(-1)?.at];
  if (from === undefined || to === undefined) return null;
  // Where there is one step only, what was given out once more before it was given a longer lifetime than it had.
  const uses = leak.answers.filter(({ at }) => at > (from === to ? leak.since : from) && at < to);
  // What the origin has confirmed may begin anew: it is its new end that was missed.
  if (uses.length > 0) return uses.every((use) => isConfirmed(leak, use)) ? 'by validation' : 'by use';
  if (from === to) return null;
  return isFetchedBetween(leak, from, to) ? 'by others' : null;
}

/** Whether the copy was given out on the word of the origin that it is unchanged: a 304. */
function isConfirmed({ history }: Leak, { call }: Leak['answered']): boolean {
  return history.some((event) => event.event === 'origin' && event.call === call && event.status === 'unchanged');
}

function isFetchedBetween({ history }: Leak, after: number, before: number): boolean {
  return history.some((event) => isFrameGiven(event) && event.at > after && event.at < before);
}
