import { gunzipSync } from 'node:zlib';

/** Long enough to hold a mark, and longer than what chance makes of words. */
const BASE64 = /[A-Za-z0-9+/_-]{64,}/g;
const HEX = /(?:[0-9a-fA-F]{2}){48,}/g;
const NUMBERS = /\d{1,3}(?:\s*,\s*\d{1,3}){47,}/g;
/** Base64 in which something stands between its lines, as MIME has it, or before its slashes, as some writers of JSON do. */
const BROKEN_BASE64 = /(?:\\\/|\\n|\n)(?<=[A-Za-z0-9+/]{16}(?:\\\/|(?:\\r)?\\n|\r?\n))(?=[A-Za-z0-9+/]{4})/;
const BREAKS = /\\(?=\/)|\\r|\\n|\r|\n/g;
/** How many wrappings are taken off: base64 within JSON within base64. */
const DEPTH = 3;
const GZIP_LIMIT_BYTES = 1 << 24;

/** An answer as text, one character a byte, followed by what is found when wrappings are taken off it. */
export function unwrapped(answer: Uint8Array | string): string[] {
  const texts: string[] = [];
  unwrap(typeof answer === 'string' ? answer : latin1(answer), DEPTH, texts);
  return texts;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function unwrap(text: string, depth: number, texts: string[]): void {
  texts.push(text);
  if (depth === 0) return;
  const inner: Buffer[] = [];
  if (text.startsWith('\x1f\x8b')) inner.push(inflated(text));
  // UTF-16 puts a zero beside each character.
  if (text.includes('K\0H\0')) inner.push(Buffer.from(text.replaceAll('\0', ''), 'latin1'));
  if (BROKEN_BASE64.test(text)) inner.push(Buffer.from(text.replaceAll(BREAKS, ''), 'latin1'));
  for (const [run] of text.matchAll(HEX)) inner.push(Buffer.from(run, 'hex'), Buffer.from(run.slice(1), 'hex'));
  for (const [run] of text.matchAll(NUMBERS)) inner.push(Buffer.from(run.split(',').map(Number)));
  // What stands before may be glued on, so that the groups of four begin anywhere.
  for (const [run] of text.matchAll(BASE64)) for (let phase = 0; phase < 4; phase++) inner.push(Buffer.from(run.slice(phase), 'base64'));
  for (const bytes of inner) if (bytes.length > 0) unwrap(latin1(bytes), depth - 1, texts);
}

function inflated(text: string): Buffer {
  try {
    return gunzipSync(Buffer.from(text, 'latin1'), { maxOutputLength: GZIP_LIMIT_BYTES });
  } catch {
    // It only began like gzip.
    return Buffer.alloc(0);
  }
}
