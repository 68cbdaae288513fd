/** Joins parts to one key so that different lists give different keys, whatever characters the parts hold. */
export function keyOf(...parts: readonly string[]): string {
  let key = '';
  for (const part of parts) key += `${part.length}:${part},`;
  return key;
}
