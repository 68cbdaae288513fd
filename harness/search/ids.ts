import type { Random } from './random.ts';

/** Ids for the users and the cameras of a world. */
export interface Ids {
  readonly users: readonly string[];
  readonly cameras: readonly string[];
}

const USERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'];
const CAMERAS = ['door', 'yard', 'hall', 'attic', 'porch', 'cellar', 'gate', 'shed'];

export const PLAIN_IDS: Ids = { users: USERS, cameras: CAMERAS };

const DELIMITERS = [':', '|', '/', '-', '_', '.', ',', ' ', '#', '%3A', '::'];

/** Ids that were chosen to make careless keys equal (incident class M07). */
const ATTACKS: readonly ((random: Random) => Ids)[] = [
  (random) => splits(random.pick(DELIMITERS)),
  (random) => splits(random.pick(DELIMITERS)),
  () => ({ users: ['a', 'ab', 'abc'], cameras: ['bc', 'c', 'abc'] }),
  () => ({ users: ['user1', 'user10', 'user100'], cameras: ['1', '01', '001'] }),
  () => ({ users: ['ann', 'Ann', 'ANN'], cameras: ['cam', 'Cam', 'CAM'] }),
  () => ({ users: ['zo\u00e9', 'zoe\u0301', '\u212awik'], cameras: ['caf\u00e9', 'cafe\u0301', '\u212a'] }),
  () => ({ users: ['\u674e\u660e', '\u738b\u82b3', '\u5f20\u4f1f'], cameras: ['\u95e8', '\u9662', '\u5385'] }),
  () => ({ users: ['...', '---', '!!!'], cameras: ['-', '--', '_'] }),
  () => ({ users: ['__proto__', 'constructor', 'toString'], cameras: ['hasOwnProperty', '__proto__', 'valueOf'] }),
  () => ({ users: ['null', 'undefined', '0'], cameras: ['0', 'false', 'null'] }),
  () => ({ users: [`${'tenant-'.repeat(8)}1`, `${'tenant-'.repeat(8)}2`, `${'tenant-'.repeat(8)}3`], cameras: [`${'0'.repeat(40)}1`, `${'0'.repeat(40)}2`, `1${'0'.repeat(40)}`] }),
];

/** Ids out of an attack on keys, filled up with plain ones where a world needs more. */
export function attackIds(random: Random): Ids {
  const { users, cameras } = random.pick(ATTACKS)(random);
  return { users: [...users, ...USERS], cameras: [...cameras, ...CAMERAS] };
}

/** Two ways to split one joined string: `a:b` + `c` and `a` + `b:c`. */
function splits(delimiter: string): Ids {
  return { users: ['a', `a${delimiter}b`, `b`], cameras: [`b${delimiter}c`, 'c', `a${delimiter}c`] };
}
