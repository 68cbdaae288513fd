import { DONE, type StageCall } from '../run/call.ts';
import { listenerOf } from '../run/overheard.ts';
import type { Stage } from '../run/stage.ts';
import { reportFrames } from './answer-frames.ts';
import type { Found, FrameLedger } from './frame-bytes-ledger.ts';
import { digestOf } from './function-digest.ts';
import { show } from './picture-show.ts';
import { TargetFault } from './target.ts';

/** Bytes in any of the forms in which JavaScript keeps them. Text is bytes that went through a string. */
export type Bytes = string | ArrayBuffer | ArrayBufferView;

/**
 * What a caller may be given: bytes, alone or as the body of something with a status. Nothing, or a status of 300 and above, is a
 * refusal. `fallback` says openly that the frame is not the one that was asked for.
 */
export type Answer = Bytes | { readonly status?: number; readonly body?: Bytes | null; readonly fallback?: boolean } | null | undefined;

const SHOWN = 60;

/**
 * Reports to the stage what a caller was given, and says whether that was a frame. Throws a {@link TargetFault} when it cannot be read.
 * @internal
 */
export function report(stage: Stage, ledger: FrameLedger, call: StageCall, raw: unknown): boolean {
  if (call.state === DONE) return false;
  const bytes = bytesOf(raw);
  // A refusal may say what it likes, and is searched all the same: a frame in the page of an error is a frame.
  return reportFound(stage, call, raw, bytes === null ? NOTHING : ledger.find(bytes));
}

/**
 * Like {@link report}, of an answer in which it is known what there is to be found.
 * @internal
 */
export function reportFound(stage: Stage, call: StageCall, raw: unknown, found: Found): boolean {
  if (call.state === DONE) return false;
  listenerOf(stage)?.given(call, digestOf(raw));
  const { frames, stray } = found;
  if (frames.length === 0) {
    if (stray !== null) throw new TargetFault(OUTLIVED, EMPTY);
    if (!isRefusal(raw)) throw unreadable(raw, found);
    stage.refused(call, 'refused');
    show(stage, call, found);
    return false;
  }
  const fallback = (raw as { fallback?: unknown } | null | undefined)?.fallback === true;
  const known = stage.breaches.length;
  reportFrames(stage, call, frames, fallback);
  show(stage, call, found);
  // What is wrong with frames of this session was judged, and says more.
  if (stray !== null && stage.breaches.length === known) throw new Beside();
  if (!found.isLegible) throw illegible();
  return true;
}

/**
 * What is found where there is nothing.
 * @internal
 */
export const NOTHING: Found = { frames: [], stray: null, isLegible: true, picture: null };

/** Whether this is meant to give the caller nothing: it has no content, or the status of a failure or of a redirection. */
export function isRefusal(raw: unknown): boolean {
  if (raw === null || raw === undefined || isEmpty(raw)) return true;
  if (typeof raw !== 'object') return false;
  const { status, body } = raw as { status?: unknown; body?: unknown };
  return body === null || isEmpty(body) || (typeof status === 'number' && (status >= 300 || status === 204));
}

function isEmpty(raw: unknown): boolean {
  return raw === '' || (ArrayBuffer.isView(raw) && raw.byteLength === 0) || (raw instanceof ArrayBuffer && raw.byteLength === 0);
}

/** What can be searched for marks; null where there is nothing. */
function bytesOf(raw: unknown): Uint8Array | string | null {
  if (raw instanceof Uint8Array || typeof raw === 'string') return raw;
  if (raw === null || raw === undefined) return null;
  if (raw instanceof ArrayBuffer) return new Uint8Array(raw);
  if (ArrayBuffer.isView(raw)) return new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength);
  if (typeof raw !== 'object') return '';
  const { body } = raw as { body?: unknown };
  if (body === null) return null;
  return body === undefined || typeof body === 'object' ? bytesWithin(raw, body) : bytesOf(body);
}

/** Something of a form of its own: whatever JSON shows of it is searched. */
function bytesWithin(raw: object, body: unknown): Uint8Array | string {
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return bytesOf(body)!;
  try {
    return JSON.stringify(raw) ?? '';
  } catch {
    return '';
  }
}

function unreadable(raw: unknown, { picture }: Found): TargetFault {
  const remedy =
    picture === null
      ? 'Return the bytes that origin.fetch or origin.read gave, as they are or as text, base64 or JSON; or { status, body }. ' +
        'Where the caller gets nothing, return null, or a status that says so.'
      : LEGIBLE;
  return new TargetFault(`an answer holds no frame of the origin: it is ${described(raw)}`, remedy);
}

const LEGIBLE =
  'Give out pictures of the origin uncropped, and at a quarter of their size or more. JPEG is always read; PNG, WebP, AVIF and GIF where sharp is installed.';

function illegible(): TargetFault {
  return new TargetFault(
    'beside a frame, an answer holds a picture that cannot be read: it may show anything',
    `${LEGIBLE} Leave other pictures out of answers with frames.`,
  );
}

const OUTLIVED = 'an answer holds a frame that was made for another session: the cache keeps state between sessions';
const EMPTY =
  'Make everything that remembers anything within open(), or empty it there: a store shared by all sessions, ' +
  'a cache at the top of a module, a database that is not flushed.';
const AROUND =
  ' Or the answer is more than the frame, and holds what lies beside it in memory: the `buffer` of a Buffer is mostly shared with others ' +
  '(give out `byteLength` bytes of it from `byteOffset` on), and Buffer.allocUnsafe begins with what was there before.';

/** Beside what is right, an answer holds a frame of another session. */
export class Beside extends TargetFault {
  constructor() {
    super(OUTLIVED, EMPTY + AROUND);
  }
}

/** The kind of a value and how it begins, for a message. */
export function described(raw: unknown): string {
  const body = typeof raw === 'object' && raw !== null && 'body' in raw ? raw.body : raw;
  const within = body === raw ? '' : ' as its body';
  if (typeof body === 'string') return `a string of ${body.length} characters${within}: ${beginning(body)}`;
  if (ArrayBuffer.isView(body)) return `${body.byteLength} bytes${within}: ${beginningOf(Buffer.from(body.buffer, body.byteOffset, body.byteLength))}`;
  if (body instanceof ArrayBuffer) return `${body.byteLength} bytes${within}: ${beginningOf(Buffer.from(body))}`;
  if (typeof body !== 'object' || body === null) return `${typeof body} ${String(body)}${within}`;
  return `an object of class ${body.constructor?.name ?? 'null'}${within} with ${Object.keys(body).length} fields: ${beginning(Object.keys(body).join(', '))}`;
}

const IN_HEX = 8;

/** Bytes as text, as far as they are text, and a few more in hexadecimal. */
function beginningOf(bytes: Buffer): string {
  const text = bytes.toString('latin1', 0, SHOWN + 1);
  const [legible = ''] = /^[\t\n\r\u0020-\u007e]*/.exec(text)!;
  if (legible.length === text.length) return beginning(text);
  const rest = bytes.subarray(legible.length);
  const hex = `${rest.toString('hex', 0, IN_HEX).replaceAll(/..(?=.)/g, '$& ')}${rest.length > IN_HEX ? ' ...' : ''}`;
  return legible === '' ? hex : `${JSON.stringify(legible)}, then ${hex}`;
}

function beginning(text: string): string {
  const shown = JSON.stringify(text.slice(0, SHOWN)).replaceAll(/[\u007f-\uffff]/g, escaped);
  return text.length > SHOWN ? `${shown}...` : shown;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
