import type { Program } from '../../models/domain/program.ts';
import type { Leaks } from './evaluate.ts';
import { COLLIDING_IDS, PLAIN_IDS } from './ids.ts';

/** A way in which a cache takes different ids for one: what the ids have in common for it, and others of which only that is true. */
interface Confusion {
  readonly words: string;
  readonly isOf: (one: string, other: string) => boolean;
  readonly fresh: readonly (readonly [string, string])[];
}

const same =
  (read: (id: string) => unknown) =>
  (one: string, other: string): boolean =>
    read(one) === read(other);

/** Whether two ids have one value under a hash: those that multiply are computed, the others are known by their ids. */
function collides(name: keyof typeof COLLIDING_IDS): (one: string, other: string) => boolean {
  if (name === 'java') return same((id) => multiplied(id, 31));
  if (name === 'djb2') return same((id) => multiplied(id, 33));
  return (one, other) => COLLIDING_IDS[name].includes(one) && COLLIDING_IDS[name].includes(other);
}

function multiplied(id: string, factor: number): number {
  let hash = 0;
  for (let index = 0; index < id.length; index++) hash = (Math.imul(hash, factor) + id.charCodeAt(index)) | 0;
  return hash;
}

const HASHES: Readonly<Record<keyof typeof COLLIDING_IDS, string>> = { java: "Java's hashCode", djb2: 'djb2', fnv1a: 'FNV-1a', crc32: 'CRC-32' };

const CONFUSIONS: readonly Confusion[] = [
  {
    words: 'which differ only in capital letters',
    isOf: same((id) => id.normalize('NFKC').toLowerCase()),
    fresh: [['nora', 'Nora']],
  },
  {
    words: 'which differ only in the form in which Unicode writes them',
    isOf: same((id) => id.normalize('NFKC').toLowerCase()),
    fresh: [
      ['ren\u00e9', 'rene\u0301'],
      ['\uff4eora', 'nora'],
    ],
  },
  {
    words: 'which differ only in what is neither a letter nor a digit',
    isOf: same((id) => id.replaceAll(/[^\p{L}\p{N}]/gu, '')),
    fresh: [
      ['no-ra', 'nora'],
      ['no:ra', 'no_ra'],
      ['no\u200bra', 'nora'],
    ],
  },
  {
    words: 'which differ only in characters other than the letters from a to z and digits',
    isOf: same((id) => id.replaceAll(/[^a-z0-9]/gi, '')),
    fresh: [
      ['n\u0416ra', 'n\u0414ra'],
      ['\u0416', '\u0414'],
    ],
  },
  {
    words: 'which differ only in white space',
    isOf: same((id) => id.replaceAll(/\s/g, '')),
    fresh: [
      [' nora', 'nora'],
      ['nora ', 'nora'],
      ['no ra', 'nora'],
    ],
  },
  {
    words: 'which are one number, or begin with the same one',
    isOf: same((id) => Number.parseFloat(id)),
    fresh: [
      ['7', '07'],
      ['7', '7n'],
      ['7', '7.0'],
    ],
  },
  {
    words: 'which are one text, encoded or not',
    isOf: same(decoded),
    fresh: [
      ['n/a', 'n%2Fa'],
      ['n/a', 'n%252Fa'],
      ['n a', 'n+a'],
    ],
  },
  ...Object.entries(COLLIDING_IDS).map(([name, ids]) => ({
    words: `for which ${HASHES[name as keyof typeof COLLIDING_IDS]} gives one value`,
    isOf: collides(name as keyof typeof COLLIDING_IDS),
    fresh: [[ids[0]!, ids[1]!] as const],
  })),
];

/** What may stand between the ids in a key, likeliest first. */
const DELIMITERS = [':', '_', '-', '/', '|', '.', '', ',', ' ', '#', '%3A', '::', ';', '@', '~', '+', '=', '&', '\u0000'];

/** Kinds of ids: users, then cameras. */
type Side = readonly string[];

/**
 * Says how a cache comes to take different ids for one, where the ids are the cause: each idea is tried with other ids, of which
 * nothing else is true. Null where none of them leaks.
 */
