import type { IncomingHttpHeaders } from 'node:http';

const REPLACING = /^\s*multipart\/x-mixed-replace\s*;.*?\bboundary=(?:"([^"]+)"|([^\s;]+))/i;
const LENGTH = /^content-length:[ \t]*(\d{1,9})[ \t]*$/im;
const HEAD_END = '\r\n\r\n';

/**
 * Whether at least one whole part has come of a stream of pictures of which each replaces the one before, as cameras send it
 * (`multipart/x-mixed-replace`): the next boundary is there, or as many bytes as the part says that it has. False for any other answer.
 */
export function hasWholePart(body: readonly Buffer[], { 'content-type': type = '' }: IncomingHttpHeaders): boolean {
  const [, quoted, plain] = REPLACING.exec(type) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) return false;
  // Some name the boundary with its dashes.
  const line = boundary.startsWith('--') ? boundary : `--${boundary}`;
  const bytes = Buffer.concat(body);
  const begin = bytes.indexOf(line);
  if (begin < 0) return false;
  const head = begin + line.length;
  const next = bytes.indexOf(line, head);
  if (next >= 0) return true;
  const headEnd = bytes.indexOf(HEAD_END, head);
  if (headEnd < 0) return false;
  const [, length] = LENGTH.exec(bytes.toString('latin1', head, headEnd)) ?? [];
  return length !== undefined && bytes.length >= headEnd + HEAD_END.length + Number(length);
}
