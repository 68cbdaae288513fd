import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { perViewer, sharedEntries } from '../../models/lru.ts';
import { readCounterexample } from '../report/counterexample-file.ts';
import type { Environment, Subject } from '../targets/function-subject.ts';
import { functionTarget } from '../targets/function.ts';
import { lookasideTarget } from '../targets/reference.ts';
import type { Target } from '../targets/target.ts';
import { checkIsolation, IsolationError, type IsolationOptions } from './check-isolation.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyhole-isolation-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const holding = lookasideTarget({ name: 'holding', title: 'every viewer has entries of his own' }, [perViewer]);
const leaky = lookasideTarget({ name: 'leaky', title: 'rights are checked on a miss only' }, [{ ...sharedEntries, serve: () => 'serve' }]);
const throughFunction = (name: string, get: (origin: Environment['origin']) => Subject['get']): Target =>
  functionTarget({ name, open: ({ origin }) => ({ get: get(origin) }) });
const passive = throughFunction('passive', (origin) => async (request) => (await origin.fetch(request)).body);
const throwing = throughFunction('throwing', () => () => {
  throw new TypeError('frames is not iterable');
});

/** What a check ended with, where it did not hold. */
async function failure(target: Target, options: IsolationOptions = {}): Promise<IsolationError> {
  const error: unknown = await checkIsolation(target, { seed: 1, runs: 300, counterexamples: folder, ...options }).catch((thrown: unknown) => thrown);
  if (!(error instanceof IsolationError)) throw new Error('it did not fail, or not as it should', { cause: error });
  return error;
}

describe('checkIsolation', () => {
  let leak: IsolationError;
  beforeAll(async () => void (leak = await failure(leaky)));

  it('resolves with the report of a target that holds', async () => {
    const report = await checkIsolation(holding, { seed: 1, runs: 1_000, counterexamples: folder });
    expect(report).toMatchObject({ verdict: 'holds', target: 'holding', seed: 1, violations: [] });
    expect(report.text).toContain('Nothing leaked');
  });

  it('rejects a leak with the story, the cause and how to see it again, without colours', () => {
    const { message, report, name } = leak;
    expect(name).toBe('IsolationError');
    expect(report.verdict).toBe('violated');
    expect(message.split('\n')[0]).toMatch(/leak/);
    expect(message).toMatch(/1\. alice asks for camera/);
    expect(message).toMatch(/Cause {2,}\w/);
    expect(message).toMatch(/npx keyhole replay \S*ce-[0-9a-f]{12}\.json/);
    expect(message).toContain('{ seed: 1 }');
    expect(message).not.toContain('\u001b');
  });

  it('has a short error besides its message: test runners print what is enumerable', () => {
    expect(Object.keys(leak)).toEqual(['name']);
    expect(Object.keys(JSON.parse(JSON.stringify(leak)) as object)).toEqual(['name', 'message', 'stack']);
  });

  it('points to the line that asked for the check', () => {
    const [first] = leak
      .stack!.slice(leak.stack!.indexOf(leak.message) + leak.message.length)
      .trimStart()
      .split('\n');
    expect(first).toMatch(/^at .*check-isolation\.test\.ts:\d+/);
  });

  it('writes a file that can be replayed and kept', async () => {
    const { counterexample } = leak.report.violations[0]!;
    expect(isAbsolute(counterexample)).toBe(false);
    expect(readCounterexample(readFileSync(counterexample, 'utf8'))).toMatchObject({ ok: true, edited: false });
    const again = await failure(leaky, { corpus: folder, runs: 1, enumerate: false, bail: true });
    expect(leak.report.violations.map(({ evidence }) => evidence.program)).toContainEqual(again.report.violations[0]!.evidence.program);
    expect(again.report.runs).toBeLessThanOrEqual(readdirSync(folder).length + 1);
  });

  it('writes no file where none is wanted, and says so', async () => {
    // Somebody may have checked something by hand in this folder.
    const kept = (): string[] => [folder, '.keyhole'].flatMap((place) => (existsSync(place) ? readdirSync(place, { recursive: true, encoding: 'utf8' }) : []));
    const before = kept();
    const { message } = await failure(leaky, { counterexamples: null });
    expect(message).toContain('not written');
    expect(message).not.toContain('keyhole replay');
    expect(kept()).toEqual(before);
  });

  it('rejects what means too little, with advice', async () => {
    const { message, report } = await failure(passive, { runs: 20, enumerate: false });
    expect(report).toMatchObject({ verdict: 'inconclusive', fault: false });
    expect(message).toContain('What to do:');
    expect(message).toContain(report.advice[0]!.slice(0, 30));
  });

  it('rejects a target at fault with what it threw', async () => {
    const { message, report } = await failure(throwing, { runs: 20 });
    expect(report).toMatchObject({ fault: true });
    expect(message).toMatch(/frames is not\s+iterable/);
  });

  it('frees what the target holds, however it ends', async () => {
    let freed = 0;
    const target = (from: Target): Target => ({ ...from, dispose: () => Promise.resolve(void freed++) });
    await checkIsolation(target(holding), { seed: 1, runs: 1_000 });
    await failure(target(leaky));
    expect(freed).toBe(2);
  });
});
