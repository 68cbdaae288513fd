import type { Hooks } from './function-subject.ts';
import { TargetFault } from './target.ts';
import type { WireHeaders } from './wire-headers.ts';

/** What is to be fetched on behalf of one caller, through the client that all callers share. */
export interface ClientRequest {
  readonly method: string;
  /** On the loopback interface. */
  readonly url: string;
  /** The caller's own: credentials, conditions. */
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
}

/** A client with a cache in it. */
export interface ClientSubject extends Hooks {
  /**
   * Fetches, and gives what came back: a `Response`, what `undici.request` or `got` give, or `{ status, headers, body }` with the body
   * as bytes. Answers with a status of 400 and above may be thrown as well.
   */
  request(request: ClientRequest): Promise<unknown>;
}

/**
 * An answer that has been read to its end.
 * @internal
 */
export interface ClientAnswer {
  readonly status: number;
  readonly headers: WireHeaders;
  readonly body: Buffer;
}

/** Fields that clients give to what came back. */
interface Answered {
  readonly status?: unknown;
  readonly statusCode?: unknown;
  readonly headers?: unknown;
  readonly body?: unknown;
  readonly rawBody?: unknown;
  readonly data?: unknown;
  arrayBuffer?(): Promise<ArrayBuffer>;
}

/**
 * Reads what a client gave to its end. Throws a {@link TargetFault} where it is no answer.
 * @internal
 */
export async function readAnswer(given: unknown): Promise<ClientAnswer> {
  if (typeof given !== 'object' || given === null) throw unreadable(given === null ? 'null' : typeof given);
  const answered = given as Answered;
  const status = typeof answered.status === 'number' ? answered.status : answered.statusCode;
  if (typeof status !== 'number') throw unreadable(`an object with the fields ${Object.keys(given).slice(0, 8).join(', ')}`);
  return { status, headers: headersOf(answered.headers), body: await bodyOf(answered) };
}

function headersOf(headers: unknown): WireHeaders {
  if (typeof headers !== 'object' || headers === null) return {};
  // `Headers` and `Map` give pairs; several cookies are pairs of one name.
  const pairs = Symbol.iterator in headers ? [...(headers as Iterable<[string, string]>)] : (Object.entries(headers) as [string, string | string[]][]);
  const read: Record<string, string | string[]> = {};
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    read[key] = key in read ? [read[key]!, value].flat() : value;
  }
  return read;
}

async function bodyOf(answered: Answered): Promise<Buffer> {
  if (typeof answered.arrayBuffer === 'function') return Buffer.from(await answered.arrayBuffer());
  const body = answered.rawBody ?? answered.body ?? answered.data;
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === 'string') return Buffer.from(body, 'latin1');
  if (body instanceof ArrayBuffer) return Buffer.from(body);
  if (ArrayBuffer.isView(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const reader = body as Answered & Partial<AsyncIterable<Uint8Array>>;
  if (typeof reader.arrayBuffer === 'function') return Buffer.from(await reader.arrayBuffer());
  if (reader[Symbol.asyncIterator] === undefined) return Buffer.from(JSON.stringify(body));
  const chunks: Uint8Array[] = [];
  for await (const chunk of reader as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function unreadable(what: string): TargetFault {
  return new TargetFault(
    `request() gave no answer: it gave ${what}`,
    'Return what the client gives: a Response, the result of undici.request or got, or { status, headers, body } with the body as bytes.',
  );
}
