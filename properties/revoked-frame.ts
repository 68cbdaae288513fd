import { type Epoch, NEVER } from '../models/domain/authority.ts';
import { ANONYMOUS } from '../models/domain/world.ts';
import type { Judge, Property, Terms } from './property.ts';

/** The right was held until the camera changed hands: nobody withdrew it. */
function endedWithEpoch(user: number, rights: Epoch): boolean {
  return rights.lostAt[user + 1] === rights.endedAt || rights.publicLostAt === rights.endedAt;
}

function judgeOf(terms: Terms): Judge {
  return {
    answered(asking, frame, _fallback, authority) {
      const { user, since } = asking;
      if (!authority.everMight(user, frame.rights) || authority.may(user, frame.rights, since)) return null;
      // Whose right only ended with the ownership, and who may see the camera as it is now, had it changed, not taken: retention, not a leak.
      if (endedWithEpoch(user, frame.rights) && authority.may(user, authority.current[frame.camera]!, since)) return null;
      // Rule 4: a cache that is told nothing may go on until the lifetime of this very copy is over.
      if (!terms.told && asking.sinceMs <= frame.untilMs) return null;
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
    'A call that begins after a share was withdrawn yields no frame of that camera. It binds once the cache was told; where a cache is told nothing, at the end of the lifetime that the origin gave to the copy it serves.',
  source: 'Nest Cam Indoor resold, June 2019; NocoDB CVE-2026-46554; Mattermost CVE-2026-1629; incident class M11.',
  blind:
    'Where the cache is told nothing: permissions that are kept for longer than frames, by a cache that fetches frames anew with its own credential; ' +
    'a revocation that the origin itself forgets; old frames served to somebody whose right was withdrawn and given back; copies that the former sharee kept.',
  kinds: {
    unshared: 'no longer allowed: the camera was shared with this caller once, and the share had been withdrawn before the call began',
    unpublished: 'no longer allowed: the camera was public once, and had been made private before the call began',
  },
  begin: (_world, terms) => judgeOf(terms),
};
