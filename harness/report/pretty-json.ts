import { escapeJson } from './escape.ts';

/** An answer with its frame still fits. */
const WIDTH = 200;

/** JSON for people: what fits on a line stands on one, and every operation and event has a line of its own. 2 spaces, a line end at the end. */
export function prettyJson(value: unknown): string {
  return `${escapeJson(pretty(value, ''))}\n`;
}

function pretty(value: unknown, indent: string): string {
  const inline = oneLine(value);
  if (typeof value !== 'object' || value === null || (inline.length + indent.length <= WIDTH && !isList(value) && indent !== '')) return inline;
  const inner = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item: unknown) => `${inner}${pretty(item, inner)}`)
    : Object.entries(value).flatMap(([key, field]) => (field === undefined ? [] : [`${inner}${JSON.stringify(key)}: ${pretty(field, inner)}`]));
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return items.length === 0 ? `${open}${close}` : `${open}\n${items.join(',\n')}\n${indent}${close}`;
}

/** A list of things rather than of words: it gets a line each. */
function isList(value: object): boolean {
  return Array.isArray(value) && value.length > 1 && value.some((item) => typeof item === 'object' && item !== null);
}

/** With a space after every comma and colon, and inside braces. */
function oneLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  const fields = Object.entries(value).flatMap(([key, field]) => (field === undefined ? [] : [`${JSON.stringify(key)}: ${oneLine(field)}`]));
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
