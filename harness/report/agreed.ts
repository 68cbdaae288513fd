import type { z } from 'zod';

/** The type without `readonly`, as a schema describes it. */
type Writable<T> = { -readonly [Key in keyof T]: Writable<T[Key]> };

/**
 * Ties a schema to an interface at compile time, in both directions: a field that one has and the other lacks, or that they
 * type differently, is a type error here. At run time it does nothing.
 */
export function agreed<T>(): <S extends z.ZodType<T>>(schema: S & (Writable<T> extends z.infer<S> ? unknown : never)) => z.ZodType<T> {
  return (schema) => schema;
}
