import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportJson } from '../report/json.ts';
import { reportSchema } from '../report/schemas.ts';

// The real command line, in processes of its own, against a configuration that lies outside of this package and imports it by name.

const CONFIG = `
import { defineConfig, type Environment, functionTarget, type Request } from 'keyhole';

const passive = ({ origin }: Environment) => ({
  async get(request: Request) {
    const reply = await origin.fetch(request);
    return reply.status === 200 ? reply.body : null;
  },
});
const leaky = ({ origin }: Environment) => {
  const frames = new Map<string, Uint8Array>();
  return {
    async get(request: Request) {
      const key = request.camera + '/' + request.tier;
      const reply = frames.has(key) ? null : await origin.fetch(request);
      if (reply?.status === 200) frames.set(key, reply.body);
      return frames.get(key) ?? null;
    },
  };
};
/** The cache, until it was opened so often; then something worse. */
const later = (cache: typeof passive, opened: number, what: () => void) => {
  let count = 0;
  return (env: Environment) => {
    if (++count === opened) what();
    return cache(env);
  };
};
const endless = () => { for (;;); };

export default defineConfig({
  targets: [
    functionTarget({ name: 'passive', runs: 50, open: passive }),
    functionTarget({ name: 'leaky', runs: 200, open: leaky }),
    functionTarget({ name: 'hangs', open: later(passive, 40, endless) }),
    functionTarget({ name: 'leaks-then-hangs', open: later(leaky, 26, endless) }),
    functionTarget({ name: 'exits', open: later(passive, 40, () => process.exit(5)) }),
    functionTarget({ name: 'throws', open: later(passive, 40, () => void setImmediate(() => { throw new Error('nobody catches this'); })) }),
    functionTarget({ name: 'tells', runs: 50, open: (env) => {
      const cache = leaky(env);
      return { get: (request: Request) => (console.log('asked for', request.camera), cache.get(request)) };
    } }),
    functionTarget({ name: 'announces', open: later(leaky, 2000, () => console.log('opened often')) }),
  ],
});
`;

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let folder = '';
/** A check of the leaky target, and a counterexample that it wrote. */
let leak: Ran;
let counterexample = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyhole-cli-'));
  writeFileSync(join(folder, 'keyhole.config.ts'), CONFIG);
  leak = await keyhole(['check', 'leaky', '--seed', '5', '--report', 'found', '--json', 'found/again.json']);
  counterexample = join(
    'found',
    readdirSync(join(folder, 'found')).find((name) => name.startsWith('ce-'))!,
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the command line; `heard` is given everything that it says on standard error so far. */
function keyhole(words: readonly string[], heard?: (err: string, child: ChildProcess) => void): Promise<Ran> {
  const { KEYHOLE_SEED: _, FORCE_COLOR: __, ...env } = process.env;
  const child = spawn(process.execPath, ['--import', TSX, MAIN, ...words], { cwd: folder, env: { ...env, NO_COLOR: '1' } });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    heard?.(err, child);
  });
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

function reported(json: string): ReportJson {
  return reportSchema.parse(JSON.parse(json));
}

function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

