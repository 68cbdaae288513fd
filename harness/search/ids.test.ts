import { describe, expect, it } from 'vitest';
import { attackIds, COLLIDING_IDS, CONFUSED_IDS, PATTERN_IDS, PLAIN_IDS } from './ids.ts';
import { Random } from './random.ts';

type Hash = (text: string) => number;

const HASHES: Readonly<Record<keyof typeof COLLIDING_IDS, Hash>> = {
  java: (text) => overBytes(text, 0, (hash, byte) => Math.imul(hash, 31) + byte),
  djb2: (text) => overBytes(text, 5381, (hash, byte) => Math.imul(hash, 33) + byte),
  fnv1a: (text) => overBytes(text, 0x811c9dc5, (hash, byte) => Math.imul(hash ^ byte, 0x01000193)),
  crc32: (text) => ~overBytes(text, -1, crcOf),
};

function overBytes(text: string, start: number, step: (hash: number, byte: number) => number): number {
  return Buffer.from(text).reduce((hash, byte) => step(hash, byte) | 0, start | 0);
}

function crcOf(crc: number, byte: number): number {
  let shifted = crc ^ byte;
  for (let bit = 0; bit < 8; bit++) shifted = (shifted & 1) === 1 ? (shifted >>> 1) ^ 0xedb88320 : shifted >>> 1;
  return shifted;
}

describe('ids that collide', () => {
  it('are hashed here as everywhere else', () => {
    expect(HASHES.java('hello')).toBe(99162322);
    expect(HASHES.djb2('hello')).toBe(261238937);
    expect(HASHES.fnv1a('hello') >>> 0).toBe(0x4f9f2cab);
    expect(HASHES.crc32('123456789') >>> 0).toBe(0xcbf43926);
  });

  it.each(Object.keys(HASHES) as (keyof typeof COLLIDING_IDS)[])('have one value under %s, also in front of the rest of a key', (name) => {
    const hash = HASHES[name];
    const ids = COLLIDING_IDS[name];
    expect(new Set(ids).size).toBeGreaterThan(1);
    expect(new Set(ids.map((id) => hash(id))).size).toBe(1);
    expect(new Set(ids.map((id) => hash(`${id}/door/low`))).size).toBe(1);
    expect(hash(ids[0]!)).not.toBe(hash(`${ids[0]!}x`));
  });

  it.each(['java', 'djb2', 'crc32'] as const)('have one value under %s wherever they stand in a key', (name) => {
    expect(new Set(COLLIDING_IDS[name].map((id) => HASHES[name](`frames/${id}/low`))).size).toBe(1);
  });
});

describe('ids that are confused, and those that are patterns', () => {
  it('are different, well-formed and not empty', () => {
    for (const ids of [...CONFUSED_IDS, ...PATTERN_IDS]) {
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) {
        expect(id).not.toBe('');
        expect(decodeURIComponent(encodeURIComponent(id))).toBe(id);
      }
    }
  });

  it('hold what careless keys make equal: case, normal forms, numbers, blanks, encodings, beginnings, ends', () => {
    const careless: readonly ((id: string) => string)[] = [
      (id) => id.toLowerCase(),
      (id) => id.toUpperCase(),
      (id) => id.normalize('NFC'),
      (id) => id.normalize('NFD'),
      (id) => id.normalize('NFKC'),
      (id) => id.normalize('NFD').replaceAll(/[\u0300-\u036f]/g, ''),
      (id) => String(Number(id)),
      (id) => String(Number.parseInt(id, 10)),
      (id) => id.trim(),
      (id) => id.replaceAll('%2F', '/'),
      (id) => id.replaceAll('+', ' '),
      (id) => id.replaceAll(/[^a-z0-9]/gi, ''),
      (id) => id.replaceAll(/[^\u0000-\u007f]/g, '?'),
      (id) => id.split('\u0000')[0]!,
      (id) => id.split(/\r?\n/)[0]!,
      (id) => id.slice(0, 255),
      (id) => id.slice(-20),
      (id) => new URL(id, 'http://x/').href,
    ];
    for (const [index, key] of careless.entries())
      expect(
        CONFUSED_IDS.some((ids) => new Set(ids.map((id) => key(id))).size < ids.length),
        `careless key ${index}`,
      ).toBe(true);
  });
});

const literally = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

/** A pattern as a regular expression: what is escaped in it, sets in brackets, what stands for anything, and characters that stand for themselves. */
function patterned(id: string, parts: RegExp): RegExp {
  const sources = Array.from(id.matchAll(parts), ({ groups = {} }) => {
    const { escaped, set, wild, char } = groups;
    if (set !== undefined) return `[${literally(set)}]`;
    return wild === undefined ? literally(escaped ?? char!) : '.*';
  });
  return new RegExp(`^${sources.join('')}$`, 'su');
}

const PATTERNS: readonly (readonly [name: string, patternOf: (id: string) => RegExp])[] = [
  ['a glob', (id) => patterned(id, /\\(?<escaped>.)|\[(?<set>[^\]]+)\]|(?<wild>[*?])|(?<char>.)/gsu)],
  ['a LIKE', (id) => patterned(id, /\\(?<escaped>.)|(?<wild>[%_])|(?<char>.)/gsu)],
  ['a regular expression', (id) => new RegExp(`^${id}$`)],
];

describe('the ids of an attack', () => {
  it.each(PATTERNS)('are not matched by themselves in %s in one world of two hundred or more', (_name, patternOf) => {
    const missed = (id: string): boolean => {
      try {
        return !patternOf(id).test(id);
      } catch {
        return false;
      }
    };
    let worlds = 0;
    for (let number = 0; number < 3_000; number++)
      if (
        attackIds(new Random(3, number))
          .cameras.slice(0, 2)
          .some((id) => missed(id))
      )
        worlds++;
    expect(worlds).toBeGreaterThan(3_000 / 200);
    expect(PLAIN_IDS.cameras.filter((id) => missed(id))).toEqual([]);
  });

  it('name eight users and eight cameras, each differently, and nobody by the empty text', () => {
    for (let number = 0; number < 3_000; number++) {
      const { users, cameras } = attackIds(new Random(1, number));
      for (const ids of [users, cameras]) {
        expect(ids.length).toBe(PLAIN_IDS.users.length);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).not.toContain('');
      }
    }
  });

  it.each([':', '_', '-', '/', '|', '.', '', '\u0000'])('split joined keys at %j, whichever of the two comes first', (delimiter) => {
    const orders = new Set<string>();
    for (let number = 0; number < 3_000; number++) {
      const { users, cameras } = attackIds(new Random(2, number));
      const pairs = [0, 1, 2].map((index) => [users[index]!, cameras[index]!] as const);
      if (new Set(pairs.map(([user, camera]) => user + delimiter + camera)).size < 3) orders.add('user first');
      if (new Set(pairs.map(([user, camera]) => camera + delimiter + user)).size < 3) orders.add('camera first');
    }
    expect([...orders].toSorted()).toEqual(['camera first', 'user first']);
  });
});
