import { ascii, bounded } from './escape.ts';

const LONGEST = 40;
/** What can stand in a sentence without quotes. */
const WORD = /^\p{L}[\p{L}\p{N}\p{M}_-]*$/u;

/**
 * How the ids of a world are written in sentences: hostile characters written out, odd ids in quotes, and never two ids alike
 * although attacks on keys choose ids that look the same.
 */
export function namesOf(ids: readonly string[]): readonly string[] {
  const plain = ids.map((id) => quoted(bounded(id, LONGEST)));
  const told = plain.map((name, index) => (isAmbiguous(plain, index) ? quoted(bounded(ascii(ids[index]!), LONGEST)) : name));
  return told.map((name, index) => (told.some((other, place) => place !== index && other === name) ? `${name} (no. ${index + 1})` : name));
}

function quoted(name: string): string {
  return WORD.test(name) ? name : `"${name}"`;
}

/** Whether another name could be taken for this one: equal once compatible characters are unified (Unicode NFKC). */
function isAmbiguous(names: readonly string[], index: number): boolean {
  const look = names[index]!.normalize('NFKC');
  return names.some((name, place) => place !== index && name.normalize('NFKC') === look);
}