describe('keyhole check', () => {
  it('ends with 1 for a leak, writes what it found, and prints the seed first and last', () => {
    const { code, out, err } = leak;
    expect(code).toBe(1);
    expect(err).toMatch(/^keyhole \S+, seed 5\n/);
    expect(out.trimEnd().split('\n\n').at(-1)).toContain('Seed 5 ');
    const { targets, seed } = reported(readFileSync(join(folder, 'found', 'report.json'), 'utf8'));
    expect([seed, targets[0]!.verdict]).toEqual([5, 'violated']);
    expect(targets[0]!.violations.every((violation) => existsSync(join(folder, violation.counterexample)))).toBe(true);
    expect(readFileSync(join(folder, 'found', 'again.json'), 'utf8')).toBe(readFileSync(join(folder, 'found', 'report.json'), 'utf8'));
    expect(existsSync(join(folder, 'found', 'index.html'))).toBe(true);
  });

  it('ends with 0 when all holds, and puts nothing but JSON on standard output where that is asked for', async () => {
    const { code, out, err } = await keyhole(['check', 'lru', '--runs', '500', '--json', '-']);
    expect(code).toBe(0);
    expect(reported(out).targets).toMatchObject([{ target: 'lru', verdict: 'holds' }]);
    expect(err).toContain('No leak was found in lru.');
  });

  it('ends with 4 when nothing leaked and nothing was kept either', async () => {
    const { code, out } = await keyhole(['check', 'passive']);
    expect(code).toBe(4);
    expect(out).toContain('no verdict');
  });

  it('does the same again for the same seed', async () => {
    const again = await keyhole(['check', 'leaky', '--seed', '5', '--report', 'found', '--json', '-']);
    const timeless = (json: string) => reported(json).targets.map((target) => ({ ...target, seconds: 0 }));
    expect(timeless(again.out)).toEqual(timeless(readFileSync(join(folder, 'found', 'report.json'), 'utf8')));
  });

  it('ends the check of a target that hangs, and checks the others all the same', async () => {
    const { code, out } = await keyhole(['check', 'hangs', 'leaks-then-hangs', 'leaky', '--bail', '--hang', '2s', '--json', '-']);
    expect(code).toBe(1);
    const [hangs, both, leaky] = reported(out).targets;
    expect(hangs).toMatchObject({ verdict: 'inconclusive', fault: true, reason: expect.stringContaining('The target hung') });
    expect(both).toMatchObject({ verdict: 'violated', fault: true });
    expect(both!.violations[0]).toMatchObject({ shape: expect.stringMatching(/^KH00/), reproduced: [3, 3] });
    expect(leaky).toMatchObject({ verdict: 'violated', fault: false });
  });

  it('ends with 3 where a target ends the process, or throws where nobody catches it', async () => {
    const { code, out } = await keyhole(['check', 'exits', 'throws', '--json', '-']);
    expect(code).toBe(3);
    const [exits, throws] = reported(out).targets;
    expect(exits).toMatchObject({ fault: true, reason: expect.stringContaining('process.exit(5)') });
    expect(throws).toMatchObject({ fault: true, reason: expect.stringContaining('nobody catches this') });
  });

  it('keeps to the time it is given', async () => {
    const started = performance.now();
    const { out } = await keyhole(['check', 'leaky', 'lru', '--max-time', '2s', '--json', '-']);
    expect(performance.now() - started).toBeLessThan(15_000);
    const report = reported(out);
    expect(report.volatile.seconds).toBeLessThan(8);
    expect(report.targets.map(({ target }) => target)).toEqual(['leaky', 'lru']);
  });

  it('keeps what was found when it is interrupted, and ends with 130', async () => {
    let pressed = false;
    const { code, out, err } = await keyhole(['check', 'announces', 'leaky', '--max-time', '10m', '--json', '-'], (said, child) => {
      if (pressed || !said.includes('opened often')) return;
      pressed = true;
      child.kill('SIGINT');
    });
    expect(code).toBe(130);
    expect(err).toContain('Stopping after the program that runs now.');
    const [announces, leaky] = reported(out).targets;
    expect(announces!.verdict).toBe('violated');
    expect(leaky).toMatchObject({ verdict: 'inconclusive', runs: 0, reason: expect.stringContaining('interrupted') });
  });

  it('ends at once when it is interrupted twice', async () => {
    const presses = [/^keyhole /, /Stopping/];
    const { code, out, err } = await keyhole(['check', 'hangs', '--json', '-'], (said, child) => {
      if (presses[0]?.test(said) !== true) return;
      presses.shift();
      // The first when the target hangs, the second late enough to be another key press.
      setTimeout(() => child.kill('SIGINT'), presses.length === 1 ? 2000 : 400);
    });
    expect(err).toContain('Stopping');
    expect(code).toBe(130);
    expect(reported(out).targets).toMatchObject([{ target: 'hangs', verdict: 'inconclusive', fault: false }]);
  });
});

