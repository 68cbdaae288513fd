/** What every object leads to by the names that it inherits: its prototype, its constructor, its methods. */
const SHARED: readonly object[] = [
  Object.prototype,
  ...Object.values(Object.getOwnPropertyDescriptors(Object.prototype)).flatMap(({ value }) => (typeof value === 'function' ? [value as object] : [])),
];

/**
 * Takes away what was written on objects that all others lead to, as by a cache that keeps entries in plain objects, under an id such as
 * `__proto__` or `constructor`. It would outlive the session, and be found by whatever runs in this process.
 */
export function cleanPrototypes(): void {
  for (const shared of SHARED) for (const name of Object.keys(shared)) Reflect.deleteProperty(shared, name);
}
