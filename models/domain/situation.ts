/**
 * What is worth having exercised. Counted from the program and from what the origin was asked, never from what the cache
 * says about itself: a correct cache per user has no cross-user hits, but must have had chances for them.
 */
export const SITUATIONS = [
  'frame-received',
  'refused',
  'hit',
  'joined',
  'foreign-read-after-fill',
  'shared-read-after-fill',
  'same-read-again',
  'other-tier-after-fill',
  'anonymous-read-after-fill',
  'read-after-unshare',
  'read-after-change-of-owner',
  'read-after-expiry',
  'refetch-while-fresh',
  'more-keys-than-capacity',
  'read-through-closed-channel',
  'read-after-reconfigure',
  'read-after-restart',
  'join-opportunity',
  'late-fill',
  'origin-failure',
  'caller-gone',
  'told-without-body',
  'session-received',
] as const;

export type Situation = (typeof SITUATIONS)[number];

/** What each situation means, as a sentence for a report. */
export const SITUATION_MEANING: Readonly<Record<Situation, string>> = {
  'frame-received': 'a caller received a frame',
  refused: 'a caller was turned away',
  hit: 'the same copy of a frame was handed out a second time: the cache does cache',
  joined: 'several callers received one copy of a frame at the same moment: the cache lets callers share what is under way',
  'foreign-read-after-fill': 'somebody without a right asked for what had just been given to somebody else',
  'shared-read-after-fill': 'somebody with a right asked for what had been given to somebody else',
  'same-read-again': 'a user asked again for what had been given to that user',
  'other-tier-after-fill': 'a camera was asked for in a tier that differs from the one given out before',
  'anonymous-read-after-fill': 'an anonymous visitor asked for what had been given to a user',
  'read-after-unshare': 'a user asked for what that user had received before the right to it was withdrawn',
  'read-after-change-of-owner': 'a camera was asked for after it changed hands, and frames from before had been given out',
  'read-after-expiry': 'something was asked for whose lifetime was over',
  'refetch-while-fresh': 'the origin was asked again for what was still fresh: something had been evicted, or was never kept',
  'more-keys-than-capacity': 'more different things were asked for than the cache may hold',
  'read-through-closed-channel': 'somebody asked through a channel that had been switched off',
  'read-after-reconfigure': 'something was asked for after the cache was reconfigured',
  'read-after-restart': 'something was asked for after the cache was restarted',
  'join-opportunity': 'somebody asked for what the origin was just being asked for on behalf of somebody else',
  'late-fill': 'the answer of the origin arrived after the rights in it had changed',
  'origin-failure': 'the origin failed or refused while a caller waited',
  'caller-gone': 'a caller went away before the answer came',
  'told-without-body': 'a caller was answered without a body: a 304, or the headers of a HEAD',
  'session-received': 'headers or cookies that the origin had made for one session reached a caller',
};
