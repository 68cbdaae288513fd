import { LRUCache } from 'lru-cache';
import type { Frame } from './domain/frame.ts';
import type { Request } from './domain/request.ts';
import { cacheControlOf, isStorable, isVaryMatch } from './http.ts';
import { concerns } from './lru.ts';
import type { Call, Contact, Notice, Origin, Reply, Session, Sink } from './origin.ts';
import type { Entry, FallbackReason, Policy, Serving } from './policy.ts';

/** What an edge does with a stored answer. It cannot ask the origin about a caller: HTTP caches do not authorise. */
export type EdgeServing = Exclude<Serving, 'ask'>;

/**
 * The decisions that make an HTTP edge: those of every cache, and one of its own. Here `key` is the primary cache key of RFC 9111
 * section 2 and `join` names the requests that may be collapsed into one. A fixture replaces one decision.
 */
export interface EdgePolicy extends Policy {
  /** Does the request match the one that brought a stored answer in, as far as the answer's `Vary` tells? The secondary key. */
  matches(request: Request, stored: Request, vary: string): boolean;
  hand(request: Request, entry: Entry): EdgeServing;
  serve(request: Request, entry: Entry, nowMs: number): EdgeServing;
  fallback(request: Request, entry: Entry, why: FallbackReason): EdgeServing;
}

/** A shared cache by RFC 9111 that hears from the vendor when rights, owners or channels change. */
export const edge: EdgePolicy = {
  key: primaryKeyOf,
  matches: (request, stored, vary) => isVaryMatch(vary, request, stored),
  admit: (request, reply, overtaken) => !overtaken && isStorable(request, reply.policy),
  join: primaryKeyOf,
  // RFC 9111 section 4: collapsed requests share an answer only if each could have been served with it from the store.
  hand: (request, entry) =>
    isStorable(entry.request, entry.policy) && isVaryMatch(entry.policy.vary, request, entry.request) && entry.storedMs < entry.expiresMs ? 'serve' : 'miss',
  // Section 4.2: fresh while its lifetime exceeds its age.
  serve: (_request, entry, nowMs) => (nowMs < entry.expiresMs ? 'serve' : 'miss'),
  // Section 4.2.4 would allow stale answers when the origin is out of reach; this edge gives none.
  fallback: () => 'miss',
  invalidate: concerns,
};

/** The primary cache key: method and target URI (RFC 9111 section 2). A method holds no space, so the join is unambiguous. */
export function primaryKeyOf(request: Request): string {
  return `${request.method} ${request.path}${request.query}`;
}

export interface CdnEdgeOptions {
  /** The configurations that `reconfigure` chooses between; the edge starts under the first. */
  readonly policies: readonly EdgePolicy[];
  /** How many stored answers fit; each variant of a resource counts. */
  readonly capacity: number;
}

/** What a policy makes of a request, whatever is stored. */
interface Keys {
  readonly primary: string;
  readonly joined: string | null;
}

/** Concurrent misses that share one fetch. */
interface Flight {
  /** What others may join it under; `null` for a fetch that is for one caller only. */
  readonly joined: string | null;
  readonly request: Request;
  /** When the origin was asked, in ms of virtual time. */
  readonly askedMs: number;
  readonly waiters: Call[];
  /** A notice fell meanwhile that would have removed what is being fetched. */
  overtaken: boolean;
  landed: boolean;
  readonly life: number;
}

/**
 * A CDN edge: a store of HTTP answers with their variants, and requests collapsed on a miss. The mechanism is here; every
 * decision is the policy's.
 */
export class CdnEdge implements Session {
  private readonly origin: Origin;
  private readonly sink: Sink;
  private readonly policies: readonly EdgePolicy[];
  private policy: EdgePolicy;
  /** What is stored, by primary key; the latest variant last. */
  private readonly variants = new Map<string, Entry[]>();
  /** The same in order of use. What falls out here leaves the variants too. */
  private readonly recent: LRUCache<Entry, true>;
  /** Counts restarts: what was on its way in an earlier life is lost with its callers. */
  private life = 0;
  /** Every fetch on its way: all of them have to hear of invalidations. */
  private readonly flights = new Set<Flight>();
  private readonly joinable = new Map<string, Flight>();
  /** What the present policy makes of requests: to build and hash a key anew costs more than the rest of a hit. */
  private readonly keys = new Map<Request, Keys>();

