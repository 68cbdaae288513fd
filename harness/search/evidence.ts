import type { History } from '../../models/domain/history.ts';
import type { Operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { policyOf, principalOf } from '../../models/domain/request.ts';
import { ANONYMOUS } from '../../models/domain/world.ts';
import { cacheControlOf } from '../../models/http.ts';
import type { Found } from './evaluate.ts';
import {
  isLateReply,
  isFetchedByOther,
  isLetIn,
  isOfNow,
  isOfOtherReply,
  isOwnElsewhere,
  isReplyToAnother,
  isSentAsEqual,
  isSentTooLate,
  withOthers,
  type WithOthers,
} from './evidence-joins.ts';
import { isAskedAnew, isInterleaved, isOverwritten, isRaced, isSwapped, isTurnedAwayAlike, mixUpOf } from './evidence-mixups.ts';
import {
  hadBefore,
  isAbandoned,
  isAllowedElsewhere,
  isAskedAfterFailure,
  isBeside,
  isChangedSince,
  isInBackground,
  isLate,
  isMade,
  isOfErrand,
  isOlderOwnership,
  isReceivedBefore,
  isWaited,
  renewalOf,
} from './evidence-past.ts';
import { saidBefore, type SaidBefore } from './evidence-rights.ts';
import { type Asked, isFrameGiven, isSameRequest, isSameView, type Origin } from './history-events.ts';
import { type BrokenRule, brokenRule } from './http-evidence.ts';
import { isSecondHand, type Leak, leakOf } from './leak.ts';

/** What the history of a counterexample says about how the leaking answer came about. */
export interface Evidence extends SaidBefore, WithOthers {
  /** The camera of the frame is the one that was asked for. */
  readonly sameCamera: boolean;
  readonly sameTier: boolean;
  /** What brought the copy in came through the channel that was asked through. */
  readonly sameChannel: boolean;
  /** What the origin was asked on behalf of the leaking call, and what it said. */
  readonly authorised: 'not asked' | 'allowed' | 'refused';
  readonly fetched: boolean;
  /** The origin was asked for a frame on behalf of this call, whether or not it has answered. */
  readonly sent: boolean;
  /** The answer came with a reply of the origin that another call was waiting for. */
  readonly joined: boolean;
  /** The answer came when the origin failed. */
  readonly afterFailure: boolean;
  /** The origin was asked something, on behalf of whomever, between its last failure and the answer. */
  readonly askedAfterFailure: boolean;
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
  /** The origin refused to give the frame to this caller, who received one all the same. */
  readonly refusedFetch: boolean;
  /** The origin confirmed to this caller that what is stored is still right: a 304. */
  readonly validated: boolean;
  /** The caller was turned away, and what was received came with that; whoever it had been made for was not, for the same picture. */
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
  /** It was fetched within this call, as for an earlier one that had been turned away. */
  readonly askedAnew: boolean;
  /** Nobody was waiting for the copy when it came in. */
  readonly background: boolean;
  /** Between two steps of time, the copy was given out once more, or confirmed by the origin, or something else was fetched: that may have moved its end. */
  readonly renewed: 'by use' | 'by validation' | 'by others' | null;
  /** What the origin said about keeping the copy gives it no lifetime. */
  readonly ungiven: boolean;
  /** The origin had given this call a frame of its own, and the caller was given another picture, which somebody had received before. */
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

/** Reads the history of a counterexample. */
export function evidenceOf(program: Program, found: Found, history: History): Evidence {
  const leak = leakOf(program, found, history);
  const { mine, asked, answered, bringer, source } = leak;
  const { frame } = answered;
  const template = program.world.templates[asked.template]!;
  const sourceTemplate = program.world.templates[(source ?? asked).template]!;
  const replies = mine.filter((event): event is Origin => event.event === 'origin');
  const lastWord = replies.findLast(({ contact }) => contact === 'authorise');
  const validated = replies.some(({ status }) => status === 'unchanged');
  const fetched = replies.some(isFrameGiven);
  const hasContact = mine.some((event) => event.event === 'contact' && event.contact === 'fetch') || isSentAsEqual(leak);
  const trigger = triggerOf(leak);
  const isLater = trigger?.op === 'advance' && asked.at < answered.at;
  const [isToAnother, isNew] = [isReplyToAnother(leak), isOfNow(leak)];
  const isElsewhere = trigger?.op === 'release' && isToAnother;
  // In one turn a caller joins what was asked for another one without an operation in between.
  const isBatched = (program.world.together === true || (isLater && isToAnother)) && isNew;
  const isWithAnother = isElsewhere || isBatched;
  const sameCamera = frame.camera === asked.camera;
  return {
    sameCamera,
    sameTier: frame.tier === template.tier,
    sameChannel: sourceTemplate.channel === template.channel,
    authorised: lastWord === undefined ? 'not asked' : lastWord.status === 'ok' ? 'allowed' : 'refused',
    fetched,
    sent: hasContact,
    joined: isWithAnother && !hasContact,
    letIn: lastWord === undefined && isLetIn(leak),
    joinedOwn: isWithAnother && isOwnElsewhere(leak),
    joinedLate: isWithAnother && isLateReply(leak),
    leftAlone: trigger?.op === 'cancel' && asked.at < answered.at,
    abandoned: !fetched && isAbandoned(leak),
    crossed: (hasContact && (isElsewhere || isOfOtherReply(leak))) || isSwapped(leak) || isSentTooLate(leak),
    hadBefore: hadBefore(leak),
    allowedElsewhere: isAllowedElsewhere(leak),
    refusedFetch: replies.some(({ contact, status }) => contact === 'fetch' && status === 'refused') && mine.some((event) => event.event === 'answered'),
    validated,
    turnedAway: mine.some((event) => event.event === 'refused') && !isTurnedAwayAlike(leak),
    foreignFrame: mine.some((event) => event.event === 'violation' && FRAMES.has(event.property)),
    afterFailure:
      replies.some(({ status }) => status === 'error' || status === 'dropped') ||
      (trigger?.op === 'release' && trigger.outcome !== 'reply' && !(isElsewhere && isNew)),
    askedAfterFailure: isAskedAfterFailure(leak),
    lateFill: isLate(leak),
    fallback: answered.fallback,
    made: isMade(leak),
    changedSince: isChangedSince(leak),
    // What the origin has confirmed to this caller may be given to him, whoever brought it in.
    broken: source === null || validated ? null : brokenIn(program, source, asked),
    bringer,
    own: bringer !== null && isSameView(bringer, asked),
    overwritten: isOverwritten(leak),
    mixedUp: mixUpOf(leak),
    torn: new Set(mine.flatMap((event) => (event.event === 'answered' ? [event.frame.copy] : []))).size > 1,
    unrelated: history.some((event) => event.event === 'asked' && event.camera !== asked.camera && event.camera !== frame.camera),
    interleaved: isInterleaved(leak) || isRaced(leak),
    beside: isBeside(leak),
    askedAnew: isAskedAnew(leak),
    inAnotherName: (fetched && !isSecondHand(leak) && !isFetchedByOther(leak)) || isOfErrand(leak),
    background: !fetched && !isElsewhere && isInBackground(leak),
    renewed: renewalOf(leak),
    ungiven: cacheControlOf(policyOf(program.world, (source ?? asked).template).cacheControl).lifetimeMs === 0,
    replaced: fetched && isReceivedBefore(leak),
    impatient: isLater && !isBatched,
    waited: isWaited(leak),
    olderOwnership: isOlderOwnership(leak),
    ...saidBefore(leak),
    ...withOthers(leak),
    asked,
    operations: new Set(program.operations.map((letter) => letter.op)),
  };
}

/** Properties of the frame that a caller received. */
const FRAMES: ReadonlySet<string> = new Set(['KH001', 'KH002', 'KH003']);

/** The operation at which the answer came. */
function triggerOf({ history, answered }: Leak): Operation | undefined {
  const event = history.find((other) => other.event === 'operation' && other.at === answered.at);
  return event?.event === 'operation' ? event.operation : undefined;
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
