import { InvalidArgumentError } from 'commander';

/** A seed: 32 bits, with or without a sign. */
export function seedArgument(text: string): number {
  return whole(text, { min: -(2 ** 31), max: 2 ** 32 - 1, what: 'a whole number of 32 bits, such as 12345' });
}

/** How many of something: at least 1. */
export function countArgument(text: string): number {
  return whole(text, { min: 1, max: Number.MAX_SAFE_INTEGER, what: 'a whole number from 1, such as 5000' });
}

const UNIT_MS: Readonly<Record<string, number>> = { '': 1000, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** Timers cannot count further: 2^31 ms, about 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

/** A time in ms, from `90`, `90s`, `1.5m`, `500ms` or `1h`; without a unit it counts seconds. */
export function timeArgument(text: string): number {
  const parts = /^(\d+(?:\.\d+)?)(ms|s|m|h|)$/.exec(text.trim());
  const ms = parts === null ? Number.NaN : Math.round(Number(parts[1]) * UNIT_MS[parts[2]!]!);
  if (!(ms >= 1 && ms <= LONGEST_MS)) throw new InvalidArgumentError('Expected a time, such as 30, 30s or 2m.');
  return ms;
}

function whole(text: string, { min, max, what }: { min: number; max: number; what: string }): number {
  const value = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new InvalidArgumentError(`Expected ${what}.`);
  return value;
}
