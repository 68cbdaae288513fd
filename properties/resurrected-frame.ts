import type { Judge, Property } from './property.ts';

const judge: Judge = {
  answered(asking, frame, _fallback, authority) {
    const purgedAt = authority.purgedAt[frame.camera]!;
    if (frame.madeAt > purgedAt || asking.since <= purgedAt || !authority.everMight(asking.user, frame.rights)) return null;
    return 'purged';
  },
};

/** KH009: what was purged is gone. */
export const resurrectedFrame: Property = {
  id: 'KH009',
  title: 'Nothing from before a purge',
  severity: 'medium',
  meaning: 'A call that begins after the cache was told to forget a camera receives no copy that the origin had given out before.',
  source: 'dotCMS PR 35458, one of two regions flushed; Rack::Session::Pool CVE-2025-46336; incident classes M05 and M14.',
  blind: 'Copies that are kept and never served again; answers that were still on their way when the purge came.',
  kinds: { purged: 'given a copy of a picture of a camera that the cache had been told to forget' },
  begin: () => judge,
};
