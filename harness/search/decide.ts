import type { Decision } from '../../models/domain/explanation.ts';
import type { Found } from './evaluate.ts';
import type { Evidence } from './evidence.ts';
import type { BrokenRule } from './http-evidence.ts';

/** What trying the program in other ways has shown. */
export interface Tried {
  /** The ids themselves make keys equal. */
  readonly ids: boolean;
  /** How ids are confused, as a clause; null where they are not, or nobody knows how. */
  readonly confusion: string | null;
  /** Nothing leaks when each request is answered before the next one comes. */
  readonly overlap: boolean;
  /** Nothing has to be kept: it is enough that the other one asked for something else before. */
  readonly mistaken: boolean;
  /** The cache is told when a right is withdrawn: lifetimes have no part in it. */
  readonly told: boolean;
  /** What the cache is told takes effect, but not at once: nothing leaks when a moment passes before the last request. */
  readonly deferred: boolean;
  /** What is stored goes out before the origin has said a word about the caller. */
  readonly atOnce: boolean;
  /** Nothing leaks when there is more room. */
  readonly crowded: boolean;
  /** Nothing leaks when the origin does not fail. */
  readonly failure: boolean;
  /** Nothing leaks when what was asked for before a change comes before it too. */
  readonly late: boolean;
  /** It is enough that whoever brought the copy in asks, and then whoever is given it. */
  readonly alone: boolean;
  /** Whoever brought the copy in may as well bring in one of another camera: that one is given out then. */
  readonly slotted: boolean;
}

interface Decided {
  readonly decision: Decision;
  readonly clause: string;
}

const RULES: Readonly<Record<Exclude<BrokenRule, null>, Decided>> = {
  uri: { decision: 'key', clause: 'the entry is keyed without a part of the URL, so that two different URLs share one answer' },
  storing: { decision: 'admit', clause: 'an answer is stored that its Cache-Control, its Vary or the credentials of its request keep out of shared caches' },
  vary: { decision: 'key', clause: 'the entry is served to a request that differs in a header named by its Vary' },
  validation: { decision: 'serve', clause: 'an answer that must be validated at each use is served without asking the origin about this caller' },
};

/** Names the decision at fault. */
export function decide(found: Found, evidence: Evidence, tried: Tried): Decided {
  switch (found.property) {
    case 'KH006':
      return TORN;
    case 'KH007':
      return headers(evidence);
    case 'KH008':
      return evidence.broken !== null
        ? RULES[evidence.broken]
        : { decision: 'serve', clause: 'a condition, or a HEAD, is answered from what is stored, without asking whether this caller may know of it' };
    case 'KH009':
    case 'KH010':
      return retained(found.property, evidence, tried);
    case 'KH011':
      return INTERFERENCE[found.kind] ?? INTERFERENCE['answer']!;
    default:
      return isOfIds(evidence, tried) ? ids(evidence, tried) : frame(found, evidence, tried);
  }
}

/** Ids are blamed where it is known what makes them equal, or where nothing else is: what is raced for, or mixed up, takes ids only to come about. */
function isOfIds(evidence: Evidence, tried: Tried): boolean {
  if (!tried.ids || isTorn(evidence)) return false;
  const isRace = tried.overlap && (evidence.joined || evidence.crossed || evidence.interleaved || evidence.passedBy || tried.late);
  return !isMixedUp(evidence, tried) && (tried.confusion !== null || !isRace);
}

/** What should have been forgotten was given out: it was deleted, or a purge was to remove it. */
function retained(property: 'KH009' | 'KH010', evidence: Evidence, tried: Tried): Decided {
  if (tried.deferred) return DEFERRED;
  if (isTorn(evidence)) return TORN;
  if (evidence.joined && evidence.joinedOwn && evidence.joinedLate && evidence.sameCamera && property === 'KH010') return JOINED_DELETED;
  if (evidence.lateFill) return property === 'KH010' ? LATE : PURGED;
  if (evidence.leftAlone && evidence.authorised === 'not asked' && !evidence.fetched) return LEFT_ALONE;
  if (isOverwritten(evidence, tried)) return OVERWRITTEN;
  if (isMixedUp(evidence, tried)) return MIXED_UP;
  if (tried.ids && evidence.own && evidence.changedSince) return NOT_FOUND;
  if (isBackAgain(evidence) && (property === 'KH009' || tried.told)) return AGAIN[property];
  if (property === 'KH009') return evidence.own && !evidence.beside ? DEAF : PURGED;
  if (evidence.authorised === 'allowed' && evidence.olderOwnership) return OLDER_OWNERSHIP;
  // Nobody tells it that a camera was deleted: what it may not do is to go on when the lifetime is over.
  if (!tried.told) return { decision: 'serve', clause: `${beyond(evidence)}, after its camera was deleted` };
  return { decision: 'invalidate', clause: 'what a camera saw before it was deleted stays in the cache, and is served on' };
}

