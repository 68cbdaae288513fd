import type { History, HistoryEvent } from '../../models/domain/history.ts';
import type { Program } from '../../models/domain/program.ts';
import { policyOf, principalOf } from '../../models/domain/request.ts';
import { ANONYMOUS, type Channel } from '../../models/domain/world.ts';
import { cacheControlOf } from '../../models/http.ts';
import type { Found } from './evaluate.ts';
import { bringerOf, type BrokenRule, brokenRule } from './http-evidence.ts';

/** What the history of a counterexample says about how the leaking answer came about. */
export interface Evidence {
  /** The camera of the frame is the one that was asked for. */
  readonly sameCamera: boolean;
  readonly sameTier: boolean;
  /** What brought the copy in came through the channel that was asked through. */
  readonly sameChannel: boolean;
  /** What the origin was asked on behalf of the leaking call, and what it said. */
  readonly authorised: 'not asked' | 'allowed' | 'refused';
  readonly fetched: boolean;
  /** The answer came with a reply of the origin that another call was waiting for. */
  readonly joined: boolean;
  /** The answer came when the origin failed. */
  readonly afterFailure: boolean;
  /** The copy was fetched before an operation that changed rights, and arrived after it. */
  readonly lateFill: boolean;
  /** The copy had been given out in another tier, and never in this one: a rendition of it was made for this call. */
  readonly made: boolean;
  /** The cache said openly that this is not what was asked for. */
  readonly fallback: boolean;
  /** Something that takes rights away lies between the answer that first carried the copy and this one: it could have been removed meanwhile. */
  readonly changedSince: boolean;
  /** Which rule of HTTP caching forbids to answer this call with what another one brought in; null where none does, or there was no other. */
  readonly broken: BrokenRule;
  /** The caller had received a frame of this camera before something took rights away. */
  readonly hadBefore: boolean;
  /** The caller had received a frame of another camera before: in a shrunk program it is there because something about him was kept. */
  readonly allowedElsewhere: boolean;
  /** The leaking call had asked the origin itself, and was given the reply to another call. */
  readonly crossed: boolean;
  /** Another call received the same copy at the same moment. */
  readonly together: boolean;
  /** The origin refused to give the frame to this caller, who received one all the same. */
  readonly refusedFetch: boolean;
  /** The origin confirmed to this caller that what is stored is still right: a 304. */
  readonly validated: boolean;
  /** The caller was turned away, and what he received came with that. */
  readonly turnedAway: boolean;
  /** The frame in the answer was not for this caller either. */
  readonly foreignFrame: boolean;
  /** What was asked by whoever first received the copy; null where that was the leaking call itself. */
  readonly bringer: Asked | null;
  /** The copy came in for the caller himself, when he asked for this camera before. */
  readonly own: boolean;
  /** The same request had been answered before with another copy; this one came in afterwards, for another request. */
  readonly overwritten: boolean;
  /** The same picture had been asked for before, by whomever, and given out rightly; what comes now came in after that, or before it. */
  readonly mixedUp: 'after' | 'before' | null;
  /** The answer holds parts of several pictures. */
  readonly torn: boolean;
  /** Cameras were asked for that are neither the one of the frame nor the one asked for. */
  readonly unrelated: boolean;
  /** Something else was asked while the copy was on its way, or the copy came in while what is asked for here was on its way. */
  readonly interleaved: boolean;
  /** While this call was under way, another one was given the very copy that it received. */
  readonly passedBy: boolean;
  /** What the origin said about the rights of somebody else came at the moment of the answer, and nothing was asked about this caller. */
  readonly letIn: boolean;
  /** What was joined was under way for the same caller. */
  readonly joinedOwn: boolean;
  /** Something took rights away while it was. */
  readonly joinedLate: boolean;
  /** The answer came at the moment when another caller went away. */
  readonly leftAlone: boolean;
  /** The copy was fetched for a caller who went away before it came. */
  readonly abandoned: boolean;
  /** Something else was stored after the copy, and before what should have removed it. */
  readonly beside: boolean;
  /** What the origin gave on behalf of this call is what he was not to see: it was asked in another name. */
  readonly inAnotherName: boolean;
  /** Nobody was waiting for the copy when it came in. */
  readonly background: boolean;
  /** Between two steps of time, the copy was given out once more, or something else was fetched: its end may have been moved by that. */
  readonly renewed: 'by use' | 'by others' | null;
  /** The origin had given this call a frame of its own, and the caller was given one of another camera, which somebody had received before. */
  readonly replaced: boolean;
  /** The answer came while the origin held back what it was asked on behalf of this call: what brought it was that time passed. */
  readonly impatient: boolean;
  /** After the first change that could have removed the copy, time passed, or the cache was started anew. */
  readonly waited: boolean;
  /** The camera of the frame was deleted or handed over after the copy came in. */
  readonly olderOwnership: boolean;
  /** The call that received what it should not. */
  readonly asked: Asked;
  /** What stands in the program besides asking. */
  readonly operations: ReadonlySet<string>;
}

