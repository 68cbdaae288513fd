/** Deeper than any file of keyhole. */
const DEEPEST = 16;
/** Longer than any list or object of keyhole. */
const LONGEST = 100_000;

/**
 * Whether a JSON text is nested deeper than any file of keyhole. Looks at the text, since parsing what is a million brackets
 * deep takes seconds, and walking it takes more stack than there is.
 */
export function isTooDeep(json: string): boolean {
  let depth = 0;
  let inText = false;
  for (let place = 0; place < json.length; place++) {
    const character = json[place];
    if (inText) {
      if (character === '\\') place++;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === '[' || character === '{') {
      if (++depth > DEEPEST) return true;
    } else if (character === ']' || character === '}') depth--;
  }
  return false;
}

/**
 * Refuses a value in which a list or an object is longer than any of keyhole, before a complaint is made about each of its
 * million members. `null` where nothing is wrong. The value comes from a text that is not too deep.
 */
export function shapeProblem(value: unknown): string | null {
  return isTooLong(value) ? `The file holds a list of more than ${LONGEST} members, and nothing that keyhole writes does.` : null;
}

function isTooLong(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const members: unknown[] = Object.values(value);
  return members.length > LONGEST || members.some(isTooLong);
}
