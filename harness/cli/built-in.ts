import type { Incident } from '../../fixtures/incident.ts';
import { TargetFault, type Target } from '../targets/target.ts';

export type { Incident };

/** A target that comes with keyhole. */
export interface BuiltIn {
  readonly name: string;
  /** The verdict that it deserves. */
  readonly expected: 'holds' | 'violated';
  /** Programs that `keyhole start` runs against it. */
  readonly runs: number;
  /** Loaded when it is needed: one that stands on a package which is absent does not keep the others from running. */
  load(): Promise<Target>;
}

/** Against a model a program costs microseconds. */
const MODEL_RUNS = 20_000;

const model = (name: string): BuiltIn => ({
  name,
  expected: 'holds',
  runs: MODEL_RUNS,
  load: async () => {
    const { REFERENCE_MODELS } = await import('../targets/reference.ts');
    return REFERENCE_MODELS.find((target) => target.name === name)!;
  },
});

/** What `keyhole start` shows, in this order: correct caches hold, planted and published bugs are found. */
export const BUILT_IN: readonly BuiltIn[] = [
  model('lru'),
  model('lru-per-viewer'),
  model('tiered'),
  model('cdn'),
  { name: 'xiaomi-2020', expected: 'violated', runs: MODEL_RUNS, load: async () => (await incidents()).find(({ id }) => id === 'xiaomi-2020')!.target },
];

/** Every planted bug. */
export async function incidents(): Promise<readonly Incident[]> {
  return (await import('../../fixtures/incidents/index.ts')).INCIDENTS;
}

/** All built-in targets by name: those of `start`, then each planted bug and its twin. */
export async function allBuiltIn(): Promise<readonly BuiltIn[]> {
  const planted = (await incidents()).flatMap(({ target, twin }): BuiltIn[] => [
    { name: target.name, expected: 'violated', runs: target.defaultRuns, load: () => Promise.resolve(target) },
    { name: twin.name, expected: 'holds', runs: twin.defaultRuns, load: () => Promise.resolve(twin) },
  ]);
  return [...BUILT_IN, ...planted.filter(({ name }) => BUILT_IN.every((other) => other.name !== name))];
}

/** Loads a built-in target. Throws a {@link TargetFault} that names the package it lacks. */
export async function loadBuiltIn(builtIn: BuiltIn): Promise<Target> {
  try {
    return await builtIn.load();
  } catch (error) {
    const missing = missingPackage(error);
    if (missing === null) throw error;
    throw new TargetFault(`${builtIn.name} needs the package "${missing}", which is not installed`, `npm install --save-dev ${missing}`);
  }
}

/** The package that an import did not find, or null where the error is another one. */
export function missingPackage(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || (error.code !== 'ERR_MODULE_NOT_FOUND' && error.code !== 'MODULE_NOT_FOUND')) return null;
  const name = /Cannot find (?:package|module) '([^'./][^']*)'/.exec(error.message)?.[1];
  return name === undefined ? null : name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/');
}
