import { z } from 'zod';
import { type Config, isTarget } from '../targets/define.ts';
import type { Target } from '../targets/target.ts';
import { suggestion } from './closest.ts';

const target = z.custom<Target>(isTarget, 'target');

/** What a configuration file may hold. Targets are told by their brand: another copy of keyhole may have made them. */
const configSchema = z.strictObject({
  $schema: z.string().optional(),
  targets: z.array(target).min(1).optional(),
  seed: z
    .int()
    .min(-(2 ** 31))
    .max(2 ** 32 - 1)
    .optional(),
  runs: z.int().min(1).optional(),
  maxTimeMs: z.int().min(1).optional(),
  corpus: z.string().min(1).optional(),
});

const SETTINGS: readonly string[] = Object.keys(configSchema.shape).filter((name) => name !== '$schema');

const EXPECTED: Readonly<Record<string, string>> = {
  targets: 'a list of at least one target',
  seed: 'a whole number of 32 bits, such as 12345',
  runs: 'a whole number from 1, such as 5000',
  maxTimeMs: 'a whole number of milliseconds from 1, such as 60000',
  corpus: 'the path of a folder, such as "fixtures/corpus"',
};

/** A configuration as far as it can be checked. JSON cannot hold targets, so there it has none. */
export type ValidConfig = Omit<Config, 'targets'> & { readonly targets?: readonly Target[] };

export type Validated = { readonly ok: true; readonly config: ValidConfig } | { readonly ok: false; readonly problems: readonly string[] };

/** Checks what a configuration file exports. Problems say where, what was expected and what was found. */
export function validateConfig(value: unknown): Validated {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ok: false, problems: [`expected an object with targets, found ${inWords(value)}`] };
  const result = configSchema.safeParse(value);
  if (!result.success) return { ok: false, problems: result.error.issues.flatMap((issue) => problemsOf(issue, value)) };
  const problems = duplicates(result.data.targets ?? []);
  return problems.length === 0 ? { ok: true, config: result.data as ValidConfig } : { ok: false, problems };
}

function problemsOf(issue: z.core.$ZodIssue, value: object): string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map(unknownSetting);
  const setting = String(issue.path[0]);
  const found = issue.path.reduce<unknown>((from, part) => (from as Record<PropertyKey, unknown>)[part], value);
  if (setting !== 'targets' || issue.path.length === 1) return [`${setting}: expected ${EXPECTED[setting]}, found ${inWords(found)}`];
  return [
    `targets[${String(issue.path[1])}]: expected a target made by functionTarget, appTarget, clientTarget, proxyTarget or modelTarget, found ${inWords(found)}${awaited(found)}`,
  ];
}

function unknownSetting(name: string): string {
  const near = suggestion(name, SETTINGS);
  return `${name}: there is no such setting. ${near === '' ? `There are ${SETTINGS.join(', ')}.` : near}`;
}

function awaited(found: unknown): string {
  if (found instanceof Promise) return ': put "await" before it';
  return typeof found === 'function' ? ': was it meant to be called?' : '';
}

function duplicates(targets: readonly Target[]): string[] {
  return targets.flatMap(({ name }, place) => {
    const first = targets.findIndex((other) => other.name === name);
    return first === place ? [] : [`targets[${place}]: expected a name of its own, found "${name}", which is the name of targets[${first}]`];
  });
}

/** What something is, for a reader who has to find it in the file. */
function inWords(value: unknown): string {
  if (value === null || value === undefined) return value === null ? 'null' : 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  switch (typeof value) {
    case 'string':
      return value === '' ? 'an empty text' : `the text ${JSON.stringify(value.slice(0, 60))}`;
    case 'function':
      return value.name === '' ? 'a function' : `the function "${value.name}"`;
    case 'object':
      return value instanceof Promise ? 'a promise' : `an object with ${listed(Object.keys(value))}`;
    default:
      // A number, a boolean, a bigint or a symbol.
      return typeof value === 'symbol' ? value.toString() : `${value as number | boolean | bigint}`;
  }
}

function listed(keys: readonly string[]): string {
  if (keys.length === 0) return 'nothing in it';
  return `${keys
    .slice(0, 4)
    .map((key) => `"${key.slice(0, 40)}"`)
    .join(', ')}${keys.length > 4 ? ' and more' : ''}`;
}
