import type { Target } from './target.ts';

/** Marks a target, whichever copy of this package made it: `instanceof` would tell two copies apart. */
const TARGET: unique symbol = Symbol.for('keyhole.target');

/** A target that was made by this package. */
export type BrandedTarget = Target & { readonly [TARGET]: true };

/** What `keyhole.config.ts` exports. */
export interface Config {
  /** What is checked. Names are unique. */
  readonly targets: readonly Target[];
  /** 32-bit integer that everything random follows from; drawn anew and printed where absent. */
  readonly seed?: number;
  /** Programs a target; each target's own default where absent. */
  readonly runs?: number;
  /** Longest time that all targets together may take, in ms: each gets an equal share of what is left. */
  readonly maxTimeMs?: number;
  /** Where counterexamples are kept, relative to the configuration. */
  readonly corpus?: string;
}

/** Gives a configuration its type, so that an editor helps to write it. */
export function defineConfig(config: Config): Config {
  return config;
}

/** Marks a target as one, and the copies that are made of it by spreading. */
export function brand(target: Target): BrandedTarget {
  return Object.defineProperty(target, TARGET, { value: true, enumerable: true }) as BrandedTarget;
}

export function isTarget(value: unknown): value is BrandedTarget {
  return typeof value === 'object' && value !== null && (value as { [TARGET]?: unknown })[TARGET] === true;
}
