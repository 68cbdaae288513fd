import type { Mark } from './frame.ts';
import type { Operation } from './operation.ts';

/** One thing that happened in a run, at an instant (the number of the operation) and a moment of virtual time. */
export type HistoryEvent = { readonly at: number; readonly ms: number } & (
  | { readonly event: 'operation'; readonly operation: Operation }
  | { readonly event: 'asked'; readonly call: number; readonly user: number; readonly camera: number; readonly template: number }
  /** `call` is -1 where the origin is asked on behalf of no call, such as by a timer. */
  | { readonly event: 'contact'; readonly call: number; readonly contact: 'authorise' | 'fetch'; readonly held: boolean; readonly of?: Errand | undefined }
  | { readonly event: 'origin'; readonly call: number; readonly contact: 'authorise' | 'fetch'; readonly status: string }
  | { readonly event: 'answered'; readonly call: number; readonly frame: Mark; readonly fallback: boolean }
  /** A 304, or the headers of a HEAD; `null` where they do not say of which frame. */
  | { readonly event: 'described'; readonly call: number; readonly frame: Mark | null }
  /** A nonce in headers or cookies. `party`: the index of the user whose session it names, or a number below -1 for an anonymous visitor. */
  | { readonly event: 'header'; readonly call: number; readonly party: number }
  | { readonly event: 'refused'; readonly call: number; readonly status: string }
  /** The picture that a call received, as a `data:` URL: right after its `answered` or `refused`. */
  | { readonly event: 'shown'; readonly call: number; readonly picture: string }
  | { readonly event: 'cancelled'; readonly call: number }
  /** What the call would have come to here in a second run, where that is compared with this one. */
  | { readonly event: 'otherwise'; readonly call: number; readonly instead: Instead }
  | { readonly event: 'violation'; readonly call: number; readonly property: string; readonly kind: string }
);

/** What the origin is asked about, where that is not what the call asks for, or there is no call. `user` is null for the service's own credential. */
export interface Errand {
  readonly user: number | null;
  readonly camera: number;
}

/**
 * What a second run brings instead: `unlike`, the same sort of answer with something else in it; `nothing`, no answer and no contact; or what the
 * event of that name says.
 */
export type Instead = 'answered' | 'refused' | 'described' | 'header' | 'contact' | 'nothing' | 'unlike';

/** What happened, in order. */
export type History = readonly HistoryEvent[];
