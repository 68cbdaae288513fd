import type { Program } from '../../models/domain/program.ts';
import { PLAIN_IDS } from './ids.ts';
import type { Proposals } from './shrink-pass.ts';

/** What goes with every key that ids were joined to without anything between them. */
const LETTER = 'a';

/**
 * The plainest ids that are one when they are joined, user first or camera first: what stands between them is the end of an id as well.
 * Nothing else is worth trying where these are the cause already.
 */
export function* joinedIds(program: Program): Proposals {
  const { ids, plain } = idsOf(program);
  if (!areOdd(ids, plain)) return;
  for (const joined of joints(ids, plain)) {
    if (joined.every((id, place) => id === ids[place])) return;
    yield withIds(program, joined);
  }
}

/**
 * Makes ids plainer where they are the cause, so that plain ones will not do: the same change to all of them at once, since what
 * makes two keys equal runs through several ids.
 */
export function* simplerIds(program: Program): Proposals {
  const { ids, plain } = idsOf(program);
  if (!areOdd(ids, plain) || joints(ids, plain).some((joined) => joined.every((id, place) => id === ids[place]))) return;
  for (const change of changesOf(ids, plain, program.world.users.length)) {
    const changed = change(ids);
    if (areIds(changed, ids)) yield withIds(program, changed);
  }
}

/** All ids of a world, users first, and the plain ones in their places. */
function idsOf({ world }: Program): { ids: readonly string[]; plain: readonly string[] } {
  const { users, cameras } = world;
  return {
    ids: [...users, ...cameras.map(({ id }) => id)],
    plain: [...PLAIN_IDS.users.slice(0, users.length), ...PLAIN_IDS.cameras.slice(0, cameras.length)],
  };
}

function areOdd(ids: readonly string[], plain: readonly string[]): boolean {
  return ids.some((id, place) => id !== plain[place]);
}

function joints(ids: readonly string[], plain: readonly string[]): string[][] {
  const [, second] = PLAIN_IDS.users;
  const [first, other] = PLAIN_IDS.cameras;
  const two = plain.indexOf(other!);
  if (two < 0 || plain[1] !== second) return [];
  const between = new Set([
    LETTER,
    ...ids
      .filter((id, place) => id !== plain[place])
      .join('')
      .replaceAll(/[\p{L}\p{N}]/gu, ''),
  ]);
  return Array.from(between).flatMap((char) => [
    plain.with(0, `${second}${char}`).with(two, `${char}${first}`),
    plain.with(0, `${char}${second}`).with(two, `${first}${char}`),
  ]);
}

type Change = (ids: readonly string[]) => readonly string[];

function* changesOf(ids: readonly string[], plain: readonly string[], users: number): Iterable<Change> {
  for (const [place, id] of ids.entries()) if (id !== plain[place]) yield (all) => all.map((other, index) => (index === place ? plain[place]! : other));
  const chars = new Set(ids.filter((id, place) => id !== plain[place]).join(''));
  for (const char of chars) yield (all) => all.map((id, place) => (id === plain[place] ? id : id.replaceAll(char, '')));
  for (const [place, id] of ids.entries()) if (id !== plain[place]) yield* shorter(place, id);
  // What every key may hold, plainest first: a letter for a letter, a colon for whatever stands between.
  for (const char of chars)
    for (const simple of ['a', 'b', 'c', 'd', ':'])
      if (simple < char || simple === ':') yield (all) => all.map((id, at) => (id === plain[at] ? id : id.replaceAll(char, simple)));
  // A plain word for an id wherever it stands inside others of its kind.
  for (const [place, id] of ids.entries())
    if (id !== plain[place])
      yield (all) => all.map((other, at) => (other === plain[at] || at < users !== place < users ? other : other.replaceAll(id, plain[place]!)));
}

/** Leaves out parts of one id, long ones first. */
function* shorter(place: number, id: string): Iterable<Change> {
  const chars = Array.from(id);
  for (let size = chars.length >> 1; size >= 1; size >>= 1)
    for (let start = 0; start + size <= chars.length; start += size)
      yield (all) => all.map((other, index) => (index === place ? chars.toSpliced(start, size).join('') : other));
}

/**
 * Whether these may be ids: all different, none empty, none that a URL would take for a step in its path, and none without a letter or a
 * digit, which nobody could read, unless it was so before.
 */
function areIds(changed: readonly string[], before: readonly string[]): boolean {
  return new Set(changed).size === changed.length && changed.every((id, place) => id === before[place] || /[\p{L}\p{N}]/u.test(id));
}

function withIds({ world, operations }: Program, ids: readonly string[]): Program {
  const users = ids.slice(0, world.users.length);
  return { world: { ...world, users, cameras: world.cameras.map((camera, index) => ({ ...camera, id: ids[world.users.length + index]! })) }, operations };
}
