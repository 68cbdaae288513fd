import type { Frame } from './domain/frame.ts';
import type { Request } from './domain/request.ts';
import type { ResponsePolicy } from './domain/world.ts';
import type { Notice, Reply } from './origin.ts';

/** A stored answer. */
export interface Entry {
  readonly key: string;
  readonly frame: Frame;
  /** The ownership that the frame was captured under, as the origin told. */
  readonly epoch: number;
  /** The request that brought it in. */
  readonly request: Request;
  readonly policy: ResponsePolicy;
  readonly storedMs: number;
  /** From this moment on it is stale. */
  readonly expiresMs: number;
}

/**
 * `serve`: hand it out. `ask`: hand it out if the origin allows it now, for this ownership of the camera. `miss`: as if it were not there.
 */
export type Serving = 'serve' | 'ask' | 'miss';

/** Why a stored answer is considered although it was not found as it was asked for. */
export type FallbackReason = 'rendition' | 'error';

/** The decisions that make a cache. A fixture replaces one of them. */
export interface Policy {
  /** What an entry is stored and found under. */
  key(request: Request): string;
  /** May the answer be stored? `overtaken`: while it was on its way, an invalidation fell that would have removed it. */
  admit(request: Request, reply: Reply, overtaken: boolean): boolean;
  /** Which concurrent misses share one fill; `null` shares with nobody. */
  join(request: Request): string | null;
  /** What a caller who joined the fill of another gets of it. */
  hand(request: Request, entry: Entry): Serving;
  /** May this caller have this entry now? */
  serve(request: Request, entry: Entry, nowMs: number): Serving;
  /** May this caller have an answer made from, or kept in, this entry although another was asked for? */
  fallback(request: Request, entry: Entry, why: FallbackReason): Serving;
  /** Does the entry fall when this happens? */
  invalidate(notice: Notice, entry: Entry): boolean;
}
