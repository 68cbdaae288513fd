import type { Decision } from '../../models/domain/explanation.ts';
import type { Evidence } from './evidence.ts';
import type { BrokenRule } from './http-evidence.ts';

export interface Decided {
  readonly decision: Decision;
  readonly clause: string;
}

/** All that is said of a fault, by the decision that is wrong. */
const CLAUSES = {
  key: {
    ids: 'different users or cameras get the same key, because their ids are joined, cut, hashed or rewritten so that they become equal',
    camera: 'the entry is keyed without the camera, so that one camera answers for another',
    tier: 'the entry is keyed without the tier, so that one rendition answers for another',
    channel:
      'what was stored for a caller in one channel is served to the same caller through another one that is switched off: the key of the entry does not name the channel',
    ownership:
      'the origin is asked and allows the caller, who is served what was stored under an earlier ownership of the camera: it is taken for the present one',
    uri: 'the entry is keyed without a part of the URL, so that two different URLs share one answer',
    vary: 'the entry is served to a request that differs in a header named by its Vary',
    moved:
      'what was stored for one caller is moved to where its key does not name the caller, and a hit there is served without asking whether this caller may see the camera',
    replaced:
      'the origin is asked and gives a frame for this caller, and one that is kept from before is given out in its place: it is kept under something that different frames have in common',
    sharedState: 'while one request is under way, another one changes what its answer is stored under: state of one request is kept where all of them share it',
  },
  admit: {
    storing: 'an answer is stored that its Cache-Control, its Vary or the credentials of its request keep out of shared caches',
    late: 'what was fetched before rights changed is stored after the change, as if it were still true',
    misplaced: 'what was asked for before the cache was told of a change is stored after it, in a place that by then belongs to something else',
    background: 'what is kept is fetched anew behind the back of callers, and nobody asks whether those for whom it is kept may still see it',
  },
  join: {
    camera: 'requests for different cameras share one fetch that is under way, so that one receives the frame of the other',
    tier: 'requests for different tiers share one fetch that is under way, so that one receives the rendition of the other',
    channel: 'a caller joins a fetch of their own that is under way in one channel, and receives its result through another one that is switched off',
    own: 'a caller joins a fetch that is under way for another request of their own, and receives its result although nobody asked whether they may have it here',
    other: 'a caller who joins a fetch that is under way for somebody else receives its result although nobody asked whether this caller may have it',
    refused: 'a caller who joins a fetch that is under way receives its result although the origin refused this caller',
    allowed:
      'a caller whom the origin allows joins a fetch that is under way, and receives what was asked for under another ownership of the camera, or in another name',
    withdrawn: 'a caller joins what was asked for them before their right was withdrawn, and receives what comes of it',
    deleted: 'a caller joins what was asked for them before the camera was deleted, and receives what comes of it',
    letIn: 'a caller who waits for what the origin says about the rights of somebody else is let in by that answer',
  },
  serve: {
    unasked:
      'a hit is served without asking whether this caller may see the camera: rights are checked on a miss only, and the key of the entry does not name the caller',
    refused: 'a stored frame is served although the origin refused this caller',
    refusedAnyway: 'the origin refuses this caller, who is given all the same what is then fetched in another name',
    validation: 'an answer that must be validated at each use is served without asking the origin about this caller',
    allowedBefore: 'what the origin said about a caller before rights changed is used for what was stored, or fetched, after the change',
    refusalForgotten: 'that the origin refused a caller is forgotten after some time, and what is left of it is taken for a permission',
    condition: 'a condition, or a HEAD, is answered from what is stored, without asking whether this caller may know of it',
    allowedElsewhere: 'what the origin allowed a caller for one camera is remembered, and taken for every other camera that is in the cache',
    inAnotherName:
      'the frame is fetched in another name, of the service or of somebody else, and given to a caller of whom nobody asked whether they may see it',
    busy: 'while other requests are under way, a hit is served without asking whether this caller may have it',
    asAnother: 'a request is carried on as another one that is under way at the same time: who is asking, and for what, is kept where requests share it',
    mistaken:
      'who is asking is remembered from an earlier request, for a connection, for a part of a credential, or for whoever comes next: one caller is taken for another',
  },
  fallback: {
    failed: 'when the origin fails, what is kept for somebody else is served in its place, without asking whether this caller may have it',
    failedOwn: 'when the origin fails, what was stored for the caller is served in its place, without asking whether they still may have it',
    failedTooLong:
      'when the origin fails, what was stored for the caller is served in its place after its lifetime, without asking whether they still may have it',
    failedForgotten: 'when the origin fails, what the cache was told to forget is served in its place',
    failedBefore: 'after the origin has failed, it is not asked about callers any more for a time, and what is kept is served without it',
    impatient: 'when the origin takes long to answer, what is kept for somebody else is served in its place, without asking whether this caller may have it',
    leftAlone: 'when the caller goes away for whom the origin is asked, those who wait as well are given what is kept, without asking whether they may have it',
    refused: 'when the origin refuses the caller, what is kept for somebody else is handed out all the same',
    refusalIgnored: 'the origin refuses the caller, and a stored frame whose lifetime is over is served all the same, as if the origin had failed',
    refusalTooLate: 'a stored frame is served once more after its lifetime, while the origin is asked about the caller: its refusal comes too late',
    rendition: 'a rendition is made of a picture that is kept for somebody else, without asking whether this caller may see it',
  },
  invalidate: {
    deferred: 'what the cache is told takes effect only some time after it has said that it is done, and until then what was stored is served on',
    notFound: 'what should be removed is not found: where it is stored, or where it is looked for, depends on how the ids are spelled',
    beside: 'withdrawing a right removes only a part of what was stored: where several copies are kept, one stays, and a hit is served without asking',
    withdrawn: 'withdrawing a right does not remove what was stored under it, and a hit is served without asking whether the caller still may see the camera',
    lost: 'deleting a camera, or handing it over, does not remove what was stored for those who might see it before, and a hit is served without asking about the caller',
    handedOver:
      'what a camera saw before it changed hands stays in the cache, under a key that does not name the ownership, and is served to those who may see it now',
    remembered: 'what the origin once allowed a caller is remembered after the camera has changed hands, and no longer asked',
    rememberedRight: 'what the origin once allowed a caller is remembered after the right was withdrawn, and no longer asked',
    publicOnce: 'that a camera was public once is remembered after it was deleted or has changed hands',
    deleted: 'what a camera saw before it was deleted stays in the cache, and is served on',
    purged: 'a purge leaves a copy of what it should remove, under another key, in another variant or at another level',
    deaf: 'the cache is told to forget a camera (a notice of the kind "purge"), and what was stored for this very caller is served on',
    channelOff: 'what was stored for a channel is still served after the channel was switched off, without asking the origin',
    unlinked: 'what was stored for a user through a channel is still served there after this user unlinked it, without asking the origin',
    reopenedByEnabling: 'switching a channel on for everybody opens it again to a user whose link to it was removed',
    reopenedByLinking: 'linking one user to a channel opens it to that user again although it was switched off for everybody',
    broughtBack: 'what should be removed is not found at first, and is there again once somebody has asked for something since: that undoes the removal',
    backAfterWithdrawal:
      'what was removed when a right was withdrawn is there again some time later: a write that was waiting is still carried out, or what was noted about the right ends',
    backAfterHandover:
      'what was removed when a camera changed hands is there again some time later: a write that was waiting is still carried out, or what was noted about it ends',
    backAfterPurge: 'what was removed when the cache was told to forget a camera is there again some time later: a write that was waiting is still carried out',
    backAfterSwitchingOff:
      'what was removed when a channel was switched off is there again some time later: a write that was waiting is still carried out, or what was noted about the channel ends',
    backAfterDeletion:
      'what was removed when a camera was deleted is there again some time later: a write that was waiting is still carried out, or what was noted about it ends',
  },
  headers: {
    stored: 'headers, cookies or tokens that were made for one session are stored with the answer, and given to others with it',
    together: 'callers who wait for the same answer are given the headers, cookies or tokens that were made for the first of them',
    validated: 'after a 304 the headers, cookies or tokens go out that were stored, instead of those that came with it',
  },
  buffer: {
    torn: 'different pictures, or parts of them, are put into one answer',
    leftover: 'what is left of an earlier answer goes out with one to somebody else',
    abandoned: 'what is fetched for a caller who has gone away is still stored, in the place of what is kept there by then',
    overwritten:
      'what is kept for one request is overwritten by what is fetched for another: a buffer, a slot or an object is used again while an entry leads to it',
    mixedUp:
      'what is kept for one request comes into the place of what is kept for another: an entry, a slot or an index is moved or used again, and something still leads to it',
    sharedAnswer:
      'while one request is under way, another one puts its answer where both of them take it from: state of one request is kept where all of them share it',
    keptInstead:
      'the origin is asked and gives a frame for this caller, and what stays in the cache is given out in its place: the answer is made of what is kept, not of what was fetched',
    askedAnew: 'what an earlier request had asked the origin for is asked once more in the course of another one, which is given the answer to it',
    notEmptied: 'what was kept for one user is found by another who is given the room of it: it is not emptied before',
  },
  connection: {
    crossed: 'on a connection, or in a batch, that several requests share, the reply to one of them is given to another that waits there',
  },
  unknown: {
    asked: 'a frame that the caller may not see is served although the origin was asked about the caller',
    answer: 'what is made from the pictures of one user is kept where all share it, and goes into the answers to others',
    hit: 'whether something is kept, found or asked for again depends on what is in the pictures of others',
    company: 'users share something, although the cache is said to keep them apart',
  },
};

