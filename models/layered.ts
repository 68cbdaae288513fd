import type { Frame } from './domain/frame.ts';
import type { Request } from './domain/request.ts';
import type { ResponsePolicy, Tier } from './domain/world.ts';
import {
  type Call,
  type Contact,
  type Head,
  NO_PARTY,
  type Notice,
  type Origin,
  type Reply,
  type ReplyStatus,
  type Session,
  type Sink,
  type Waiting,
} from './origin.ts';

/** Makes a cache between an origin and those who wait for its answers. */
export type MakeLevel = (origin: Origin, sink: Sink) => Session;

export interface LayeredOptions {
  /** The cache that callers ask, such as an edge. */
  readonly outer: MakeLevel;
  /** The cache that the outer one asks instead of the origin, such as a shield. */
  readonly inner: MakeLevel;
  /** What a restart empties; where one level only is restarted, the other one stays warm. */
  readonly restarts: 'outer' | 'inner' | 'both';
}

/** One cache in front of another: what is the origin of the outer one is the inner one. */
export class Layered implements Session {
  private readonly outer: Session;
  private readonly inner: Session;
  private readonly restarts: LayeredOptions['restarts'];

  constructor(origin: Origin, sink: Sink, options: LayeredOptions) {
    const between = new Between(origin);
    this.inner = options.inner(new Beyond(origin), between);
    between.inner = this.inner;
    this.outer = options.outer(between, sink);
    this.restarts = options.restarts;
  }

  ask(call: Call): void {
    this.outer.ask(call);
  }

  cancel(call: Call): void {
    this.outer.cancel(call);
  }

  /** What falls, falls from the origin outwards: the other way round, the outer cache could fill itself anew with what the inner one still has. */
  tell(notice: Notice): void {
    if (notice.kind === 'restart') this.restart(notice);
    else {
      this.inner.tell(notice);
      this.outer.tell(notice);
    }
  }

  /** The outer cache first: what the inner one then drops must find nobody who would ask it again. */
  close(): void {
    void this.outer.close();
    void this.inner.close();
  }

  private restart(notice: Notice): void {
    if (this.restarts !== 'inner') this.outer.tell(notice);
    if (this.restarts !== 'outer') this.inner.tell(notice);
  }
}

/** A call of the outer cache to the inner one. */
class Inward implements Call {
  readonly request: Request;
  readonly known: Frame | null;
  slot: unknown = null;
  /** On whose behalf. */
  readonly outer: Call;
  readonly waiting: Waiting;
  /** What was said about keeping the answer, and whose headers came with it, before the answer itself. */
  head: Head | null = null;
  party: number = NO_PARTY;
  isAnswered = false;

  constructor(outer: Call, known: Frame | null, waiting: Waiting) {
    this.request = outer.request;
    this.known = known;
    this.outer = outer;
    this.waiting = waiting;
  }
}

const NO_POLICY: ResponsePolicy = { cacheControl: '', vary: '' };

/** Where two levels meet: the inner cache as the origin of the outer one, and the outer one as the caller of the inner one. */
class Between implements Origin, Sink {
  inner!: Session;
  private readonly origin: Origin;

  constructor(origin: Origin) {
    this.origin = origin;
  }

  now(): number {
    return this.origin.now();
  }

  /** Rights are no answer that a cache could keep: only the origin knows them. */
  authorise(call: Call, waiting: Waiting): void {
    this.origin.authorise(call, waiting);
  }

  fetch(call: Call, _tier: Tier, waiting: Waiting): void {
    this.inner.ask(new Inward(call, null, waiting));
  }

  revalidate(call: Call, _tier: Tier, known: Frame, waiting: Waiting): void {
    this.inner.ask(new Inward(call, known, waiting));
  }

  head(call: Call, head: Head): void {
    (call as Inward).head = head;
  }

  header(call: Call, party: number): void {
    (call as Inward).party = party;
  }

  answered(call: Call, frame: Frame): void {
    this.pass(call as Inward, 'ok', frame);
  }

  described(call: Call, frame: Frame | null): void {
    const inward = call as Inward;
    const isHead = inward.request.method === 'HEAD' && (inward.known === null || inward.known !== frame);
    this.pass(inward, isHead ? 'ok' : 'unchanged', frame);
  }

  refused(call: Call, status: ReplyStatus): void {
    this.pass(call as Inward, status, null);
  }

  private pass(call: Inward, status: ReplyStatus, frame: Frame | null): void {
    // A restart drops those who wait; what the origin says to it later is for nobody.
    if (call.isAnswered) return;
    call.isAnswered = true;
    const { head, party, outer } = call;
    const nowMs = this.now();
    const reply: Reply = {
      status,
      frame,
      epoch: head?.epoch ?? -1,
      // What is left of it: two levels that each counted the whole would add their lifetimes up.
      lifetimeMs: head === null ? 0 : Math.max(0, head.expiresMs - nowMs),
      policy: head?.policy ?? NO_POLICY,
      party,
      ageMs: head === null ? 0 : nowMs - head.bornMs,
    };
    call.waiting.resume(outer, 'fetch', reply);
  }
}

/** The origin as the inner cache meets it: it is asked on behalf of those who asked the outer one. */
class Beyond implements Origin {
  private readonly origin: Origin;

  constructor(origin: Origin) {
    this.origin = origin;
  }

  now(): number {
    return this.origin.now();
  }

  authorise(call: Call, waiting: Waiting): void {
    this.origin.authorise((call as Inward).outer, new Homeward(call, waiting));
  }

  fetch(call: Call, tier: Tier, waiting: Waiting): void {
    this.origin.fetch((call as Inward).outer, tier, new Homeward(call, waiting));
  }

  revalidate(call: Call, tier: Tier, known: Frame, waiting: Waiting): void {
    this.origin.revalidate((call as Inward).outer, tier, known, new Homeward(call, waiting));
  }
}

/** Brings an answer of the origin to the call of the inner cache that it was asked for. */
class Homeward implements Waiting {
  private readonly inward: Call;
  private readonly waiting: Waiting;

  constructor(inward: Call, waiting: Waiting) {
    this.inward = inward;
    this.waiting = waiting;
  }

  resume(_outer: Call, contact: Contact, reply: Reply): void {
    this.waiting.resume(this.inward, contact, reply);
  }
}
