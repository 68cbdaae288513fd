import type { Frame } from './domain/frame.ts';
import type { Request } from './domain/request.ts';
import type { ResponsePolicy, Tier } from './domain/world.ts';

/** A request on its way: who waits for the answer. One object per call, made by the harness. */
export interface Call {
  readonly request: Request;
  /** The frame that the caller says he has already (`If-None-Match` with its validator), or null. */
  readonly known: Frame | null;
  /** A free place for the cache's own state about this call; `null` when the call begins. */
  slot: unknown;
}

/**
 * `ok` with a frame; `unchanged`, what was said to be known is still the picture; `refused`, the origin denies it; `error`, it
 * failed; `dropped`, the connection broke.
 */
export type ReplyStatus = 'ok' | 'unchanged' | 'refused' | 'error' | 'dropped';

/** Nobody's session: an answer without nonces. Users are their indexes; anonymous visitors are numbers below this one, each his own. */
export const NO_PARTY = -1;

/** What the origin answers. Valid until the handler that receives it returns: copy what is to be kept. */
export interface Reply {
  readonly status: ReplyStatus;
  /** The frame, for a `fetch` that went well. */
  readonly frame: Frame | null;
  /** Which ownership of the camera the answer speaks of: two answers with different epochs do not go together. */
  readonly epoch: number;
  /** How long an in-process cache may keep the answer, in ms of virtual time. */
  readonly lifetimeMs: number;
  /** What an HTTP cache is told about keeping it. */
  readonly policy: ResponsePolicy;
  /** Whose session the headers and cookies of the answer speak of; {@link NO_PARTY} where they hold none. */
  readonly party: number;
  /** How long ago the origin gave it out, in ms, where another cache passes it on (RFC 9111 section 4.2.3); absent from the origin itself. */
  readonly ageMs?: number;
}

export type Contact = 'authorise' | 'fetch';

/** Who is told when the origin answers. */
export interface Waiting {
  resume(call: Call, contact: Contact, reply: Reply): void;
}

/** The source of frames and of rights, as a cache sees it. It may answer at once, or later, or after others. */
export interface Origin {
  /** Virtual time, in ms. */
  now(): number;
  /** Asks whether the caller may see the camera now, through the channel of the request. */
  authorise(call: Call, waiting: Waiting): void;
  /** Fetches the frame on the caller's behalf; the origin refuses when the caller may not see it. */
  fetch(call: Call, tier: Tier, waiting: Waiting): void;
  /** The same, unless `known` is still what the camera shows: then the answer is `unchanged` (RFC 9111 section 4.3). */
  revalidate(call: Call, tier: Tier, known: Frame, waiting: Waiting): void;
}

/** What a cache is told when rights, frames, owners or its own conditions change. Valid until the handler returns. */
export interface Notice {
  readonly kind:
    | 'share'
    | 'unshare'
    | 'publish'
    | 'unpublish'
    | 'transfer'
    | 'recreate'
    | 'link'
    | 'unlink'
    | 'disable'
    | 'enable'
    | 'purge'
    | 'advance'
    | 'restart'
    | 'reconfigure';
  /** Camera id, where one is concerned. */
  readonly camera: string;
  /** User id, where one is concerned. */
  readonly user: string;
  readonly channel: string;
  /** For `reconfigure`, the index of the new configuration. */
  readonly to: number;
  /** For `advance`, by how many ms. */
  readonly by: number;
}

/** What stands above the picture in an answer: what a cache in front of the one that answers goes by. */
export interface Head {
  readonly epoch: number;
  readonly policy: ResponsePolicy;
  /** When the origin gave the answer out, in ms of virtual time. */
  readonly bornMs: number;
  /** From this moment on it is stale. */
  readonly expiresMs: number;
}

/** Where a session reports what happened. It answers; it never judges. */
export interface Sink {
  /** What is said about keeping the answer. Reported before the answer itself, where anybody asks for it: a cache in front does. */
  head?(call: Call, head: Head): void;
  /** The caller received this frame. `fallback`: the cache says openly that it is not the one asked for. */
  answered(call: Call, frame: Frame, fallback: boolean): void;
  /** What else was in the answer that has just been reported: parts of another frame. */
  alsoAnswered?(call: Call, frame: Frame, fallback: boolean): void;
  /**
   * The caller was told about a frame without receiving it: a 304, or the headers of a HEAD. `null` where the answer does not
   * say which one.
   */
  described(call: Call, frame: Frame | null): void;
  /** Headers or cookies of an answer spoke of this session. Reported before the answer itself. */
  header(call: Call, party: number): void;
  /** The caller received no frame. */
  refused(call: Call, status: ReplyStatus): void;
}

/** How a cache speaks of what has another name, or none, in another life. */
export interface Naming {
  /** The calls that are unanswered, or for which the origin holds something back; oldest first. */
  readonly calls: readonly Call[];
  call(call: Call): string;
  frame(frame: Frame): string;
  request(request: Request): string;
  /** A moment of virtual time, in ms, as seen from now. */
  moment(ms: number): string;
  /** Whose session headers speak of. */
  party(party: number): string;
}

/** One life of a cache, from empty to closed. */
export interface Session {
  /** A caller asks. The answer goes to the sink, now or later. */
  ask(call: Call): void;
  /** The caller has gone away; nobody hears the answer any more. */
  cancel(call: Call): void;
  tell(notice: Notice): void;
  /**
   * All that its further answers depend on, beside the origin: where two lives give the same, nothing tells them apart from then on. A
   * cache that can say it is proven deeper; one that says too little is proven wrongly.
   */
  fingerprint?(naming: Naming): string;
  /** Ends this life: nothing of it may be seen in the next one. */
  close(): void | Promise<void>;
}
