import type { Judge, Property } from './property.ts';

function judgeOf(told: boolean): Judge {
  return {
    answered(asking, frame, _fallback, authority) {
      const { rights } = frame;
      if (!rights.deleted || asking.since <= rights.endedAt || !authority.may(asking.user, rights, asking.since)) return null;
      // Rule 4: a cache that is told nothing may go on until the lifetime of this very copy is over.
      return told || asking.sinceMs > frame.untilMs ? 'deleted' : null;
    },
  };
}

/** KH010: what was deleted is not served, not even to whom it belonged (rule 3). */
export const retainedFrame: Property = {
  id: 'KH010',
  title: 'Nothing of a deleted camera',
  severity: 'medium',
  meaning:
    'A call that begins after a camera was deleted receives no frame from before. It binds once the cache was told; where a cache is told nothing, at the end of the lifetime of the copy.',
  source: 'Regulation (EU) 2016/679, article 17; deleted cameras made anew under the same id: incident class M12.',
  blind: 'Copies that are kept and never served again.',
  kinds: { deleted: 'given a frame of their own that had been deleted with its camera' },
  begin: (_world, terms) => judgeOf(terms.told),
};
