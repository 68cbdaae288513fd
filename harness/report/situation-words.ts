import { type Situation, SITUATION_MEANING } from '../../models/domain/situation.ts';
import { lookUp } from './look-up.ts';

/** A situation that a check may meet, for a reader who has not read the code. */
export interface SituationWords {
  readonly name: string;
  readonly meaning: string;
}

/** The words for a situation by its id; an id that is not known here is its own name. */
export function situationWords(id: string): SituationWords {
  const name = lookUp(NAMES, id);
  return name === undefined ? { name: id.replaceAll('-', ' '), meaning: '' } : { name, meaning: sentence(SITUATION_MEANING[id as Situation]) };
}

/** Where a situation stands in a table: what leaks need most comes first, what is not known here last. */
export function situationRank(id: string): number {
  const place = Object.keys(NAMES).indexOf(id);
  return place < 0 ? Number.MAX_SAFE_INTEGER : place;
}

function sentence(words: string): string {
  return `${words[0]!.toUpperCase()}${words.slice(1)}.`;
}

const NAMES: Readonly<Record<Situation, string>> = {
  'foreign-read-after-fill': 'Chance for a stranger',
  'shared-read-after-fill': 'Read by a second person',
  'anonymous-read-after-fill': 'Chance for a visitor',
  'read-after-unshare': 'Read after a share ended',
  'read-after-change-of-owner': 'Read after a change of owner',
  'read-through-closed-channel': 'Read through a closed channel',
  'read-after-expiry': 'Read after expiry',
  'join-opportunity': 'Two at once',
  'late-fill': 'Late answer of the origin',
  'caller-gone': 'Caller gone',
  hit: 'Answer from the cache',
  joined: 'Answer shared by callers who waited',
  'same-read-again': 'Same read again',
  'other-tier-after-fill': 'Other tier',
  'more-keys-than-capacity': 'More than fits',
  'refetch-while-fresh': 'Fetched again while fresh',
  'read-after-restart': 'Read after a restart',
  'read-after-reconfigure': 'Read after a change of configuration',
  'origin-failure': 'Failure of the origin',
  'session-received': 'Headers for a session',
  'told-without-body': 'Told without a body',
  'frame-received': 'Frame received',
  refused: 'Turned away',
};
