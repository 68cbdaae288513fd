import { ANONYMOUS } from '../models/domain/world.ts';
import type { Judge, Property } from './property.ts';

const judge: Judge = {
  answered(asking, frame, _fallback, authority) {
    const { user } = asking;
    if (user === ANONYMOUS || authority.everMight(user, frame.rights) || !authority.knows(user, frame.camera)) return null;
    return frame.rights.current ? 'former' : 'successor';
  },
};

/** KH003: what a camera saw under one owner is not for the next one, nor the other way round. */
export const foreignEpoch: Property = {
  id: 'KH003',
  title: 'No frame across a change of owner',
  severity: 'critical',
  meaning:
    'A frame belongs to the ownership in which it was captured. Neither the new owner (or a sharee) receives what the former owner saw, nor the former owner what the new one sees.',
  source: 'Nest Cam Indoor resold, June 2019; Signal Android #840; pod IP reuse in kiam #499; incident classes M11 and M12.',
  blind:
    'Changes of owner that the origin never recorded; what a former owner saw, served again to somebody with whom both owners shared the camera, or while it is public under both: they might see it before.',
  kinds: {
    successor: 'allowed to see the camera under another owner, but not what it saw under this one',
    former: 'allowed to see what the camera saw before it changed hands, but not what it sees now',
  },
  begin: () => judge,
};