export async function confusionOf(program: Program, leaks: Leaks): Promise<string | null> {
  const sides = [program.world.users, program.world.cameras.map(({ id }) => id)] as const;
  for (const [place, side] of sides.entries()) {
    const kind = place === 0 ? 'users' : 'cameras';
    for (const { words, pair, control } of ideasFor(side)) {
      const leaksWith = ([one, other]: readonly [string, string]): Promise<boolean> => {
        const ids = [plain(sides[0], PLAIN_IDS.users), plain(sides[1], PLAIN_IDS.cameras)];
        ids[place] = ids[place]!.map((id, index) => (index === pair.at[0] ? one : index === pair.at[1] ? other : id));
        return leaks(withIds(program, ids[0]!, ids[1]!));
      };
      // A hash has many ids in common: those of which the words are not true must not leak.
      if (!(await leaksWith(pair.ids)) || (await anyOf([control, [control[0], apart(control[1], '5')]], leaksWith))) continue;
      // Two ids may have the same place in a small table by chance: others of which it is true must leak as well.
      if (!(await leaksWith(inOtherLetters(pair.ids)))) continue;
      return `different ${kind} get the same key: it does not tell ids apart ${words}`;
    }
  }
  return (await inheritedOf(program, sides, leaks)) ?? joinOf(program, sides, leaks);
}

/** Ids that every object of JavaScript knows: the others are plain ones. */
async function inheritedOf(program: Program, [users, cameras]: readonly [Side, Side], leaks: Leaks): Promise<string | null> {
  const known = [...users, ...cameras].find((id) => id in Object.prototype);
  if (known === undefined) return null;
  const renamed = (side: Side, ids: readonly string[]): string[] => side.map((id, index) => (id === known ? id : ids[index]!));
  if (!(await leaks(withIds(program, renamed(users, PLAIN_IDS.users), renamed(cameras, PLAIN_IDS.cameras))))) return null;
  return `the id ${JSON.stringify(known)} leads to what all objects have in common: entries are kept in plain objects, which inherit that name, and not in a Map`;
}

interface Idea {
  readonly words: string;
  readonly pair: { readonly at: readonly [number, number]; readonly ids: readonly [string, string] };
  /** Ids of the same lengths of which it is not true. */
  readonly control: readonly [string, string];
}

function* ideasFor(side: Side): Iterable<Idea> {
  for (const [first, one] of side.entries())
    for (const [second, other] of side.entries()) {
      if (second <= first) continue;
      const at = [first, second] as const;
      for (const length of new Set([commonStart(one, other), 2 * commonStart(one, other)]))
        if (length > 0) {
          const [start, rest] = ['n'.repeat(length), 'n'.repeat(length - 1)];
          yield { words: startWords(length), pair: { at, ids: [`${start}x`, `${start}z`] }, control: [`p${rest}x`, `q${rest}z`] };
        }
      const end = commonStart(reversed(one), reversed(other));
      if (end > 0) {
        const [tail, rest] = ['n'.repeat(end), 'n'.repeat(end - 1)];
        yield { words: endWords(end), pair: { at, ids: [`x${tail}`, `z${tail}`] }, control: [`x${rest}p`, `z${rest}q`] };
      }
      for (const { words, isOf, fresh } of CONFUSIONS) {
        if (!isOf(one, other)) continue;
        for (const [a, b] of fresh) {
          yield { words, pair: { at, ids: [a, b] }, control: [a, apart(b, 'z')] };
          yield { words, pair: { at, ids: [b, a] }, control: [apart(b, 'z'), a] };
        }
      }
    }
}

function startWords(length: number): string {
  return `which begin with the same ${length === 1 ? 'character' : `${length} characters`}`;
}

function endWords(length: number): string {
  return `which end with the same ${length === 1 ? 'character' : `${length} characters`}`;
}

/** The ids of a user, of another one, and of a camera of each. */
type Four = readonly [user: string, otherUser: string, camera: string, otherCamera: string];

