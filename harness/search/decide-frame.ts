import {
  isBackAgain,
  isJoinedTooLate,
  isMissedByRemoval,
  isMixedUp,
  isOfOlderOwnership,
  isOnlyWhenBusy,
  isOverwritten,
  isTorn,
  isWithoutOrigin,
} from './decide-signs.ts';
import { blame, BROKEN, type Decided, rememberedBeyond, servedBeyond } from './decisions.ts';
import type { Found } from './evaluate.ts';
import type { Evidence } from './evidence.ts';
import type { Tried } from './tried.ts';

/** A frame reached somebody whom it was not for. */
export function decideFrame(found: Found, evidence: Evidence, tried: Tried): Decided {
  if (isTorn(evidence)) return blame('buffer', 'torn');
  if (evidence.askedAsAnother || (evidence.foundAsAnother && tried.overlap)) return blame('serve', 'asAnother');
  // Who asked the origin for nothing had found something: it is what was found that has become something else by now.
  const isAtOnce = (evidence.joined || evidence.crossed) && !evidence.sent;
  if (isAtOnce && evidence.overwritten && isOverwritten(evidence, tried)) return blame('buffer', 'overwritten');
  if (evidence.crossed) return blame('connection', 'crossed');
  return fallenBack(evidence, tried) ?? shared(evidence, tried) ?? misfiled(found, evidence, tried) ?? admitted(found, evidence, tried);
}

/** What is kept was given out in the place of something else. */
function fallenBack(evidence: Evidence, tried: Tried): Decided | null {
  // What is kept could as well be given out when nobody waits for it any more.
  if (evidence.refusedFetch && evidence.ofWaiting && tried.overlap) return blame('connection', 'crossed');
  if (evidence.refusedFetch) return refused(evidence, tried);
  if (evidence.afterFailure && !evidence.lateFill && !(evidence.inAnotherName && evidence.givenNow)) return failed(evidence);
  if (evidence.leftAlone && isWithoutOrigin(evidence)) return blame('fallback', 'leftAlone');
  if (tried.failure && isWithoutOrigin(evidence) && !evidence.askedAfterFailure && !isLate(evidence, tried)) return blame('fallback', 'failedBefore');
  if (evidence.impatient && isKeptForAnother(evidence)) return blame('fallback', 'impatient');
  return null;
}

function refused({ own, operations }: Evidence, { atOnce }: Tried): Decided {
  if (!own || !operations.has('advance')) return blame('fallback', 'refused');
  return atOnce ? blame('fallback', 'refusalTooLate') : blame('fallback', 'refusalIgnored');
}

function failed({ broken, own, operations }: Evidence): Decided {
  // What must not be there at all is not made right by the reason for which it is served.
  if (broken === 'storing') return blame('admit', 'storing');
  if (!own) return blame('fallback', 'failed');
  return operations.has('advance') ? blame('fallback', 'failedTooLong') : blame('fallback', 'failedOwn');
}

/** What was asked for before a change is stored after it. */
function isLate({ lateFill }: Evidence, { overlap, late }: Tried): boolean {
  return lateFill || (overlap && late);
}

/** What came out had been received by somebody else, and nothing has taken rights away since, unless the origin is being asked all the same. */
function isKeptForAnother({ own, bringer, changedSince, sent }: Evidence): boolean {
  return bringer !== null && !own && (!changedSince || sent);
}

/** What was fetched for another one was given to this caller as well. */
function shared(evidence: Evidence, tried: Tried): Decided | null {
  if (evidence.letIn) return isJoinedTooLate(evidence) ? blame('join', 'withdrawn') : blame('join', 'letIn');
  if (evidence.letInAtOnce && tried.overlap && evidence.inAnotherName) return blame('join', 'letIn');
  if (evidence.joined) return joined(evidence);
  if (evidence.broken !== null && evidence.fetched && evidence.olderOwnership && !tried.atOnce) return blame('key', 'ownership');
  if (evidence.broken !== null) return BROKEN[evidence.broken];
  if (isOnlyWhenBusy(evidence, tried)) return blame('serve', 'busy');
  if ((evidence.made || (evidence.fallback && !evidence.changedSince)) && evidence.authorised === 'not asked') return blame('fallback', 'rendition');
  if (evidence.abandoned && !evidence.inAnotherName && evidence.operations.has('cancel')) return blame('buffer', 'abandoned');
  if (evidence.allowedTooEarly && evidence.sameCamera && !evidence.fetched && !evidence.inAnotherName) return blame('serve', 'allowedBefore');
  if (tried.overlap && (evidence.fetched || (evidence.passedBy && !evidence.overwritten)) && !evidence.inAnotherName) return blame('buffer', 'sharedAnswer');
  return null;
}

