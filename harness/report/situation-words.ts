import { lookUp } from './look-up.ts';

/** A situation that a check may meet, for a reader who has not read the code. */
export interface SituationWords {
  readonly name: string;
  readonly meaning: string;
}

/** The words for a situation by its id; an id that is not known here is its own name. */
export function situationWords(id: string): SituationWords {
  return lookUp(SITUATION_WORDS, id) ?? { name: id.replaceAll('-', ' '), meaning: '' };
}

/** Where a situation stands in a table: what leaks need most comes first, what is not known here last. */
export function situationRank(id: string): number {
  const place = Object.keys(SITUATION_WORDS).indexOf(id);
  return place < 0 ? Number.MAX_SAFE_INTEGER : place;
}

const SITUATION_WORDS: Readonly<Record<string, SituationWords>> = {
  'foreign-read-after-fill': { name: 'Chance for a stranger', meaning: 'Somebody without a right asked for what had just been given to somebody else.' },
  'shared-read-after-fill': { name: 'Read by a second person', meaning: 'Somebody with a right asked for what had been given to somebody else.' },
  'anonymous-read-after-fill': { name: 'Chance for a visitor', meaning: 'An anonymous visitor asked for what had been given to a user.' },
  'read-after-unshare': { name: 'Read after a share ended', meaning: 'A user asked for what he had received before his right was withdrawn.' },
  'read-after-change-of-owner': {
    name: 'Read after a change of owner',
    meaning: 'A camera was asked for after it changed hands, and frames from before had been given out.',
  },
  'read-through-closed-channel': { name: 'Read through a closed channel', meaning: 'Somebody asked through a channel that had been switched off.' },
  'read-after-expiry': { name: 'Read after expiry', meaning: 'Something was asked for whose lifetime was over.' },
  'join-opportunity': { name: 'Two at once', meaning: 'Somebody asked for what the origin was just being asked for on behalf of somebody else.' },
  'late-fill': { name: 'Late answer of the origin', meaning: 'The answer of the origin arrived after the rights in it had changed.' },
  'caller-gone': { name: 'Caller gone', meaning: 'A caller went away before the answer came.' },
  hit: { name: 'Answer from the cache', meaning: 'The same copy of a frame was handed out a second time: the cache does cache.' },
  'same-read-again': { name: 'Same read again', meaning: 'A user asked again for what he had been given.' },
  'other-tier-after-fill': { name: 'Other tier', meaning: 'A camera was asked for in a tier that differs from the one given out before.' },
  'more-keys-than-capacity': { name: 'More than fits', meaning: 'More different things were asked for than the cache may hold.' },
  'refetch-while-fresh': {
    name: 'Fetched again while fresh',
    meaning: 'The origin was asked again for what was still fresh: something had been evicted, or was never kept.',
  },
  'read-after-restart': { name: 'Read after a restart', meaning: 'Something was asked for after the cache was restarted.' },
  'read-after-reconfigure': { name: 'Read after a change of configuration', meaning: 'Something was asked for after the cache was reconfigured.' },
  'origin-failure': { name: 'Failure of the origin', meaning: 'The origin failed or refused while a caller waited.' },
  'session-received': { name: 'Headers for a session', meaning: 'Headers or cookies that the origin had made for one session reached a caller.' },
  'told-without-body': { name: 'Told without a body', meaning: 'A caller was answered without a body: a 304, or the headers of a HEAD.' },
  'frame-received': { name: 'Frame received', meaning: 'A caller received a frame.' },
  refused: { name: 'Turned away', meaning: 'A caller was turned away.' },
};
