import { LRUCache } from 'lru-cache';
import { type Frame, renditionOf, TIER_BYTES } from './domain/frame.ts';
import type { Request } from './domain/request.ts';
import type { Tier } from './domain/world.ts';
import type { Call, Contact, Naming, Notice, Origin, Reply, Session, Sink } from './origin.ts';
import type { Entry, Policy, Serving } from './policy.ts';

export interface LookasideOptions {
  /** The configurations that `reconfigure` chooses between; the cache starts under the first. */
  readonly policies: readonly Policy[];
  /** How many entries fit, where `limit` is `count`; four times as many units of size where it is `bytes`. */
  readonly capacity: number;
  readonly limit: 'count' | 'bytes';
  /** `derived`: the low tier is made here, from the high one. */
  readonly renditions: 'fetched' | 'derived';
}

/** Concurrent misses that share one fetch. */
interface Flight {
  /** What others may join it by, once it is on its way. */
  joined: string | null;
  readonly request: Request;
  readonly waiters: Call[];
  /** The origin has answered. */
  landed: boolean;
  /** An invalidation fell meanwhile that would have removed what is being fetched. */
  overtaken: boolean;
  readonly life: number;
}

/** A call that asks the origin whether it may have an entry. */
interface Asked {
  readonly entry: Entry;
  /** What the entry was made from for this call, to be stored once allowed; null where it is stored already. */
  readonly source: Entry | null;
  readonly life: number;
}

/**
 * A look-aside cache: look up, else fetch, store and hand out. The mechanism is here; every decision is the policy's.
 */
export class Lookaside implements Session {
  private readonly origin: Origin;
  private readonly sink: Sink;
  private readonly options: LookasideOptions;
  /** Somebody in front goes by what is said about keeping an answer. */
  private readonly isAskedForHeads: boolean;
  private policy: Policy;
  /** Counts restarts: what was on its way in an earlier life is lost with its callers. */
  private life = 0;
  private readonly store: LRUCache<string, Entry>;
  /** The same entries, to walk through: every notice does, and the cache's own iterators cost more than the rest of it. */
  private readonly stored = new Set<Entry>();
  /** Every fill on its way: all of them have to hear of invalidations. */
  private readonly flights = new Set<Flight>();
  private readonly joinable = new Map<string, Flight>();
  /** Keys that the present policy gave: a decision about a request is made once. */
  private readonly keys = new Map<Request, string>();

  constructor(origin: Origin, sink: Sink, options: LookasideOptions) {
    this.origin = origin;
    this.sink = sink;
    this.options = options;
    this.isAskedForHeads = sink.head !== undefined;
    this.policy = options.policies[0]!;
    const dispose = (entry: Entry): void => void this.stored.delete(entry);
    this.store =
      options.limit === 'count'
        ? new LRUCache({ max: options.capacity, dispose })
        : new LRUCache({ maxSize: options.capacity * TIER_BYTES.high, sizeCalculation: (entry) => TIER_BYTES[entry.frame.tier], dispose });
  }

  ask(call: Call): void {
    const { request } = call;
    const entry = this.store.get(this.keyOf(request));
    if (entry === undefined || !this.offer(call, entry, this.policy.serve(request, entry, this.origin.now()), null)) this.miss(call);
  }

  /** A fill goes on without its caller: others may wait for it, and the store may want it. */
  cancel(_call: Call): void {}

  tell(notice: Notice): void {
    if (notice.kind === 'advance') return;
    if (notice.kind === 'reconfigure') {
      this.configure(notice.to % this.options.policies.length);
      return;
    }
    if (notice.kind === 'restart') {
      this.restart();
      return;
    }
    if (WIDENING.has(notice.kind)) return;
    for (const entry of this.stored) if (this.policy.invalidate(notice, entry)) this.store.delete(entry.key);
    for (const flight of this.flights) this.overtake(flight, notice);
  }

  resume(call: Call, contact: Contact, reply: Reply): void {
    const { life } = call.slot as Flight | Asked;
    if (life !== this.life) this.sink.refused(call, 'dropped');
    else if (contact === 'authorise') this.authorised(call, call.slot as Asked, reply);
    else this.fetched(call, call.slot as Flight, reply);
  }

