import type { Judge, Property } from './property.ts';

const judge: Judge = {
  answered(asking, frame, _fallback, authority) {
    if (!authority.channelWasOpen(asking.channel, asking.since)) return 'disabled';
    // What everybody may see, the caller may see as a visitor: the link has nothing to do with it.
    if (frame.rights.publicLostAt >= asking.since) return null;
    return authority.linkWasOpen(asking.user, asking.channel, asking.since) ? null : 'unlinked';
  },
};

/** KH005: a channel that was switched off is off, also for what was cached. */
export const disabledChannel: Property = {
  id: 'KH005',
  title: 'Nothing through a disabled channel',
  severity: 'high',
  meaning: 'From the moment a channel is switched off, for everybody or for one user, no call that begins later receives a frame through it, cached or not.',
  source: 'Google switched the whole Xiaomi integration off on 2 January 2020; Nest with Wink, June 2019.',
  blind: 'Frames that the partner had already taken away.',
  kinds: {
    disabled: 'asking through a channel that had been switched off for everybody',
    unlinked: 'asking through a channel that had been unlinked from the account',
  },
  begin: () => judge,
};
