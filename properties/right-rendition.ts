import type { Judge, Property } from './property.ts';

const judge: Judge = {
  answered(asking, frame, fallback, authority) {
    if (fallback || !authority.everMight(asking.user, frame.rights)) return null;
    if (frame.camera !== asking.camera) return 'camera';
    return frame.tier === asking.tier ? null : 'tier';
  },
};

/** KH004: integrity. The caller may see the frame, but it is not the one asked for. */
export const rightRendition: Property = {
  id: 'KH004',
  title: 'The camera and the tier asked for',
  severity: 'medium',
  meaning: 'The frame is of the camera and of the tier that were asked for, unless the cache says openly that it is a fallback.',
  source: 'homebridge-camera-ffmpeg #279; Next.js CVE-2025-49005; vLLM PYSEC-2025-43; incident classes M01 and M06.',
  blind: 'Frames that are right but old; a fallback that is declared and still unwanted.',
  kinds: {
    camera: 'given a frame that was once open to this caller, but had asked for another camera',
    tier: 'given a frame that was once open to this caller, but had asked for another tier',
  },
  begin: () => judge,
};