type Asked = HistoryEvent & { readonly event: 'asked' };
type Answered = HistoryEvent & { readonly event: 'answered' };
type Origin = HistoryEvent & { readonly event: 'origin' };

/** Reads the history of a counterexample. */
export function evidenceOf(program: Program, found: Found, history: History): Evidence {
  const place = history.findIndex((event) => event.event === 'violation' && event.property === found.property && event.kind === found.kind);
  const violation = history[place];
  const call = violation?.event === 'violation' ? violation.call : -1;
  const mine = history.filter((event) => 'call' in event && event.call === call);
  const asked = mine.find((event) => event.event === 'asked');
  if (asked?.event !== 'asked') throw new Error('The history holds no answer that breaks the property: it is not of this counterexample.');
  const answered = answerOf(history.slice(0, place), asked) ?? answerOf(history, asked) ?? nothing(mine, asked);
  const replies = mine.filter((event): event is Origin => event.event === 'origin');
  const lastWord = replies.findLast(({ contact }) => contact === 'authorise');
  const validated = replies.some(({ status }) => status === 'unchanged');
  const trigger = history.find((event) => event.event === 'operation' && event.at === answered.at);
  const released = trigger?.event === 'operation' && trigger.operation.op === 'release' ? trigger.operation : null;
  const isElsewhere = released !== null && isReplyToAnother(history, answered);
  const isLater = trigger?.event === 'operation' && trigger.operation.op === 'advance' && asked.at < answered.at;
  const hasContact = mine.some((event) => event.event === 'contact' && event.contact === 'fetch');
  // In one turn a caller joins what was asked for another one without an operation in between.
  const isJoining = program.world.together === true || (isLater && isReplyToAnother(history, answered));
  const isBatched = isJoining && isOfNow(history, answered);
  const fetched = replies.some(({ contact, status }) => contact === 'fetch' && status === 'ok');
  const isNew = isElsewhere && isOfNow(history, answered);
  const bringer = bringerOf(history, answered.frame.copy, call) ?? makerOf(history, mine, found);
  return {
    sameCamera: answered.frame.camera === asked.camera,
    sameTier: answered.frame.tier === program.world.templates[asked.template]!.tier,
    sameChannel: channelOf(program, bringer ?? asked) === channelOf(program, asked),
    authorised: lastWord === undefined ? 'not asked' : lastWord.status === 'ok' ? 'allowed' : 'refused',
    fetched,
    joined: (isElsewhere || isBatched) && !hasContact,
    letIn: lastWord === undefined && isLetIn(history, answered, asked),
    joinedOwn: (isElsewhere || isBatched) && isOwnElsewhere(history, answered, asked),
    joinedLate: (isElsewhere || isBatched) && isLateReply(history, answered),
    leftAlone: trigger?.event === 'operation' && trigger.operation.op === 'cancel' && asked.at < answered.at,
    abandoned: !fetched && isAbandoned(history, answered),
    crossed:
      (hasContact && (isElsewhere || isOfAnotherReply(history, answered) || isOfLaterRequest(history, asked, answered))) ||
      isSwapped(program, history, asked, answered),
    hadBefore: hadBefore(history, asked),
    allowedElsewhere: isAllowedElsewhere(history, asked),
    together: isTogether(history, answered),
    refusedFetch: replies.some(({ contact, status }) => contact === 'fetch' && status === 'refused') && mine.some((event) => event.event === 'answered'),
    validated,
    turnedAway: mine.some((event) => event.event === 'refused'),
    foreignFrame: mine.some((event) => event.event === 'violation' && FRAMES.has(event.property)),
    afterFailure: replies.some(({ status }) => status === 'error' || status === 'dropped') || (released !== null && released.outcome !== 'reply' && !isNew),
    lateFill: isLate(history, answered.frame.copy),
    fallback: answered.fallback,
    made: isMade(history, answered),
    changedSince: isChangedSince(history, answered),
    // What the origin has confirmed to this caller may be given to him, whoever brought it in.
    broken: bringer === null || validated ? null : brokenIn(program, bringer, asked),
    bringer: bringerOf(history, answered.frame.copy, call),
    own: isOwn(history, asked, answered),
    overwritten: isOverwritten(history, asked, answered),
    mixedUp: mixUpOf(program, history, asked, answered),
    torn: new Set(mine.flatMap((event) => (event.event === 'answered' ? [event.frame.copy] : []))).size > 1,
    unrelated: history.some((event) => event.event === 'asked' && event.camera !== asked.camera && event.camera !== answered.frame.camera),
    interleaved: isInterleaved(history, answered) || isRaced(program, history, asked, answered),
    passedBy: isPassedBy(history, asked, answered),
    beside: isBeside(history, answered),
    inAnotherName: fetched && (firstOf(history, answered.frame.copy) ?? answered).call === call,
    background: !fetched && !isElsewhere && isInBackground(history, answered),
    renewed: renewalOf(history, answered),
    replaced: fetched && answered.frame.camera !== asked.camera && isReceivedBefore(history, answered),
    impatient: isLater && !isBatched,
    waited: isWaited(history, answered),
    olderOwnership: isOlderOwnership(history, answered),
    asked,
    operations: new Set(program.operations.map((letter) => letter.op)),
  };
}