/** By kind. Which decision it is, nobody can say who knows no more than that there is a difference. */
const INTERFERENCE: Readonly<Record<string, Decided>> = {
  answer: { decision: 'unknown', clause: 'what is made from the pictures of one user is kept where all share it, and goes into the answers to others' },
  hit: { decision: 'unknown', clause: 'whether something is kept, found or asked for again depends on what is in the pictures of others' },
  company: { decision: 'unknown', clause: 'users share something, although the cache is said to keep them apart' },
};

/** The ids themselves are the cause. */
function ids({ own, changedSince }: Evidence, { confusion }: Tried): Decided {
  // The copy came in for this very caller and this very camera: no two keys had to become equal for him to find it.
  if (own && changedSince) return NOT_FOUND;
  const clause = 'different users or cameras get the same key, because their ids are joined, cut, hashed or rewritten so that they become equal';
  return { decision: 'key', clause: confusion ?? clause };
}

const NOT_FOUND: Decided = {
  decision: 'invalidate',
  clause: 'what should be removed is not found: where it is stored, or where it is looked for, depends on how the ids are spelled',
};

const TORN: Decided = { decision: 'buffer', clause: 'parts of different pictures are put into one answer' };

/** Where a whole entry was written over before, that is what is to be said. */
function isTorn({ torn, overwritten }: Evidence): boolean {
  return torn && !overwritten;
}

const PURGED: Decided = {
  decision: 'invalidate',
  clause: 'a purge leaves a copy of what it should remove, under another key, in another variant or at another level',
};

const DEAF: Decided = {
  decision: 'invalidate',
  clause: 'the cache is told to forget a camera (a notice of the kind "purge"), and what was stored for this very caller is served on',
};

const LATE: Decided = { decision: 'admit', clause: 'what was fetched before rights changed is stored after the change, as if it were still true' };

/** Headers or cookies reached another session. */
function headers(evidence: Evidence): Decided {
  if (evidence.turnedAway) return { decision: 'buffer', clause: 'what is left of an earlier answer goes out with one to somebody else' };
  // The whole answer went to somebody whom it was not for: its headers went with it.
  if (evidence.foreignFrame && evidence.broken !== null) return RULES[evidence.broken];
  if (evidence.together)
    return { decision: 'headers', clause: 'callers who wait for the same answer are given the headers and cookies that were made for the first of them' };
  if (evidence.validated)
    return { decision: 'headers', clause: 'after a 304 the headers and cookies go out that were stored, instead of those that came with it' };
  return { decision: 'headers', clause: 'headers and cookies that the origin made for one session are stored with the answer, and given to others with it' };
}

/** A frame reached somebody whom it was not for. */
function frame(found: Found, evidence: Evidence, tried: Tried): Decided {
  if (isTorn(evidence)) return TORN;
  if (evidence.crossed)
    return {
      decision: 'connection',
      clause: 'on a connection, or in a batch, that several requests share, the reply to one of them is given to another that waits there',
    };
  return fallenBack(evidence, tried) ?? shared(evidence, tried) ?? misfiled(found, evidence, tried) ?? admitted(found, evidence, tried);
}

/** What is kept was given out in the place of something else. */
function fallenBack(evidence: Evidence, tried: Tried): Decided | null {
  if (evidence.refusedFetch && evidence.own && evidence.operations.has('advance') && !tried.atOnce) return REFUSAL_IGNORED;
  if (evidence.refusedFetch && evidence.own && evidence.operations.has('advance'))
    return {
      decision: 'fallback',
      clause: 'a stored frame is served once more after its lifetime, while the origin is asked about the caller: that it refuses him comes too late',
    };
  if (evidence.refusedFetch)
    return { decision: 'fallback', clause: 'when the origin refuses the caller, what is kept for somebody else is handed out all the same' };
  if (evidence.afterFailure && !evidence.lateFill && !evidence.inAnotherName) return failed(evidence);
  if (evidence.leftAlone && evidence.authorised === 'not asked' && !evidence.fetched) return LEFT_ALONE;
  if (tried.failure && evidence.authorised === 'not asked' && !evidence.fetched && !evidence.lateFill) return FAILED_BEFORE;
  if (evidence.impatient && isKeptForAnother(evidence)) return IMPATIENT;
  return null;
}