  constructor(origin: Origin, sink: Sink, options: CdnEdgeOptions) {
    this.origin = origin;
    this.sink = sink;
    this.policies = options.policies;
    this.policy = options.policies[0]!;
    this.recent = new LRUCache({ max: options.capacity, dispose: (_, entry) => this.unlist(entry) });
  }

  ask(call: Call): void {
    const { request } = call;
    const { primary, joined } = this.keysOf(request);
    const selected = this.select(request, primary);
    if (selected === undefined) this.miss(call, joined);
    else {
      this.recent.get(selected);
      this.sink.answered(call, selected.frame, false);
    }
  }

  /** A fetch goes on without its caller: others may wait for it, and the store may want it. */
  cancel(_call: Call): void {}

  tell(notice: Notice): void {
    switch (notice.kind) {
      case 'advance':
        return;
      case 'reconfigure':
        this.configure(notice.to % this.policies.length);
        return;
      case 'restart':
        this.restart();
        return;
      default:
        this.drop(notice);
    }
  }

  resume(call: Call, _contact: Contact, reply: Reply): void {
    const flight = call.slot as Flight;
    if (flight.life !== this.life) {
      this.sink.refused(call, 'dropped');
      return;
    }
    flight.landed = true;
    if (this.flights.delete(flight)) this.seal(flight);
    if (reply.status === 'ok') this.fill(call, flight, reply, reply.frame!);
    else this.failed(call, flight, reply);
  }

  close(): void {
    this.restart();
    this.configure(0);
  }

  private configure(index: number): void {
    const policy = this.policies[index]!;
    if (policy === this.policy) return;
    this.policy = policy;
    this.keys.clear();
  }

  /** Empties the edge. Which links are cut it learns anew from its configuration, so that stays. */
  private restart(): void {
    this.life++;
    if (this.variants.size > 0) {
      this.variants.clear();
      this.recent.clear();
    }
    if (this.flights.size === 0) return;
    for (const flight of this.flights) for (const waiter of flight.waiters) this.sink.refused(waiter, 'dropped');
    this.flights.clear();
    this.joinable.clear();
  }

  private keysOf(request: Request): Keys {
    let keys = this.keys.get(request);
    if (keys === undefined) {
      keys = { primary: this.policy.key(request), joined: this.policy.join(request) };
      this.keys.set(request, keys);
    }
    return keys;
  }

  /** The stored answer that satisfies the request: RFC 9111 section 4. */
  private select(request: Request, primary: string): Entry | undefined {
    const { policy } = this;
    const variants = this.variants.get(primary);
    if (variants === undefined) return undefined;
    const nowMs = this.origin.now();
    let plain: Entry | undefined;
    for (let index = variants.length - 1; index >= 0; index--) {
      const entry = variants[index]!;
      const { vary } = entry.policy;
      if (!policy.matches(request, entry.request, vary) || policy.serve(request, entry, nowMs) === 'miss') continue;
      // Section 4.1: of several that match, the latest that has a Vary; one without stands back.
      if (vary !== '') return entry;
      plain ??= entry;
    }
    return plain;
  }

  private miss(call: Call, joined: string | null): void {
    const running = joined === null ? undefined : this.joinable.get(joined);
    if (running === undefined) this.forward(call, joined);
    else running.waiters.push(call);
  }

  private forward(call: Call, joined: string | null): void {
    const { request } = call;
    const flight: Flight = { joined, request, askedMs: this.origin.now(), waiters: [], overtaken: false, landed: false, life: this.life };
    call.slot = flight;
    this.origin.fetch(call, request.tier, this);
    // An origin that answers at once leaves no time to join, nor to be overtaken.
    if (flight.landed) return;
    this.flights.add(flight);
    if (joined !== null) this.joinable.set(joined, flight);
  }

