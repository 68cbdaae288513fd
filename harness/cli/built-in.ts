import type { Incident } from '../../fixtures/incident.ts';
import { programPath } from '../targets/child-server.ts';
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
  /** What it stands on and an installed keyhole does not bring, as npm is asked for it. */
  readonly packages: readonly string[];
  /** The program that it starts, and the Debian package that brings it. */
  readonly program?: { readonly command: string; readonly apt: string };
  /** It is one of the planted bugs or their twins. */
  readonly isPlanted?: boolean;
  /** Loaded when it is needed: one whose packages are absent does not keep the others from running. */
  load(): Promise<Target>;
}

/** Against a model a program costs microseconds. */
const MODEL_RUNS = 4_000;

/** Against a package in this process, or behind HTTP on loopback, it costs milliseconds. */
const PACKAGE_RUNS = 300;

const EXPRESS = ['apicache@1.6.3', 'express@4.22.3'];
const CACHE_MANAGERS = ['cache-manager@5.5.3', 'cache-manager-fixed@npm:cache-manager@6.4.3'];
const REDIS_MOCK = ['ioredis@5.11.1', 'ioredis-mock@8.13.1'];

const UNDICI = ['undici@7.16.0', 'undici-fixed@npm:undici@7.30.2'];

const NGINX = { command: 'nginx', apt: 'nginx' };

const apicache = () => import('../../fixtures/packages/apicache.ts');
const cacheManager = () => import('../../fixtures/packages/cache-manager.ts');
const redis = () => import('../../fixtures/packages/redis-targets.ts');
const undici = () => import('../../fixtures/packages/undici.ts');
const nginx = () => import('../../fixtures/servers/nginx.ts');

/**
 * What `keyhole start` shows: correct caches hold, planted and published bugs are found. Those that take longest come last, since
 * each may use what the others left over of the time.
 */
export const BUILT_IN: readonly BuiltIn[] = [
  model('lru'),
  model('tiered'),
  model('cdn'),
  { ...model('xiaomi-2020'), expected: 'violated', load: async () => (await incidents()).find(({ id }) => id === 'xiaomi-2020')!.target },
  standing('cache-manager-per-tenant', 'violated', CACHE_MANAGERS, async () => (await cacheManager()).cacheManagerPerTenant),
  standing('cache-manager-per-tenant-fixed', 'holds', CACHE_MANAGERS, async () => (await cacheManager()).cacheManagerPerTenantFixed),
  standing('redis', 'holds', REDIS_MOCK, async () => (await redis()).redisMock),
  standing('apicache-append-key', 'holds', EXPRESS, async () => (await apicache()).apicacheAppendKey),
  standing('apicache-readme', 'violated', EXPRESS, async () => (await apicache()).apicacheReadme),
];

/** Checked when they are named: they repeat what others show, or need more than Node. */
const FURTHER: readonly BuiltIn[] = [
  model('lru-per-viewer'),
  model('layered'),
  model('layered-lru'),
  standing('redis-server', 'holds', ['ioredis@5.11.1'], async () => (await redis()).redisReal()),
  ...['redis-shared-key', 'redis-forgotten-rendition', 'redis-late-fill', 'redis-joined-key'].map((name) =>
    standing(name, 'violated', REDIS_MOCK, async () => (await redis()).redisMockFaults.find((target) => target.name === name)!),
  ),
  ...['nginx-default', 'nginx-default-2', 'nginx-lock', 'nginx-lock-2'].map((name) => server(name, 'violated')),
  ...['nginx-hardened', 'nginx-hardened-2', 'nginx-hardened-lock', 'nginx-hardened-lock-2'].map((name) => server(name, 'holds')),
  standing('undici-cache', 'violated', UNDICI, async () => (await undici()).undiciCache),
  standing('undici-cache-fixed', 'holds', UNDICI, async () => (await undici()).undiciCacheFixed),
  // Nothing can leak there, and a check of it says that this is worth nothing.
  standing('no-cache', 'holds', [], async () => (await import('../../fixtures/servers/no-cache.ts')).noCache),
];

/** A target around real packages. */
function standing(name: string, expected: BuiltIn['expected'], packages: readonly string[], load: BuiltIn['load']): BuiltIn {
  return { name, expected, runs: PACKAGE_RUNS, packages, load };
}

/** A real server under one of the configurations in `fixtures/servers`. */
function server(name: string, expected: BuiltIn['expected']): BuiltIn {
  const load = async (): Promise<Target> => (await nginx()).NGINX_TARGETS.find((target) => target.name === name)!;
  return { ...standing(name, expected, [], load), program: NGINX };
}

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
  return packages.filter((wanted) => installedVersion(packageName(wanted)) === null);
}

/** The name in what npm is asked for: `ioredis` of `ioredis@5.11.1`. */
export function packageName(wanted: string): string {
  return wanted.slice(0, wanted.indexOf('@', 1));
}

/** Loads a built-in target. Throws a {@link TargetFault} that names what it lacks. */
export async function loadBuiltIn(builtIn: BuiltIn): Promise<Target> {
  const { program } = builtIn;
  if (program !== undefined && programPath(program.command) === null)
    throw new TargetFault(`${builtIn.name} needs the program ${program.command}, which is not installed`, `apt-get install ${program.apt}`);
  const missing = missingPackages(builtIn);
  if (missing.length === 0) return builtIn.load();
  const named = missing.join(' and ');
  throw new TargetFault(
    `${builtIn.name} needs the package${missing.length === 1 ? '' : 's'} ${named}, not installed beside keyhole`,
    `npm install --save-dev ${missing.join(' ')}`,
  );
}
