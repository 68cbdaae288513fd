import { createHash } from 'node:crypto';

/** SHA-256 of a text in UTF-8, in hex. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** The same in Base64, as Content-Security-Policy wants it (CSP level 3, section 2.3.1). */
export function sha256Base64(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64');
}
