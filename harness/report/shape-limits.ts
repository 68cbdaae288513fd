/** Deeper than any file of keyhole. */
const DEEPEST = 16;
/** Longer than any list or object of keyhole. */
const LONGEST = 100_000;

/**
 * Refuses what is too deep or too long, before anything looks at it more closely and makes a complaint about each of a million
 * members. Walks with a list of its own, since a file can be deeper than the stack. `null` where nothing is wrong.
 */
export function shapeProblem(value: unknown): string | null {
  const left: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.depth === DEEPEST) return 'The file is nested too deeply to be a counterexample.';
    const members: unknown[] = Object.values(next.value);
    if (members.length > LONGEST) return `The file holds a list of ${members.length} members, too long for a counterexample.`;
    const depth = next.depth + 1;
    for (const member of members) left.push({ value: member, depth });
  }
  return null;
}
