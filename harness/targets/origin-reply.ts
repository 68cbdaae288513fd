import type { ServerResponse } from 'node:http';
import type { MarkedFrame } from '../../models/domain/authority.ts';
import type { Reply } from '../../models/origin.ts';
import type { FrameLedger } from './frame-bytes-ledger.ts';
import type { HeaderLedger } from './wire-headers.ts';

/** What an answer of the origin is made with. */
export interface ReplyContext {
  readonly ledger: FrameLedger;
  readonly headers: HeaderLedger;
  /** The moment of the answer, in ms since 1970, by the clock of whoever reads it: a cache counts ages from it. */
  readonly nowMs: number;
}

/** A refusal, a failure and a fence are for nobody to keep. */
const KEEP_NOTHING = 'no-store';

/** Writes what the origin says as an HTTP response. A reply is only valid while it is handed over, so all of it is written at once. */
export function writeReply(response: ServerResponse, reply: Reply, { ledger, headers: planted, nowMs }: ReplyContext): void {
  if (reply.status === 'dropped') {
    response.destroy();
    return;
  }
  if (reply.status !== 'ok' && reply.status !== 'unchanged') {
    writeEmpty(response, reply.status === 'refused' ? 403 : 502, nowMs);
    return;
  }
  const { cacheControl, vary } = reply.policy;
  const headers: Record<string, string | number> = { date: httpDate(nowMs) };
  if (cacheControl !== '') headers['cache-control'] = cacheControl;
  if (vary !== '') headers['vary'] = vary;
  planted.give(reply, headers);
  if (reply.frame === null) {
    response.writeHead(304, headers).end();
    return;
  }
  const body = ledger.give(reply.frame as MarkedFrame);
  headers['content-type'] = ledger.codec.contentType;
  headers['content-length'] = body.length;
  // Node leaves the body out where the request is a HEAD.
  response.writeHead(200, headers).end(body);
}

/** An answer without a body that no cache may keep. */
export function writeEmpty(response: ServerResponse, status: number, nowMs: number): void {
  response.writeHead(status, { date: httpDate(nowMs), 'cache-control': KEEP_NOTHING, 'content-length': 0 }).end();
}

/** An answer that says nothing, and that every cache may keep for a minute. */
export function writeLasting(response: ServerResponse, nowMs: number): void {
  const body = 'kept';
  response
    .writeHead(200, { date: httpDate(nowMs), 'cache-control': 'public, max-age=60', 'content-type': 'text/plain', 'content-length': body.length })
    .end(body);
}

let second = -1;
let date = '';

/** A moment in the form of the `Date` field (RFC 9110 section 5.6.7). Most answers fall into the same second as the one before. */
export function httpDate(ms: number): string {
  const asked = Math.floor(ms / 1000);
  if (asked !== second) {
    second = asked;
    date = new Date(asked * 1000).toUTCString();
  }
  return date;
}
