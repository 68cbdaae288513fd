import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { comparable } from './determinism-comparable.ts';

// Shows that a seed decides everything: the same reports and counterexamples, byte for byte, on every Node that keyhole supports and in
// any order of targets. `tsx harness/determinism.ts`; ends with 1 where something differs or, in CI, where a Node cannot be had.

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAIN = fileURLToPath(new URL('cli/main.ts', import.meta.url));

const VERSIONS = ['20', '22', '24'];
/** Models, a planted fault, packages called in this process, and Redis with its mock. */
const TARGETS = ['lru', 'cdn', 'xiaomi-2020', 'cache-manager-per-tenant', 'redis'];
const SEED = '7';
const RUNS = '300';

interface Seen {
  readonly how: string;
  /** Text by name: the report of each target, and each counterexample. */
  readonly texts: ReadonlyMap<string, string>;
}

const seen: Seen[] = [];
const isLocal = process.env['CI'] === undefined;
const own = process.versions.node.split('.')[0]!;
seen.push(await checked(`Node ${own}, targets reversed`, process.execPath, TARGETS.toReversed()));
// All at once: what a seed decides, a busy machine must not change either.
const checks = VERSIONS.map(async (version) => {
  const node = await nodeOf(version);
  if (node !== null) seen.push(await checked(`Node ${version}`, node, TARGETS));
});
await Promise.all(checks);
process.exitCode = compared(seen) ? 0 : 1;

/** The path of a Node of this version, fetched where it is not the one that runs this. */
async function nodeOf(version: string): Promise<string | null> {
  if (version === own) return process.execPath;
  try {
    const { stdout } = await run('npx', ['--yes', '--package', `node@${version}`, 'node', '--print', 'process.execPath'], { cwd: tmpdir(), timeout: 60_000 });
    return stdout.trim();
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0]! : String(error);
    if (!isLocal) throw new Error(`Node ${version} could not be had: ${why}`, { cause: error });
    say(`skipped: Node ${version} could not be had (${why})`);
    return null;
  }
}

/** What a check leaves behind: its report without what may differ from run to run, and its counterexamples. */
async function checked(how: string, node: string, targets: readonly string[]): Promise<Seen> {
  const folder = mkdtempSync(join(tmpdir(), 'keyhole-determinism-'));
  try {
    const words = ['--import', import.meta.resolve('tsx'), MAIN, 'check', ...targets, '--seed', SEED, '--runs', RUNS, '--report', folder];
    await run(node, words, { cwd: ROOT, timeout: 120_000 }).catch((error: unknown) => {
      // A leak is what some of them are for.
      if ((error as { code?: unknown }).code !== 1) throw error;
    });
    const written = readFileSync(join(folder, 'report.json'), 'utf8');
    const atFault = faultsIn(written);
    if (atFault.length > 0) throw new Error(`${how}: at fault, so that nothing was compared: ${atFault.join('; ')}`);
    const report = comparable(written);
    const files = readdirSync(folder).filter((name) => name.startsWith('ce-'));
    const texts = [...report, ...files.map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)];
    say(
      `${how}: ${texts.length} texts, ${digest(
        texts
          .map(([name, text]) => `${name}\n${text}`)
          .toSorted()
          .join('\n'),
      )}`,
    );
    return { how, texts: new Map(texts) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Targets that could not be checked say the same everywhere, and show nothing. */
function faultsIn(report: string): string[] {
  const { targets } = JSON.parse(report) as { targets: readonly { target: string; fault: boolean; reason: string }[] };
  return targets.filter(({ fault }) => fault).map(({ target, reason }) => `${target} (${reason})`);
}

function compared([first, ...others]: readonly Seen[]): boolean {
  let same = true;
  for (const other of others) {
    const names = [...new Set([...first!.texts.keys(), ...other.texts.keys()])].toSorted();
    for (const name of names.filter((one) => first!.texts.get(one) !== other.texts.get(one))) {
      same = false;
      say(`differs: ${name} (${first!.how}; ${other.how})\n${firstDifference(first!.texts.get(name), other.texts.get(name))}`);
    }
  }
  return same;
}

function firstDifference(one = '(absent)', other = '(absent)'): string {
  const [before, after] = [one.split('\n'), other.split('\n')];
  const at = before.findIndex((line, index) => line !== after[index]);
  return `  line ${at + 1}\n  - ${before[at]?.slice(0, 200)}\n  + ${after[at]?.slice(0, 200)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
