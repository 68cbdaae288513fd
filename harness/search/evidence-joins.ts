import { type Asked, askedBy, contactOf, isChanged, isFrameGiven, isSameRequest, isSameView, type Origin } from './history-events.ts';
import { isSecondHand, type Leak } from './leak.ts';

/** What became of the call while others were under way. */
export interface WithOthers {
  /** The origin was asked twice for another call, of which each received one answer, and nothing for this one. */
  readonly askedAsAnother: boolean;
  /** Nothing was asked for this call, which was given what a later one of the bringer found at the same moment. */
  readonly foundAsAnother: boolean;
  /** The copy had come for another call that waited until both were given it. */
  readonly ofWaiting: boolean;
  /** Another call received the same copy at the same moment. */
  readonly together: boolean;
  /** While this call was under way, another one was given the very copy that it received. */
  readonly passedBy: boolean;
  /** The copy came in while nothing else was under way, and is given out without a word to the origin while something is. */
  readonly busy: boolean;
  /** The origin gave a frame, on behalf of whomever, at the moment of the answer. */
  readonly givenNow: boolean;
}

export function withOthers(leak: Leak): WithOthers {
  return {
    askedAsAnother: isAskedAsAnother(leak),
    foundAsAnother: isFoundAsAnother(leak),
    ofWaiting: isOfWaiting(leak),
    together: isTogether(leak),
    passedBy: isPassedBy(leak),
    busy: isBusy(leak),
    givenNow: leak.history.some((event) => isFrameGiven(event) && event.at === leak.answered.at),
  };
}

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

