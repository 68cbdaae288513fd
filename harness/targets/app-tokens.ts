import type { IncomingHttpHeaders } from 'node:http';
import { tokenOf } from '../../models/domain/request.ts';
import { ANONYMOUS } from '../../models/domain/world.ts';

/** What every token has in it: a body without it needs no second look. */
const [COMMON] = tokenOf('\0').split(encodeURIComponent('\0')) as [string];
const TEXT = /^\s*(?:text\/|[^;]*\b(?:json|xml|javascript|ecmascript|x-www-form-urlencoded)\b)/i;
/** Whatever else may stand in a token, so that it is another one than what it begins with. */
const GOES_ON = /^\.?[\w%~-]/;

/**
 * Whose tokens stand in a text, as they are or as a cookie writes them: of all users but the caller. What a cookie writes for one
 * user may be what another one's token looks like, so that the caller's own goes first. `users`: ids; gives their indices.
 */
export function othersIn(text: string, caller: number, users: readonly string[]): number[] {
  if (!text.includes(COMMON)) return [];
  const own = caller === ANONYMOUS ? [] : formsOf(users[caller]!);
  const rest = own.reduce((left, form) => without(left, form), text);
  return [...users.keys()].filter((user) => user !== caller && formsOf(users[user]!).some((form) => places(rest, form).length > 0));
}

/** The content of an answer where it is text: one character a byte; the empty string where it is not, or no token stands in it. */
export function textIn(content: Buffer, { 'content-type': type }: IncomingHttpHeaders): string {
  return (type === undefined || TEXT.test(type)) && content.includes(COMMON) ? content.toString('latin1') : '';
}

/** A user's token, as it is and as a cookie writes it. */
function formsOf(user: string): string[] {
  const token = tokenOf(user);
  return [encodeURIComponent(token), token];
}

function without(text: string, form: string): string {
  let rest = '';
  let from = 0;
  for (const place of places(text, form)) {
    rest += text.slice(from, place);
    from = place + form.length;
  }
  return rest + text.slice(from);
}

/** Where a token stands that ends where this one does. */
function places(text: string, form: string): number[] {
  const found: number[] = [];
  for (let place = text.indexOf(form); place >= 0; place = text.indexOf(form, place + form.length)) {
    const end = place + form.length;
    if (!GOES_ON.test(text.slice(end, end + 2))) found.push(place);
  }
  return found;
}
