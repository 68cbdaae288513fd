import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { writeCounterexample } from '../report/counterexample-file.ts';
import { paintOf } from '../report/paint.ts';
import { runCommandLine } from './command-line.ts';
import { nodeFinding } from './doctor-command.ts';
import type { Terminal } from './terminal.ts';

/** A terminal that is a text. */
async function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const write = (text: string): void => void (err += text);
  const terminal: Terminal = {
    width: 80,
    colour: false,
    paint: paintOf(false),
    live: false,
    command: 'keyhole',
    print: (text) => void (out += text),
    say: (text) => write(`${text}\n`),
    write,
  };
  const code = await runCommandLine(words, terminal);
  return { code, out, err };
}

describe('the command line', () => {
  it.each([
    [['chek'], 'Did you mean check?'],
    [['check', '--sead', '5'], 'Did you mean --seed?'],
    [['check', '--seed', 'abc'], 'Expected a whole number of 32 bits'],
    [['check', '--runs', '0'], 'Expected a whole number from 1'],
    [['check', '--max-time', 'soon'], 'Expected a time'],
    [['check', '--config', 'nowhere.ts'], 'There is no configuration file nowhere.ts.'],
    [['check', '--config', 'LICENSE'], 'is no configuration file'],
    [['replay'], "missing required argument 'file'"],
    [['replay', 'nowhere.json'], 'There is no file nowhere.json.'],
    [['replay', '.'], 'is not a file'],
    [['report', 'nowhere'], 'There is no nowhere.'],
    [['explain', 'KH0001'], 'Did you mean "KH001"?'],
    [['list', 'target'], 'Allowed choices are targets, properties, situations, fixtures, schemas.'],
    [['selftest', 'xiaomi'], 'Did you mean "xiaomi-2020"?'],
    [[], 'Usage: keyhole'],
  ])('ends %j with 2, says what was meant, and leaves standard output alone', async (words, said) => {
    const { code, out, err } = await run(...words);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(said);
  });

  it.each([[], ['check'], ['replay'], ['report'], ['selftest'], ['list'], ['explain'], ['doctor']].map((words) => [words]))(
    'has help for %j with an example, in 80 columns',
    async (words) => {
      const { code, out } = await run(...words, '--help');
      expect(code).toBe(0);
      expect(out).toContain('Examples:');
      expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    },
  );

  it('explains properties, situations and fixtures, whatever the case', async () => {
    expect((await run('explain', 'kh001')).out).toContain('Xiaomi');
    expect((await run('explain', 'late-fill')).out).toContain('after the rights in it had changed');
    expect((await run('explain', 'xiaomi-2020')).out).toContain('26 December 2019');
  });
});

describe('keyhole doctor', () => {
  it.each([
    ['18.20.0', 'bad'],
    ['20.18.9', 'bad'],
    ['20.19.0', 'note'],
    ['22.0.0', 'good'],
    ['26.10.0', 'good'],
  ] as const)('finds Node %s to be %s', (version, state) => {
    expect(nodeFinding(version).state).toBe(state);
  });
});

describe('keyhole replay', () => {
  let folder = '';
  const { text } = writeCounterexample({
    tool: { name: 'keyhole', version: '0.0.0' },
    target: 'lru',
    property: 'KH001',
    kind: 'stranger',
    seed: 1,
    program: { world: PLAIN_WORLD, operations: [{ op: 'request', user: 1, camera: 0, template: 0 }] },
    history: [],
    explanation: { decision: 'unknown', sentence: '', matters: [], indifferent: [] },
  });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'keyhole-replay-'));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['cut off', text.slice(0, 200), 'ends in the middle'],
    ['empty', '', 'empty'],
    ['newer', text.replace('counterexample/1', 'counterexample/2'), 'newer keyhole'],
    ['of another kind', '{}', 'no "schema"'],
    ['speaking of a camera that is not there', text.replace('"camera": 0', '"camera": 9'), 'camera'],
    ['edited', text.replace('"seed": 1', '"seed": 2'), '--force'],
  ])('refuses a file that is %s', async (_, content, said) => {
    const path = join(folder, 'file.json');
    writeFileSync(path, content);
    const { code, out, err } = await run('replay', path);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(said);
  });
});
