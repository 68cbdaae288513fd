import type { Program } from '../../models/domain/program.ts';
import { PLAIN_IDS } from './ids.ts';

/**
 * Makes ids plainer where they are the cause, so that plain ones will not do: the same change to all of them at once, since what
 * makes two keys equal runs through several ids.
 */
export function* simplerIds(program: Program): Generator<Program, void, Program | undefined> {
  const { world } = program;
  const ids = [...world.users, ...world.cameras.map(({ id }) => id)];
  const plain = [...PLAIN_IDS.users.slice(0, world.users.length), ...PLAIN_IDS.cameras.slice(0, world.cameras.length)];
  if (ids.every((id, index) => id === plain[index])) return;
  for (const change of changesOf(ids, plain, world.users.length)) {
    const changed = change(ids);
    if (areIds(changed, ids)) yield withIds(program, changed);
  }
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
