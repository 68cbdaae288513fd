import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// What somebody gets who installs keyhole: it is packed as for publishing, installed by npm into an empty project elsewhere, and used there.
// Nothing is asked of a registry: npm takes what keyhole depends on from copies of what this checkout has of it. Its cache is empty.

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'README.md', 'LICENSE', 'harness', 'models', 'properties', 'fixtures'];

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const folder = mkdtempSync(join(tmpdir(), 'keyhole-package-'));
const project = join(folder, 'project');
const inProject = (...parts: readonly string[]): string => join(project, ...parts);
const running = new Set<ChildProcess>();

beforeAll(async () => {
  await install(await pack());
}, 300_000);

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Packs a copy of the sources, so that the build of this checkout stays as it is. */
async function pack(): Promise<string> {
  const source = join(folder, 'source');
  for (const name of SOURCES)
    cpSync(join(CHECKOUT, name), join(source, name), { recursive: true, filter: (path) => !/\.(test|frozen)\.\w+$|\/bench$/.test(path) });
  // That the sources are right is for other tests to say: not to check them again halves the time, and what is emitted is the same.
  const settings = join(source, 'tsconfig.build.json');
  writeFileSync(settings, readFileSync(settings, 'utf8').replace('"compilerOptions": {', '"compilerOptions": { "noCheck": true,'));
  symlinkSync(join(CHECKOUT, 'node_modules'), join(source, 'node_modules'), 'junction');
  await ended(0, run('npm', ['pack', '--silent', '--pack-destination', folder], source));
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.tgz'))!,
  );
}

async function install(tarball: string): Promise<void> {
  mkdirSync(project);
  const dependencies = { ...shippedDependencies(), keyhole: `file:${tarball}` };
  writeFileSync(inProject('package.json'), JSON.stringify({ name: 'project', private: true, type: 'module', dependencies }));
  const flags = ['--offline', '--install-links', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
  await ended(0, run('npm', ['install', ...flags]));
}

/** What npm installs along with keyhole, as folders of this checkout: neither what only development needs, nor what is optional. */
function shippedDependencies(): Record<string, string> {
  interface Locked {
    readonly dev?: boolean;
    readonly devOptional?: boolean;
    readonly peer?: boolean;
  }
  const { packages } = JSON.parse(readFileSync(join(CHECKOUT, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> };
  const shipped = Object.entries(packages).filter(([path, { dev, devOptional, peer }]) => path !== '' && dev !== true && devOptional !== true && peer !== true);
  const present = shipped.map(([path]) => path).filter((path) => existsSync(join(CHECKOUT, path)));
  return Object.fromEntries(present.map((path) => [path.replace('node_modules/', ''), `file:${join(CHECKOUT, path)}`]));
}

function run(command: string, words: readonly string[], cwd: string = project): Promise<Ran> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|vitest|keyhole_|node_env$|node_options$|node_path$|force_color$|ci$)/i.test(name));
  const child = spawn(command, words, {
    cwd,
    env: { ...Object.fromEntries(inherited), npm_config_cache: join(folder, 'cache'), NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => {
      running.delete(child);
      resolve({ code, out, err });
    });
  });
}

/** What was printed by what ended with this exit code. Throws an error that says more than another code would. */
async function ended(expected: number, ran: Promise<Ran>): Promise<string> {
  const { code, out, err } = await ran;
  if (code !== expected) throw new Error(`ended with ${code}, not with ${expected}\n${out}\n${err}`);
  return out;
}

/** The installed command, without npx in between, in a folder of the project. */
function keyhole(words: readonly string[], within = ''): Promise<Ran> {
  return run(process.execPath, [inProject('node_modules', '.bin', 'keyhole'), ...words], inProject(within));
}

/** A file of the project. */
function write(path: string, text: string): void {
  mkdirSync(inProject(path, '..'), { recursive: true });
  writeFileSync(inProject(path), text);
}

/** A module with a cache that asks nobody at a hit. */
const LEAKY = `
import { functionTarget } from 'keyhole';
export const leaky = functionTarget({
  name: 'leaky',
  runs: 300,
  open({ origin }) {
    const frames = new Map();
    return {
      async get(request) {
        const reply = frames.has(request.camera) ? null : await origin.fetch(request);
        if (reply?.status === 200) frames.set(request.camera, reply.body);
        return frames.get(request.camera) ?? null;
      },
    };
  },
});
`;

