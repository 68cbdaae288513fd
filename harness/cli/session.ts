import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suggestion } from '../campaign/closest.ts';
import { findConfig, namedConfig } from '../campaign/config-file.ts';
import { type Kept, OWN_CORPUS, readCorpus } from '../campaign/corpus.ts';
import { threadEntry } from '../campaign/loader.ts';
import type { LoadedConfig, TargetInfo } from '../campaign/protocol.ts';
import { type Ended, Supervisor } from '../campaign/supervise.ts';
import { UsageProblem } from '../campaign/usage-problem.ts';
import { allBuiltIn, BUILT_IN, type BuiltIn, missingPackages } from './built-in.ts';

/** A thread for checking, and what the configuration says. */
export interface Session {
  readonly supervisor: Supervisor;
  readonly config: LoadedConfig;
}

export interface SessionOptions {
  /** The configuration file named on the command line; the nearest one where absent; `null` for none. */
  readonly config?: string | null | undefined;
  readonly hangMs: number;
}

/** Starts the checking thread and reads the configuration in it: whatever it does on import, this thread goes on. */
export async function openSession({ config: named, hangMs }: SessionOptions): Promise<Session> {
  const path = named === null ? null : named === undefined ? findConfig(process.cwd()) : namedConfig(named, process.cwd());
  const supervisor = new Supervisor({ entry: threadEntry(new URL('thread.ts', import.meta.url)), config: path, hangMs });
  if (path === null) return { supervisor, config: { path: null, targets: [] } };
  try {
    return { supervisor, config: configFrom(await supervisor.run<'load'>({ kind: 'load' }), path, hangMs) };
  } catch (error) {
    await supervisor.close();
    throw error;
  }
}

function configFrom(ended: Ended<LoadedConfig>, path: string, hangMs: number): LoadedConfig {
  switch (ended.how) {
    case 'done':
      return ended.result;
    case 'problem':
      throw new UsageProblem(ended.problem, ended.remedy);
    case 'fault':
      throw new UsageProblem(`${path} could not be loaded: ${ended.message}`, ended.remedy);
    case 'died':
      throw new UsageProblem(
        `${path} could not be loaded: ${importDeath(ended, hangMs)}`,
        'A configuration only describes targets; what they need is made when they are opened.',
      );
  }
}

function importDeath({ death, said }: Extract<Ended<unknown>, { how: 'died' }>, hangMs: number): string {
  switch (death) {
    case 'hung':
    case 'overran':
      return `it did not come to its end within ${hangMs / 1000} s.`;
    case 'killed':
      return 'it was interrupted.';
    case 'threw':
      return said;
    case 'exited':
      return `it called process.exit(${said}).`;
    case 'memory':
      return 'it ran out of memory.';
  }
}

/** A target that a name stands for. */
export interface Choice {
  readonly info: TargetInfo;
  readonly builtIn: BuiltIn | null;
}

/** What is not known before a built-in target is loaded. */
export function unloaded(name: string): TargetInfo {
  return { name, title: 'Comes with keyhole.', kind: 'unknown', evidence: 'nothing: it was not opened.' };
}

/**
 * The targets that were named; else those of the configuration; else the built-in ones whose packages are installed. Throws a
 * {@link UsageProblem} for a name that is none.
 */
export async function chooseTargets(names: readonly string[], config: LoadedConfig): Promise<readonly Choice[]> {
  const own = config.targets.map((info): Choice => ({ info, builtIn: null }));
  if (names.length === 0 && own.length > 0) return own;
  if (names.length === 0)
    return BUILT_IN.filter((builtIn) => missingPackages(builtIn).length === 0).map((builtIn) => ({ info: unloaded(builtIn.name), builtIn }));
  const builtIn = (await allBuiltIn()).map((one): Choice => ({ info: unloaded(one.name), builtIn: one }));
  const known = [...own, ...builtIn];
  return [...new Set(names)].map((name) => known.find(({ info }) => info.name === name) ?? unknownTarget(name, own, builtIn));
}

function unknownTarget(name: string, own: readonly Choice[], builtIn: readonly Choice[]): never {
  const names = (choices: readonly Choice[]): string[] => choices.map(({ info }) => info.name);
  const shown = builtIn.filter((choice) => choice.builtIn?.isPlanted !== true);
  const lists = [
    own.length === 0 ? '' : `In the configuration: ${names(own).join(', ')}.`,
    `Built in: ${names(shown).join(', ')}; and every fixture, see: keyhole list fixtures`,
  ];
  const near = suggestion(name, names([...own, ...builtIn]));
  throw new UsageProblem([`There is no target "${name}".`, near].filter((part) => part !== '').join(' '), lists.filter((part) => part !== '').join('\n'));
}

/** Every kept counterexample: of the configuration, and of keyhole itself. */
export async function keptCounterexamples(config: LoadedConfig): Promise<readonly Kept[]> {
  const own = fileURLToPath(OWN_CORPUS);
  const folders = [...(config.corpus === undefined ? [] : [config.corpus]), ...(existsSync(own) ? [own] : [])];
  return (await Promise.all(folders.map(readCorpus))).flat();
}
