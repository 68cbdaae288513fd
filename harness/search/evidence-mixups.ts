import type { Mark } from '../../models/domain/frame.ts';
import type { Program } from '../../models/domain/program.ts';
import { answersTo, type Asked, askedBy, contactOf, isFrameGiven, isSameRequest } from './history-events.ts';
import { isSecondHand, type Leak } from './leak.ts';

// Whether what belongs to one request came into the place of what belongs to another.

/** Whether a call asks for the same picture through the same channel, whoever asks. */
function isSamePicture({ world }: Program, one: Asked, other: Asked): boolean {
  const [a, b] = [world.templates[one.template]!, world.templates[other.template]!];
  return one.camera === other.camera && a.tier === b.tier && a.channel === b.channel;
}

/** Whether a frame is what a call asks for. */
function isAskedFor({ world }: Program, frame: Mark, { camera, template }: Asked): boolean {
  return frame.camera === camera && frame.tier === world.templates[template]!.tier;
}

/** Whether the same request had been answered with another copy before this one came in for another request. */
export function isOverwritten({ history, asked, answered, since, bringer }: Leak): boolean {
  if (bringer === null || isSameRequest(bringer, asked)) return false;
  const earlier = answersTo(history, (other) => isSameRequest(other, asked));
  return earlier.some(({ at, frame }) => at < since && at < answered.at && frame.copy !== answered.frame.copy);
}

/** Whether the copy came in after or before the same picture was first given out rightly; null where it never was, or the copy is the call's own. */
export function mixUpOf(leak: Leak): 'after' | 'before' | null {
  const { program, history, asked, answered, since } = leak;
  if (!isSecondHand(leak)) return null;
  const earlier = answersTo(history, (other) => isSamePicture(program, other, asked));
  const right = earlier.find(({ at, frame }) => at < asked.at && frame.copy !== answered.frame.copy && isAskedFor(program, frame, asked));
  return right === undefined ? null : since > right.at ? 'after' : 'before';
}

/** Whether the call was given, the moment it came, a picture for which another call was waiting that asked for something else, and did not get it. */
export function isSwapped({ program, history, asked, answered, since }: Leak): boolean {
  const { at, frame } = answered;
  if (since < at || frame.copy < 0) return false;
  return history.some((event) => {
    if (event.event !== 'asked' || event.call === asked.call || event.at > at) return false;
    if (isSamePicture(program, event, asked) || !isAskedFor(program, frame, event)) return false;
    // One of both was waiting, and it was given something else, or nothing, at the same moment.
    const answers = history.filter((other) => (other.event === 'answered' || other.event === 'refused') && other.call === event.call);
    const isOther = answers.every((other) => other.at === at && !(other.event === 'answered' && other.frame.copy === frame.copy));
    return answers.length > 0 && isOther && (event.at < at || asked.at < at);
  });
}

/** Whether what was given out was asked for, within this very call, as an earlier one had asked that was turned away, and with which nothing was ever stored. */
export function isAskedAnew(leak: Leak): boolean {
  const { history, asked, answered } = leak;
  if (isSecondHand(leak)) return false;
  const fetched = history.filter(isFrameGiven).findLast(({ at }) => at === answered.at);
  const earlier = fetched === undefined ? undefined : askedBy(history, fetched.call);
  if (earlier === undefined || earlier.call === asked.call) return false;
  const answers = history.filter((event) => (event.event === 'answered' || event.event === 'refused') && event.call === earlier.call);
  return answers.length > 0 && answers.every((event) => event.event === 'refused' && event.at < asked.at);
}

/** Whether the call that what was received was made for, or where it is not known one of the same user, asked for the same picture, and was turned away. */
export function isTurnedAwayAlike({ program, history, mine, asked, source }: Leak): boolean {
  const header = mine.findLast((event) => event.event === 'header');
  const party = header?.event === 'header' ? header.party : asked.user;
  return history.some((event) => {
    if (event.event !== 'refused' || event.call === asked.call || event.at > asked.at) return false;
    const maker = askedBy(history, event.call);
    const isMaker = source === null ? maker?.user === party && party !== asked.user : event.call === source.call;
    return isMaker && maker !== undefined && isSamePicture(program, maker, asked);
  });
}

/** Whether another call came in between the question for the copy and its arrival. */
export function isInterleaved({ program, history, asked, first }: Leak): boolean {
  if (first === undefined) return false;
  const others = history.filter((event) => event.event === 'asked' && event.call !== first.call);
  // In one turn the next request may come before the first question is put.
  const began = program.world.together === true ? askedBy(history, first.call)?.at : undefined;
  if (began !== undefined && others.some((event) => 'call' in event && event.call !== asked.call && event.at > began && event.at <= first.at)) return true;
  const contact = contactOf(history, first.call, 'fetch');
  return contact !== undefined && others.some(({ at }) => at > contact.at && at < first.at);
}

/** Whether the copy came in while the same picture as here was being fetched for an earlier call. */
export function isRaced({ program, history, asked, first }: Leak): boolean {
  if (first === undefined) return false;
  const raced = answersTo(history, (other) => other.at < first.at && isSamePicture(program, other, asked));
  return raced.some(({ call, at }) => call !== asked.call && call !== first.call && at >= first.at && at <= asked.at);
}
