import type { Decision } from '../../models/domain/explanation.ts';
import type { Found } from './evaluate.ts';
import type { Evidence } from './evidence.ts';
import type { BrokenRule } from './http-evidence.ts';

/** What trying the program in other ways has shown. */
export interface Tried {
  /** The ids themselves make keys equal. */
  readonly ids: boolean;
  /** Nothing leaks when each request is answered before the next one comes. */
  readonly overlap: boolean;
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
      return { decision: 'buffer', clause: 'parts of different pictures are put into one answer' };
    case 'KH007':
      return headers(evidence);
    case 'KH008':
      return evidence.broken !== null
        ? RULES[evidence.broken]
        : { decision: 'serve', clause: 'a condition, or a HEAD, is answered from what is stored, without asking whether this caller may know of it' };
    case 'KH009':
      return { decision: 'invalidate', clause: 'a purge leaves a copy of what it should remove, under another key, in another variant or at another level' };
    case 'KH010':
      return evidence.lateFill ? LATE : { decision: 'invalidate', clause: 'what a camera saw before it was deleted stays in the cache, and is served on' };
    default:
      return tried.ids ? IDS : frame(found, evidence, tried);
  }
}

const IDS: Decided = { decision: 'key', clause: 'different users or cameras get the same key, because their ids are joined or cut so that they become equal' };

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
  if (evidence.crossed)
    return { decision: 'connection', clause: 'on a connection that several requests share, the reply to one of them is given to another that waits there' };
  if (evidence.refusedFetch)
    return { decision: 'fallback', clause: 'when the origin refuses the caller, what is kept for somebody else is handed out all the same' };
  if (evidence.afterFailure && !evidence.lateFill) return failed(evidence);
  if (evidence.joined) return joined(evidence);
  if (evidence.broken !== null) return RULES[evidence.broken];
  if (evidence.made && evidence.authorised === 'not asked')
    return { decision: 'fallback', clause: 'a rendition is made of a picture that is kept for somebody else, without asking whether this caller may see it' };
  if (!evidence.sameCamera) return { decision: 'key', clause: 'the entry is keyed without the camera, so that one camera answers for another' };
  if (found.property === 'KH004') return { decision: 'key', clause: 'the entry is keyed without the tier, so that one rendition answers for another' };
  if (evidence.lateFill) return LATE;
  if (evidence.authorised === 'refused') return { decision: 'serve', clause: 'a stored frame is served although the origin refused this caller' };
  if (tried.overlap && !evidence.changedSince)
    return {
      decision: 'key',
      clause: 'while one request is under way, another one changes what its answer is stored under: state of one request is kept where all of them share it',
    };
  return served(found, evidence);
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
  return {
    decision: 'join',
    clause: 'a caller who joins a fetch that is under way for somebody else receives its result although nobody asked whether this caller may have it',
  };
}

function served(found: Found, evidence: Evidence): Decided {
  // Without what the caller had received before, the shrunk program would not leak: something about him was kept.
  if (found.property === 'KH003' && found.kind === 'former' && evidence.hadBefore && !evidence.fetched)
    return { decision: 'invalidate', clause: 'what the origin once allowed a caller is remembered after the camera has changed hands, and no longer asked' };
  if (!evidence.changedSince) return unasked(evidence);
  const { operations } = evidence;
  if (found.property === 'KH005')
    return { decision: 'invalidate', clause: 'what was stored for a channel is still served after the channel was switched off, without asking the origin' };
  // Nothing that could be left out stands in a shrunk program: where time has to pass, the end of the lifetime is what was missed.
  if (found.property === 'KH002' && operations.has('advance'))
    return { decision: 'serve', clause: 'a stored frame is served beyond the lifetime that the origin gave it, to a user whose right was withdrawn' };
  // A visitor without any right has no part in who owns it: what is missing is the check.
  if (found.kind !== 'anonymous' && (operations.has('transfer') || operations.has('recreate')))
    return {
      decision: 'invalidate',
      clause:
        'what a camera saw before it changed hands stays in the cache, under a key that does not name the ownership, and is served to those who may see it now',
    };
  if (found.property === 'KH002')
    return {
      decision: 'invalidate',
      clause: 'withdrawing a right does not remove what was stored under it, and a hit is served without asking whether the caller still may see the camera',
    };
  return unasked(evidence);
}

function unasked(evidence: Evidence): Decided {
  if (evidence.authorised === 'allowed' || evidence.fetched)
    return { decision: 'unknown', clause: 'a frame that the caller may not see is served although the origin was asked about the caller' };
  if (evidence.allowedElsewhere)
    return {
      decision: 'serve',
      clause: 'what the origin allowed a caller for one camera is remembered, and taken for every other camera that is in the cache',
    };
  return {
    decision: 'serve',
    clause:
      'a hit is served without asking whether this caller may see the camera: rights are checked on a miss only, and the key of the entry does not name the caller',
  };
}