/** A decision at fault, and what is wrong with it. */
export function blame<Name extends keyof typeof CLAUSES>(decision: Name, fault: keyof (typeof CLAUSES)[Name]): Decided {
  return { decision, clause: CLAUSES[decision][fault] as string };
}

/** What is removed comes back with what is asked for after it. */
export const BROUGHT_BACK: Decided = blame('invalidate', 'broughtBack');

/** Clauses that cannot be told from the conditions where some stand before them: how they go on then. */
const CONTINUED: ReadonlyMap<string, string> = new Map([
  [CLAUSES.serve.condition, 'the cache tells of what is stored, without sending it, and does not ask whether this caller may know of it'],
  [CLAUSES.connection.crossed, 'where several requests share a connection, or a batch, the reply to one of them is given to another that waits there'],
]);

/** A cause in one sentence: under which conditions, each the beginning of a sentence, and what is wrong then. */
export function sentenceOf(conditions: readonly string[], clause: string): string {
  const words = conditions.length === 0 ? clause : [...conditions, CONTINUED.get(clause) ?? clause].join(', ');
  return `${words[0]!.toUpperCase()}${words.slice(1)}.`;
}

/** By the rule of HTTP caching that forbids the answer. */
export const BROKEN: Readonly<Record<Exclude<BrokenRule, null>, Decided>> = {
  uri: blame('key', 'uri'),
  storing: blame('admit', 'storing'),
  vary: blame('key', 'vary'),
  validation: blame('serve', 'validation'),
};

