import type { Situation } from '../run/situations.ts';
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

/** What to do about a situation that never occurred. */
export function adviceFor(situation: Situation): string {
  switch (situation) {
    case 'frame-received':
      return 'No caller ever received a frame: check that the target asks the origin and returns what the origin gave it.';
    case 'hit':
      return 'Nothing was ever served twice, so no cached answer was seen. Check that the cache is switched on, that its key repeats for equal requests, and that the answers of the origin may be kept.';
    default:
      return `The situation "${situation}" never occurred: give the check more programs with --runs.`;
  }
}
