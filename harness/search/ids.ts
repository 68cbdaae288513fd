import type { Random } from './random.ts';

/** Ids for the users and the cameras of a world. */
export interface Ids {
  readonly users: readonly string[];
  readonly cameras: readonly string[];
}

const USERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'];
const CAMERAS = ['door', 'yard', 'hall', 'attic', 'porch', 'cellar', 'gate', 'shed'];

export const PLAIN_IDS: Ids = { users: USERS, cameras: CAMERAS };

/** What keys are mostly joined with; the empty string joins without anything. */
const COMMON_DELIMITERS = [':', ':', ':', ':', '_', '_', '-', '-', '/', '|', '.', ''];
const DELIMITERS = [...COMMON_DELIMITERS, ',', ' ', '#', '%3A', '::', ';', '@', '~', '+', '=', '&', '\u0000'];

/** Different ids with one value under a weak hash of 32 bits, alone and (but for FNV-1a, only in front) inside longer keys. */
export const COLLIDING_IDS: Readonly<Record<'java' | 'djb2' | 'fnv1a' | 'crc32', readonly string[]>> = {
  java: ['Aa', 'BB', 'C#'],
  djb2: ['ab', 'bA', 'c '],
  fnv1a: ['yiijsv', 'ktodoe'],
  crc32: ['plumless', 'buckeroo'],
};

/** Lists of ids that careless caches take for one, or for something other than an id. They serve users and cameras alike. */
export const CONFUSED_IDS: readonly (readonly string[])[] = [
  // Prefixes and suffixes of each other.
  ['a', 'ab', 'abc'],
  ['user1', 'user10', 'user100'],
  ['10', '110', '0'],
  // One number, spelled differently.
  ['1', '01', '1.0'],
  ['1', '1e0', '+1'],
  ['7', ' 7', '0x7'],
  // One word in different case; Unicode folds more than ASCII does.
  ['ann', 'Ann', 'ANN'],
  ['strasse', 'STRASSE', 'stra\u00dfe'],
  ['cam\u212a', 'camk', 'camK'],
  // One text in different normal forms, or with what nobody sees.
  ['zo\u00e9', 'zoe\u0301', 'zoe'],
  ['caf\u00e9', 'cafe\u0301', 'cafe\u0301\u200b'],
  ['\ufb01n', 'fin', '\uff46in'],
  ['kim', 'kim ', ' kim'],
  // Nothing in them that a filter for ASCII, or for letters, would keep.
  ['\u674e\u660e', '\u738b\u82b3', '\u5f20\u4f1f'],
  ['\ud83d\udc36', '\ud83d\udc31', '\ud83d\udc37'],
  ['...', '---', '!!!'],
  // One path, spelled differently.
  ['a/b', 'a:b', 'a\\b'],
  // What languages give a meaning to.
  ['__proto__', 'constructor', 'toString'],
  ['hasOwnProperty', '__proto__', 'valueOf'],
  ['null', 'undefined', '0'],
  ['true', 'false', 'NaN'],
  // One path, or one text, encoded or not.
  ['bob', 'bob:', '/bob'],
  ['a/b', 'a%2Fb', 'a%252Fb'],
  ['a b', 'a+b', 'a%20b'],
  ['a&b', 'a&amp;b', 'a%26b'],
  // What ends a line, a text or a pattern.
  ['a', 'a\n', 'a\r\n'],
  ['b', 'b\u0000', 'b\u0000c'],
  ['c', '*', 'c*'],
  // Paths that lead back.
  ['d', 'd/../d', './d', '..', '.'],
  // Long ones that differ at their end, or at their beginning.
  ['1', '2', '3'].map((end) => `${'tenant-'.repeat(8)}${end}`),
  ['1', '2', '3'].map((end) => `${'x'.repeat(300)}${end}`),
  ['1', '2', '3'].map((start) => `${start}${'y'.repeat(300)}`),
  [`${'0'.repeat(40)}1`, `${'0'.repeat(40)}2`, `1${'0'.repeat(40)}`],
  ...Object.values(COLLIDING_IDS),
  ...Object.values(COLLIDING_IDS),
];

/**
 * Lists of ids that a pattern takes for something else than themselves, where they stand in one as they are: a glob (`SCAN MATCH frames:cam[1]:*`), a
 * `LIKE`, or a regular expression. What should remove an entry then removes too little. The last ones of each list hold nothing or other things of that kind.
 */
export const PATTERN_IDS: readonly (readonly string[])[] = [
  // Everything at once: whichever sort of pattern it is, and however much of it is escaped.
  ['a+(b)[c]{2}?\\d$', '^d\\[e](f)+?{1}', 'a[b]c\\d+(e)'],
  // One sort of character at a time, beside what the pattern does match.
  ['cam[1]', 'cam[2]', 'cam1'],
  ['a\\b', '\\a\\b', 'ab'],
  ['a+b', 'a?b', 'aab'],
  ['cam(1)', 'cam{1}', 'cam1'],
  ['^a', 'a$', '$&'],
  // What matches itself and more.
  ['50%', '50_', '500'],
  ['a.b', 'a|b', 'axb'],
];

/** Of 32 sets of ids, in how many the ids are split where keys are joined, and from which on they are patterns; those between are confused. */
const SPLITS = 24;
const PATTERNS = 31;

/** Ids that were chosen to make careless keys equal (incident class M07), filled up with plain ones where a world needs more. */
export function attackIds(random: Random): Ids {
  const way = random.below(32);
  const { users, cameras } = way < SPLITS ? splits(random) : drawnFrom(random, way >= PATTERNS ? PATTERN_IDS : CONFUSED_IDS);
  return { users: [...users, ...USERS.slice(users.length)], cameras: [...cameras, ...CAMERAS.slice(cameras.length)] };
}

/**
 * Ways to split joined strings, at two delimiters: one user's own camera and the next user's own camera give one string, in
 * the order user, camera or (one time in four) camera, user.
 */
function splits(random: Random): Ids {
  const one = random.pick(COMMON_DELIMITERS);
  const two = random.pick(DELIMITERS);
  const growing = ['a', `a${one}b`, `a${one}b${two}c`];
  const rest = [`b${one}c${two}d`, `c${two}d`, 'd'];
  if (random.below(4) === 0) return { users: rest, cameras: growing };
  // A user together with a camera is also a camera by itself, for keys that leave an empty user out.
  if (random.below(3) === 0) rest[random.below(2) * 2] = `a${one}c${two}d`;
  return { users: growing, cameras: rest };
}

/** Users out of one list, cameras out of another. */
function drawnFrom(random: Random, lists: readonly (readonly string[])[]): Ids {
  return { users: turned(random, random.pick(lists)), cameras: turned(random, random.pick(lists)) };
}

/** The list from another place on: small worlds take what comes first. */
function turned(random: Random, ids: readonly string[]): readonly string[] {
  const from = random.below(ids.length);
  return [...ids.slice(from), ...ids.slice(0, from)];
}
