/**
 * One text for one value, whoever writes it: no spaces, keys sorted by their UTF-16 code units, numbers and strings as ECMAScript
 * writes them. This is the JSON Canonicalization Scheme, RFC 8785 sections 3.2.2 and 3.2.3, for what JSON can hold. Fields that
 * are undefined are left out, as `JSON.stringify` does. Throws a TypeError on a number that JSON cannot hold, and on functions.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} has no canonical JSON form.`);
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (typeof value !== 'object') throw new TypeError(`A ${typeof value} has no canonical JSON form.`);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  fields.sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(',')}}`;
}