/** Whether the call was given another picture than it asked for, and at the same moment so was another call for which that had been fetched. */
export function isFetchedByOther({ program, history, asked, answered, answers }: Leak): boolean {
  const { at, frame } = answered;
  const isAskedFor = (call: Asked): boolean => frame.camera === call.camera && frame.tier === program.world.templates[call.template]!.tier;
  if (isAskedFor(asked)) return false;
  return answers.some((other) => {
    const caller = other.call !== asked.call && other.at === at ? askedBy(history, other.call) : undefined;
    const isForIt = caller !== undefined && isAskedFor(caller);
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

/** Whether the call was given, in place of the reply to it, the one to another call. */
export function isOfOtherReply(leak: Leak): boolean {
  return isOfAnotherReply(leak) || isOfEarlierReply(leak) || isOfLaterRequest(leak);
}

/** Whether the origin refused this call while it gave, at the same moment, a frame for another one that nobody had received before. */
function isOfAnotherReply(leak: Leak): boolean {
  return isOfNow(leak) && repliesNow(leak).some(({ call, status }) => call === leak.asked.call && status === 'refused');
}

/** Whether this call was refused by the origin, and was given what had come for another one that was still waiting for it, and received nothing before. */
function isOfEarlierReply({ history, asked, answered, answers, mine }: Leak): boolean {
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
function isOfLaterRequest(leak: Leak): boolean {
  const { history, asked, answered, mine } = leak;
  if (mine.some(isFrameGiven)) return false;
  const isLater = history.some((event) => event.event === 'asked' && event.at === answered.at && event.call !== asked.call);
  return isLater && asked.at < answered.at && isReplyToAnother(leak) && isOfNow(leak);
}

/** Whether another call received the same copy at the same moment. */
function isTogether({ answers, asked, answered }: Leak): boolean {
  return answers.some(({ call, at }) => call !== asked.call && at === answered.at);
}

/** Whether another call received the same copy while this one was under way. */
function isPassedBy({ answers, asked, answered }: Leak): boolean {
  return answers.some(({ call, at }) => call !== asked.call && at > asked.at && at < answered.at);
}

/** Whether the copy had come for another call that waited until now, when both were given it. */
function isOfWaiting({ history, asked, answered, answers, since }: Leak): boolean {
  if (since < answered.at) return false;
  return answers.some(({ call }) => call !== asked.call && history.some((event) => isFrameGiven(event) && event.call === call));
}

/** Whether the origin was asked twice on behalf of one other call, and what came of one of both went to this call, for which nothing was asked. */
function isAskedAsAnother({ history, asked, answered, answers, mine }: Leak): boolean {
  if (mine.some(({ event }) => event === 'contact') || answers.some(({ call }) => call !== asked.call)) return false;
  const given = history.flatMap((event) => (isFrameGiven(event) && event.at >= asked.at && event.at <= answered.at ? [event.call] : []));
  return given.some((call) => {
    const other = call === asked.call ? undefined : askedBy(history, call);
    if (other === undefined || isSameRequest(other, asked)) return false;
    const own = history.filter((event) => 'call' in event && event.call === call && event.at <= answered.at);
    const contacts = own.filter((event) => event.event === 'contact' && event.contact === 'fetch');
    const isFailed = own.some((event) => event.event === 'origin' && event.contact === 'fetch' && event.status !== 'ok');
    // It receives the other frame at the same moment, or still waits for it.
    return contacts.length > 1 && !isFailed && own.every((event) => !ENDS.has(event.event) || event.at === answered.at);
  });
}

/** Whether the call, for which nothing was asked, was given at the same moment what an equal request of the one who brought it in is given, which came later. */
function isFoundAsAnother({ history, asked, answered, answers, bringer, mine }: Leak): boolean {
  if (bringer === null || mine.some(({ event }) => event === 'contact') || isSameRequest(bringer, asked)) return false;
  return answers.some(({ call, at }) => {
    const other = at === answered.at && call !== bringer.call ? askedBy(history, call) : undefined;
    return other !== undefined && other.at > asked.at && isSameRequest(other, bringer);
  });
}

/** Whether something was asked of the origin for this call that was taken for what an equal one asks: for that one more was asked than once. */
export function isSentAsEqual({ history, asked, answered }: Leak): boolean {
  const contacts = history.flatMap((event) => (event.event === 'contact' && event.contact === 'fetch' && event.at <= answered.at ? [event.call] : []));
  return contacts.some((call, place) => {
    const other = contacts.indexOf(call) === place || call === asked.call ? undefined : askedBy(history, call);
    return other !== undefined && other.at >= asked.at && isSameRequest(other, asked);
  });
}

/** Whether the origin was asked for what this call wants only after it had been answered with what nobody had received, and a caller had gone before. */
export function isSentTooLate(leak: Leak): boolean {
  const { history, asked, answered } = leak;
  const place = Math.max(0, history.indexOf(answered));
  const [before, after] = [history.slice(0, place), history.slice(place)];
  if (isSecondHand(leak) || before.some((event) => event.event === 'contact' && event.call === asked.call)) return false;
  const isSent = after.some((event) => event.event === 'contact' && event.at === answered.at && (event.call === asked.call || isOf(event.of, asked)));
  return isSent && before.some(({ event }) => event === 'cancelled');
}

function isOf(of: { readonly user: number | null; readonly camera: number } | undefined, { user, camera }: Asked): boolean {
  return of?.user === user && of.camera === camera;
}

/** Whether the copy came in while nothing else was under way, and was given out here at once, without a word to the origin, while something was. */
function isBusy({ history, asked, answered, bringer, mine, since }: Leak): boolean {
  if (bringer === null || asked.at !== answered.at || since >= asked.at || mine.some(({ event }) => event === 'contact')) return false;
  const now = history.indexOf(answered);
  const others = history.flatMap((event, from) => {
    if (event.event !== 'asked' || event.call === asked.call || event.call === bringer.call) return [];
    const end = history.findIndex((other) => ENDS.has(other.event) && 'call' in other && other.call === event.call);
    return [{ from: event.at, to: end < 0 ? Infinity : history[end]!.at, isOpen: from < now && (end < 0 || end > now) }];
  });
  return others.some(({ isOpen }) => isOpen) && others.every(({ from, to }) => from > since || to < bringer.at);
}
