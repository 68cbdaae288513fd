import type { Mark } from './frame.ts';
import type { Operation } from './operation.ts';

/** One thing that happened in a run, at an instant (the number of the operation) and a moment of virtual time. */
export type HistoryEvent = { readonly at: number; readonly ms: number } & (
  | { readonly event: 'operation'; readonly operation: Operation }
  | { readonly event: 'asked'; readonly call: number; readonly user: number; readonly camera: number; readonly template: number }
  | { readonly event: 'contact'; readonly call: number; readonly contact: 'authorise' | 'fetch'; readonly held: boolean }
  | { readonly event: 'origin'; readonly call: number; readonly contact: 'authorise' | 'fetch'; readonly status: string }
  | { readonly event: 'answered'; readonly call: number; readonly frame: Mark; readonly fallback: boolean }
  | { readonly event: 'refused'; readonly call: number; readonly status: string }
  | { readonly event: 'cancelled'; readonly call: number }
  | { readonly event: 'violation'; readonly call: number; readonly property: string; readonly kind: string }
);

/** What happened, in order. */
export type History = readonly HistoryEvent[];
