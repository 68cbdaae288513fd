/** The known word that a mistyped one was probably meant to be, or null: at most a third of its letters are wrong. */
export function closest(word: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = editsBetween(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  if (best !== null && least <= Math.max(1, Math.floor(best.length / 3))) return best;
  return word.length < 3 ? null : (known.find((candidate) => candidate.includes(word.toLowerCase())) ?? null);
}

/** A sentence that suggests the closest known word; empty where none is close. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = closest(word, known);
  return near === null ? '' : `Did you mean "${near}"?`;
}

/** How many letters must be put in, left out, exchanged, or swapped with their neighbour (Damerau's distance, restricted). */
function editsBetween(one: string, other: string): number {
  // Longer words are no slips of the finger, and the cost grows with the square.
  if (Math.max(one.length, other.length) > 64) return Number.POSITIVE_INFINITY;
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const next = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      let edits = Math.min(last[column]! + 1, next[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1])
        edits = Math.min(edits, beforeLast[column - 2]! + 1);
      next.push(edits);
    }
    [beforeLast, last] = [last, next];
  }
  return last[other.length]!;
}
