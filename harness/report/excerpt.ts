/** Part of a list: the places that are shown, or how many are left out between two of them. */
export type Stretch =
  | { readonly kind: 'shown'; readonly from: number; readonly to: number }
  | { readonly kind: 'left-out'; readonly from: number; readonly to: number };

/**
 * Which of `count` places to show when there is room for about `most`: the first, the last, and those around each of `around`.
 * All of them where there is room for all. `from` is inclusive, `to` exclusive.
 */
export function excerptOf(count: number, around: readonly number[], most: number): Stretch[] {
  if (count <= most) return count === 0 ? [] : [{ kind: 'shown', from: 0, to: count }];
  const room = Math.max(1, Math.floor(most / (around.length + 2)));
  const wanted = new Set<number>();
  const want = (from: number, to: number): void => {
    for (let place = Math.max(0, from); place < Math.min(count, to); place++) wanted.add(place);
  };
  want(0, room);
  want(count - room, count);
  for (const place of around) want(place - Math.floor(room / 2), place - Math.floor(room / 2) + room);
  return stretchesOf(count, wanted);
}

function stretchesOf(count: number, wanted: ReadonlySet<number>): Stretch[] {
  const stretches: Stretch[] = [];
  for (let from = 0, to = 0; from < count; from = to) {
    const isShown = wanted.has(from);
    for (to = from; to < count && wanted.has(to) === isShown; to++);
    stretches.push({ kind: isShown ? 'shown' : 'left-out', from, to });
  }
  return stretches;
}
