/** The decisions of a cache that can be at fault. */
export type Decision = 'key' | 'admit' | 'join' | 'serve' | 'fallback' | 'invalidate' | 'headers' | 'buffer' | 'connection' | 'unknown';

/** Why a counterexample leaks. */
export interface Explanation {
  readonly decision: Decision;
  /** The decision at fault and when it goes wrong, in one sentence. */
  readonly sentence: string;
  /** Parts of the program without which nothing leaks, in words. */
  readonly matters: readonly string[];
  /** Parts that can be anything. */
  readonly indifferent: readonly string[];
}
