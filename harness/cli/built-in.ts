import type { Incident } from '../../fixtures/incident.ts';
import { type Target, TargetFault } from '../targets/target.ts';
import { installedVersion } from './installed.ts';

export type { Incident };

/** A target that comes with keyhole. */
export interface BuiltIn {
  readonly name: string;
  /** The verdict that it deserves. */
  readonly expected: 'holds' | 'violated';
  /** Programs that `keyhole start` runs against it. */
  readonly runs: number;
  /** What it stands on and an installed keyhole does not bring. */
  readonly packages: readonly string[];
  /** It is one of the planted bugs or their twins. */
  readonly isPlanted?: boolean;
  /** Loaded when it is needed: one whose packages are absent does not keep the others from running. */
  load(): Promise<Target>;
}

/** Against a model a program costs microseconds. */
const MODEL_RUNS = 6_000;

/** What `keyhole start` shows, in this order: correct caches hold, planted and published bugs are found. */
export const BUILT_IN: readonly BuiltIn[] = [
  model('lru'),
  model('tiered'),
  model('cdn'),
  { name: 'xiaomi-2020', expected: 'violated', runs: MODEL_RUNS, packages: [], load: async () => (await incidents()).find(({ id }) => id === 'xiaomi-2020')!.target },
  { name: 'redis', expected: 'holds', runs: 300, packages: ['ioredis-mock'], load: async () => (await import('../../fixtures/packages/redis-targets.ts')).redisMock },
];

/** Checked when they are named: they repeat what others show, or need more than Node. */
const FURTHER: readonly BuiltIn[] = [
  model('lru-per-viewer'),
  { name: 'redis-server', expected: 'holds', runs: 300, packages: ['ioredis'], load: async () => (await import('../../fixtures/packages/redis-targets.ts')).redisReal() },
];

function model(name: string): BuiltIn {
  const load = async (): Promise<Target> => (await import('../targets/reference.ts')).REFERENCE_MODELS.find((target) => target.name === name)!;
  return { name, expected: 'holds', runs: MODEL_RUNS, packages: [], load };
}

/** Every planted bug. */
export async function incidents(): Promise<readonly Incident[]> {
  return (await import('../../fixtures/incidents/index.ts')).INCIDENTS;
}

/** All built-in targets by name: those of `start`, further ones, then each planted bug and its twin. */
export async function allBuiltIn(): Promise<readonly BuiltIn[]> {
  const planted = (await incidents()).flatMap(({ target, twin }): BuiltIn[] => [
    { name: target.name, expected: 'violated', runs: target.defaultRuns, packages: [], isPlanted: true, load: () => Promise.resolve(target) },
    { name: twin.name, expected: 'holds', runs: twin.defaultRuns, packages: [], isPlanted: true, load: () => Promise.resolve(twin) },
  ]);
  const others = [...BUILT_IN, ...FURTHER];
  return [...others, ...planted.filter(({ name }) => others.every((other) => other.name !== name))];
}

/** The packages that a built-in target lacks here. */
export function missingPackages({ packages }: BuiltIn): readonly string[] {
  return packages.filter((name) => installedVersion(name) === null);
}

/** Loads a built-in target. Throws a {@link TargetFault} that names the packages it lacks. */
export async function loadBuiltIn(builtIn: BuiltIn): Promise<Target> {
  const missing = missingPackages(builtIn);
  if (missing.length === 0) return builtIn.load();
  const named = missing.map((name) => `"${name}"`).join(' and ');
  throw new TargetFault(`${builtIn.name} needs the package${missing.length === 1 ? '' : 's'} ${named}, not installed here`, `npm install --save-dev ${missing.join(' ')}`);
}
