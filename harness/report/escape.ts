/**
 * Ids, reasons and evidence come from outside: from a target, a configuration or a file that somebody sent. Shown as they are
 * they could clear a terminal, hide a line or turn a sentence around, so whatever would not be seen is written out instead.
 */

/**
 * Not seen, or seen elsewhere: control characters (C0, C1, DEL; ANSI sequences begin with one), format characters (bidi overrides
 * and isolates, zero-width, byte order mark, tags), line and paragraph separators, lone surrogates, private use, unassigned.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu;
/** Marks stacked on one letter cover the lines above and below; two are enough for every language. */
const STACKED = /(?<=\p{M}{2})\p{M}/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text with everything unseen written out, such as `\n` or `\u{202e}`. Applying it twice changes nothing. */
export function visible(text: string): string {
  return text.replace(UNSEEN, written).replace(STACKED, written);
}

/** The same, at most `max` characters long: what is too long loses its middle, since ids often differ at the end. */
export function bounded(text: string, max: number): string {
  // Cut before writing out, so that a text of 100 MB costs no more than its two ends.
  const ends = text.length > 4 * max ? `${text.slice(0, 2 * max)}${text.slice(-2 * max)}` : text;
  const letters = [...visible(ends)];
  if (letters.length <= max) return letters.join('');
  const tail = Math.floor((max - 1) / 3);
  return `${letters.slice(0, max - 1 - tail).join('')}…${letters.slice(letters.length - tail).join('')}`;
}

/** Everything but printable ASCII written out, for texts that look alike and are not the same. */
export function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, written);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** The text, made visible, for use as HTML text or inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** JSON text in which unseen characters are escaped too: the same value, safe to print. */
export function escapeJson(json: string): string {
  return json.replace(/[\x7f-\u{10ffff}]/gu, (character) => (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/u.test(character) ? utf16(character) : character));
}

function written(character: string): string {
  return SHORT[character] ?? `\\u{${character.codePointAt(0)!.toString(16)}}`;
}

function utf16(character: string): string {
  let escaped = '';
  for (let place = 0; place < character.length; place++) escaped += `\\u${character.charCodeAt(place).toString(16).padStart(4, '0')}`;
  return escaped;
}
