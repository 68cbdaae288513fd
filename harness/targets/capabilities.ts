import { type Credential, ROOMY, type Spelling } from '../../models/domain/world.ts';
import type { LifetimeRule } from '../run/lifetime.ts';

/** What a target can be asked to do, and what it has been promised. Nothing outside this list is generated for it. */
export interface Capabilities {
  /** It is told when rights, owners or channels change. Revocation then binds at once, else at the end of a copy's lifetime. */
  readonly told: boolean;
  /** Contacts with the origin can be held back, so that requests overlap. */
  readonly concurrent: boolean;
  /** Several requests can come in one turn of its event loop. */
  readonly together: boolean;
  /** Its time can be moved. */
  readonly time: boolean;
  /** It is asked through more than one channel. They are switched off only where it is told. */
  readonly channels: boolean;
  /** Cameras can be made public. */
  readonly publish: boolean;
  /** It can be told to forget a camera. */
  readonly purge: boolean;
  readonly restart: boolean;
  /** How many configurations `reconfigure` chooses between; 1 where there is no choice. */
  readonly configurations: number;
  /** The ways in which a request may say who is asking. */
  readonly credentials: readonly Credential[];
  readonly spellings: readonly Spelling[];
  /** It speaks HTTP to the full: methods, conditions, ranges, validators, and headers and cookies of its own for each session. */
  readonly http: boolean;
  /** Whose word limits how long an answer may be kept. */
  readonly lifetimes: LifetimeRule;
  /** The lifetime that the origin grants where that is `granted`, in ms; `null` leaves the choice to the world. */
  readonly lifetimeMs: number | null;
  /**
   * It keeps its users apart: entries, room and all else. What one user is given then must not depend on what others do, and is compared with what
   * he is given alone. A cache that all users share may evict the entry of one for that of another, and is none.
   */
  readonly partitioned: boolean;
  /** How many entries it holds, where that is fixed; `null` where it takes the capacity of the world. */
  readonly capacity: number | null;
}

/** An in-process cache that can do everything. */
export const IN_PROCESS: Capabilities = {
  told: true,
  concurrent: true,
  together: false,
  time: true,
  channels: true,
  publish: true,
  purge: true,
  restart: true,
  configurations: 1,
  credentials: ['bearer', 'none'],
  spellings: ['path'],
  http: false,
  lifetimes: 'granted',
  lifetimeMs: null,
  partitioned: false,
  capacity: null,
};

/** What an HTTP edge can be asked beyond an in-process cache: it reads credentials and spellings off the request. */
export const HTTP_EDGE: Pick<Capabilities, 'credentials' | 'spellings' | 'http' | 'lifetimes'> = {
  credentials: ['bearer', 'cookie', 'query', 'header', 'none'],
  spellings: ['path', 'query'],
  http: true,
  lifetimes: 'http',
};

/** The same for a cache on the wire: nobody tells it its size, and the lifetime, in ms, is the one that the answers of the origin speak of. */
export const ON_THE_WIRE: typeof HTTP_EDGE & Pick<Capabilities, 'lifetimeMs' | 'capacity'> = { ...HTTP_EDGE, lifetimeMs: 60_000, capacity: ROOMY };
