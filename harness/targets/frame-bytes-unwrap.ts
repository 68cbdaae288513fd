import { constants, gunzipSync, inflateSync } from 'node:zlib';

const HEX = /(?:[0-9a-fA-F]{2}){48,16384}/g;
const NUMBERS = /\d{1,3}(?:\s*,\s*\d{1,3}){47,16384}/g;
/** Base64 in which something stands between its lines, as MIME has it, or before its slashes, as some writers of JSON do. */
const BROKEN_BASE64 = /(?:\\\/|\\n|\n)(?<=[A-Za-z0-9+/]{16}(?:\\\/|(?:\\r)?\\n|\r?\n))(?=[A-Za-z0-9+/]{4})/;
const BREAKS = /\\(?=\/)|\\r|\\n|\r|\n/g;
/** What JSON makes of a Uint8Array: an object with its places as names, also where that JSON is a string within JSON. */
const NUMBERED = /(?:\\{0,3}"\d{1,7}\\{0,3}":\s{0,64}\d{1,3}\s{0,64},?\s{0,64}){48,16384}/g;
const NUMBERED_VALUE = /":\s{0,64}(\d{1,3})/g;
/** A line or a piece of base64, and what may stand between two of them: the end of a line, an indentation, quotes, commas, the plus of two strings. */
const PIECE = /[A-Za-z0-9+/_-]{16,262144}/g;
const BETWEEN = /^(?:\\[nrt]|\\{0,3}["']|[\s,+])+$/;
const BETWEEN_MAX = 64;
/** Long enough to hold a mark, and longer than what chance makes of words. */
const BASE64_MIN = 64;
/** How many wrappings are taken off: base64 within JSON within base64. */
const DEPTH = 3;
/** How streams begin that are compressed as gzip, and as zlib at any level. */
const GZIP = '\x1f\x8b';
const ZLIB: readonly string[] = ['x\x01', 'x\x5e', 'x\x9c', 'x\xda'];
const INFLATED_BYTES = 1 << 24;
/** Of all texts together: however an answer is nested, searching it ends. */
const TEXT_CHARACTERS = 1 << 28;

/** What has been unwrapped of one answer, and how much more may be. */
interface Unwrapping {
  readonly texts: string[];
  characters: number;
  inflatedBytes: number;
}

/** An answer as text, one character a byte, followed by what is found when wrappings are taken off it. */
export function unwrapped(answer: Uint8Array | string): string[] {
  const unwrapping: Unwrapping = { texts: [], characters: TEXT_CHARACTERS, inflatedBytes: INFLATED_BYTES };
  unwrap(typeof answer === 'string' ? answer : latin1(answer), DEPTH, unwrapping);
  return unwrapping.texts;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function unwrap(text: string, depth: number, unwrapping: Unwrapping): void {
  unwrapping.texts.push(text);
  unwrapping.characters -= text.length;
  if (depth === 0 || unwrapping.characters < 0) return;
  const inner: Buffer[] = [];
  if (text.startsWith(GZIP) || ZLIB.includes(text.slice(0, 2))) inner.push(inflated(text, unwrapping));
  // UTF-16 puts a zero beside each character.
  if (text.includes('K\0H\0')) inner.push(Buffer.from(text.replaceAll('\0', ''), 'latin1'));
  if (BROKEN_BASE64.test(text)) inner.push(Buffer.from(text.replaceAll(BREAKS, ''), 'latin1'));
  for (const [run] of text.matchAll(HEX)) inner.push(Buffer.from(run, 'hex'), Buffer.from(run.slice(1), 'hex'));
  for (const [run] of text.matchAll(NUMBERS)) inner.push(Buffer.from(run.split(',').map(Number)));
  for (const [run] of text.matchAll(NUMBERED)) inner.push(Buffer.from(Array.from(run.matchAll(NUMBERED_VALUE), ([, value]) => Number(value))));
  // What stands before may be glued on, so that the groups of four begin anywhere.
  for (const run of base64In(text)) for (let phase = 0; phase < 4; phase++) inner.push(Buffer.from(run.slice(phase), 'base64'));
  for (const bytes of inner) if (bytes.length > 0) unwrap(latin1(bytes), depth - 1, unwrapping);
}

/** Whatever may be base64: each run of its characters, and runs that belong together. */
function base64In(text: string): string[] {
  const found: string[] = [];
  let pieces: string[] = [];
  let end = 0;
  const finish = (): void => {
    const joined = pieces.length > 1 ? pieces.join('') : '';
    if (joined.length >= BASE64_MIN) found.push(joined);
  };
  for (const { 0: run, index } of text.matchAll(PIECE)) {
    if (run.length >= BASE64_MIN) found.push(run);
    const escaped = text[index - 1] === '\\';
    const begins = index + Number(escaped);
    const belongs = pieces.length > 0 && begins - end <= BETWEEN_MAX && BETWEEN.test(text.slice(end, begins));
    if (!belongs) {
      finish();
      pieces = [];
    }
    // The letter of an escaped end of line looks like base64.
    pieces.push(escaped ? run.slice(1) : run);
    end = index + run.length;
  }
  finish();
  return found;
}

/** What a compressed stream holds, as far as it goes. */
function inflated(text: string, unwrapping: Unwrapping): Buffer {
  if (unwrapping.inflatedBytes < 1) return Buffer.alloc(0);
  const options = { maxOutputLength: unwrapping.inflatedBytes, finishFlush: constants.Z_SYNC_FLUSH };
  try {
    const bytes = Buffer.from(text, 'latin1');
    const content = text.startsWith(GZIP) ? gunzipSync(bytes, options) : inflateSync(bytes, options);
    unwrapping.inflatedBytes -= content.length;
    return content;
  } catch {
    // It only began like one, or it does not end.
    return Buffer.alloc(0);
  }
}
