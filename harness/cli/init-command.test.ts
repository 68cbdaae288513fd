import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import * as keyhole from '../index.ts';
import { paintOf } from '../report/paint.ts';
import { runCommandLine } from './command-line.ts';
import { configText } from './init-command-text.ts';

const root = mkdtempSync(join(tmpdir(), 'keyhole-init-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(root, 'project-'));
});

/** `keyhole init`, with what it says on a terminal that is a text. */
async function init(...words: string[]): Promise<{ code: number; said: string }> {
  let said = '';
  const write = (text: string): void => void (said += text);
  const terminal = { width: 80, colour: false, paint: paintOf(false), live: false, command: 'npx keyhole', print: write, say: write, write };
  return { code: await runCommandLine(['init', ...words], terminal), said };
}

describe('keyhole init', () => {
  it('writes a configuration in TypeScript, and says what to do next', async () => {
    const { code, said } = await init(folder);
    expect([code, readdirSync(folder)]).toEqual([0, ['keyhole.config.ts']]);
    expect(readFileSync(join(folder, 'keyhole.config.ts'), 'utf8')).toBe(configText(true));
    for (const words of ['keyhole.config.ts', 'npx keyhole check', '.gitignore', 'Install keyhole']) expect(said).toContain(words);
  });

  it('writes JavaScript where that is asked for', async () => {
    await init(folder, '--js');
    expect(readFileSync(join(folder, 'keyhole.config.js'), 'utf8')).toContain('new Map();');
  });

  it('does not speak of installing where keyhole is installed, also further up', async () => {
    mkdirSync(join(folder, 'node_modules', 'keyhole'), { recursive: true });
    mkdirSync(join(folder, 'packages', 'one'), { recursive: true });
    expect((await init(join(folder, 'packages', 'one'))).said).not.toContain('Install keyhole');
  });

  it('replaces a configuration only when told so', async () => {
    const path = join(folder, 'keyhole.config.ts');
    writeFileSync(path, 'mine');
    const refused = await init(folder);
    expect([refused.code, readFileSync(path, 'utf8')]).toEqual([2, 'mine']);
    expect(refused.said).toContain('There is a keyhole.config.ts already.');
    expect((await init(folder, '--force')).code).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(configText(true));
  });

  it.each([
    ['keyhole.config.mjs', '--force'],
    ['keyhole.config.ts', '--js'],
  ])('puts none beside a %s, also with %s: only one is read', async (name, flag) => {
    writeFileSync(join(folder, name), '');
    const { code, said } = await init(folder, flag);
    expect([code, readdirSync(folder)]).toEqual([2, [name]]);
    expect(said).toContain('only one configuration of a folder is read');
  });

  it('makes no folder that is not there', async () => {
    const { code, said } = await init(join(folder, 'typo'));
    expect([code, readdirSync(folder)]).toEqual([2, []]);
    expect(said).toContain('There is no folder');
  });

  it('has help with an example, in 80 columns', async () => {
    const { code, said } = await init('--help');
    expect([code, said.split('\n').filter((line) => line.length > 80)]).toEqual([0, []]);
    expect(said).toMatch(/Examples:\n {2}npx keyhole init\n/);
  });

  it('shows only kinds of targets that there are, and each of them', () => {
    const shown = new Set([...configText(true).matchAll(/\b(\w+Target)\(/g)].map(([, name]) => name!));
    const kinds = Object.keys(keyhole).filter((name) => name.endsWith('Target') && name !== 'modelTarget');
    expect([...shown].toSorted()).toEqual(kinds.toSorted());
  });
});