  fingerprint(naming: Naming): string {
    // In the order of their last use: what falls first depends on it.
    const entries = [...this.store.values()];
    const flights = [...this.flights];
    const nameOf = ({ key, frame, epoch, request, expiresMs }: Entry): string =>
      `${JSON.stringify(key)} ${naming.frame(frame)} ${epoch} ${naming.request(request)} ${naming.moment(expiresMs)}`;
    // Of what is stored, whether it is the very same matters, and not only whether it is alike.
    const thisOf = (entry: Entry | null): string => (entry === null ? '-' : `${nameOf(entry)} ${entries.indexOf(entry)}`);
    const slotOf = ({ slot }: Call): string => {
      if (slot === null) return '-';
      if ((slot as Flight | Asked).life !== this.life) return 'of an earlier life';
      return 'entry' in (slot as Asked) ? `${thisOf((slot as Asked).entry)} from ${thisOf((slot as Asked).source)}` : `${flights.indexOf(slot as Flight)}`;
    };
    return [
      this.options.policies.indexOf(this.policy),
      ...entries.map((entry) => nameOf(entry)),
      ...flights.map(
        ({ joined, request, waiters, overtaken }) =>
          `to ${JSON.stringify(joined)} ${naming.request(request)} ${overtaken} ${waiters.map((waiter) => naming.call(waiter)).join()}`,
      ),
      ...Array.from(this.joinable, ([key, flight]) => `${JSON.stringify(key)} joins ${flights.indexOf(flight)}`),
      ...naming.calls.map((call) => `${naming.call(call)} by ${slotOf(call)}`),
    ].join('\n');
  }

  close(): void {
    this.restart();
    this.configure(0);
  }

  private configure(index: number): void {
    const policy = this.options.policies[index]!;
    if (policy === this.policy) return;
    this.policy = policy;
    this.keys.clear();
  }

  private restart(): void {
    this.life++;
    if (this.store.size > 0) this.store.clear();
    if (this.flights.size === 0) return;
    for (const flight of this.flights) for (const waiter of flight.waiters) this.sink.refused(waiter, 'dropped');
    this.flights.clear();
    this.joinable.clear();
  }

  private keyOf(request: Request): string {
    let key = this.keys.get(request);
    if (key === undefined) {
      key = this.policy.key(request);
      this.keys.set(request, key);
    }
    return key;
  }

  private answer(call: Call, entry: Entry, isFallback: boolean): void {
    const { epoch, policy, storedMs, expiresMs } = entry;
    if (this.isAskedForHeads) this.sink.head!(call, { epoch, policy, bornMs: storedMs, expiresMs });
    this.sink.answered(call, entry.frame, isFallback);
  }

  private offer(call: Call, entry: Entry, serving: Serving, source: Entry | null): boolean {
    if (serving === 'miss') return false;
    if (serving === 'serve') {
      if (source !== null && this.isStored(source)) this.keep(entry);
      this.answer(call, entry, false);
    } else {
      call.slot = { entry, source, life: this.life } satisfies Asked;
      this.origin.authorise(call, this);
    }
    return true;
  }

  private authorised(call: Call, asked: Asked, reply: Reply): void {
    if (reply.status !== 'ok') this.sink.refused(call, reply.status);
    else if (reply.epoch === asked.entry.epoch) this.offer(call, asked.entry, 'serve', asked.source);
    else {
      // Allowed, but for another ownership of the camera than the one that is kept is from.
      const kept = asked.source ?? asked.entry;
      if (this.isStored(kept)) this.store.delete(kept.key);
      this.miss(call);
    }
  }

  /** Whether it is this very entry that is kept: one that fell while a caller was being asked about may have been fetched again since. */
  private isStored(entry: Entry): boolean {
    return this.store.peek(entry.key) === entry;
  }

