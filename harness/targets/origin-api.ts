import type { Channel, Tier } from '../../models/domain/world.ts';
import type { Call } from '../../models/origin.ts';

/**
 * Whose and which frame: the request that the cache was given, or any object with these fields. What is left out is taken
 * from the call on whose behalf the origin is asked; the tier is then `high` and the channel `app` where there is no such call.
 */
export interface Inquiry {
  readonly user?: string | undefined;
  readonly camera?: string | undefined;
  readonly tier?: Tier | undefined;
  readonly channel?: Channel | undefined;
}

interface ReplyHead {
  /** Which ownership of the camera the answer speaks of: two answers with different epochs do not go together. */
  readonly epoch: number;
  /** How long the answer may be kept, in ms of virtual time. */
  readonly maxAgeMs: number;
  /** What an HTTP origin would send along: `content-type`, `cache-control`, `vary`. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A `Buffer`: from `byteOffset` on, `byteLength` bytes of its `buffer`, in which something else lies beside it. Where a project has no types of Node,
 * what it knows of one is that it is a `Uint8Array`.
 */
type FrameBytes = typeof globalThis extends { Buffer: { isBuffer(value: unknown): value is infer Known } } ? Known : Uint8Array;

/** 200 with the bytes of a frame; 403, the caller may not see the camera; 502, the origin failed. */
export type FrameReply = ReplyHead & ({ readonly status: 200; readonly body: FrameBytes } | { readonly status: 403 | 502; readonly body: null });

export interface Permission {
  readonly allowed: boolean;
  /** As in {@link FrameReply}: a frame of another epoch is not what this permission is about. */
  readonly epoch: number;
}

/** The source of frames and of rights, as a cache in JavaScript asks it. Rejects when the connection breaks. */
export interface OriginApi {
  /** Whether the caller may see the camera now, through the channel of the request. Rejects when the origin fails. */
  authorise(request: Inquiry): Promise<Permission>;
  /** The frame, if the caller may see the camera. */
  fetch(request: Inquiry): Promise<FrameReply>;
  /** The frame, with the service's own credential: whether the caller may see it is not looked at. */
  read(request: Inquiry): Promise<FrameReply>;
}

/** The origin failed, or the connection to it broke. */
export class OriginError extends Error {
  override readonly name = 'OriginError';
  readonly code: 'ECONNRESET' | 'EORIGIN';
  /** The call on whose behalf the origin was asked. Apps write errors into their logs, with all that can be enumerated: this is not for them. */
  declare readonly call: Call;

  constructor(call: Call, code: 'ECONNRESET' | 'EORIGIN') {
    super(code === 'ECONNRESET' ? 'the connection to the origin broke' : 'the origin failed (502)');
    Object.defineProperty(this, 'call', { value: call });
    this.code = code;
  }
}
