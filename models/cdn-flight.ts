import type { StoredAnswer } from './cdn.ts';
import type { Frame } from './domain/frame.ts';
import type { Request } from './domain/request.ts';
import type { Call } from './origin.ts';
import type { Entry } from './policy.ts';

/** A contact of an edge with its origin: for one caller and for those who wait with him, or for nobody, to bring something up to date. */
export interface Flight {
  /** What others may join it under; `null` for a fetch that is for one caller only. */
  readonly joined: string | null;
  readonly request: Request;
  /** What the origin is asked about: is it still right? `null` where the whole is fetched. */
  readonly stale: StoredAnswer | null;
  /** Nobody waits for it: the caller who set it off has his answer. */
  readonly isRefresh: boolean;
  /** When the origin was asked, in ms of virtual time. */
  readonly askedMs: number;
  readonly waiters: Call[];
  /** Something fell meanwhile that would have removed what is being fetched. */
  overtaken: boolean;
  landed: boolean;
  readonly life: number;
}

export function newFlight(request: Request, about: Pick<Flight, 'joined' | 'stale' | 'isRefresh' | 'askedMs' | 'life'>): Flight {
  const { joined, stale, isRefresh, askedMs, life } = about;
  return { joined, request, stale, isRefresh, askedMs, waiters: [], overtaken: false, landed: false, life };
}

const NO_FRAME: Frame = { tier: 'high' };
const NO_POLICY = { cacheControl: '', vary: '' };

/** What a flight is going to bring, as far as that is known before it lands. */
export function expectedOf({ request, askedMs }: Flight): Entry {
  return { key: '', frame: NO_FRAME, epoch: -1, request, policy: NO_POLICY, storedMs: askedMs, expiresMs: askedMs };
}
