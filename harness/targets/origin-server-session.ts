import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Call, type Contact, NO_PARTY, type Reply } from '../../models/origin.ts';
import type { StageCall, StageReply } from '../run/call.ts';
import type { Stage } from '../run/stage.ts';
import type { WireClock } from './faketime.ts';
import type { FrameLedger } from './frame-bytes-ledger.ts';
import { writeEmpty, writeReply } from './origin-reply.ts';
import { WireCalls } from './origin-server-calls.ts';
import { HeaderLedger } from './wire-headers.ts';

interface OriginSessionOptions {
  readonly stage: Stage;
  readonly ledger: FrameLedger;
  readonly clock: WireClock;
}

/** A contact that was put by. */
interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The number of the call for which it came. */
  readonly rank: number;
}

/** The stage as the origin of one session, on the wire. */
export class OriginSession {
  /** What every path of this session begins with: caches keep the answers of one session apart from those of all others. */
  readonly prefix: string;
  /** Requests that no call in flight had asked for as they came. */
  strays = 0;
  /** Told of every request that came and of every answer that left, with the number of the call, or -1 where it was nobody's. */
  onContact: (call: number, isAnswer: boolean) => void = () => {};
  /** Told when somebody who waits for an answer that is held back has gone away. */
  onGone: () => void = () => {};
  /** Told when a contact was put by. */
  onGathered: () => void = () => {};
  /**
   * Whether what comes now is put by: several contacts may be on their way at once, and which of them came first says nothing. They are then
   * let in one after the other by {@link admitNext}.
   */
  isGathering: () => boolean = () => false;
  private readonly gathered: Arrival[] = [];
  private readonly options: OriginSessionOptions;
  readonly headers: HeaderLedger;
  private readonly calls: WireCalls;
  /** Who waits for an answer that is held back. */
  private readonly waiting = new Set<ServerResponse>();
  private isOpen = true;

  constructor(prefix: string, options: OriginSessionOptions) {
    this.prefix = prefix;
    this.options = options;
    this.headers = new HeaderLedger(options.stage);
    this.calls = new WireCalls(options.stage);
  }

  /** Enters a call before it is sent. */
  enter(call: StageCall): void {
    this.calls.enter(call);
  }

  isFor(url: string): boolean {
    return this.isOpen && url.startsWith(this.prefix) && url[this.prefix.length] === '/';
  }

  receive(request: IncomingMessage, response: ServerResponse): void {
    if (!this.isGathering()) {
      this.admit(request, response);
      return;
    }
    this.gathered.push({ request, response, rank: this.calls.rank(this.targetOf(request), request) });
    this.onGathered();
  }

  /** Lets in the contact for the oldest call of those that were put by. False where there is none. */
  admitNext(): boolean {
    const { gathered } = this;
    if (gathered.length === 0) return false;
    const first = gathered.reduce((best, one) => (one.rank < best.rank ? one : best));
    gathered.splice(gathered.indexOf(first), 1);
    this.admit(first.request, first.response);
    return true;
  }

  private targetOf(request: IncomingMessage): string {
    return (request.url ?? '').slice(this.prefix.length);
  }

  private admit(request: IncomingMessage, response: ServerResponse): void {
    const { stage, ledger, clock } = this.options;
    const attributed = this.calls.attribute(this.targetOf(request), request);
    if (attributed === null) {
      writeEmpty(response, 404, clock.now());
      return;
    }
    const { call, isStray, isAmbiguous = false } = attributed;
    if (isStray) this.strays++;
    let isAnswered = false;
    const resume = (_call: Call, _contact: Contact, reply: Reply): void => {
      isAnswered = true;
      this.waiting.delete(response);
      // Whoever asked may have gone away meanwhile.
      if (!response.destroyed) {
        if (reply.status === 'unchanged') this.headers.prolong((reply as StageReply).known!, call.step.lifetimeMs);
        // Of two visitors who ask alike, either might be the one: a session is planted only where it is certain whose it is.
        const party = isAmbiguous && reply.party < NO_PARTY ? NO_PARTY : reply.party;
        // RFC 9110 section 13.1.2: a `*` asks for nothing where there is a picture at all.
        const isUnwanted = reply.status === 'ok' && request.headers['if-none-match']?.trim() === '*';
        const said = { ...reply, party, ...(isUnwanted && { status: 'unchanged' as const, frame: null, known: reply.frame }) };
        writeReply(response, said, { ledger, headers: this.headers, nowMs: clock.now() });
      }
      this.onContact(call.number, true);
    };
    const known = this.headers.frameOf(request.headers['if-none-match']);
    if (known === null) stage.fetch(call, call.tier, { resume });
    else stage.revalidate(call, call.tier, known, { resume });
    if (isAnswered) return;
    this.waiting.add(response);
    response.once('close', () => {
      if (this.waiting.delete(response)) this.onGone();
    });
    this.onContact(call.number, false);
  }

  /** What is asked later is turned away; whoever still waits loses the connection. */
  close(): void {
    this.isOpen = false;
    this.onContact = () => {};
    this.onGone = () => {};
    this.onGathered = () => {};
    for (const { response } of this.gathered.splice(0)) response.destroy();
    for (const response of this.waiting) response.destroy();
    this.waiting.clear();
  }
}
