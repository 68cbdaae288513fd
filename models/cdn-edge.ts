import { expectedOf, type Flight, newFlight } from './cdn-flight.ts';
import { type ReadRequest, readRequest } from './cdn-request.ts';
import { CdnStore } from './cdn-store.ts';
import { type EdgePolicy, type EdgeServing, type StoredAnswer, storedAnswer } from './cdn.ts';
import type { Frame } from './domain/frame.ts';
import type { Request } from './domain/request.ts';
import { type Call, type Contact, type Naming, NO_PARTY, type Notice, type Origin, type Reply, type Session, type Sink } from './origin.ts';

export interface CdnEdgeOptions {
  /** The configurations that `reconfigure` chooses between; the edge starts under the first. */
  readonly policies: readonly EdgePolicy[];
  /** How many stored answers fit; each variant of a resource counts. */
  readonly capacity: number;
}

/**
 * A CDN edge: a store of HTTP answers with their variants, requests collapsed on a miss, and validation of what has become stale. The
 * mechanism is here; every decision is the policy's. Section numbers are those of RFC 9111.
 */
export class CdnEdge implements Session {
  private readonly origin: Origin;
  private readonly sink: Sink;
  private readonly policies: readonly EdgePolicy[];
  private policy: EdgePolicy;
  private readonly store: CdnStore;
  /** Somebody in front goes by what the headers say. */
  private readonly isAskedForHeads: boolean;
  /** What the policy said about the entry that was selected last. */
  private serving: EdgeServing = 'miss';
  /** Counts restarts: what was on its way in an earlier life is lost with its callers. */
  private life = 0;
  /** Every fetch on its way: all of them have to hear of invalidations. */
  private readonly flights = new Set<Flight>();
  private readonly joinable = new Map<string, Flight>();
  /** What the present policy reads in requests: to build and hash a key anew costs more than the rest of a hit. */
  private readonly readings = new Map<Request, ReadRequest>();

  constructor(origin: Origin, sink: Sink, options: CdnEdgeOptions) {
    this.origin = origin;
    this.sink = sink;
    this.policies = options.policies;
    this.policy = options.policies[0]!;
    this.store = new CdnStore(options.capacity);
    this.isAskedForHeads = sink.head !== undefined;
  }

