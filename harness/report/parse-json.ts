import { isTooDeep } from './shape-limits.ts';

export type Parsed = { readonly ok: true; readonly value: unknown } | Unparsed;

export interface Unparsed {
  readonly ok: false;
  /** It was not even tried, since it is nested deeper than any file of keyhole. */
  readonly tooDeep: boolean;
}

const BYTE_ORDER_MARK = '\ufeff';

/** Parses JSON that came from outside, unless it is too deep; some editors put a byte order mark before it. Never throws. */
export function parseJson(text: string): Parsed {
  const json = withoutMark(text);
  if (isTooDeep(json)) return { ok: false, tooDeep: true };
  const parsed = attempt(json);
  return parsed.ok ? parsed : { ok: false, tooDeep: false };
}

/** Why a text was not parsed, and what to do. */
export function jsonProblem({ tooDeep }: Unparsed, text: string): { readonly problem: string; readonly remedy: string } {
  const json = withoutMark(text);
  if (tooDeep) return { problem: 'The file is nested more deeply than any that keyhole writes.', remedy: 'Give the path of a file that keyhole wrote.' };
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
 * whether a text merely ends too soon: the longest beginning of which that holds is found by halving. It holds of nothing at
 * all, and not of the whole.
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
  const parsed = attempt(json);
  if (parsed.ok) return true;
  const position = /at position (\d+)/.exec(parsed.message)?.[1];
  return position === undefined ? parsed.message.includes('end of JSON') : Number(position) >= json.length;
}

function attempt(json: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string } {
  try {
    return { ok: true, value: JSON.parse(json) as unknown };
  } catch (error) {
    return { ok: false, message: (error as SyntaxError).message };
  }
}

function placeWords(json: string, place: number): string {
  const before = json.slice(0, place);
  const line = before.split('\n').length;
  return `line ${line}, column ${place - before.lastIndexOf('\n')}`;
}

function withoutMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}
