import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { validateConfig, type ValidConfig } from './config-schema.ts';
import { registerLoader } from './loader.ts';
import { UsageProblem } from './usage-problem.ts';

const NAMES: readonly string[] = ['ts', 'mts', 'js', 'mjs', 'json'].map((extension) => `keyhole.config.${extension}`);

/** The nearest configuration file, in this folder or above it; `null` where there is none. */
export function findConfig(from: string): string | null {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const found = NAMES.find((name) => existsSync(join(folder, name)));
    if (found !== undefined) return join(folder, found);
    if (dirname(folder) === folder) return null;
  }
}

/** The configuration file that a command line names. Throws a {@link UsageProblem} where there is none. */
export function namedConfig(path: string, from: string): string {
  const absolute = resolve(from, path);
  if (!existsSync(absolute)) throw new UsageProblem(`There is no configuration file ${path}.`, `The path counts from ${from}.`);
  if (['.ts', '.mts', '.js', '.mjs', '.json'].includes(extname(absolute))) return absolute;
  throw new UsageProblem(`${path} is no configuration file.`, 'Its name ends in .ts, .mts, .js, .mjs or .json.');
}

/** Imports and checks a configuration. Throws a {@link UsageProblem} that says what is wrong, and where. */
export async function readConfig(path: string): Promise<ValidConfig> {
  const validated = validateConfig(extname(path) === '.json' ? await parsed(path) : await exported(path));
  if (validated.ok) return validated.config;
  const { problems } = validated;
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  throw new UsageProblem(`${shown(path)} has ${count}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`, 'Correct the file, then try again.');
}

async function parsed(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageProblem(`${shown(path)} cannot be read: ${messageOf(error)}`, 'Look at its permissions.');
  });
  try {
    return JSON.parse(text.replace(/^\ufeff/, '')) as unknown;
  } catch (error) {
    throw new UsageProblem(`${shown(path)} is not JSON: ${messageOf(error)}`, 'Look there for a missing comma, quote or bracket.');
  }
}

async function exported(path: string): Promise<unknown> {
  await registerLoader();
  let module: { default?: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as { default?: unknown };
  } catch (error) {
    throw importProblem(path, error);
  }
  if (!('default' in module)) throw new UsageProblem(`${shown(path)} has no default export.`, 'It should end in: export default defineConfig({ targets: [...] });');
  const { default: config } = module;
  // A CommonJS file that was compiled from a module has its default export one level down.
  return typeof config === 'object' && config !== null && '__esModule' in config && 'default' in config ? config.default : config;
}

function importProblem(path: string, error: unknown): UsageProblem {
  const message = messageOf(error);
  const syntax = /([^\s:]+):(\d+):(\d+): ERROR: (.*)/.exec(message) ?? nativeSyntax(error);
  if (syntax !== null) {
    const [, file, line, column, said] = syntax;
    return new UsageProblem(`${shown(file!)}:${line}${column === '' ? '' : `:${column}`} is not valid: ${said}`, 'Correct the line, then try again.');
  }
  const missing = /Cannot find (?:package|module) '([^']+)'/.exec(message)?.[1];
  if (missing !== undefined && isModuleMissing(error)) return missingProblem(path, missing);
  const place = placeOf(error, path);
  return new UsageProblem(`${shown(path)} could not be loaded${place === null ? '' : `, at ${place}`}: ${message}`, 'It was imported and threw: nothing of keyhole had run yet.');
}

/** Node names the place of a syntax error in the first line of its stack: `file:///a/b.js:3`. */
function nativeSyntax(error: unknown): [string, string, string, string, string] | null {
  if (!(error instanceof SyntaxError)) return null;
  const [first = ''] = (error.stack ?? '').split('\n');
  const place = /^(.+):(\d+)$/.exec(first);
  return place === null ? null : ['', place[1]!, place[2]!, '', error.message];
}

function missingProblem(path: string, missing: string): UsageProblem {
  const isFile = missing.startsWith('/') || missing.startsWith('.') || missing.startsWith('file:');
  const what = isFile ? `the file ${shown(missing)}` : `the package "${missing}"`;
  return new UsageProblem(`${shown(path)} imports ${what}, which is not there.`, isFile ? 'Correct the import, then try again.' : `Install it: npm install --save-dev ${missing}`);
}

function isModuleMissing(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}

/** Where in the user's own files an error was thrown: `keyhole.config.ts:12`. */
function placeOf(error: unknown, path: string): string | null {
  if (!(error instanceof Error)) return null;
  for (const line of (error.stack ?? '').split('\n')) {
    const place = /((?:file:\/\/)?\/[^():]+|[A-Za-z]:\\[^():]+):(\d+):\d+\)?$/.exec(line);
    if (place !== null && asPath(place[1]!).startsWith(dirname(path)) && !place[1]!.includes('/node_modules/')) return `${shown(place[1]!)}:${place[2]!}`;
  }
  return null;
}

function asPath(place: string): string {
  return place.startsWith('file:') ? fileURLToPath(place) : place;
}

/** A path as a reader in the current folder would write it. */
function shown(place: string): string {
  const path = asPath(place);
  const near = relative(process.cwd(), path);
  return near === '' || near.startsWith('..') ? path : near;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
