import { type Authority, type Epoch, type MarkedFrame, NEVER } from '../models/domain/authority.ts';
import { ANONYMOUS } from '../models/domain/world.ts';
import type { Asking, Judge, Property, Terms } from './property.ts';

/** The right was held until the camera changed hands: nobody withdrew it. */
function endedWithEpoch(user: number, rights: Epoch): boolean {
  return rights.lostAt[user + 1] === rights.endedAt || rights.publicLostAt === rights.endedAt;
}

/**
 * Rule 4: a cache that is told nothing may go on until the lifetime of this very copy is over. A copy that the origin gave to others later speaks of
 * nobody who had lost their right by then: for those, what it last said about them is over when the answer in which it did may be kept no longer.
 */
function graceOf({ user }: Asking, { rights, madeAt, untilMs, camera }: MarkedFrame, authority: Authority): number {
  const lostAt = Math.max(rights.lostAt[user + 1]!, rights.publicLostAt);
  return madeAt > lostAt ? authority.mayBeTakenUntilMs(user, camera) : untilMs;
}

function judgeOf(terms: Terms): Judge {
  return {
    answered(asking, frame, _fallback, authority) {
      const { user, since } = asking;
      if (!authority.everMight(user, frame.rights) || authority.may(user, frame.rights, since)) return null;
      // Whose right only ended with the ownership, and who may see the camera as it is now, had it changed, not taken: retention, not a leak.
      if (endedWithEpoch(user, frame.rights) && authority.may(user, authority.current[frame.camera]!, since)) return null;
      if (!terms.told && asking.sinceMs <= graceOf(asking, frame, authority)) return null;
      if (user === ANONYMOUS || frame.rights.lostAt[user + 1] === NEVER) return 'unpublished';
      return 'unshared';
    },
  };
}

/** KH002: a right that was taken back is gone. */
export const revokedFrame: Property = {
  id: 'KH002',
  title: 'No frame after revocation',
  severity: 'high',
  meaning:
    'A call that begins after a share was withdrawn yields no frame of that camera. It binds once the cache was told; where a cache is told nothing, at the end of the lifetime that the origin gave to the ' +
    'copy it serves, and for a copy from after the withdrawal, to its last answer about this very caller.',
  source: 'Nest Cam Indoor resold, June 2019; NocoDB CVE-2026-46554; Mattermost CVE-2026-1629; incident class M11.',
  blind:
    'A revocation that the origin itself forgets; old frames served to somebody whose right was withdrawn and given back; copies that the former sharee kept.',
  kinds: {
    unshared: 'no longer allowed: the camera was shared with this caller once, and the share had been withdrawn before the call began',
    unpublished: 'no longer allowed: the camera was public once, and no longer when the call began',
  },
  begin: (_world, terms) => judgeOf(terms),
};
