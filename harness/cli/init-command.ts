import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { findConfig } from '../campaign/config-file.ts';
import { EXIT, type ExitCode } from '../campaign/exit-code.ts';
import { writeWhole } from '../campaign/keep.ts';
import { UsageProblem } from '../campaign/usage-problem.ts';
import { configText } from './init-command-text.ts';
import type { Terminal } from './terminal.ts';

export interface InitFlags {
  /** JavaScript instead of TypeScript. */
  readonly js?: boolean | undefined;
  /** Replace a file of the same name. */
  readonly force?: boolean | undefined;
}

/** `keyhole init`: writes a configuration that works and says what to do next. It asks nothing. */
export async function init(given: string, flags: InitFlags, terminal: Terminal): Promise<ExitCode> {
  const folder = resolve(given);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new UsageProblem(`There is no folder ${given}.`, 'Make it first, or go there.');
  const name = flags.js === true ? 'keyhole.config.js' : 'keyhole.config.ts';
  const path = join(folder, name);
  refuse(findConfig(folder), path, flags, terminal);
  await writeWhole(path, configText(flags.js !== true));
  terminal.say(next(path, terminal));
  return EXIT.holds;
}

/** A configuration is work: it is replaced only where that is asked for, and none is put where another would be read instead. */
function refuse(found: string | null, path: string, { force = false }: InitFlags, { command }: Terminal): void {
  if (found === null || dirname(found) !== dirname(path)) return;
  if (found !== path)
    throw new UsageProblem(`There is a ${basename(found)} already, and only one configuration of a folder is read.`, 'Go on with it, or remove it first.');
  if (!force) throw new UsageProblem(`There is a ${basename(found)} already.`, `To replace it by the example: ${command} init --force`);
}

function next(path: string, { command }: Terminal): string {
  const lines = [
    ...(isInstalled(dirname(path)) ? [] : ['Install keyhole there, so that your editor and your tests find it.']),
    `${command} check`,
    '  takes seconds and ends with 0: the example holds',
  ];
  return [
    `Wrote ${relative(process.cwd(), path)}, with a small cache as an example. Next:`,
    ...lines.map((line) => `  ${line}`),
    'Then put your own cache in its place. The file has an example for each kind, and a line to leave out to see a leak.',
    'Add .keyhole/ to .gitignore: counterexamples are written there.',
  ].join('\n');
}

/** Whether `import 'keyhole'` finds something from a folder. */
function isInstalled(folder: string): boolean {
  if (existsSync(join(folder, 'node_modules', 'keyhole'))) return true;
  return dirname(folder) !== folder && isInstalled(dirname(folder));
}
