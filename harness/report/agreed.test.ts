import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { agreed } from './agreed.ts';

interface Pair {
  readonly one: number;
  readonly two: readonly string[];
}

describe('agreed', () => {
  it('takes a schema that says the same as the interface', () => {
    const schema = agreed<Pair>()(z.strictObject({ one: z.number(), two: z.array(z.string()) }));
    expect(schema.safeParse({ one: 1, two: ['x'] }).success).toBe(true);
  });

  it('refuses, at compile time, a field that is typed differently, missing, narrower or added', () => {
    const two = z.array(z.string());
    const refused = [
      // @ts-expect-error one is a number
      agreed<Pair>()(z.strictObject({ one: z.string(), two })),
      // @ts-expect-error two is missing
      agreed<Pair>()(z.strictObject({ one: z.number() })),
      // @ts-expect-error one may be any number
      agreed<Pair>()(z.strictObject({ one: z.literal(1), two })),
      // @ts-expect-error there is no three
      agreed<Pair>()(z.strictObject({ one: z.number(), two, three: z.string() })),
    ];
    expect(refused).toHaveLength(4);
  });
});
