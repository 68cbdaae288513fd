import type { IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** Longer than what anybody shows in one page: what swells beyond it is searched as it came. */
const CONTENT_MAX_BYTES = 1 << 26;
/** More codings than that are no content. */
const CODINGS_MAX = 4;
/** A stream that breaks off is undone as far as it goes. */
const ZLIB = { maxOutputLength: CONTENT_MAX_BYTES, finishFlush: constants.Z_SYNC_FLUSH };
const BROTLI = { maxOutputLength: CONTENT_MAX_BYTES, finishFlush: constants.BROTLI_OPERATION_FLUSH };

type Undo = (bytes: Buffer) => Buffer;

const gunzip: Undo = (bytes) => gunzipSync(bytes, ZLIB);

/** By the name of a content coding, what undoes it (RFC 9110, 8.4.1). Some servers send `deflate` without the wrapping of zlib. */
const UNDO: ReadonlyMap<string, readonly Undo[]> = new Map<string, readonly Undo[]>([
  ['gzip', [gunzip]],
  ['x-gzip', [gunzip]],
  ['deflate', [(bytes) => inflateSync(bytes, ZLIB), (bytes) => inflateRawSync(bytes, ZLIB)]],
  ['br', [(bytes) => brotliDecompressSync(bytes, BROTLI)]],
]);

/** The content of an answer: its body, with the codings undone that `content-encoding` names. What cannot be undone is left as it is. */
export function contentOf(body: Buffer, { 'content-encoding': codings = '' }: IncomingHttpHeaders): Buffer {
  const names = codings.toLowerCase().split(',').slice(0, CODINGS_MAX);
  // The last one was applied last.
  return names.reduceRight((content, name) => undone(content, UNDO.get(name.trim()) ?? []), body);
}

function undone(content: Buffer, ways: readonly Undo[]): Buffer {
  if (content.length === 0) return content;
  for (const undo of ways) {
    try {
      return undo(content);
    } catch {
      // It is none, in spite of what the headers say.
    }
  }
  return content;
}
