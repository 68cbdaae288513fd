import { disabledChannel } from './disabled-channel.ts';
import { foreignEpoch } from './foreign-epoch.ts';
import { foreignFrame } from './foreign-frame.ts';
import { foreignSession } from './foreign-session.ts';
import { foreignValidator } from './foreign-validator.ts';
import { nonInterference } from './non-interference.ts';
import type { Property } from './property.ts';
import { resurrectedFrame } from './resurrected-frame.ts';
import { retainedFrame } from './retained-frame.ts';
import { revokedFrame } from './revoked-frame.ts';
import { rightRendition } from './right-rendition.ts';
import { wholeFrame } from './whole-frame.ts';

/** Every property, by id. An id is never given to another meaning. */
export const PROPERTIES: readonly Property[] = [
  foreignFrame,
  revokedFrame,
  foreignEpoch,
  rightRendition,
  disabledChannel,
  wholeFrame,
  foreignSession,
  foreignValidator,
  resurrectedFrame,
  retainedFrame,
  nonInterference,
];

/** The property with this id. */
export function propertyOf(id: string): Property | undefined {
  return PROPERTIES.find((property) => property.id === id);
}