  ask(call: Call): void {
    const { request } = call;
    const reading = this.read(request);
    // Section 4: a request by an unsafe method is written through. It never waits for another one, nor is it answered from the store.
    const selected = reading.isSafe ? this.select(request, reading.primary) : undefined;
    if (selected === undefined) this.miss(call, reading, null);
    else if (this.serving === 'validate') this.miss(call, reading, selected);
    else {
      this.store.used(selected);
      if (this.serving === 'refresh') this.refresh(call, reading, selected);
      this.deliver(call, selected, selected.party, false);
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
    else if (reply.status === 'unchanged') this.unchanged(call, flight, reply);
    else this.failed(call, flight, reply);
  }

  fingerprint(naming: Naming): string {
    const entries = this.store.inOrderOfUse();
    const flights = [...this.flights];
    const nameOf = ({ key, frame, epoch, request, policy, party, bornMs, storedMs, expiresMs }: StoredAnswer): string =>
      [
        JSON.stringify([key, policy]),
        naming.frame(frame),
        epoch,
        naming.request(request),
        naming.party(party),
        naming.moment(bornMs),
        naming.moment(storedMs),
        naming.moment(expiresMs),
      ].join(' ');
    return [
      this.policies.indexOf(this.policy),
      ...entries.map((entry) => `${nameOf(entry)} ${this.store.under(entry.key)?.indexOf(entry) ?? -1}`),
      ...flights.map(({ joined, request, stale, isRefresh, askedMs, waiters, overtaken }) =>
        [
          `to ${JSON.stringify(joined)} ${naming.request(request)} ${isRefresh} ${overtaken}`,
          naming.moment(askedMs),
          stale === null ? '-' : `${nameOf(stale)} ${entries.indexOf(stale)}`,
          waiters.map((waiter) => naming.call(waiter)).join(),
        ].join(' '),
      ),
      ...Array.from(this.joinable, ([key, flight]) => `${JSON.stringify(key)} joins ${flights.indexOf(flight)}`),
      ...naming.calls.map(({ slot }) => (slot === null ? '-' : (slot as Flight).life === this.life ? flights.indexOf(slot as Flight) : 'of an earlier life')),
    ].join('\n');
  }

  close(): void {
    this.restart();
    this.configure(0);
  }

  private configure(index: number): void {
    const policy = this.policies[index]!;
    if (policy === this.policy) return;
    this.policy = policy;
    this.readings.clear();
  }

  /** Empties the edge. Which links are cut it learns anew from its configuration, so that stays. */
  private restart(): void {
    this.life++;
    this.store.clear();
    if (this.flights.size === 0) return;
    for (const flight of this.flights) for (const waiter of flight.waiters) this.sink.refused(waiter, 'dropped');
    this.flights.clear();
    this.joinable.clear();
  }

  private read(request: Request): ReadRequest {
    let reading = this.readings.get(request);
    if (reading === undefined) {
      reading = readRequest(request, this.policy);
      this.readings.set(request, reading);
    }
    return reading;
  }

  /** The stored answer that satisfies the request, or could after a validation: section 4. */
  private select(request: Request, primary: string): StoredAnswer | undefined {
    const variants = this.store.under(primary);
    if (variants === undefined) return undefined;
    const { policy } = this;
    const nowMs = this.origin.now();
    let best: StoredAnswer | undefined;
    let worth = -1;
    for (let index = variants.length - 1; index >= 0; index--) {
      const entry = variants[index]!;
      const { vary } = entry.policy;
      if (!policy.matches(request, entry.request, vary)) continue;
      const serving = policy.serve(request, entry, nowMs);
      if (serving === 'miss') continue;
      // Section 4.1: of several that match, the latest that has a Vary; one without stands back. What needs no validation goes first.
      const itsWorth = (serving === 'validate' ? 0 : 2) + (vary === '' ? 0 : 1);
      if (itsWorth <= worth) continue;
      best = entry;
      worth = itsWorth;
      this.serving = serving;
      if (worth === 3) break;
    }
    return best;
  }

  private miss(call: Call, reading: ReadRequest, stale: StoredAnswer | null): void {
    const running = reading.joined === null ? undefined : this.joinable.get(reading.joined);
    if (running !== undefined) running.waiters.push(call);
    // What answers a condition, a HEAD or a range is of no use to others.
    else this.forward(call, reading.isWhole && call.known === null ? reading.joined : null, stale, false);
  }

  private forward(call: Call, joined: string | null, stale: StoredAnswer | null, isRefresh: boolean): void {
    const { request, known } = call;
    const reading = this.read(request);
    // Section 4.3.2: a condition that nothing stored can meet is for the origin to evaluate.
    const validated = reading.isUnlessAny ? null : stale;
    const flight = newFlight(request, { joined, stale: validated, isRefresh, askedMs: this.origin.now(), life: this.life });
    call.slot = flight;
    if (validated !== null) this.origin.revalidate(call, request.tier, validated.frame, this);
    else if (known !== null && reading.isSafe && !isRefresh) this.origin.revalidate(call, request.tier, known, this);
    else this.origin.fetch(call, request.tier, this);
    // An origin that answers at once leaves no time to join, nor to be overtaken.
    if (flight.landed) return;
    this.flights.add(flight);
    if (joined !== null) this.joinable.set(joined, flight);
  }

  /** RFC 5861 section 3: the caller gets what is stale, and his request goes on to bring it up to date. One does for all who ask meanwhile. */
  private refresh(call: Call, reading: ReadRequest, entry: StoredAnswer): void {
    if (!reading.isWhole || (reading.joined !== null && this.joinable.has(reading.joined))) return;
    this.forward(call, reading.joined, entry.policy.validator === true ? entry : null, true);
  }

  private fill(call: Call, flight: Flight, reply: Reply, frame: Frame): void {
    const { stale } = flight;
    const reading = this.read(call.request);
    // Section 4.4: what an unsafe method did to the resource makes everything stored at its URI doubtful; not where it failed.
    if (!reading.isSafe) this.invalidateUri(reading.primary);
    // Section 4.3.3, and section 4.3.5 for a HEAD: a new answer takes the place of the one that was to be validated.
    if (stale !== null) this.store.remove(stale);
    this.land(call, flight, reply, this.entryOf(flight, reply, frame, reply.party));
  }

  /** A 304: to the caller's own condition, or to that of the edge, which asked about what it has. */
  private unchanged(call: Call, flight: Flight, reply: Reply): void {
    const { stale, waiters } = flight;
    if (stale === null) {
      this.reportHeaders(call, reply.party);
      if (this.isAskedForHeads) this.sink.head!(call, this.entryOf(flight, reply, call.known ?? reply.frame!, reply.party));
      this.sink.described(call, reply.frame ?? call.known);
      for (const waiter of waiters) this.forward(waiter, null, null, false);
      return;
    }
    // Section 4.3.4: the stored answer is freshened with what the 304 says, which may also be that it must not be kept.
    const { whole } = this.read(call.request);
    const party = this.policy.headers('validated', reply.party, stale.party);
    this.store.remove(stale);
    this.land(call, flight, reply, this.entryOf({ ...flight, request: whole }, reply, stale.frame, party));
  }

  /** Stores what came where it may be stored, and gives it to the caller and to those who waited with him. */
  private land(call: Call, flight: Flight, reply: Reply, entry: StoredAnswer): void {
    const { policy } = this;
    const { isRefresh, overtaken, waiters } = flight;
    if (policy.admit(entry.request, reply, overtaken, isRefresh)) this.keep(entry);
    if (!isRefresh) this.deliver(call, entry, entry.party, false);
    for (const waiter of waiters) {
      if (policy.hand(waiter.request, entry) === 'serve') this.deliver(waiter, entry, policy.headers('joined', entry.party, NO_PARTY), false);
      // Section 4: who cannot use the answer is forwarded after all. Alone, or those behind him would wait in a row.
      else this.forward(waiter, null, null, false);
    }
  }

  private entryOf(flight: Pick<Flight, 'request' | 'askedMs'>, reply: Reply, frame: Frame, party: number): StoredAnswer {
    const { request, askedMs } = flight;
    const key = this.read(request).primary;
    return storedAnswer(request, reply, {
      key,
      frame,
      party,
      askedMs,
      storedMs: this.origin.now(),
      lifetimeMs: this.policy.lifetimeMs(request, reply.policy),
    });
  }

  private failed(call: Call, flight: Flight, reply: Reply): void {
    if (!flight.isRefresh) {
      const kept = this.keptFor(call.request, reply.status === 'refused' ? 'refused' : 'error');
      if (kept === undefined) this.sink.refused(call, reply.status);
      else this.deliver(call, kept, kept.party, true);
    } else if (reply.status === 'refused' && flight.stale !== null) this.store.remove(flight.stale);
    // What the first was denied says nothing about the others.
    for (const waiter of flight.waiters) this.forward(waiter, null, null, false);
  }

  private keptFor(request: Request, why: 'error' | 'refused'): StoredAnswer | undefined {
    const reading = this.read(request);
    if (!reading.isSafe) return undefined;
    const nowMs = this.origin.now();
    return this.store.under(reading.primary)?.findLast((entry) => this.policy.fallback(request, entry, why, nowMs) === 'serve');
  }

  /** Answers a call with an entry; `party`: whose headers and cookies go with it. */
  private deliver(call: Call, entry: StoredAnswer, party: number, isFallback: boolean): void {
    this.reportHeaders(call, party);
    if (this.isAskedForHeads) this.sink.head!(call, entry);
    const reading = this.read(call.request);
    const { frame, policy } = entry;
    // Only a validator says which picture it is.
    const isNamed = policy.validator === true;
    // RFC 9110 section 13.1.2, evaluated only here: against what this caller is being served, and nothing else.
    const isUnchanged = reading.isUnlessAny || (call.known === frame && isNamed && reading.isSafe);
    // A part is cut from the whole (section 14 of RFC 9110): the same picture, and less of it.
    if (!isUnchanged && !reading.isHead) this.sink.answered(call, frame, isFallback);
    else this.sink.described(call, isNamed ? frame : null);
  }

  private reportHeaders(call: Call, party: number): void {
    if (party !== NO_PARTY) this.sink.header(call, party);
  }

  private keep(answer: StoredAnswer): void {
    const party = this.policy.headers('stored', answer.party, NO_PARTY);
    const entry = party === answer.party ? answer : { ...answer, party };
    const { request, policy } = entry;
    this.store.add(entry, (old) => old.policy.vary === policy.vary && this.policy.matches(request, old.request, policy.vary));
  }

  private invalidateUri(primary: string): void {
    this.store.removeUnder(primary);
    for (const flight of this.flights) if (this.read(flight.request).primary === primary) this.overtake(flight);
  }

  private drop(notice: Notice): void {
    this.store.removeWhere((entry) => this.policy.invalidate(notice, entry));
    for (const flight of this.flights) if (this.policy.invalidate(notice, expectedOf(flight))) this.overtake(flight);
  }

  private overtake(flight: Flight): void {
    flight.overtaken = true;
    // Whoever asks from now on must not join a fetch that began before the notice.
    this.seal(flight);
  }

  /** From now on nobody joins. */
  private seal(flight: Flight): void {
    if (flight.joined !== null && this.joinable.get(flight.joined) === flight) this.joinable.delete(flight.joined);
  }
}
