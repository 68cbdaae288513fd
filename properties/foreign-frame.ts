import { ANONYMOUS } from '../models/domain/world.ts';
import type { Judge, Property } from './property.ts';

const judge: Judge = {
  answered(asking, frame, _fallback, authority) {
    if (authority.everMight(asking.user, frame.rights)) return null;
    if (asking.user === ANONYMOUS) return 'anonymous';
    return authority.knows(asking.user, frame.camera) ? null : 'stranger';
  },
};

/** KH001: the invariant the whole tool exists for. */
export const foreignFrame: Property = {
  id: 'KH001',
  title: 'No foreign frame',
  severity: 'critical',
  meaning: "Nobody receives a frame of a camera that they neither own nor were ever given. The frame's own mark says whose it is.",
  source: 'Xiaomi Mijia on Google Home Hub, January 2020; Wyze, September 2023 and February 2024; incident classes M01 to M10 and M13.',
  blind: 'Frames whose mark cannot be read; leaks in headers, cookies or timing; a person who looks over the right shoulder.',
  kinds: {
    stranger: 'a stranger to the camera: never its owner, and it was never shared with this caller',
    anonymous: 'an anonymous visitor, and the camera was not public in the ownership that the frame is from',
  },
  begin: () => judge,
};
