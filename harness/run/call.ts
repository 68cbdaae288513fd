import type { Epoch, MarkedFrame } from '../../models/domain/authority.ts';
import type { Request } from '../../models/domain/request.ts';
import type { Channel, ResponsePolicy, Tier } from '../../models/domain/world.ts';
import { type Call, type Contact, NO_PARTY, type Reply, type ReplyStatus, type Waiting } from '../../models/origin.ts';
import type { Asking } from '../../properties/property.ts';
import type { Step } from './step.ts';

// The states of a call: answered or given up; in flight; in flight, and the origin holds its contacts back.
export const DONE = 0;
export const IN_FLIGHT = 1;
export const HELD_BACK = 2;

/** A call as the harness keeps it: the cache's view of it, and the judges'. Pooled: a stage uses the same objects again. */
export class StageCall implements Call, Asking {
  readonly number: number;
  step!: Step;
  since = 0;
  sinceMs = 0;
  state: number = DONE;
  slot: unknown = null;
  known: StageFrame | null = null;
  /** Whose session the answers to this call speak of. */
  party: number = NO_PARTY;

  constructor(number: number) {
    this.number = number;
  }

  get request(): Request {
    return this.step.request;
  }

  get user(): number {
    return this.step.user;
  }

  get camera(): number {
    return this.step.camera;
  }

  get tier(): Tier {
    return this.step.tier;
  }

  get channel(): Channel {
    return this.step.channel;
  }
}

/** A frame with its mark. Pooled like calls: `copy` is its place in the pool. */
export class StageFrame implements MarkedFrame {
  camera = 0;
  epoch = 0;
  owner = 0;
  sequence = 0;
  tier: Tier = 'high';
  readonly copy: number;
  rights!: Epoch;
  madeAt = 0;
  untilMs = 0;
  /** The instant at which this copy was first received; 0 before. */
  servedAt = 0;
  /** The same in the other tier, pooled with it. */
  private rendition: StageFrame | null = null;

  constructor(copy: number) {
    this.copy = copy;
  }

  scaled(tier: Tier): StageFrame {
    const rendition = (this.rendition ??= new StageFrame(this.copy));
    rendition.camera = this.camera;
    rendition.epoch = this.epoch;
    rendition.owner = this.owner;
    rendition.sequence = this.sequence;
    rendition.tier = tier;
    rendition.rights = this.rights;
    rendition.madeAt = this.madeAt;
    rendition.untilMs = this.untilMs;
    return rendition;
  }
}

export class StageReply implements Reply {
  status: ReplyStatus = 'ok';
  frame: MarkedFrame | null = null;
  epoch = -1;
  lifetimeMs = 0;
  policy: ResponsePolicy = { cacheControl: '', vary: '' };
  party: number = NO_PARTY;
  /** It was asked for with the service's own credential: it says nothing about the caller. */
  isUnchecked: boolean = false;
  /** For `unchanged`: what is still the picture. */
  known: StageFrame | null = null;
}

/** A contact that the origin holds back. */
export interface HeldContact {
  readonly call: StageCall;
  readonly contact: Contact;
  readonly waiting: Waiting;
  /** What the origin decided when it was asked: it arrives when it is released. */
  readonly reply: StageReply;
  readonly askedAt: number;
}