  private fill(call: Call, flight: Flight, reply: Reply, frame: Frame): void {
    const { policy } = this;
    const { waiters } = flight;
    const admitted = policy.admit(call.request, reply, flight.overtaken);
    if (!admitted && waiters.length === 0) {
      this.sink.answered(call, frame, false);
      return;
    }
    const entry = this.entryOf(flight, reply, frame);
    if (admitted) this.store(entry);
    this.sink.answered(call, frame, false);
    for (const waiter of waiters) {
      if (policy.hand(waiter.request, entry) === 'serve') this.sink.answered(waiter, frame, false);
      // RFC 9111 section 4: who cannot use the answer is forwarded after all. Alone, or those behind him would wait in a row.
      else this.forward(waiter, null);
    }
  }

  private entryOf(flight: Flight, reply: Reply, frame: Frame): Entry {
    const { request, askedMs } = flight;
    return {
      key: this.keysOf(request).primary,
      frame,
      epoch: reply.epoch,
      request,
      policy: reply.policy,
      storedMs: this.origin.now(),
      // Section 4.2.3: without an Age or a Date, an answer is as old as the time that it took to come.
      expiresMs: askedMs + cacheControlOf(reply.policy.cacheControl).lifetimeMs,
    };
  }

  private failed(call: Call, flight: Flight, reply: Reply): void {
    // A refusal is an answer like any other (and never stored); only where there was none may something stale stand in.
    const kept = reply.status === 'refused' ? undefined : this.keptFor(call.request);
    if (kept === undefined) this.sink.refused(call, reply.status);
    else this.sink.answered(call, kept.frame, true);
    // What the first was denied says nothing about the others.
    for (const waiter of flight.waiters) this.forward(waiter, null);
  }

  private keptFor(request: Request): Entry | undefined {
    return this.variants.get(this.keysOf(request).primary)?.findLast((entry) => this.policy.fallback(request, entry, 'error') === 'serve');
  }

  private store(entry: Entry): void {
    const variants = this.variants.get(entry.key);
    if (variants === undefined) this.variants.set(entry.key, [entry]);
    else {
      const { request, policy } = entry;
      const replaced = variants.find((old) => old.policy.vary === policy.vary && this.policy.matches(request, old.request, policy.vary));
      variants.push(entry);
      if (replaced !== undefined) this.recent.delete(replaced);
    }
    this.recent.set(entry, true);
  }

  /** Takes an answer that left the order of use out of the variants. */
  private unlist(entry: Entry): void {
    const variants = this.variants.get(entry.key);
    if (variants === undefined) return;
    if (variants.length === 1) this.variants.delete(entry.key);
    else variants.splice(variants.indexOf(entry), 1);
  }

  private drop(notice: Notice): void {
    for (const variants of this.variants.values())
      for (let index = variants.length - 1; index >= 0; index--) {
        const entry = variants[index]!;
        if (this.policy.invalidate(notice, entry)) this.recent.delete(entry);
      }
    for (const flight of this.flights) this.overtake(flight, notice);
  }

  private overtake(flight: Flight, notice: Notice): void {
    if (!this.policy.invalidate(notice, expected(flight))) return;
    flight.overtaken = true;
    // Whoever asks from now on must not join a fetch that began before the notice.
    this.seal(flight);
  }

  /** From now on nobody joins. */
  private seal(flight: Flight): void {
    if (flight.joined !== null && this.joinable.get(flight.joined) === flight) this.joinable.delete(flight.joined);
  }
}

const NO_FRAME: Frame = { tier: 'high' };
const NO_POLICY = { cacheControl: '', vary: '' };

/** What a flight is going to bring, as far as that is known before it lands. */
function expected(flight: Flight): Entry {
  const { request, askedMs } = flight;
  return { key: '', frame: NO_FRAME, epoch: -1, request, policy: NO_POLICY, storedMs: askedMs, expiresMs: askedMs };
}
