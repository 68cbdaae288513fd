import type { Session } from '../../models/origin.ts';
import type { Stage } from '../run/stage.ts';
import type { Step } from '../run/step.ts';
import type { Capabilities } from './capabilities.ts';

/** A session of a target that does not answer while it is asked. */
export interface AsyncSession extends Session {
  /**
   * Waits until nothing moves any more: every call is answered, or held at the origin, or waits inside the cache.
   * Rejects with a {@link TargetFault} when a call can no longer be answered.
   */
  settle(): Promise<void>;
  /** Gives real time to what cannot be seen, before a call is taken for one that is never answered. Resolves to whether anything came of it. */
  linger?(): Promise<boolean>;
  /**
   * Waits until the hook that was called last has returned, and no longer: what it was told binds from then on, also where what it set off is still
   * under way. Absent where a session cannot tell.
   */
  settleHook?(): Promise<void>;
  /**
   * Calls back as soon as no promise can go on by itself any more. A session that has it can be asked then whether it has come to
   * rest, so that mostly nothing has to be awaited.
   */
  whenDrained?(then: () => void): void;
  /** How often the cache asked the origin so far on behalf of somebody who was not waiting for that picture. Absent where nobody could tell. */
  readonly strays?: number;
  /** Requests that ended with an error of the cache itself: the origin had refused and failed nobody in the session. Absent where nobody could tell. */
  readonly mishaps?: Mishaps;
  /** Whether there is nothing that `settle` would wait for. Only to be asked when no promise can go on by itself. */
  isSettled?(): boolean;
}

/** Errors that may be meant, and may be why nothing is ever found in the cache. */
export interface Mishaps {
  readonly count: number;
  /** The first of them: its name, what it says, and where it was thrown. */
  readonly first: string;
}

export const NO_MISHAPS: Mishaps = { count: 0, first: '' };

/** Mishaps and those that came later. */
export function withMore(mishaps: Mishaps, later: Mishaps): Mishaps {
  return later.count === 0 ? mishaps : { count: mishaps.count + later.count, first: mishaps.first || later.first };
}

export interface OpenOptions {
  /**
   * Wraps the cache, at the rawest level that the adapter has, so that every caller receives what the first one received.
   * A check that does not notice is blind, and its green would mean nothing.
   */
  readonly tripwire: boolean;
  /** What is going to be played, so many of these steps: what a cache makes of the bytes of frames has to come out again when it is repeated. */
  readonly steps?: readonly Step[];
  readonly length?: number;
}

/** What is tested: a cache, or anything with a cache in it. It answers; it never judges. */
export interface Target {
  /** Short, unique, fit for a command line: `lower-case-with-dashes`. */
  readonly name: string;
  readonly kind: 'model' | 'function' | 'app' | 'client' | 'proxy';
  /** What it is, in one line. */
  readonly title: string;
  /** What really answered: the package and its version, a mock or a real server. A report always says it. */
  readonly evidence: string;
  readonly capabilities: Capabilities;
  /** How many programs a check runs unless told otherwise. */
  readonly defaultRuns: number;
  /** Opens an empty cache whose origin, clock and audience is the stage. An asynchronous target returns an {@link AsyncSession}. */
  open(stage: Stage, options?: OpenOptions): Session | Promise<AsyncSession>;
  /** Frees what is kept between sessions (a listening socket, a child process). */
  dispose?(): Promise<void>;
}

/** The target, or what it stands on, is at fault: it threw where it must not, hung, answered twice, or said what cannot be read. Exit code 3. */
export class TargetFault extends Error {
  override readonly name = 'TargetFault';
  /** What the reader can do about it. */
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}
