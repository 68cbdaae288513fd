import { crc32 } from 'node:zlib';

/** A text with its CRC-32 after it, as eight hexadecimal digits and a dot. */
export function sealed(said: string): string {
  return `${said}${crc32(said).toString(16).padStart(8, '0')}.`;
}

/** Whether a text ends with its own seal. Chance makes one once in 2^32 times. */
export function isSealed(text: string): boolean {
  return crc32(text.slice(0, -9)) === Number.parseInt(text.slice(-9, -1), 16);
}
