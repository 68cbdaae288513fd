import type { IncomingHttpHeaders } from 'node:http';
import { TOKEN_HEADER, tokenOf } from '../../models/domain/token.ts';
import { unwrapped } from './frame-bytes-unwrap.ts';

const TEXT = /^\s*(?:text\/|[^;]*\b(?:json|xml|javascript|ecmascript|x-www-form-urlencoded)\b)/i;
/** What every token has in it, as it is and wrapped once: what holds none of these needs no second look. */
const BARE = Buffer.from(TOKEN_HEADER);
const WRAPPED: readonly Buffer[] = [BARE.toString('hex'), BARE.toString('hex').toUpperCase(), ...[0, 1, 2].map(inBase64)].map((text) => Buffer.from(text));

/** Whose tokens stand in texts: of all users but the caller. `users`: ids; gives their indices. */
export function othersIn(texts: readonly string[], caller: number, users: readonly string[]): number[] {
  if (texts.length === 0) return [];
  return [...users.keys()].filter((user) => user !== caller && texts.some((text) => text.includes(tokenOf(users[user]!))));
}

/**
 * The content of an answer where it is text, one character a byte, with what is within it in base64, in hexadecimal or wrapped otherwise; nothing
 * where it is no text, or no token stands in it.
 */
export function textsIn(content: Buffer, { 'content-type': type }: IncomingHttpHeaders): readonly string[] {
  return type === undefined || TEXT.test(type) ? textsOf(content) : [];
}

/** The values of headers, and what is within them, as {@link textsIn} has it. */
export function textsInHeaders(headers: IncomingHttpHeaders): readonly string[] {
  return textsOf(Buffer.from(Object.values(headers).flat().join('\n')));
}

function textsOf(content: Buffer): readonly string[] {
  // To unwrap a page takes far longer than to look for a few words in it.
  if (WRAPPED.some((form) => content.includes(form))) return unwrapped(content);
  return content.includes(BARE) ? [content.toString('latin1')] : [];
}

/** What base64 makes of it where so many other bytes stand before it in a group of three: the part that no neighbour has a share in. */
function inBase64(before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), BARE]).toString('base64');
  const whole = Math.floor(((before + BARE.length) * 8) / 6);
  return text.slice(Math.ceil((before * 8) / 6), whole);
}