describe('the installed package', () => {
  it('brings what is needed to run it, in little room', () => {
    const shipped = readdirSync(inProject('node_modules', 'keyhole'), { recursive: true, encoding: 'utf8' });
    expect(shipped.filter((name) => /\.(test|laws|bench)\.|(?<!\.d)\.ts$|\.map$/.test(name))).toEqual([]);
    expect(readdirSync(inProject('node_modules', 'keyhole')).toSorted()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))!;
    expect(statSync(join(folder, tarball)).size).toBeLessThan(512 * 1024);
  });

  it('writes a configuration with npx keyhole init that holds as it is, and leaks without the line that it names', async () => {
    mkdirSync(inProject('start'));
    const { code, err } = await run('npx', ['--no', 'keyhole', 'init'], inProject('start'));
    expect([code, err]).toEqual([0, expect.stringMatching(/Wrote keyhole\.config\.ts[^]*npx keyhole check/)]);
    expect(err).not.toContain('Install keyhole');
    expect(await ended(0, keyhole(['check', '--runs', '700'], 'start'))).toMatch(/NO LEAK FOUND +example +[\d,]+/);

    await ended(2, keyhole(['init'], 'start'));
    const path = join('start', 'keyhole.config.ts');
    const text = readFileSync(inProject(path), 'utf8');
    write(path, text.replace(/^.*Leave this line out.*\n/m, ''));
    const leak = await ended(1, keyhole(['check', '--bail', '--seed', '1', '--runs', '1'], 'start'));
    expect(leak).toMatch(/npx keyhole replay \.keyhole\/counterexamples\/ce-\w{12}\.json/);
    const [file] = readdirSync(inProject('start', '.keyhole', 'counterexamples'));
    await ended(1, keyhole(['replay', join('.keyhole', 'counterexamples', file!)], 'start'));

    await ended(0, keyhole(['init', '--force'], 'start'));
    expect(readFileSync(inProject(path), 'utf8')).toBe(text);
  });

  it('reads a keyhole.config.js of a CommonJS project, and makes reports from it', async () => {
    write('plain/package.json', '{}');
    write('plain/keyhole.config.js', `import { defineConfig } from 'keyhole';\n${LEAKY}\nexport default defineConfig({ targets: [leaky] });`);
    await ended(1, keyhole(['check', '--bail', '--report', 'found'], 'plain'));
    expect(readdirSync(inProject('plain', 'found'))).toEqual(expect.arrayContaining(['index.html', 'report.json']));
    expect(await ended(0, keyhole(['report', 'found'], 'plain'))).toContain('leaky: leaks');
  });

  it('says of built-in targets that stand on other packages how to get these, and checks the others', async () => {
    expect(await ended(3, keyhole(['check', 'apicache-readme']))).toMatch(/npm install --save-dev apicache@\S+ express@\S+/);
    const all = await keyhole(['check', '--runs', '300', '--json', '-']);
    // What so few programs find is a matter of luck; that there is something to check is not.
    expect([0, 1, 4]).toContain(all.code);
    const { targets } = JSON.parse(all.out) as { targets: { target: string; fault: boolean }[] };
    expect(targets.map(({ target }) => target)).toEqual(expect.arrayContaining(['lru', 'xiaomi-2020']));
    expect(targets.filter(({ fault }) => fault)).toEqual([]);
  });

  it('explains itself: doctor, list, explain, selftest', async () => {
    const asked = [['doctor'], ['list'], ['explain', 'xiaomi-2020'], ['selftest', 'xiaomi-2020', '--seeds', '1']];
    const [doctor, list, explain, selftest] = await Promise.all(asked.map((words) => ended(0, keyhole(words))));
    expect(doctor).toMatch(/- +ioredis +not installed/);
    expect(list).toContain('KH001');
    expect(explain).toContain('Xiaomi');
    expect(selftest).toMatch(/^ok +xiaomi-2020/m);
  });
});