/** Two users and their cameras, or a user and a camera in either order, read as one where the ids are put together. */
async function joinOf(program: Program, [users, cameras]: readonly [Side, Side], leaks: Leaks): Promise<string | null> {
  const leaksWith = async ([user, otherUser, camera, otherCamera]: Four): Promise<boolean> => {
    const renamedUsers = plain(users, PLAIN_IDS.users).map((id, index) => (index === 0 ? user : index === 1 ? otherUser : id));
    const renamedCameras = plain(cameras, PLAIN_IDS.cameras).map((id, index) => (index === 0 ? camera : index === 1 ? otherCamera : id));
    if (new Set(renamedUsers).size < renamedUsers.length || new Set(renamedCameras).size < renamedCameras.length) return false;
    return leaks(withIds(program, renamedUsers, renamedCameras));
  };
  for (const delimiter of DELIMITERS) {
    if (!readAsOne(users, cameras, delimiter)) continue;
    const [short, long] = ['m', `m${delimiter}n`];
    const [rest, tail] = [`n${delimiter}o`, 'o'];
    // The last two: the id of a visitor, who has none, is left out together with what would stand after it.
    const ways: readonly Four[] = [
      [short, long, rest, tail],
      [long, short, tail, rest],
      [rest, tail, short, long],
      [tail, rest, long, short],
      [short, 'bob', tail, `m${delimiter}o`],
      [short, 'bob', `m${delimiter}o`, tail],
    ];
    for (const way of ways)
      if ((await leaksWith(way)) && !(await anyOf(controlsOf(way), leaksWith))) return `different users or cameras get the same key: ${joinWords(delimiter)}`;
  }
  return null;
}

/** Ids of which the same is true, in other letters: hashes are as good as known by their ids, which stay. */
function inOtherLetters([one, other]: readonly [string, string]): readonly [string, string] {
  const isHashed = Object.values(COLLIDING_IDS).some((ids) => ids.includes(one) && ids.includes(other));
  const write = (id: string): string => id.replaceAll(/[nNorax7p\uff4e]/g, (letter) => OTHER_LETTERS[letter] ?? letter);
  return isHashed ? [one, other] : [write(one), write(other)];
}

const OTHER_LETTERS: Readonly<Record<string, string>> = { n: 'k', N: 'K', '\uff4e': '\uff4b', o: 'u', r: 'l', a: 'i', x: 'y', p: 'h', '7': '4' };

/** An id that has another letter where its first one was. */
function apart(id: string, letter: string): string {
  return /[a-z0-9]/i.test(id) ? id.replace(/[a-z0-9]/i, letter) : letter;
}

async function anyOf<T>(values: readonly T[], isTrue: (value: T) => Promise<boolean>): Promise<boolean> {
  for (const value of values) if (await isTrue(value)) return true;
  return false;
}

/** Whether two of the texts are equal that come of putting the ids together, in either order; the id of a visitor is left out. */
function readAsOne(users: Side, cameras: Side, delimiter: string): boolean {
  const forwards = users.flatMap((user) => cameras.map((camera) => `${user}${delimiter}${camera}`));
  const backwards = users.flatMap((user) => cameras.map((camera) => `${camera}${delimiter}${user}`));
  return [forwards, backwards].some((texts) => new Set([...texts, ...cameras]).size < texts.length + cameras.length);
}

/** Ids of the same lengths, one of them out of the same letters, which are not read as one: a hash, an order or a place in a table may confuse them. */
function controlsOf([user, otherUser, camera, otherCamera]: Four): Four[] {
  const turned = { m: 'n', n: 'm' };
  return [turned, { m: 'p', n: 'q' }, { m: 'x', n: 'u' }].map((letters) => {
    const others = [otherUser, otherCamera].map((id) => spelled(id, letters)) as [string, string];
    // Where nothing changed, it is the other side that does.
    if (others[0] === otherUser && others[1] === otherCamera) return [spelled(user, letters), otherUser, camera, otherCamera];
    return [user, others[0], camera, others[1]];
  });
}

function spelled(id: string, letters: Readonly<Record<string, string>>): string {
  return id.replaceAll(/[mn]/g, (letter) => letters[letter]!);
}

function joinWords(delimiter: string): string {
  if (delimiter === '') return 'their ids are put together with nothing between them';
  return `their ids are joined with ${JSON.stringify(delimiter)}, which may stand in an id as well`;
}

function plain(side: Side, ids: readonly string[]): string[] {
  return side.map((_, index) => ids[index]!);
}

function withIds({ world, operations }: Program, users: readonly string[], cameras: readonly string[]): Program {
  return { world: { ...world, users, cameras: world.cameras.map((camera, index) => ({ ...camera, id: cameras[index]! })) }, operations };
}

function commonStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

function reversed(id: string): string {
  return id.split('').toReversed().join('');
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(decodeURIComponent(id.replaceAll('+', ' ')));
  } catch {
    return id;
  }
}