/** What was under way for another call was given to this one as well. */
export function joined(evidence: Evidence): Decided {
  const { sameCamera, sameTier, sameChannel, joinedOwn, authorised } = evidence;
  if (isJoinedTooLate(evidence)) return blame('join', 'withdrawn');
  if (!sameCamera) return blame('join', 'camera');
  if (!sameTier) return blame('join', 'tier');
  if (authorised === 'refused') return blame('join', 'refused');
  if (authorised === 'allowed') return blame('join', 'allowed');
  if (!joinedOwn) return blame('join', 'other');
  return sameChannel ? blame('join', 'own') : blame('join', 'channel');
}

/** What was found is not what was stored for such a request. */
function misfiled(found: Found, evidence: Evidence, tried: Tried): Decided | null {
  const isRefused = evidence.sameCamera && evidence.authorised === 'refused';
  if (tried.overlap && evidence.interleaved && !tried.late && !isRefused && !isMissedByRemoval(evidence)) return blame('key', 'sharedState');
  if (isOverwritten(evidence, tried)) return blame('buffer', 'overwritten');
  if (isMixedUp(evidence, tried)) return blame('buffer', 'mixedUp');
  if (evidence.askedAnew && !(evidence.sameCamera && evidence.sameTier)) return blame('buffer', 'askedAnew');
  // Where it goes out before the origin has said a word, what is fetched is for the next one.
  if (evidence.replaced && !tried.atOnce) return tried.crowded ? blame('buffer', 'keptInstead') : blame('key', 'replaced');
  if (tried.overlap && tried.late && !evidence.sameCamera) return blame('admit', 'misplaced');
  if (!evidence.sameCamera) return blame('key', 'camera');
  if (found.property === 'KH004') return blame('key', 'tier');
  return null;
}

/** What was stored, or asked for, was not for this caller. */
function admitted(found: Found, evidence: Evidence, tried: Tried): Decided {
  if (isLate(evidence, tried)) return blame('admit', 'late');
  if (evidence.background) return blame('admit', 'background');
  if (evidence.inAnotherName) return inAnotherName(found, evidence, tried);
  if (evidence.authorised === 'refused') return blame('serve', 'refused');
  if (tried.overlap && !evidence.changedSince) return blame('key', 'sharedState');
  if (tried.mistaken) return blame('serve', 'mistaken');
  return served(found, evidence, tried);
}

/** The frame was fetched for this call, and not as this caller: what counts is whether it was known what this caller may see. */
function inAnotherName({ property, kind }: Found, evidence: Evidence, { told }: Tried): Decided {
  const { authorised, allowedTooEarly, allowedOnce, usedBetween, operations } = evidence;
  if (authorised === 'refused') return blame('serve', 'refusedAnyway');
  if (authorised === 'allowed') return allowedTooEarly ? blame('serve', 'allowedBefore') : blame('unknown', 'asked');
  const isHandedOver = property === 'KH003' && kind === 'former';
  if (!allowedOnce || (property !== 'KH002' && !isHandedOver)) return blame('serve', 'inAnotherName');
  // Who is told nothing of a change may use what it was told before until its lifetime is over.
  if (!told && operations.has('advance')) return rememberedBeyond(usedBetween, isHandedOver ? HANDED_OVER : WITHDRAWN);
  return isHandedOver ? blame('invalidate', 'remembered') : blame('invalidate', 'rememberedRight');
}

/** After what a permission is used for too long. */
const HANDED_OVER = 'after the camera has changed hands';
const WITHDRAWN = 'after the right was withdrawn';

