import type { MarkedFrame } from '../../models/domain/authority.ts';
import type { Call, Contact, Reply, Waiting } from '../../models/origin.ts';
import type { LifetimeRule } from '../run/lifetime.ts';
import type { Stage } from '../run/stage.ts';
import type { FrameLedger } from './frame-bytes-ledger.ts';
import type { CallBook } from './origin-api-calls.ts';
import { type FrameReply, type Inquiry, type OriginApi, OriginError, type Permission } from './origin-api.ts';
import { TargetFault } from './target.ts';

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({ 'cache-control': 'no-store' });
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
}

/** The stage as the origin of one session. */
export class SessionOrigin implements OriginApi {
  /** The origin refused, failed or kept somebody waiting in this session: reason enough for a cache to throw. */
  wasUnkind = false;
  private readonly options: OriginOptions;
  private contacts = 0;
  private state: 'opening' | 'open' | 'closed' = 'opening';

  constructor(options: OriginOptions) {
    this.options = options;
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
    return new Promise((resolve, reject) => {
      const call = this.callFor(request, true);
      if (call === undefined) return;
      if (call === null) resolve({ allowed: false, epoch: -1 });
      else this.ask(call, (waiting) => this.options.stage.authorise(call, waiting), { resolve, reject, read: permissionOf });
    });
  }

  fetch(request: Inquiry): Promise<FrameReply> {
    return this.get(request, false);
  }

  read(request: Inquiry): Promise<FrameReply> {
    return this.get(request, true);
  }

  private get(request: Inquiry, unchecked: boolean): Promise<FrameReply> {
    return new Promise((resolve, reject) => {
      const { book, stage } = this.options;
      const call = this.callFor(request, !unchecked);
      if (call === undefined) return;
      const read = (reply: Reply): FrameReply => this.frameReply(reply);
      if (call === null) resolve(UNKNOWN);
      else this.ask(call, (waiting) => stage.fetch(call, book.tierOf(request), waiting, unchecked), { resolve, reject, read });
    });
  }

  /** The call that waits; null where user or camera do not exist; undefined where nothing is answered any more. */
  private callFor(request: Inquiry, personal: boolean): Call | null | undefined {
    if (this.state === 'opening') throw new Error('The origin was asked before the first request: there is nothing to fetch while a cache is opened.');
    if (++this.contacts > CONTACTS_MAX) this.giveUp();
    return this.state === 'closed' ? undefined : this.options.book.callFor(request, personal);
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

  private ask<T>(call: Call, contact: (waiting: Waiting) => void, asking: Asking<T>): void {
    let answered = false;
    contact({
      resume: (_call: Call, kind: Contact, reply: Reply): void => {
        answered = true;
        if (reply.status !== 'ok') this.wasUnkind = true;
        if (reply.status === 'dropped') asking.reject(new OriginError(call, 'ECONNRESET'));
        else if (reply.status === 'error' && kind === 'authorise') asking.reject(new OriginError(call, 'EORIGIN'));
        else asking.resolve(asking.read(reply));
      },
    });
    if (!answered) this.wasUnkind = true;
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
    if (this.options.lifetimes === 'granted') headers['cache-control'] = `private, max-age=${Math.floor(reply.lifetimeMs / 1000)}`;
    else if (cacheControl !== '') headers['cache-control'] = cacheControl;
    if (vary !== '') headers['vary'] = vary;
    return headers;
  }
}

interface Asking<T> {
  resolve(value: T): void;
  reject(error: OriginError): void;
  read(reply: Reply): T;
}

function permissionOf(reply: Reply): Permission {
  return { allowed: reply.status === 'ok', epoch: reply.epoch };
}