/** What was fetched for another one was given to this caller as well. */
function shared(evidence: Evidence, tried: Tried): Decided | null {
  const isWaiting = evidence.joined || evidence.letIn;
  if (isWaiting && evidence.joinedOwn && evidence.joinedLate && evidence.sameCamera)
    return { decision: 'join', clause: 'a caller joins what was asked for him before his right was withdrawn, and receives what comes of it' };
  if (evidence.letIn)
    return { decision: 'join', clause: 'a caller who waits for what the origin says about the rights of somebody else is let in by that answer' };
  if (evidence.joined) return joined(evidence);
  if (evidence.broken !== null) return RULES[evidence.broken];
  if ((evidence.made || (evidence.fallback && !evidence.changedSince)) && evidence.authorised === 'not asked')
    return { decision: 'fallback', clause: 'a rendition is made of a picture that is kept for somebody else, without asking whether this caller may see it' };
  if (evidence.abandoned && evidence.operations.has('cancel')) return ABANDONED;
  if (tried.overlap && (evidence.fetched || (evidence.passedBy && !evidence.overwritten)) && !evidence.inAnotherName) return SHARED_ANSWER;
  return null;
}

/** What was found is not what was stored for such a request. */
function misfiled(found: Found, evidence: Evidence, tried: Tried): Decided | null {
  // What came in for the caller himself was stored under what it should be: it is the removal that missed it.
  const isRemoval = evidence.own && evidence.changedSince;
  if (tried.overlap && evidence.interleaved && !tried.late && !isRemoval) return SHARED_STATE;
  if (isOverwritten(evidence, tried)) return OVERWRITTEN;
  if (isMixedUp(evidence, tried)) return MIXED_UP;
  if (evidence.replaced) return REPLACED;
  if (tried.overlap && tried.late && !evidence.sameCamera) return MISPLACED;
  if (!evidence.sameCamera) return { decision: 'key', clause: 'the entry is keyed without the camera, so that one camera answers for another' };
  if (found.property === 'KH004') return { decision: 'key', clause: 'the entry is keyed without the tier, so that one rendition answers for another' };
  return null;
}

/** What was stored, or asked for, was not for this caller. */
function admitted(found: Found, evidence: Evidence, tried: Tried): Decided {
  if (evidence.lateFill || (tried.overlap && tried.late)) return LATE;
  if (evidence.background)
    return {
      decision: 'admit',
      clause: 'what is kept is fetched anew behind the back of callers, and nobody asks whether those for whom it is kept may still see it',
    };
  if (evidence.inAnotherName)
    return {
      decision: 'serve',
      clause: 'the frame is fetched in another name, of the service or of somebody else, and given to a caller of whom nobody asked whether he may see it',
    };
  if (evidence.authorised === 'refused') return { decision: 'serve', clause: 'a stored frame is served although the origin refused this caller' };
  if (tried.overlap && !evidence.changedSince) return SHARED_STATE;
  if (tried.mistaken)
    return {
      decision: 'serve',
      clause:
        'who is asking is remembered from an earlier request, for a connection, for a part of a credential, or for whoever comes next: one caller is taken for another',
    };
  return served(found, evidence, tried);
}

const OTHER_CHANNEL: Decided = {
  decision: 'key',
  clause:
    'what was stored for a caller in one channel is served to him through another one that is switched off: the key of the entry does not name the channel',
};

const DEFERRED: Decided = {
  decision: 'invalidate',
  clause: 'what the cache is told takes effect only some time after it has said that it is done, and until then what was stored is served on',
};

const REFUSAL_IGNORED: Decided = {
  decision: 'fallback',
  clause: 'the origin refuses the caller, and a stored frame whose lifetime is over is served all the same, as if the origin had failed',
};

const IMPATIENT: Decided = {
  decision: 'fallback',
  clause: 'when the origin takes long to answer, what is kept for somebody else is served in its place, without asking whether this caller may have it',
};

const REPLACED: Decided = {
  decision: 'key',
  clause:
    'the origin is asked and gives a frame for this caller, and one that is kept from before is given out in its place: it is kept under something that different frames have in common',
};

/** What came out had been received by somebody else, and nothing has taken rights away since. */
function isKeptForAnother({ own, bringer, changedSince }: Evidence): boolean {
  return bringer !== null && !own && !changedSince;
}

const FAILED_BEFORE: Decided = {
  decision: 'fallback',
  clause: 'after the origin has failed, it is not asked about callers any more for a time, and what is kept is served without it',
};