  private miss(call: Call): void {
    if (this.derive(call)) return;
    const { request } = call;
    if (this.joinable.size > 0) {
      const joined = this.policy.join(request);
      const running = joined === null ? undefined : this.joinable.get(joined);
      if (running !== undefined) {
        running.waiters.push(call);
        return;
      }
    }
    const flight: Flight = { joined: null, request, waiters: [], landed: false, overtaken: false, life: this.life };
    call.slot = flight;
    this.origin.fetch(call, request.tier, this);
    // An origin that answers at once leaves nothing that could be joined or overtaken.
    if (!flight.landed) this.depart(flight);
  }

  private depart(flight: Flight): void {
    this.flights.add(flight);
    flight.joined = this.policy.join(flight.request);
    if (flight.joined !== null) this.joinable.set(flight.joined, flight);
  }

  private derive(call: Call): boolean {
    const { request } = call;
    if (this.options.renditions === 'fetched' || request.tier === 'high') return false;
    const source = this.store.get(this.keyOf(sourceOf(request)));
    if (source === undefined || source.expiresMs <= this.origin.now()) return false;
    const serving = this.policy.fallback(request, source, 'rendition');
    if (serving === 'miss') return false;
    const entry: Entry = { ...source, key: this.keyOf(request), frame: renditionOf(source.frame, request.tier), request };
    return this.offer(call, entry, serving, source);
  }

  private fetched(call: Call, flight: Flight, reply: Reply): void {
    flight.landed = true;
    if (this.flights.size > 0) this.flights.delete(flight);
    if (flight.joined !== null && this.joinable.get(flight.joined) === flight) this.joinable.delete(flight.joined);
    if (reply.status === 'ok') this.fill(call, flight, reply, reply.frame!);
    else this.failed(call, flight, reply);
  }

  private fill(call: Call, flight: Flight, reply: Reply, frame: Frame): void {
    const { request } = call;
    const nowMs = this.origin.now();
    const entry: Entry = {
      key: this.keyOf(request),
      frame,
      epoch: reply.epoch,
      request,
      policy: reply.policy,
      storedMs: nowMs,
      expiresMs: nowMs + reply.lifetimeMs,
    };
    if (this.policy.admit(request, reply, flight.overtaken)) this.keep(entry);
    this.answer(call, entry, false);
    for (const waiter of flight.waiters) if (!this.offer(waiter, entry, this.policy.hand(waiter.request, entry), null)) this.miss(waiter);
  }

  private keep(entry: Entry): void {
    this.stored.add(entry);
    this.store.set(entry.key, entry);
  }

  private failed(call: Call, flight: Flight, reply: Reply): void {
    const kept = reply.status === 'refused' ? undefined : this.store.peek(this.keyOf(call.request));
    if (kept !== undefined && this.policy.fallback(call.request, kept, 'error') === 'serve') this.answer(call, kept, true);
    else this.sink.refused(call, reply.status);
    // What the leader was denied says nothing about the others: each asks for himself.
    for (const waiter of flight.waiters) this.miss(waiter);
  }

  private overtake(flight: Flight, notice: Notice): void {
    const entry: Entry = {
      key: this.keyOf(flight.request),
      frame: NO_FRAME,
      epoch: -1,
      request: flight.request,
      policy: NO_POLICY,
      storedMs: 0,
      expiresMs: 0,
    };
    if (!this.policy.invalidate(notice, entry)) return;
    flight.overtaken = true;
    // Whoever asks from now on must not join a fetch that began before the invalidation.
    if (flight.joined !== null && this.joinable.get(flight.joined) === flight) this.joinable.delete(flight.joined);
  }
}

/** What gives rights makes nothing wrong that is stored. */
const WIDENING: ReadonlySet<Notice['kind']> = new Set(['share', 'publish', 'link', 'enable']);

const NO_FRAME: Frame = { tier: 'high' };
const NO_POLICY = { cacheControl: '', vary: '' };

const SOURCES = new WeakMap<Request, Request>();

/** The request for the rendition that a low one is made from. */
function sourceOf(request: Request): Request {
  let source = SOURCES.get(request);
  if (source === undefined) {
    source = { ...request, tier: 'high' as Tier };
    SOURCES.set(request, source);
  }
  return source;
}