/** What is stored was served to a caller who may not see it, or not any more. */
function served(found: Found, evidence: Evidence, tried: Tried): Decided {
  const { property, kind } = found;
  const { operations } = evidence;
  if (evidence.refusedBefore && isWithoutOrigin(evidence)) return blame('serve', 'refusalForgotten');
  // Without what the caller had received before, the shrunk program would not leak: something about him was kept.
  if (property === 'KH003' && kind === 'former' && evidence.hadBefore && !evidence.fetched)
    return isForTooLong(evidence, tried) ? rememberedBeyond(evidence.usedBetween, HANDED_OVER) : blame('invalidate', 'remembered');
  if (property === 'KH005' && evidence.own && !evidence.sameChannel) return blame('key', 'channel');
  if (property === 'KH002' && evidence.hadBefore && !evidence.own && !evidence.changedSince && isWithoutOrigin(evidence))
    return isForTooLong(evidence, tried) ? rememberedBeyond(evidence.usedBetween, WITHDRAWN) : blame('invalidate', 'rememberedRight');
  if (!evidence.changedSince) return unasked(evidence, tried);
  if (tried.deferred) return blame('invalidate', 'deferred');
  if (property === 'KH005') return switchedOff(kind, evidence, tried);
  if (property === 'KH002') return withdrawn(evidence, tried);
  // A visitor without any right has no part in who owns it: what is missing is the check.
  if (!tried.told && isOfOlderOwnership(evidence)) return blame('key', 'ownership');
  if (kind !== 'anonymous' && (operations.has('transfer') || operations.has('recreate')))
    return blame('invalidate', isBackAgain(evidence) && tried.told ? 'backAfterHandover' : 'handedOver');
  return unasked(evidence, tried);
}

/** Who is told nothing need not know of a change: where time has to pass, the end of what was said about the caller is what was missed. */
function isForTooLong(evidence: Evidence, { told }: Tried): boolean {
  return !told && isWithoutOrigin(evidence) && evidence.operations.has('advance');
}

function switchedOff(kind: string, evidence: Evidence, tried: Tried): Decided {
  const { operations } = evidence;
  if (kind === 'unlinked' && operations.has('enable')) return blame('invalidate', 'reopenedByEnabling');
  if (kind !== 'unlinked' && operations.has('link')) return blame('invalidate', 'reopenedByLinking');
  return isBackAgain(evidence) && tried.told
    ? blame('invalidate', 'backAfterSwitchingOff')
    : blame('invalidate', kind === 'unlinked' ? 'unlinked' : 'channelOff');
}

function withdrawn(evidence: Evidence, tried: Tried): Decided {
  const { authorised, operations } = evidence;
  if (isBackAgain(evidence) && tried.told) return blame('invalidate', 'backAfterWithdrawal');
  if (isOfOlderOwnership(evidence)) return blame('key', 'ownership');
  // Nothing that could be left out stands in a shrunk program: where time has to pass, the end of the lifetime is what was missed.
  if (operations.has('advance') && !tried.told && authorised !== 'allowed') return servedBeyond(evidence, 'to a user whose right was withdrawn');
  if (evidence.beside && !tried.crowded) return blame('invalidate', 'beside');
  return operations.has('unshare') || operations.has('unpublish') ? blame('invalidate', 'withdrawn') : blame('invalidate', 'lost');
}

function unasked(evidence: Evidence, { crowded, moved }: Tried): Decided {
  const { authorised, fetched, operations } = evidence;
  if (!fetched && isOfOlderOwnership(evidence)) return blame('key', 'ownership');
  if (authorised === 'allowed' || fetched) return blame('unknown', 'asked');
  // A right that is taken for every camera would be taken for it as well where there is more room.
  if (evidence.allowedElsewhere && !crowded) return blame('serve', 'allowedElsewhere');
  if (operations.has('publish') && (operations.has('recreate') || operations.has('transfer'))) return blame('invalidate', 'publicOnce');
  if (crowded) return moved ? blame('key', 'moved') : blame('buffer', 'notEmptied');
  return blame('serve', 'unasked');
}
