import type { Situation } from '../../models/domain/situation.ts';
import { place, type Tally } from '../run/situations.ts';
import type { Capabilities } from '../targets/capabilities.ts';

/** The situations without which a green means nothing, for a target that can do this much. */
export function requiredSituations(capabilities: Capabilities): readonly Situation[] {
  const required: Situation[] = [
    'frame-received',
    'hit',
    'foreign-read-after-fill',
    'shared-read-after-fill',
    'read-after-unshare',
    'read-after-change-of-owner',
  ];
  if (capabilities.time) required.push('read-after-expiry');
  if (capabilities.concurrent) required.push('join-opportunity', 'late-fill');
  if (capabilities.channels && capabilities.told) required.push('read-through-closed-channel');
  if (capabilities.restart) required.push('read-after-restart');
  if (capabilities.configurations > 1) required.push('read-after-reconfigure');
  if (capabilities.credentials.includes('none')) required.push('anonymous-read-after-fill');
  if (capabilities.http) required.push('told-without-body', 'session-received');
  if (capabilities.capacity === null) required.push('more-keys-than-capacity');
  return required;
}

/** The property that is all that a situation is good for. */
const SEEN_BY: Partial<Record<Situation, string>> = { 'session-received': 'KH007', 'told-without-body': 'KH008' };

/**
 * The required situations that never occurred. `unseen`: properties that nobody could see broken. A cache that keeps nothing is not reproached for it where callers were seen to share what was
 * under way: that is all that it does, and it was tried.
 */
export function missingSituations(capabilities: Capabilities, tally: Tally, unseen: readonly string[]): readonly Situation[] {
  const joins = tally[place('joined')]! > 0;
  const isExcused = (situation: Situation): boolean => (situation === 'hit' && joins) || unseen.includes(SEEN_BY[situation] ?? '');
  return requiredSituations(capabilities).filter((situation) => tally[place(situation)] === 0 && !isExcused(situation));
}

/** What a cache needs in order to keep anything, after "check that it is". */
const KEEPING = 'switched on, that its key repeats for equal requests, and that the answers of the origin may be kept.';

/** What to do about a cache that holds, and never kept anything. */
export const JOINER_ADVICE: string = `If the cache is only there to join callers, nothing. If it should keep frames, it never did so here: check that it is ${KEEPING}`;

/** What to do about situations that never occurred; first what more programs would not change. `isTimed`: it was time that ended the check. */
export function adviceFor(missing: readonly Situation[], isTimed: boolean): string[] {
  const lasting = missing.flatMap((situation) => LASTING[situation] ?? []);
  const rare = missing.filter((situation) => LASTING[situation] === undefined);
  if (rare.length === 0) return lasting;
  const more = isTimed ? 'more time with --max-time: the programs that it had time for were too few' : 'more programs with --runs';
  return [...lasting, `Give the check ${more}. What never occurred may still do so: ${rare.join(', ')}.`];
}

const LASTING: Partial<Record<Situation, string>> = {
  'frame-received': 'No caller ever received a frame: check that the target asks the origin and returns what the origin gave it.',
  hit: `Nothing was ever served twice, at once or one after the other, so no cached answer was seen. Check that the cache is ${KEEPING}`,
};