const LEFT_ALONE: Decided = {
  decision: 'fallback',
  clause: 'when the caller goes away for whom the origin is asked, those who wait with him are given what is kept, without asking whether they may have it',
};

const ABANDONED: Decided = {
  decision: 'buffer',
  clause: 'what is fetched for a caller who has gone away is still stored, in the place of what is kept there by then',
};

const MISPLACED: Decided = {
  decision: 'admit',
  clause: 'what was asked for before the cache was told of a change is stored after it, in a place that by then belongs to something else',
};

const MIXED_UP: Decided = {
  decision: 'buffer',
  clause:
    'what is kept for one request comes into the place of what is kept for another: an entry, a slot or an index is moved or used again, and something still leads to it',
};

const SHARED_STATE: Decided = {
  decision: 'key',
  clause: 'while one request is under way, another one changes what its answer is stored under: state of one request is kept where all of them share it',
};

const SHARED_ANSWER: Decided = {
  decision: 'buffer',
  clause:
    'while one request is under way, another one puts its answer where both of them take it from: state of one request is kept where all of them share it',
};

const OVERWRITTEN: Decided = {
  decision: 'buffer',
  clause: 'what is kept for one request is overwritten by what is fetched for another: a buffer, a slot or an object is used again while an entry leads to it',
};

/** The same request was answered rightly before; that it now gets what came in for another one is no matter of keys where that was of another kind. */
function isOverwritten({ overwritten, mixedUp, sameCamera, sameTier, unrelated }: Evidence, { crowded, alone, slotted }: Tried): boolean {
  if (overwritten) return !sameCamera || !sameTier || unrelated || crowded || slotted;
  return mixedUp === 'after' && !alone && !(sameCamera && sameTier);
}

/** What is asked for had been given out rightly, and one key for two would have given out something else then. */
function isMixedUp({ mixedUp, sameCamera, sameTier }: Evidence, { alone }: Tried): boolean {
  return mixedUp !== null && !alone && !(sameCamera && sameTier);
}

function failed(evidence: Evidence): Decided {
  // What must not be there at all is not made right by the reason for which it is served.
  if (evidence.broken === 'storing') return RULES.storing;
  return {
    decision: 'fallback',
    clause: 'when the origin fails, what is kept for somebody else is served in its place, without asking whether this caller may have it',
  };
}

function joined(evidence: Evidence): Decided {
  if (!evidence.sameCamera)
    return { decision: 'join', clause: 'requests for different cameras share one fetch that is under way, so that one receives the frame of the other' };
  if (!evidence.sameTier)
    return { decision: 'join', clause: 'requests for different tiers share one fetch that is under way, so that one receives the rendition of the other' };
  if (evidence.joinedOwn && !evidence.sameChannel)
    return {
      decision: 'join',
      clause: 'a caller joins a fetch that is under way for him in one channel, and receives its result through another one that is switched off',
    };
  if (evidence.joinedOwn)
    return {
      decision: 'join',
      clause: 'a caller joins a fetch that is under way for another request of his, and receives its result although nobody asked whether he may have it here',
    };
  return {
    decision: 'join',
    clause: 'a caller who joins a fetch that is under way for somebody else receives its result although nobody asked whether this caller may have it',
  };
}

const JOINED_DELETED: Decided = {
  decision: 'join',
  clause: 'a caller joins what was asked for him before the camera was deleted, and receives what comes of it',
};

const OLDER_OWNERSHIP: Decided = {
  decision: 'key',
  clause:
    'the origin is asked and allows the caller, and he is served what was stored under an earlier ownership of the camera: it is taken for the present one',
};

/** How a frame is served for too long. */
function beyond({ renewed }: Evidence): string {
  if (renewed === 'by use') return 'whenever a stored frame is used its lifetime begins anew, so that it is served beyond the one that the origin gave it';
  if (renewed === 'by others')
    return 'what is stored for others makes a stored frame live longer, so that it is served beyond the lifetime that the origin gave it';
  return 'a stored frame is served beyond the lifetime that the origin gave it';
}

const BACK_AGAIN: Decided = {
  decision: 'invalidate',
  clause:
    'what was removed when a right was withdrawn is there again some time later: a write that was waiting is still carried out, or what was noted about the right ends',
};

/** Nothing that could be left out stands in a shrunk program: where time has to pass after the removal, something comes of it. */
function isBackAgain({ waited, operations }: Evidence): boolean {
  return waited && operations.has('advance');
}