describe('a configuration', () => {
  it('is looked into for what a mistyped name was meant to be', async () => {
    const { code, err } = await keyhole(['check', 'leeky']);
    expect([code, flat(err)]).toEqual([2, expect.stringContaining('There is no target "leeky". Did you mean "leaky"?')]);
  });

  it.each([
    ['syntax.ts', 'export default {\n  targets: [\n};\n', 'syntax.ts:3:0 is not valid'],
    ['syntax.mjs', 'export default {\n  targets: [\n};\n', 'syntax.mjs:3 is not valid'],
    ['throwing.ts', `const nothing: any = null;\nexport default nothing.targets;\n`, 'throwing.ts:2'],
    ['wrong.json', `{ "seed": 1,\n "runs" 5 }`, 'line 2, column 9'],
    ['endless.ts', 'for (;;);', 'did not come to its end within 2 s'],
  ])('ends with 2 for %s', async (name, text, said) => {
    writeFileSync(join(folder, name), text);
    const { code, err } = await keyhole(['check', '--config', name, '--hang', '2s']);
    expect(code).toBe(2);
    expect(flat(err)).toContain(said);
  });
});

describe('keyhole replay', () => {
  it('ends with 1 while it leaks and with 0 when it no longer does', async () => {
    const again = await keyhole(['replay', counterexample]);
    expect([again.code, again.out.split('\n')[0]]).toEqual([1, expect.stringMatching(/^Reproduced, 3 of 3 times/)]);
    expect(again.out).toContain('▶');
    const fixed = await keyhole(['replay', counterexample, '--target', 'passive']);
    expect([fixed.code, fixed.out.split('\n')[0]]).toEqual([0, expect.stringMatching(/^Not reproduced/)]);
  });

  it('takes what was edited where it is told to', async () => {
    const file = join(folder, 'edited.json');
    writeFileSync(file, readFileSync(join(folder, counterexample), 'utf8').replace(/"seed": \d+/, '"seed": 77'));
    expect((await keyhole(['replay', file, '--force'])).code).toBe(1);
  });
});

describe('keyhole report', () => {
  it('makes the page and the text again, and says which counterexamples are gone', async () => {
    const page = await keyhole(['report', 'found', '--html', 'again.html']);
    expect(page).toMatchObject({ code: 0, out: '' });
    expect(readFileSync(join(folder, 'again.html'), 'utf8')).toBe(readFileSync(join(folder, 'found', 'index.html'), 'utf8'));
    writeFileSync(join(folder, 'alone.json'), readFileSync(join(folder, 'found', 'report.json'), 'utf8').replaceAll('found/', 'elsewhere/'));
    const text = await keyhole(['report', 'alone.json']);
    expect([text.code, text.err]).toEqual([0, expect.stringContaining('is not there')]);
    expect(text.out).toContain('leaky');
  });
});

describe('a corpus', () => {
  it('is run too, edited or not; a file in it that cannot be used is no small matter', async () => {
    const kept = join(folder, 'corpus');
    mkdirSync(kept, { recursive: true });
    const text = readFileSync(join(folder, counterexample), 'utf8').replace('"leaky"', '"tells"').replaceAll('"door"', '"kept-camera"');
    writeFileSync(join(kept, 'one.json'), text);
    writeFileSync(join(folder, 'with-corpus.ts'), `import config from './keyhole.config.ts';\nexport default { ...config, corpus: 'corpus' };\n`);
    const run = await keyhole(['check', 'tells', '--config', 'with-corpus.ts', '--bail']);
    expect(run.code).toBe(1);
    expect(run.err).toContain('asked for kept-camera');
    writeFileSync(join(kept, 'two.json'), '{}');
    const refused = await keyhole(['check', 'tells', '--config', 'with-corpus.ts']);
    expect([refused.code, flat(refused.err)]).toEqual([2, expect.stringContaining('two.json cannot be used')]);
  });
});

describe('keyhole list, explain and doctor', () => {
  it('name what there is, in 80 columns', async () => {
    const [list, explain, doctor] = await Promise.all([keyhole(['list']), keyhole(['explain', 'xiaomi-2020']), keyhole(['doctor'])]);
    expect([list.code, explain.code, doctor.code]).toEqual([0, 0, 0]);
    expect(list.out).toMatch(/Targets of .*keyhole\.config\.ts[^]*leaky[^]*KH001[^]*late-fill[^]*xiaomi-2020/);
    expect(explain.out).toContain('26 December 2019');
    expect(doctor.out).toContain('ioredis-mock is not Redis');
    for (const { out } of [list, explain, doctor]) expect(out.split('\n').filter((line) => line.length > 80 && !line.includes(folder))).toEqual([]);
  });
});
