import { createHash, type Hash } from 'node:crypto';

/** Deeper than what anybody answers with. What lies deeper is left out, and with it everything that holds itself. */
const DEEPEST = 8;

/** A digest of what a caller was given: equal for equal answers, whatever they hold. Functions and what is not enumerable are left out. */
export function digestOf(raw: unknown): string {
  const hash = createHash('sha256');
  add(hash, raw, 0);
  return hash.digest('base64');
}

function add(hash: Hash, value: unknown, depth: number): void {
  if (typeof value === 'string') hash.update(`"${value.length} `).update(value, 'utf8');
  else if (ArrayBuffer.isView(value)) hash.update(`b${value.byteLength} `).update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  else if (value instanceof ArrayBuffer) add(hash, new Uint8Array(value), depth);
  else if (value === null || typeof value !== 'object') hash.update(typeof value === 'function' ? 'f ' : `${typeof value} ${String(value)} `);
  else if (depth < DEEPEST) addMembers(hash, value, depth + 1);
}

function addMembers(hash: Hash, value: object, depth: number): void {
  // These have members that are no fields of theirs. Other iterables may be there to be read once only.
  const members = value instanceof Map || value instanceof Set || value instanceof Headers ? [...value].entries() : Object.entries(value);
  hash.update('{');
  for (const [name, member] of members) {
    hash.update(`${name}:`);
    add(hash, member, depth);
  }
  hash.update('}');
}
