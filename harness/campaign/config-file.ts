import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { jsonProblem, parseJson } from '../report/parse-json.ts';
import { validateConfig, type ValidConfig } from './config-schema.ts';
import { registerLoader } from './loader.ts';
import { readText } from './read-text.ts';
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
  const text = await readText(path);
  const json = parseJson(text);
  if (json.ok) return json.value;
  const { problem, remedy } = jsonProblem(json, text);
  throw new UsageProblem(`${shown(path)} cannot be read. ${problem}`, remedy);
}

async function exported(path: string): Promise<unknown> {
  await registerLoader();
  let module: { default?: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as { default?: unknown };
  } catch (error) {
    throw await importProblem(path, error);
  }
  if (!('default' in module))
    throw new UsageProblem(`${shown(path)} has no default export.`, 'It should end in: export default defineConfig({ targets: [...] });');
  const { default: config } = module;
  // A CommonJS file that was compiled from a module has its default export one level down.
  return typeof config === 'object' && config !== null && '__esModule' in config && 'default' in config ? config.default : config;
}

async function importProblem(path: string, error: unknown): Promise<UsageProblem> {
  const message = messageOf(error);
  const syntax = /([^\s:]+):(\d+):(\d+): ERROR: (.*)/.exec(message) ?? (await nativeSyntax(path, error));
  if (syntax !== null) {
    const [, file, line, column, said] = syntax;
    return new UsageProblem(`${shown(file)}:${line}${column === '' ? '' : `:${column}`} is not valid: ${said}`, 'Correct the line, then try again.');
  }
  const missing = /Cannot find (?:package|module) '([^']+)'/.exec(message)?.[1];
  if (missing !== undefined && isModuleMissing(error)) return missingProblem(path, missing);
  const place = placeOf(error, path);
  return new UsageProblem(
    `${shown(path)} could not be loaded${place === null ? '' : `, at ${place}`}: ${message}`,
    'It was imported and threw: nothing of keyhole had run yet.',
  );
}

/** A syntax error that Node found in JavaScript. Its place stands in the first line of the stack, or is to be had from a parser that prints it. */
async function nativeSyntax(path: string, error: unknown): Promise<[string, string, string, string, string] | null> {
  if (!(error instanceof SyntaxError)) return null;
  const told = PLACE.exec(error.stack ?? '') ?? PLACE.exec(await complaintAbout(path));
  return told === null ? null : ['', told[1]!, told[2]!, '', error.message];
}

/** Such as `file:///a/b.js:3` or `/a/b.js:3`, alone on a line. */
const PLACE = /^(\S+):(\d+)$/m;

/** What Node prints about a file that it cannot parse; nothing where it can. */
async function complaintAbout(path: string): Promise<string> {
  try {
    await promisify(execFile)(process.execPath, ['--check', path], { timeout: 10_000 });
    return '';
  } catch (error) {
    return String((error as { stderr?: unknown }).stderr);
  }
}

function missingProblem(path: string, missing: string): UsageProblem {
  const isFile = missing.startsWith('/') || missing.startsWith('.') || missing.startsWith('file:');
  const what = isFile ? `the file ${shown(missing)}` : `the package "${missing}"`;
  return new UsageProblem(
    `${shown(path)} imports ${what}, which is not there.`,
    isFile ? 'Correct the import, then try again.' : `Install it: npm install --save-dev ${missing}`,
  );
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