/**
 * What is kept for a caller himself, and found by the same request alone, is as in a cache of his own: that its origin keeps it out of shared ones
 * is not why he is served it for too long.
 */
function brokenIn({ world }: Program, bringer: Asked, asked: Asked): BrokenRule {
  const broken = brokenRule(world, bringer, asked);
  // Two anonymous visitors are not one caller, however alike they ask.
  const isNamed = principalOf(world.templates[asked.template]!, asked.user) !== ANONYMOUS;
  if (broken !== 'storing' || !isNamed || !isSameRequest(bringer, asked)) return broken;
  const { noStore, noCache } = cacheControlOf(policyOf(world, bringer.template).cacheControl);
  return noStore ? broken : noCache ? 'validation' : null;
}

function channelOf({ world }: Program, { template }: { readonly template: number }): Channel {
  return world.templates[template]!.channel;
}

/** Properties of the frame that a caller received. */
const FRAMES: ReadonlySet<string> = new Set(['KH001', 'KH002', 'KH003']);

/** The last frame that a call received. */
function answerOf(history: History, { call }: Asked): Answered | undefined {
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

/** Whether at the moment of the answer the origin replied to another call, and not to this one. */
function isReplyToAnother(history: History, { at, call }: Answered): boolean {
  const replies = history.filter((event): event is Origin => event.event === 'origin' && event.at === at);
  return replies.length > 0 && replies.every((reply) => reply.call !== call);
}

/** The call for which the headers were made that reached another one, or the last that received what one was told of without being told its name. */
function makerOf(history: History, mine: History, found: Found): Asked | null {
  const told = mine.findLast((event) => event.event === 'described');
  if (found.property === 'KH008' && told?.event === 'described' && told.frame === null) return lastViewerOf(history, mine);
  const header = mine.findLast((event) => event.event === 'header');
  if (found.property !== 'KH007' || header?.event !== 'header') return null;
  const first = history.find((event) => event.event === 'header' && event.party === header.party);
  const maker = first?.event === 'header' && first.call !== header.call ? first.call : -1;
  return history.find((event): event is Asked => event.event === 'asked' && event.call === maker) ?? null;
}

function lastViewerOf(history: History, mine: History): Asked | null {
  const asked = mine.find((event): event is Asked => event.event === 'asked')!;
  const last = history.findLast((event) => event.event === 'answered' && event.at < asked.at && event.frame.camera === asked.camera);
  return history.find((event): event is Asked => event.event === 'asked' && last?.event === 'answered' && event.call === last.call) ?? null;
}

function firstOf(history: History, copy: number): Answered | undefined {
  return history.find((event): event is Answered => event.event === 'answered' && event.frame.copy === copy);
}

function isAllowedElsewhere(history: History, { at, user, camera }: Asked): boolean {
  if (user === ANONYMOUS) return false;
  const elsewhere = history.flatMap((event) =>
    event.event === 'asked' && event.at < at && event.user === user && event.camera !== camera ? [event.call] : [],
  );
  return history.some((event) => event.event === 'answered' && event.at < at && elsewhere.includes(event.call));
}

function hadBefore(history: History, { at, user, camera }: Asked): boolean {
  const earlier = history.filter((event): event is Asked => event.event === 'asked' && event.user === user && event.camera === camera && event.at < at);
  return earlier.some(({ call }) => {
    const had = history.find((event) => event.event === 'answered' && event.call === call);
    return had !== undefined && isChanged(history, had.at, at);
  });
}

/** Whether a question about the rights of another call, for which this one had waited, was answered at the moment of the answer. */
function isLetIn(history: History, { at, call }: Answered, asked: Asked): boolean {
  if (asked.at === at) return false;
  return history.some((event) => event.event === 'origin' && event.at === at && event.call !== call && event.contact === 'authorise' && event.status === 'ok');
}

/** Whether all that the origin said at the moment of the answer was said to other calls of the same caller for the same camera. */
function isOwnElsewhere(history: History, { at }: Answered, { user, camera }: Asked): boolean {
  return history.every((event) => {
    if (event.event !== 'origin' || event.at !== at) return true;
    const other = askedBy(history, event.call);
    return other !== undefined && other.user === user && other.camera === camera;
  });
}

/** Whether the origin refused this call while it gave, at the same moment, a frame for another one that nobody had received before. */
function isOfAnotherReply(history: History, answered: Answered): boolean {
  const { at, call } = answered;
  const isRefused = history.some((event) => event.event === 'origin' && event.at === at && event.call === call && event.status === 'refused');
  return isRefused && isOfNow(history, answered);
}

/** Whether the call waited until the origin gave, at the moment of the answer, a frame for another one that came after it. */
function isOfLaterRequest(history: History, asked: Asked, answered: Answered): boolean {
  const { at } = answered;
  const isLater = history.some((event) => event.event === 'asked' && event.at === at && event.call !== asked.call);
  return isLater && asked.at < at && isReplyToAnother(history, answered) && isOfNow(history, answered);
}

/** Whether the origin gave the copy at the very moment of the answer, on behalf of another call. */
function isOfNow(history: History, { at, call, frame }: Answered): boolean {
  const isGiven = history.some(
    (event) => event.event === 'origin' && event.at === at && event.call !== call && event.contact === 'fetch' && event.status === 'ok',
  );
  return isGiven && (firstOf(history, frame.copy)?.at ?? at) === at;
}

/** Whether the copy, which nobody had received before, was fetched earlier on behalf of a call that had its answer already, or of none. */
function isInBackground(history: History, { at, call, frame }: Answered): boolean {
  if ((firstOf(history, frame.copy)?.call ?? call) !== call) return false;
  return history.some(
    (event) =>
      event.event === 'origin' &&
      event.contact === 'fetch' &&
      event.status === 'ok' &&
      event.at < at &&
      (event.call < 0 || history.some((other) => other.event === 'answered' && other.call === event.call && other.at < event.at)),
  );
}

function askedBy(history: History, call: number): Asked | undefined {
  return history.find((event): event is Asked => event.event === 'asked' && event.call === call);
}

function isOwn(history: History, asked: Asked, { frame }: Answered): boolean {
  const first = firstOf(history, frame.copy);
  const bringer = first === undefined || first.call === asked.call ? undefined : askedBy(history, first.call);
  return bringer !== undefined && bringer.user === asked.user && bringer.camera === asked.camera;
}

function isSameRequest(one: Asked, other: Asked): boolean {
  return one.user === other.user && one.camera === other.camera && one.template === other.template;
}

function isOverwritten(history: History, asked: Asked, { at, frame }: Answered): boolean {
  const first = firstOf(history, frame.copy);
  const bringer = first === undefined ? undefined : askedBy(history, first.call);
  if (first === undefined || bringer === undefined || isSameRequest(bringer, asked)) return false;
  return history.some((event) => {
    if (event.event !== 'answered' || event.at >= first.at || event.at >= at || event.frame.copy === frame.copy) return false;
    const earlier = askedBy(history, event.call);
    return earlier !== undefined && isSameRequest(earlier, asked);
  });
}

/** Whether a call asks for the same picture through the same channel, whoever asks. */
function isSamePicture({ world }: Program, one: Asked, other: Asked): boolean {
  const [a, b] = [world.templates[one.template]!, world.templates[other.template]!];
  return one.camera === other.camera && a.tier === b.tier && a.channel === b.channel;
}

function mixUpOf(program: Program, history: History, asked: Asked, { frame }: Answered): Evidence['mixedUp'] {
  const first = firstOf(history, frame.copy);
  if (first === undefined || first.call === asked.call) return null;
  const { tier } = program.world.templates[asked.template]!;
  const right = history.find((event) => {
    if (event.event !== 'answered' || event.at >= asked.at || event.frame.camera !== asked.camera || event.frame.tier !== tier) return false;
    const earlier = askedBy(history, event.call);
    return event.frame.copy !== frame.copy && earlier !== undefined && isSamePicture(program, earlier, asked);
  });
  return right === undefined ? null : first.at > right.at ? 'after' : 'before';
}

/** Whether the call was given, the moment it came, a picture for which another call was waiting that asked for something else, and did not get it. */
function isSwapped(program: Program, history: History, asked: Asked, { at, frame }: Answered): boolean {
  if ((firstOf(history, frame.copy)?.at ?? at) < at) return false;
  return history.some((event) => {
    if (event.event !== 'asked' || event.call === asked.call || event.at > at || isSamePicture(program, event, asked)) return false;
    if (event.camera !== frame.camera || program.world.templates[event.template]!.tier !== frame.tier) return false;
    // One of both was waiting, and it was given something else, or nothing, at the same moment.
    const answers = history.filter((other) => (other.event === 'answered' || other.event === 'refused') && other.call === event.call);
    const isOther = answers.every((other) => other.at === at && !(other.event === 'answered' && other.frame.copy === frame.copy));
    return answers.length > 0 && isOther && (event.at < at || asked.at < at);
  });
}

/** Whether the copy came in while the same picture as here was being fetched for an earlier call. */
function isRaced(program: Program, history: History, asked: Asked, { frame }: Answered): boolean {
  const first = firstOf(history, frame.copy);
  if (first === undefined) return false;
  return history.some((event) => {
    if (event.event !== 'answered' || event.call === asked.call || event.call === first.call || event.at < first.at) return false;
    const earlier = askedBy(history, event.call);
    return earlier !== undefined && earlier.at < first.at && event.at <= asked.at && isSamePicture(program, earlier, asked);
  });
}

function isPassedBy(history: History, asked: Asked, { at, frame }: Answered): boolean {
  return history.some(
    (event) => event.event === 'answered' && event.call !== asked.call && event.frame.copy === frame.copy && event.at > asked.at && event.at < at,
  );
}

/** Whether a reply that came at the moment of the answer had been asked for before something took rights away. */
function isLateReply(history: History, { at }: Answered): boolean {
  return history.some((reply) => {
    if (reply.event !== 'origin' || reply.at !== at) return false;
    const contact = history.find((event) => event.event === 'contact' && event.call === reply.call && event.contact === reply.contact);
    return contact !== undefined && isChanged(history, contact.at, at);
  });
}

/** Whether nobody had received the copy, and the last that the origin gave before was for a call whose caller had gone. */
function isAbandoned(history: History, { at, call, frame }: Answered): boolean {
  if ((firstOf(history, frame.copy)?.call ?? call) !== call) return false;
  return history.some(
    (event) =>
      event.event === 'origin' &&
      event.contact === 'fetch' &&
      event.status === 'ok' &&
      event.at < at &&
      history.some((other) => other.event === 'cancelled' && other.call === event.call && other.at < event.at),
  );
}

/** Whether time passed, or the cache was started anew, between the first change after the copy came in and the answer. */
function isWaited(history: History, { at, frame }: Answered): boolean {
  const first = firstOf(history, frame.copy);
  if (first === undefined) return false;
  return history.some((event) => event.event === 'operation' && WAITS.has(event.operation.op) && event.at < at && isChanged(history, first.at, event.at));
}

const WAITS: ReadonlySet<string> = new Set(['advance', 'restart']);

function isOlderOwnership(history: History, { at, frame }: Answered): boolean {
  const since = firstOf(history, frame.copy)?.at ?? at;
  return history.some(
    (event) =>
      event.event === 'operation' &&
      (event.operation.op === 'transfer' || event.operation.op === 'recreate') &&
      event.operation.camera === frame.camera &&
      event.at > since &&
      event.at < at,
  );
}

/** Whether another call received the copy at an earlier moment. */
function isReceivedBefore(history: History, { at, call, frame }: Answered): boolean {
  const first = firstOf(history, frame.copy);
  return first !== undefined && first.call !== call && first.at < at;
}

/** Whether another call came in between the question for the copy and its arrival. */
function isInterleaved(history: History, { frame }: Answered): boolean {
  const first = firstOf(history, frame.copy);
  if (first === undefined) return false;
  const contact = history.find((event) => event.event === 'contact' && event.call === first.call && event.contact === 'fetch');
  return contact !== undefined && history.some((event) => event.event === 'asked' && event.call !== first.call && event.at > contact.at && event.at < first.at);
}

/** Whether another request brought something in between the arrival of the copy and the first change after it. */
function isBeside(history: History, { at, frame }: Answered): boolean {
  const first = firstOf(history, frame.copy);
  if (first === undefined) return false;
  const change = history.find((event) => event.event === 'operation' && CHANGES.has(event.operation.op) && event.at > first.at && event.at < at);
  return change !== undefined && isFetchedBetween(history, first.at, change.at);
}

function isFetchedBetween(history: History, after: number, before: number): boolean {
  return history.some((event) => event.event === 'origin' && event.contact === 'fetch' && event.status === 'ok' && event.at > after && event.at < before);
}

function renewalOf(history: History, { at, frame }: Answered): Evidence['renewed'] {
  const first = firstOf(history, frame.copy);
  if (first === undefined) return null;
  const steps = history.flatMap((event) =>
    event.event === 'operation' && event.operation.op === 'advance' && event.at > first.at && event.at < at ? [event.at] : [],
  );
  const [from, to] = [steps[0], steps.at(-1)];
  if (from === undefined || to === undefined || from === to) return null;
  if (history.some((event) => event.event === 'answered' && event.frame.copy === frame.copy && event.at > from && event.at < to)) return 'by use';
  return isFetchedBetween(history, from, to) ? 'by others' : null;
}

function isTogether(history: History, { call, at, frame }: Answered): boolean {
  return history.some((event) => event.event === 'answered' && event.call !== call && event.at === at && event.frame.copy === frame.copy);
}

function isMade(history: History, answered: Answered): boolean {
  const { copy, tier } = answered.frame;
  const earlier = history.slice(0, Math.max(0, history.indexOf(answered))).filter((event) => event.event === 'answered' && event.frame.copy === copy);
  return earlier.length > 0 && earlier.every((event) => event.event === 'answered' && event.frame.tier !== tier);
}

function isChangedSince(history: History, answered: Answered): boolean {
  const first = firstOf(history, answered.frame.copy) ?? answered;
  return isChanged(history, first.at, answered.at);
}

/** Whether the copy had been asked for before a change that lies before its arrival. */
function isLate(history: History, copy: number): boolean {
  const first = firstOf(history, copy);
  if (first === undefined) return false;
  const contact = history.find((event) => event.event === 'contact' && event.call === first.call && event.contact === 'fetch');
  if (contact !== undefined && isChanged(history, contact.at, first.at)) return true;
  // Or nobody was waiting for it: it was fetched on behalf of a call that had its answer already.
  return history.some((event) => event.event === 'origin' && event.at < first.at && isLateRefresh(history, event));
}

function isLateRefresh(history: History, reply: Origin): boolean {
  const had = history.find((event) => event.event === 'answered' && event.call === reply.call && event.at < reply.at);
  const contact = history.findLast((event) => event.event === 'contact' && event.call === reply.call && event.contact === 'fetch' && event.at <= reply.at);
  return had !== undefined && contact !== undefined && isChanged(history, contact.at, reply.at);
}

const CHANGES: ReadonlySet<string> = new Set(['unshare', 'unpublish', 'transfer', 'recreate', 'unlink', 'disable', 'purge', 'restart']);

/** Whether something that takes rights away lies between two operations. */
function isChanged(history: History, after: number, before: number): boolean {
  return history.some((event) => event.event === 'operation' && CHANGES.has(event.operation.op) && event.at > after && event.at < before);
}
