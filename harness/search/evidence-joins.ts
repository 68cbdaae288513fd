import { askedBy, contactOf, isChanged, isFrameGiven, isSameView, type Origin } from './history-events.ts';
import type { Leak } from './leak.ts';

// What the origin said at the moment of the answer, on whose behalf, and who else was answered with it.

/** The replies to calls: for what the origin is asked on nobody's behalf, nobody waits. */
function repliesNow({ history, answered }: Leak): Origin[] {
  return history.filter((event): event is Origin => event.event === 'origin' && event.call >= 0 && event.at === answered.at);
}

/** Whether at the moment of the answer the origin replied to another call, and not to this one. */
export function isReplyToAnother(leak: Leak): boolean {
  const replies = repliesNow(leak);
  return replies.length > 0 && replies.every(({ call }) => call !== leak.asked.call);
}

/** Whether the origin gave the copy at the very moment of the answer, on behalf of another call. */
export function isOfNow(leak: Leak): boolean {
  return leak.since === leak.answered.at && repliesNow(leak).some((reply) => isFrameGiven(reply) && reply.call !== leak.asked.call);
}

/** Whether a question about the rights of another call, for which this one had waited, was answered at the moment of the answer. */
export function isLetIn(leak: Leak): boolean {
  const { asked, answered } = leak;
  if (asked.at === answered.at) return false;
  return repliesNow(leak).some(({ call, contact, status }) => call !== asked.call && contact === 'authorise' && status === 'ok');
}

/** Whether the call was given a picture of another camera, and at the same moment so was another call for which it had been fetched. */
export function isFetchedByOther({ history, asked, answered, answers }: Leak): boolean {
  const { at, frame } = answered;
  if (frame.camera === asked.camera) return false;
  return answers.some((other) => {
    const isForIt = other.call !== asked.call && other.at === at && askedBy(history, other.call)?.camera === frame.camera;
    return isForIt && history.some((event) => isFrameGiven(event) && event.call === other.call && event.at === at);
  });
}

/** Whether all that the origin said at the moment of the answer was said to other calls of the same caller for the same camera. */
export function isOwnElsewhere(leak: Leak): boolean {
  return repliesNow(leak).every(({ call }) => {
    const other = askedBy(leak.history, call);
    return other !== undefined && isSameView(other, leak.asked);
  });
}

/** Whether a reply that came at the moment of the answer had been asked for before something took rights away. */
export function isLateReply(leak: Leak): boolean {
  return repliesNow(leak).some((reply) => {
    const contact = contactOf(leak.history, reply.call, reply.contact);
    return contact !== undefined && isChanged(leak.history, contact.at, leak.answered.at);
  });
}

/** Whether the origin refused this call while it gave, at the same moment, a frame for another one that nobody had received before. */
export function isOfAnotherReply(leak: Leak): boolean {
  return isOfNow(leak) && repliesNow(leak).some(({ call, status }) => call === leak.asked.call && status === 'refused');
}

/** Whether this call was refused by the origin, and was given what had come for another one that was still waiting for it, and received nothing before. */
export function isOfEarlierReply({ history, asked, answered, answers, mine }: Leak): boolean {
  const isRefused = mine.some((event) => event.event === 'origin' && event.status === 'refused');
  if (!isRefused || answers.some(({ call }) => call !== asked.call)) return false;
  return history.some((event) => {
    if (!isFrameGiven(event) || event.call < 0 || event.call === asked.call || event.at >= answered.at) return false;
    const other = askedBy(history, event.call);
    const isOver = history.some((end) => ENDS.has(end.event) && 'call' in end && end.call === event.call && end.at < answered.at);
    return other?.camera === answered.frame.camera && !isOver;
  });
}

const ENDS: ReadonlySet<string> = new Set(['answered', 'refused', 'described', 'cancelled']);

/** Whether the call, to which the origin had given none, waited until it gave, at the moment of the answer, a frame for another one that came after it. */
export function isOfLaterRequest(leak: Leak): boolean {
  const { history, asked, answered, mine } = leak;
  if (mine.some(isFrameGiven)) return false;
  const isLater = history.some((event) => event.event === 'asked' && event.at === answered.at && event.call !== asked.call);
  return isLater && asked.at < answered.at && isReplyToAnother(leak) && isOfNow(leak);
}

/** Whether another call received the same copy at the same moment. */
export function isTogether({ answers, asked, answered }: Leak): boolean {
  return answers.some(({ call, at }) => call !== asked.call && at === answered.at);
}

/** Whether another call received the same copy while this one was under way. */
export function isPassedBy({ answers, asked, answered }: Leak): boolean {
  return answers.some(({ call, at }) => call !== asked.call && at > asked.at && at < answered.at);
}
