import type { Judge, Property } from './property.ts';

const judge: Judge = {
  torn(_asking, first, other) {
    const isSame = first.rights === other.rights && first.camera === other.camera && first.sequence === other.sequence;
    return isSame ? null : 'torn';
  },
};

/** KH006: one answer, one frame. */
export const wholeFrame: Property = {
  id: 'KH006',
  title: 'One frame in an answer',
  severity: 'high',
  meaning: 'An answer holds one picture. Two, or parts of two, whoever they belong to, mean that buffers or answers were mixed.',
  source: 'Jetty CVE-2019-17638, one buffer for two answers; ranges of two versions joined (RFC 9110 section 14.4); incident classes M09 and M18.',
  blind: 'Pictures that were mixed so finely that neither mark can be read.',
  kinds: { torn: 'given an answer that holds more than one picture, or parts of them' },
  begin: () => judge,
};
