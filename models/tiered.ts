import { sharedEntries } from './lru.ts';
import type { Policy } from './policy.ts';

/**
 * A cache for good and for weak links: the low rendition is made from the high one where that is at hand, and kept under a
 * key of its own. Everybody who may see a camera shares its renditions; the origin is asked about the caller at every hit.
 */
export const tiered: Policy = {
  ...sharedEntries,
  fallback: (_request, _entry, why) => (why === 'rendition' ? 'ask' : 'miss'),
};
