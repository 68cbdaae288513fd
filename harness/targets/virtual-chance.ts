// oxlint-disable eslint/no-restricted-properties -- What stands in for chance is what this is about.
import { Random } from '../search/random.ts';

const BITS_26 = 2 ** 26;
const BITS_32 = 2 ** 32;

const native = Math.random;

/**
 * Lets `Math.random` give the numbers of a session until `end()` is called: the same whenever the same program is played, so that what a cache
 * leaves to chance (a spread of lifetimes, a sample of entries to evict) comes out again. Somebody else's replacement stays as it is.
 */
export function beginChance(session: number): { end(): void } {
  if (Math.random !== native) return { end: () => {} };
  const random = new Random(session | 0, Math.floor(session / BITS_32));
  const ours = (): number => ((random.next() >>> 5) * BITS_26 + (random.next() >>> 6)) / (BITS_32 * 2 ** 21);
  Math.random = ours;
  return {
    end: () => {
      if (Math.random === ours) Math.random = native;
    },
  };
}
