import type { Judged } from './judge-derived.ts';
import type { Leg } from './soak-leg.ts';

/** What a thread of the self-test is asked to do; plain values. */
export type Task =
  | { readonly kind: 'derived'; readonly id: string; readonly seed: number; readonly operations: number; readonly programs: number }
  | { readonly kind: 'soak'; readonly target: string; readonly seed: number; readonly operations: number };

export interface TaskResults {
  readonly derived: Judged;
  readonly soak: Leg;
}

/** What a thread answers. */
export type TaskSaid = { readonly result: TaskResults[Task['kind']] } | { readonly error: string };
