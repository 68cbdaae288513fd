import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Measured } from './subjects.ts';

/** A young generation that holds a whole round: what is measured is checking, not one pause of the collector more or less. */
export const ROOMY: readonly string[] = ['--max-semi-space-size=512', '--min-semi-space-size=512'];
/** Where collecting is a part of it, in the room that Node gives by itself. */
const COLLECTED: ReadonlySet<string> = new Set(['first']);

/** Measures something in a process of its own: what `process.ts` knows under this name. */
export function apart(what: string, ...rest: readonly (string | number)[]): Measured {
  const script = fileURLToPath(new URL('process.js', import.meta.url));
  const flags = ['--expose-gc', ...(COLLECTED.has(what) ? [] : ROOMY)];
  return JSON.parse(execFileSync(process.execPath, [...flags, script, what, ...rest.map(String)], { encoding: 'utf8' })) as Measured;
}

export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
