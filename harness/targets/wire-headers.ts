import type { MarkedFrame } from '../../models/domain/authority.ts';
import { NO_PARTY, type Reply } from '../../models/origin.ts';
import type { StageFrame } from '../run/call.ts';
import type { Stage } from '../run/stage.ts';
import { isSealed, sealed } from './sealed-text.ts';
import { newSessionNumber } from './session-number.ts';

/** Header fields of an answer by their lower-case names, as `node:http` gives them. */
export type WireHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The header field in which the origin plants the session, beside the cookie. */
const SESSION_FIELD = 'x-session';

const NONCE = /KHS\.([0-9a-z]{1,9})\.(-?\d{1,7})\.[0-9a-f]{8}\./g;
const TAG = /^(?:W\/)?"(KHV\.[0-9a-z]{1,9}\.[\d.]{5,40}\.[hl])"$/;

/**
 * What the origin of one session plants in headers, and the way back: a nonce of the caller's session in a header and in a cookie, and
 * an `ETag` that names the picture. Equal pictures have equal tags, whichever copy carries them (RFC 9110 section 8.8.3).
 */
export class HeaderLedger {
  private readonly stage: Stage;
  private readonly run: string;
  /** By tag: every copy of that picture. */
  private readonly copies = new Map<string, StageFrame[]>();
  private readonly nonces = new Map<number, string>();

  constructor(stage: Stage) {
    this.stage = stage;
    this.run = newSessionNumber().toString(36);
  }

  /** The header fields that the origin adds to a reply. */
  give(reply: Reply, headers: Record<string, string | number>): void {
    if (reply.party !== NO_PARTY) {
      const nonce = this.nonceOf(reply.party);
      headers[SESSION_FIELD] = nonce;
      headers['set-cookie'] = `visit=${nonce}; Path=/`;
    }
    if (reply.policy.validator !== true) return;
    const frame = (reply.frame ?? (reply as { known?: MarkedFrame }).known) as StageFrame | null | undefined;
    if (frame !== null && frame !== undefined) headers['etag'] = `"${this.enter(frame)}"`;
  }

  /** The tag under which the caller knows a picture. */
  tagOf(frame: MarkedFrame): string {
    return `"${this.name(frame)}"`;
  }

  /** The picture that a tag names: its latest copy. Null where this session never gave the tag out. */
  frameOf(tag: string | undefined): StageFrame | null {
    const name = TAG.exec(tag?.trim() ?? '')?.[1];
    return (name === undefined ? undefined : this.copies.get(name))?.at(-1) ?? null;
  }

  /** The origin said again that the picture may be kept: which copy the cache has, only the cache knows. */
  prolong(frame: StageFrame, lifetimeMs: number): void {
    for (const copy of this.copies.get(this.name(frame)) ?? []) this.stage.prolong(copy, lifetimeMs);
  }

  /** The sessions that headers speak of, each once. */
  partiesIn(headers: WireHeaders): number[] {
    const parties = new Set<number>();
    for (const value of Object.values(headers)) {
      const text = typeof value === 'string' ? value : (value ?? []).join('\n');
      if (!text.includes('KHS.')) continue;
      for (const [said, run, party] of text.matchAll(NONCE)) if (run === this.run && isSealed(said)) parties.add(Number(party));
    }
    return [...parties];
  }

  private nonceOf(party: number): string {
    let nonce = this.nonces.get(party);
    if (nonce === undefined) {
      nonce = sealed(`KHS.${this.run}.${party}.`);
      this.nonces.set(party, nonce);
    }
    return nonce;
  }

  private enter(frame: StageFrame): string {
    const name = this.name(frame);
    const copies = this.copies.get(name);
    if (copies === undefined) this.copies.set(name, [frame]);
    else if (!copies.includes(frame)) copies.push(frame);
    return name;
  }

  private name({ camera, epoch, sequence, tier }: MarkedFrame): string {
    return `KHV.${this.run}.${camera}.${epoch}.${sequence}.${tier === 'high' ? 'h' : 'l'}`;
  }
}
