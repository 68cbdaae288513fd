import type { MarkedFrame } from '../../models/domain/authority.ts';
import type { Call, Contact, Reply, Waiting } from '../../models/origin.ts';
import type { LifetimeRule } from '../run/lifetime.ts';
import type { Stage } from '../run/stage.ts';
import type { FrameLedger } from './frame-bytes-ledger.ts';
import { type CallBook, OutOfContext } from './origin-api-calls.ts';
import { type FrameReply, type Inquiry, type OriginApi, OriginError, type Permission } from './origin-api.ts';
import { TargetFault } from './target.ts';

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({ 'cache-control': 'no-store' });
const NOT_ALLOWED: Permission = Object.freeze({ allowed: false, epoch: -1 });
const UNKNOWN: FrameReply = Object.freeze({ status: 403, body: null, epoch: -1, maxAgeMs: 0, headers: NO_HEADERS });

/** More contacts than any program needs: a loop without a pause would never let the harness speak again. */
const CONTACTS_MAX = 20_000;

interface OriginOptions {
  readonly stage: Stage;
  readonly book: CallBook;
  readonly ledger: FrameLedger;
  readonly lifetimes: LifetimeRule;
  /** Told what the target did wrong. */
  fail(fault: TargetFault): void;
  /** Told that promises have to be followed. */
  lose(): void;
}

/** The stage as the origin of one session. */
export class SessionOrigin implements OriginApi {
  /** The origin refused, failed or kept somebody waiting in this session: reason enough for a cache to throw. */
  wasUnkind = false;
  private readonly options: OriginOptions;
  private waiting: Waiter;
  private contacts = 0;
  private state: 'opening' | 'open' | 'closed' = 'opening';

  constructor(options: OriginOptions) {
    this.options = options;
    this.waiting = new Waiter(this);
  }

  /** From the first operation on. */
  begin(): void {
    if (this.state === 'opening') this.state = 'open';
  }

  /** What is asked later is never answered. */
  close(): void {
    this.state = 'closed';
  }

  authorise(request: Inquiry): Promise<Permission> {
    return this.contact(request, 'authorise', true) as Promise<Permission>;
  }

  fetch(request: Inquiry): Promise<FrameReply> {
    return this.contact(request, 'fetch', true) as Promise<FrameReply>;
  }

  read(request: Inquiry): Promise<FrameReply> {
    return this.contact(request, 'fetch', false) as Promise<FrameReply>;
  }

  /** `personal`: with the caller's own credential. */
  private contact(request: Inquiry, contact: Contact, personal: boolean): Promise<Permission | FrameReply> {
    try {
      const call = this.callFor(request, personal);
      if (call === undefined) return new Promise(() => {});
      if (call === null) return Promise.resolve(contact === 'fetch' ? UNKNOWN : NOT_ALLOWED);
      const { book, stage } = this.options;
      const { waiting } = this;
      if (contact === 'fetch') stage.fetch(call, book.tierOf(request), waiting, !personal);
      else stage.authorise(call, waiting);
      return this.answerTo(waiting);
    } catch (error) {
      // As if an asynchronous function had thrown it, whatever it is.
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors
      return Promise.reject(error);
    }
  }

  /** What the origin has answered at once, or a promise of what it holds back. */
  private answerTo(waiting: Waiter): Promise<Permission | FrameReply> {
    const { answer } = waiting;
    if (answer === null) {
      this.wasUnkind = true;
      this.waiting = new Waiter(this);
      return waiting.later();
    }
    waiting.answer = null;
    return answer instanceof OriginError ? Promise.reject(answer) : Promise.resolve(answer);
  }

  /** The call that waits; null where user or camera do not exist; undefined where nothing is answered any more. */
  private callFor(request: Inquiry, personal: boolean): Call | null | undefined {
    if (this.state === 'opening') throw new Error('The origin was asked before the first request: there is nothing to fetch while a cache is opened.');
    if (++this.contacts > CONTACTS_MAX) this.giveUp();
    if (this.state === 'closed') return undefined;
    try {
      return this.options.book.callFor(request, personal);
    } catch (error) {
      if (!(error instanceof OutOfContext)) throw error;
      this.options.lose();
      return undefined;
    }
  }

  private giveUp(): void {
    this.close();
    this.options.fail(
      new TargetFault(
        `the cache asked the origin ${CONTACTS_MAX} times in one program`,
        'Look for a retry without an end: what the origin refuses now, it refuses a moment later.',
      ),
    );
  }

  /** What is told to the cache. */
  answerOf(call: Call, contact: Contact, reply: Reply): Answer {
    const { status, epoch } = reply;
    if (status !== 'ok') this.wasUnkind = true;
    if (status === 'dropped') return failure(call, 'ECONNRESET');
    if (contact === 'fetch') return this.frameReply(reply);
    return status === 'error' ? failure(call, 'EORIGIN') : { allowed: status === 'ok', epoch };
  }

  /** A reply is only valid while it is handed over, so that all of it is copied. */
  private frameReply(reply: Reply): FrameReply {
    const { epoch, lifetimeMs, frame } = reply;
    if (reply.status !== 'ok') return { status: reply.status === 'refused' ? 403 : 502, body: null, epoch, maxAgeMs: 0, headers: NO_HEADERS };
    return { status: 200, body: this.options.ledger.give(frame as MarkedFrame), epoch, maxAgeMs: lifetimeMs, headers: this.headersOf(reply) };
  }

  private headersOf(reply: Reply): Record<string, string> {
    const { cacheControl, vary } = reply.policy;
    const headers: Record<string, string> = { 'content-type': this.options.ledger.codec.contentType };
    // A lifetime that is granted to caches in the process must not be contradicted by the header beside it.
    if (this.options.lifetimes === 'granted') headers['cache-control'] = granted(reply.lifetimeMs);
    else if (cacheControl !== '') headers['cache-control'] = cacheControl;
    if (vary !== '') headers['vary'] = vary;
    return headers;
  }
}

type Answer = Permission | FrameReply | OriginError;

/** Waits for one answer of the origin. It mostly comes at once, so that the same one can wait for the next. */
class Waiter implements Waiting {
  answer: Answer | null = null;
  private readonly origin: SessionOrigin;
  private settled: { resolve(answer: Permission | FrameReply): void; reject(error: OriginError): void } | null = null;

  constructor(origin: SessionOrigin) {
    this.origin = origin;
  }

  resume(call: Call, contact: Contact, reply: Reply): void {
    const answer = this.origin.answerOf(call, contact, reply);
    const { settled } = this;
    if (settled === null) this.answer = answer;
    else if (answer instanceof OriginError) settled.reject(answer);
    else settled.resolve(answer);
  }

  later(): Promise<Permission | FrameReply> {
    return new Promise((resolve, reject) => {
      this.settled = { resolve, reject };
    });
  }
}

/** Without a stack, which would only show the harness and take as long to write down as all else. */
function failure(call: Call, code: OriginError['code']): OriginError {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new OriginError(call, code);
  Error.stackTraceLimit = stackTraceLimit;
  return error;
}

let lifetime = -1;
let grant = '';

/** `Cache-Control` for a lifetime in ms. Mostly it is the one of the answer before. */
function granted(lifetimeMs: number): string {
  if (lifetimeMs !== lifetime) {
    lifetime = lifetimeMs;
    grant = `private, max-age=${Math.floor(lifetimeMs / 1000)}`;
  }
  return grant;
}
