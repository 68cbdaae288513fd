const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** HS256 gives 32 bytes. */
const SIGNATURE_WORDS = 8;
/** Worlds name few users, again and again; some ids are drawn anew for each. */
const KEPT_MAX = 1024;
const KEPT = new Map<string, string>();

/** The first segment of a JSON Web Token: what all tokens of one algorithm have in common. */
export const TOKEN_HEADER: string = base64url(bytesOf('{"alg":"HS256"}'));

/**
 * The token of a user, a JSON Web Token in form: header, claims with the id as `sub`, signature, each as base64url (RFC 7519). Injective: the
 * claims hold the id. All tokens begin with the same 53 characters, and no two of them end alike: the signature depends on all of the claims.
 * Nobody verifies it, so that there is no key: a hash stands in its place.
 */
export function tokenOf(user: string): string {
  const kept = KEPT.get(user);
  if (kept !== undefined) return kept;
  // JSON writes a lone surrogate as text, which UTF-8 has no bytes for.
  const signed = `${TOKEN_HEADER}.${base64url(bytesOf(`{"iss":"keyhole","sub":${JSON.stringify(user)}}`))}`;
  const token = `${signed}.${base64url(signatureOf(signed))}`;
  if (KEPT.size >= KEPT_MAX) KEPT.clear();
  KEPT.set(user, token);
  return token;
}

/** A text as UTF-8. */
function bytesOf(text: string): number[] {
  const bytes: number[] = [];
  const encoded = encodeURIComponent(text);
  for (let at = 0; at < encoded.length; at++) {
    const isEscaped = encoded[at] === '%';
    bytes.push(isEscaped ? Number.parseInt(encoded.slice(at + 1, at + 3), 16) : encoded.charCodeAt(at));
    if (isEscaped) at += 2;
  }
  return bytes;
}

/** RFC 4648 section 5, without padding. */
function base64url(bytes: readonly number[]): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const digits = Math.min(3, bytes.length - at) + 1;
    for (let digit = 0; digit < digits; digit++) text += DIGITS[(group >> (18 - 6 * digit)) & 63]!;
  }
  return text;
}

/** 32 bytes, each of which depends on every character. */
function signatureOf(text: string): number[] {
  const bytes: number[] = [];
  for (let word = 1; word <= SIGNATURE_WORDS; word++) {
    let hash = Math.imul(word, 0x9e3779b1);
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) ^ (hash >>> 15);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
    bytes.push(hash & 255, (hash >>> 8) & 255, (hash >>> 16) & 255, hash >>> 24);
  }
  return bytes;
}
