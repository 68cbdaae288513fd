import type { Judge, Property } from './property.ts';

const judge: Judge = {
  described(asking, frame, authority) {
    const { user, camera, since } = asking;
    if (frame !== null) return authority.everMight(user, frame.rights) ? null : 'validator';
    // Nothing says which frame it was: only who may see none of this camera was told too much.
    if (authority.may(user, authority.current[camera]!, since) || authority.knows(user, camera)) return null;
    return 'unnamed';
  },
};

/** KH008: what a caller may not see is not confirmed to him either. */
export const foreignValidator: Property = {
  id: 'KH008',
  title: 'No foreign validator',
  severity: 'medium',
  meaning: 'A 304, or the headers of a HEAD, speak only of frames that the caller might see: an ETag is as much an answer as the picture it names.',
  source: 'RFC 9110 sections 13.1.2 and 8.8.3; conditional requests answered from the store before the origin was asked; incident class M16.',
  blind: 'What can be learned from how long an answer takes, or from how long it is.',
  kinds: {
    validator: 'told, without receiving it, about a frame that was never open to this caller',
    unnamed: 'told that there is a picture of a camera that was never open to this caller',
  },
  begin: () => judge,
};