/** The same, for what was deleted or purged. */
const AGAIN: Readonly<Record<'KH009' | 'KH010', Decided>> = {
  KH009: {
    decision: 'invalidate',
    clause: 'what was removed when the cache was told to forget a camera is there again some time later: a write that was waiting is still carried out',
  },
  KH010: {
    decision: 'invalidate',
    clause:
      'what was removed when a camera was deleted is there again some time later: a write that was waiting is still carried out, or what was noted about it ends',
  },
};

const REOPENED: Readonly<Record<'unlinked' | 'disabled', string>> = {
  unlinked: 'switching a channel on for everybody opens it again to a user whose link to it was removed',
  disabled: 'linking one user to a channel opens it to him again although it was switched off for everybody',
};

function served(found: Found, evidence: Evidence, tried: Tried): Decided {
  // Without what the caller had received before, the shrunk program would not leak: something about him was kept.
  if (found.property === 'KH003' && found.kind === 'former' && evidence.hadBefore && !evidence.fetched)
    return { decision: 'invalidate', clause: 'what the origin once allowed a caller is remembered after the camera has changed hands, and no longer asked' };
  if (found.property === 'KH005' && evidence.own && !evidence.sameChannel) return OTHER_CHANNEL;
  if (!evidence.changedSince) return unasked(evidence, tried);
  if (tried.deferred) return DEFERRED;
  const { operations } = evidence;
  if (found.property === 'KH005' && operations.has(found.kind === 'unlinked' ? 'enable' : 'link'))
    return { decision: 'invalidate', clause: REOPENED[found.kind === 'unlinked' ? 'unlinked' : 'disabled'] };
  if (found.property === 'KH005')
    return { decision: 'invalidate', clause: 'what was stored for a channel is still served after the channel was switched off, without asking the origin' };
  if (evidence.authorised === 'allowed' && evidence.olderOwnership && found.property === 'KH002') return OLDER_OWNERSHIP;
  // Nothing that could be left out stands in a shrunk program: where time has to pass, the end of the lifetime is what was missed.
  if (found.property === 'KH002' && isBackAgain(evidence) && tried.told) return BACK_AGAIN;
  if (found.property === 'KH002' && operations.has('advance') && !tried.told && evidence.authorised !== 'allowed')
    return { decision: 'serve', clause: `${beyond(evidence)}, to a user whose right was withdrawn` };
  // A visitor without any right has no part in who owns it: what is missing is the check.
  if (found.property !== 'KH002' && found.kind !== 'anonymous' && (operations.has('transfer') || operations.has('recreate')))
    return {
      decision: 'invalidate',
      clause:
        'what a camera saw before it changed hands stays in the cache, under a key that does not name the ownership, and is served to those who may see it now',
    };
  if (found.property === 'KH002' && evidence.beside && !tried.crowded)
    return {
      decision: 'invalidate',
      clause: 'withdrawing a right removes only a part of what was stored: where several copies are kept, one stays, and a hit is served without asking',
    };
  if (found.property === 'KH002' && !operations.has('unshare') && !operations.has('unpublish'))
    return {
      decision: 'invalidate',
      clause:
        'deleting a camera, or handing it over, does not remove what was stored for those who might see it before, and a hit is served without asking about the caller',
    };
  if (found.property === 'KH002')
    return {
      decision: 'invalidate',
      clause: 'withdrawing a right does not remove what was stored under it, and a hit is served without asking whether the caller still may see the camera',
    };
  return unasked(evidence, tried);
}

function unasked(evidence: Evidence, tried: Tried): Decided {
  if (evidence.authorised === 'allowed' && !evidence.fetched && evidence.olderOwnership) return OLDER_OWNERSHIP;
  if (evidence.authorised === 'allowed' || evidence.fetched)
    return { decision: 'unknown', clause: 'a frame that the caller may not see is served although the origin was asked about the caller' };
  if (evidence.allowedElsewhere)
    return {
      decision: 'serve',
      clause: 'what the origin allowed a caller for one camera is remembered, and taken for every other camera that is in the cache',
    };
  const { operations } = evidence;
  if (operations.has('publish') && (operations.has('recreate') || operations.has('transfer')))
    return { decision: 'invalidate', clause: 'that a camera was public once is remembered after it was deleted or has changed hands' };
  if (tried.crowded)
    return { decision: 'buffer', clause: 'what was kept for one user is found by another who is given the room of it: it is not emptied before' };
  return {
    decision: 'serve',
    clause:
      'a hit is served without asking whether this caller may see the camera: rights are checked on a miss only, and the key of the entry does not name the caller',
  };
}