describe('the installed package, in tests of a project', () => {
  it('fails a Vitest test with the story, the cause, the replay and a file, and passes one that holds', async () => {
    symlinkSync(join(CHECKOUT, 'node_modules', 'vitest'), inProject('node_modules', 'vitest'), 'junction');
    write(
      'vitest/snapshots.test.js',
      `import { it } from 'vitest';
       import { checkIsolation } from 'keyhole';
       import config from './keyhole.config.ts';
       ${LEAKY}
       const passive = functionTarget({ name: 'passive', open: ({ origin }) => ({ get: async (request) => (await origin.fetch(request)).body }) });
       it('leaks', () => checkIsolation(leaky, { seed: 1, bail: true }), 60_000);
       it('means nothing', () => checkIsolation(passive, { seed: 1, runs: 20 }), 60_000);
       it('holds', () => checkIsolation(config.targets[0], { seed: 1, runs: 700 }), 60_000);`,
    );
    await ended(0, keyhole(['init'], 'vitest'));
    const { code, out, err } = await run(
      process.execPath,
      [inProject('node_modules', 'vitest', 'vitest.mjs'), 'run', '--reporter=verbose'],
      inProject('vitest'),
    );
    expect(code).toBe(1);
    expect(out).toMatch(/✓ .*holds/);
    const said = `${out}${err}`;
    expect(said).toMatch(/IsolationError: leaky hands camera frames to people/);
    expect(said).toMatch(/1\. alice asks for camera door/);
    expect(said).toMatch(/Cause {2,}\w/);
    expect(said).toMatch(/npx keyhole replay \.keyhole\/counterexamples\/ce-\w{12}\.json/);
    expect(said).toMatch(/snapshots\.test\.js:\d+/);
    expect(said).toMatch(/There is no verdict on passive[^]*What to do:/);
    expect(said).not.toContain('Serialized Error');
    expect(readdirSync(inProject('vitest', '.keyhole', 'counterexamples')).length).toBeGreaterThan(0);
  });

  it('rejects a promise for any other runner: node:test', async () => {
    write(
      'node/snapshots.test.js',
      `import { test } from 'node:test';\nimport { checkIsolation } from 'keyhole';\n${LEAKY}\ntest('leaks', () => checkIsolation(leaky, { seed: 1, bail: true, counterexamples: null }));`,
    );
    const { code, out } = await run(process.execPath, ['--test', '--test-reporter=tap'], inProject('node'));
    expect([code, out]).toEqual([1, expect.stringMatching(/alice asks for camera door/)]);
    expect(existsSync(inProject('node', '.keyhole'))).toBe(false);
  });

  it('gives fast-check programs of the same kind, also to another copy of it', async () => {
    cpSync(inProject('node_modules', 'fast-check'), inProject('other', 'node_modules', 'fast-check'), { recursive: true });
    const script = `import fc from 'fast-check';\nimport { checkProgram, programs } from 'keyhole';\n${LEAKY}
      const property = fc.asyncProperty(programs({ capabilities: leaky.capabilities }), (program) => checkProgram(leaky, program));
      const { counterexample } = await fc.check(property, { seed: 7 });
      const pasted = JSON.parse(JSON.stringify(counterexample[0]));
      pasted.operations.push(...pasted.operations, ...pasted.operations);
      const again = await fc.check(property, { examples: [[pasted]], numRuns: 1 });
      console.log(JSON.stringify([programs() instanceof fc.Arbitrary, again.counterexample[0].operations.length]));
      console.log(fc.stringify(counterexample));`;
    write('same.js', script);
    write('other/other.js', script);
    const [same, other] = await Promise.all([run(process.execPath, ['same.js']), run(process.execPath, ['other.js'], inProject('other'))]);
    expect([same.out, other.out].map((out) => out.split('\n')[0])).toEqual(['[true,2]', '[false,2]']);
    for (const { out } of [same, other]) expect(out).toMatch(/1\. "alice" asks for "door"[^]*2\. ("\w+"|anonymous) asks for "door"/);
  });
});

