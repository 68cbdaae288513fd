import { describe, expect, it } from 'vitest';
import { perViewer } from '../../models/lru.ts';
import { readCounterexample } from '../report/counterexample-file.ts';
import type { TargetReport } from '../report/document.ts';
import { prettyJson } from '../report/pretty-json.ts';
import { textOf } from '../report/text.ts';
import { COUNTING, HASTY, REMEMBERING } from '../search/non-interference.laws.ts';
import { appTarget } from '../targets/app.ts';
import { PLANTED_FAULTS } from '../targets/planted-faults.laws.ts';
import { lookasideTarget, REFERENCE_MODELS } from '../targets/reference.ts';
import type { Target } from '../targets/target.ts';
import { checkProgram } from './check-program.ts';
import { checkTarget } from './check.ts';
import { documentOf } from './document-of.ts';
import { repeat } from './repeat.ts';

const check = (target: Target, runs = 100, corpus: TargetReport['violations'] = []): Promise<TargetReport> =>
  checkTarget(target, { seed: 1, runs, enumerate: false, corpus: corpus.map(({ evidence }) => evidence.program) });

const ruleIn = ({ properties }: TargetReport): TargetReport['properties'][number] => properties.find(({ id }) => id === 'KH011')!;

describe('what depends on the pictures of others', () => {
  const checked = check(REMEMBERING);

  it('is found although no judge sees it, shrunk, certified, and told once', async () => {
    const { verdict, violations } = await checked;
    expect(verdict).toBe('violated');
    expect(violations).toMatchObject([
      { property: 'KH011', shape: 'KH011/answer', size: 2, certified: true, reproduced: [3, 3], details: { decision: 'unknown' } },
    ]);
  });

  it('is told with what would have come otherwise, and not as a frame that reached the wrong person', async () => {
    const text = textOf(documentOf([await checked], { seed: 1, startedAt: '', seconds: 1 }), { colour: false, width: 110, command: 'keyhole' });
    const words = text.replaceAll(/\s+/g, ' ');
    expect(words).toMatch(/^remembering lets people learn something about what is not for them\./);
    expect(words).toContain('bob received an answer that changes with pictures of others.');
    expect(words).toContain('With other pictures in place of those that are not for bob, something in this would have been different.');
  });

  it('comes again from its file, in a check of that alone, and in a property of fast-check', async () => {
    const { violations } = await checked;
    const { evidence } = violations[0]!;
    expect(readCounterexample(prettyJson(evidence))).toMatchObject({ ok: true, edited: false });
    const { runs } = await repeat(REMEMBERING, evidence.program, 2);
    expect(runs.map(({ breaches }) => breaches.map(({ property, kind }) => `${property}/${kind}`))).toEqual([['KH011/answer'], ['KH011/answer']]);
    expect((await check(REMEMBERING, 0, violations)).violations.map(({ shape }) => shape)).toEqual(['KH011/answer']);
    await expect(checkProgram(REMEMBERING, evidence.program)).rejects.toThrow('Non-interference (KH011/answer)');
  });

  it('is seen in what is kept, and the same seed gives the same counterexample', async () => {
    const [one, other] = [await check(HASTY, 200), await check(HASTY, 200)];
    expect(one.violations.map(({ shape }) => shape)).toEqual(['KH011/hit']);
    expect(JSON.stringify(other.violations)).toBe(JSON.stringify(one.violations));
  });

  it('is no finding beside the leak that it comes from', async () => {
    const { target } = PLANTED_FAULTS.find((fault) => fault.target.name === 'rights-checked-on-a-miss-only')!;
    const { violations } = await check(target, 600);
    expect(violations.length).toBeGreaterThan(0);
    expect(violations.map(({ property }) => property)).not.toContain('KH011');
  });
});

describe('a report', () => {
  it('says how many programs were run again', async () => {
    expect(ruleIn(await check(REFERENCE_MODELS[0]!, 336))).toMatchObject({
      checked: true,
      note: expect.stringMatching(/^18 programs were run again/) as string,
    });
  });

  it('says that nothing was compared on a target that does not do the same twice', async () => {
    const report = await check(COUNTING, 48);
    expect(ruleIn(report)).toMatchObject({ checked: false, note: expect.stringContaining('does not do the same twice') as string });
    expect(report.violations).toEqual([]);
  });

  it('says that nothing was compared where it would cost too much', async () => {
    const app = appTarget({ name: 'app', build: () => (_request, response) => response.writeHead(404).end() });
    expect(ruleIn(await check(app, 1))).toMatchObject({ checked: false, note: 'Only models and functions in this process are run twice.' });
    await app.dispose?.();
  });
});

describe('a cache that is said to keep its users apart', () => {
  const capabilities = { partitioned: true };

  it('breaks its word where one user takes the room of another', async () => {
    const target = lookasideTarget({ name: 'apart', title: 'Entries of each viewer' }, [perViewer], {}, capabilities);
    const { violations, properties } = await check(target, 240);
    expect(violations.map(({ shape }) => shape)).toEqual(['KH011/company']);
    expect(violations[0]).toMatchObject({ size: 3, certified: true });
    expect(properties.at(-1)!.note).toContain('and without all others');
  });
});
