import type { Random } from './random.ts';

/** Ids for the users and the cameras of a world. */
export interface Ids {
  readonly users: readonly string[];
  readonly cameras: readonly string[];
}

const USERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'];
const CAMERAS = ['door', 'yard', 'hall', 'attic', 'porch', 'cellar', 'gate', 'shed'];

export const PLAIN_IDS: Ids = { users: USERS, cameras: CAMERAS };

const COMMON_DELIMITERS = [':', ':', '|', '/', '-', '_', '.'];
const DELIMITERS = [...COMMON_DELIMITERS, ',', ' ', '#', '%3A', '::', ';', '@', '~', '+', '='];

/** Ids that were chosen to make careless keys equal (incident class M07). */
const ATTACKS: readonly ((random: Random) => Ids)[] = [
  ...Array.from(
    { length: 8 },
    () =>
      (random: Random): Ids =>
        splits(random.pick(COMMON_DELIMITERS), random.pick(DELIMITERS)),
  ),
  () => ({ users: ['a', 'ab', 'abc'], cameras: ['bc', 'c', 'abc'] }),
  () => ({ users: ['user1', 'user10', 'user100'], cameras: ['1', '01', '001'] }),
  () => ({ users: ['ann', 'Ann', 'ANN'], cameras: ['cam', 'Cam', 'CAM'] }),
  () => ({ users: ['zo\u00e9', 'zoe\u0301', '\u212awik'], cameras: ['caf\u00e9', 'cafe\u0301', '\u212a'] }),
  () => ({ users: ['\u674e\u660e', '\u738b\u82b3', '\u5f20\u4f1f'], cameras: ['\u95e8', '\u9662', '\u5385'] }),
  () => ({ users: ['...', '---', '!!!'], cameras: ['-', '--', '_'] }),
  () => ({ users: ['__proto__', 'constructor', 'toString'], cameras: ['hasOwnProperty', '__proto__', 'valueOf'] }),
  () => ({ users: ['null', 'undefined', '0'], cameras: ['0', 'false', 'null'] }),
  () => ({
    users: ['1', '2', '3'].map((end) => `${'tenant-'.repeat(8)}${end}`),
    cameras: [`${'0'.repeat(40)}1`, `${'0'.repeat(40)}2`, `1${'0'.repeat(40)}`],
  }),
];

/** Ids out of an attack on keys, filled up with plain ones where a world needs more. */
export function attackIds(random: Random): Ids {
  const { users, cameras } = random.pick(ATTACKS)(random);
  return { users: [...users, ...USERS], cameras: [...cameras, ...CAMERAS] };
}

/**
 * Ways to split joined strings, at two delimiters at once: for each of them, user + delimiter + camera of one pair equals that
 * of another. A user together with a camera is also a camera by itself, for keys that leave an empty user out.
 */
function splits(one: string, two: string): Ids {
  return {
    users: ['a', `a${one}b`, `a${one}b${two}c`],
    cameras: [`b${one}c${two}d`, `c${two}d`, `a${one}c${two}d`, 'd'],
  };
}
