export type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };

const BYTE_ORDER_MARK = '\ufeff';

/** Parses JSON; some editors put a byte order mark before it. */
export function parseJson(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(withoutMark(text)) as unknown };
  } catch (error) {
    return { ok: false, message: (error as SyntaxError).message };
  }
}

/** Why a text is no JSON, and what to do. */
export function jsonProblem(text: string): { readonly problem: string; readonly remedy: string } {
  const json = withoutMark(text);
  if (json.trim() === '') return { problem: 'The file is empty.', remedy: 'Copy it again, or run the check again.' };
  const end = json.trimEnd().length;
  const place = endsTooSoon(json.slice(0, end)) ? end : failurePlace(json, end);
  const where = placeWords(json, Math.min(place, end - 1));
  if (place >= end)
    return { problem: `The file ends in the middle: after ${where}, more should follow.`, remedy: 'It was not written or copied to its end: copy it again.' };
  return { problem: `The file is not JSON: something is wrong at ${where}.`, remedy: 'If you edited it, look there for a missing comma, quote or bracket.' };
}

/**
 * How many characters could still be the beginning of JSON. Engines word their messages differently, but all of them can say
 * whether a text merely ends too soon: the longest beginning of which that holds is found by halving.
 */
function failurePlace(json: string, end: number): number {
  let good = 0;
  let bad = end;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (endsTooSoon(json.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

/** Whether a text is JSON, or could become JSON if more followed. */
function endsTooSoon(json: string): boolean {
  const parsed = parseJson(json);
  if (parsed.ok) return true;
  const position = /at position (\d+)/.exec(parsed.message)?.[1];
  return position === undefined ? parsed.message.includes('end of JSON') : Number(position) >= json.length;
}

function placeWords(json: string, place: number): string {
  const before = json.slice(0, place);
  const line = before.split('\n').length;
  return `line ${line}, column ${place - before.lastIndexOf('\n')}`;
}

function withoutMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}