describe('the types of the installed package', () => {
  const USE = `
import { type AppEnvironment, appTarget, checkIsolation, defineConfig, functionTarget, IsolationError, type Request } from 'keyhole';
import config from './keyhole.config.ts';

export const cached = functionTarget({
  name: 'cached',
  open({ origin, clock }) {
    const frames = new Map<string, { readonly body: Uint8Array; readonly until: number }>();
    return {
      async get(request: Request, signal) {
        const reply = await origin.fetch({ ...request, tier: 'low' });
        if (reply.status === 200) frames.set(request.camera, { body: reply.body, until: clock.now() + reply.maxAgeMs });
        // @ts-expect-error A refusal has no body.
        else frames.set(request.camera, { body: reply.body, until: 0 });
        return signal === undefined ? null : reply.body;
      },
    };
  },
});
const app = appTarget({
  name: 'app',
  build: ({ origin, requestOf }: AppEnvironment) => async (request, response) => {
    const { status, body } = await origin.fetch(requestOf(request));
    response.writeHead(status).end(body);
  },
});
// @ts-expect-error A target has a name.
functionTarget({ open: () => ({ get: () => null }) });
export default defineConfig({ targets: [cached, app, ...config.targets], seed: 1 });

const verdict: 'holds' | 'violated' | 'inconclusive' = (await checkIsolation(cached, { seed: 1, counterexamples: null })).verdict;
// @ts-expect-error A verdict is a word.
const wrong: number = verdict;
export const text = (error: unknown): string => (error instanceof IsolationError ? error.report.text : String(wrong));
`;
  const WITH_FAST_CHECK = `
import * as fc from 'fast-check';
import { checkProgram, type Program, programs } from 'keyhole';
import { cached } from './use.ts';

export const arbitrary: fc.Arbitrary<Program> = programs({ capabilities: cached.capabilities, length: 12 });
const property = fc.asyncProperty(arbitrary, (program) => checkProgram(cached, program));
export const found: Promise<void> = fc.assert(property, { examples: [[{} as Program]] });
// @ts-expect-error A length is a number.
programs({ length: '12' });
`;
  const OF_NODE = `
import type { IncomingMessage, ServerResponse } from 'node:http';
import { appTarget, functionTarget } from 'keyhole';
export const app = appTarget({
  name: 'app',
  build: () => ({
    handler: (request, response) => {
      const [asked, answer]: [IncomingMessage, ServerResponse] = [request, response];
      // @ts-expect-error With the types of Node these are no 'any'.
      return [asked, answer, request.nonsense];
    },
  }),
});
export const cache = functionTarget({
  name: 'cache',
  open: ({ origin }) => ({
    async get(request, signal: AbortSignal) {
      signal.throwIfAborted();
      const { body } = await origin.fetch(request);
      const kept: Buffer | null = body;
      return kept?.toString('base64') ?? null;
    },
  }),
});
`;

  beforeAll(() => {
    write('types/use.ts', USE);
    write('types/of-node.ts', OF_NODE);
    write('types/with-fast-check.ts', WITH_FAST_CHECK);
  });

  it('can be checked where only JavaScript is known, and with those of Node', async () => {
    await ended(0, keyhole(['init'], 'types'));
    const lib = ['ES2023', 'ESNext.Disposable'];
    const bare = { strict: true, noEmit: true, target: 'es2022', lib, types: [], skipLibCheck: false, allowImportingTsExtensions: true };
    const typeRoots = [join(CHECKOUT, 'node_modules', '@types')];
    const settings = {
      nodenext: { compilerOptions: { ...bare, module: 'nodenext' }, files: ['use.ts', 'with-fast-check.ts'] },
      bundler: { compilerOptions: { ...bare, module: 'esnext', moduleResolution: 'bundler' }, files: ['use.ts'] },
      node: { compilerOptions: { ...bare, module: 'nodenext', types: ['node'], typeRoots, skipLibCheck: true }, files: ['use.ts', 'of-node.ts'] },
    };
    const tsc = join(CHECKOUT, 'node_modules', 'typescript', 'bin', 'tsc');
    const checks = Object.entries(settings).map(async ([name, setting]) => {
      write(`types/${name}.json`, JSON.stringify(setting));
      return { name, ...(await run(process.execPath, [tsc, '-p', `${name}.json`], inProject('types'))) };
    });
    for (const { name, out } of await Promise.all(checks)) expect([name, out]).toEqual([name, '']);
  });
});