/** How a frame is served for too long, by what moved the end of its lifetime. */
const BEYOND = {
  'by use': 'whenever a stored frame is used its lifetime begins anew, so that it is served beyond the one that the origin gave it',
  'by validation': 'after the origin has said that a stored frame is unchanged, it is served beyond the lifetime that this answer gave it',
  'by others': 'what is stored for others makes a stored frame live longer, so that it is served beyond the lifetime that the origin gave it',
  unmoved: 'a stored frame is served beyond the lifetime that the origin gave it',
  ungiven: 'a stored frame is served on although the origin gave it no lifetime',
};

/** A frame is served for too long: to whom, or after what, ends the clause. */
export function servedBeyond({ renewed, ungiven }: Evidence, end: string): Decided {
  return { decision: 'serve', clause: `${BEYOND[ungiven ? 'ungiven' : (renewed ?? 'unmoved')]}, ${end}` };
}

/** What is remembered about a caller is used for too long: after what, ends the clause. */
export function rememberedBeyond(isRenewed: boolean, end: string): Decided {
  const told = 'what the origin once said about a caller';
  const beyond = isRenewed
    ? `whenever it is used, the lifetime of ${told} begins anew, so that it is used on`
    : `${told} is used beyond the lifetime that the origin gave it,`;
  return { decision: 'serve', clause: `${beyond} ${end}` };
}
