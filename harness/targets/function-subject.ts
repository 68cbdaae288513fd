import type { Request } from '../../models/domain/request.ts';
import type { Notice } from '../../models/origin.ts';
import type { Answer } from './function-answer.ts';
import type { OriginApi } from './origin-api.ts';

declare global {
  // Filled by the types of Node or of the DOM; where a project has neither, a signal is a value that it cannot look into.
  // oxlint-disable-next-line typescript/no-empty-object-type -- It is merged with the declaration that has the members.
  interface AbortSignal {}
}

/** What a cache is opened with: all that it needs from outside, and nothing that it could cheat with. */
export interface Environment {
  readonly origin: OriginApi;
  /** Virtual time in ms, from 0. `Date`, `performance.now` and timers are moved with it, so that most caches need no clock. */
  readonly clock: { now(): number };
  /** How many entries the cache should hold. Worlds differ in it, so that evictions happen soon. */
  readonly capacity: number;
  /** How long the origin lets an answer be kept, in ms. Every answer says it too, as `maxAgeMs`. */
  readonly lifetimeMs: number;
}

/** What the cache is told: rights, owners or channels changed, or a camera is to be forgotten. */
export interface SubjectNotice {
  readonly kind: Exclude<Notice['kind'], 'advance' | 'restart' | 'reconfigure'>;
  /** Camera id, or the empty string where the notice is about a channel. */
  readonly camera: string;
  /** User id, or the empty string where no single user is concerned. */
  readonly user: string;
  readonly channel: string;
}

/** What a target may offer beyond answering. Each hook that is there lets the harness do more. */
export interface Hooks {
  /** Told of each change of rights. Revocation then binds from the moment it returned; without it, at the end of a copy's lifetime. */
  invalidate?(notice: SubjectNotice): void | Promise<void>;
  /** The process is started anew; what it kept elsewhere stays. */
  restart?(): void | Promise<void>;
  /** Puts the cache under another of its configurations. */
  reconfigure?(to: number): void | Promise<void>;
  /** Ages what lives outside this process by so many ms: a Redis, a file. */
  advance?(byMs: number): void | Promise<void>;
  /** Resolves when all that was sent out before has had its effect. Needed where the cache does real input or output. */
  fence?(): Promise<void>;
  close?(): void | Promise<void>;
}

/** A cache, as a function. */
export interface Subject extends Hooks {
  /**
   * Answers one request on behalf of one caller. `signal` is aborted when the caller goes away; it is only made for a function
   * that declares a second parameter.
   */
  get(request: Request, signal: AbortSignal): Answer | Promise<Answer>;
}
