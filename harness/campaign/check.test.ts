import { describe, expect, it } from 'vitest';
import { type Operation, operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { perViewer, sharedEntries } from '../../models/lru.ts';
import type { Session } from '../../models/origin.ts';
import type { TargetReport } from '../report/document.ts';
import { htmlOf } from '../report/html.ts';
import { jsonOf } from '../report/json.ts';
import { reportSchema } from '../report/schemas.ts';
import { textOf } from '../report/text.ts';
import { clientTarget } from '../targets/client.ts';
import { modelTarget } from '../targets/model.ts';
import { PLANTED_FAULTS } from '../targets/planted-faults.laws.ts';
import { lookasideTarget, REFERENCE_MODELS } from '../targets/reference.ts';
import type { Target } from '../targets/target.ts';
import type { Progress, Sighted } from './api.ts';
import { checkTarget } from './check.ts';
import { documentOf } from './document-of.ts';

const LRU = REFERENCE_MODELS[0]!;
const planted = (name: string): Target => PLANTED_FAULTS.find(({ target }) => target.name === name)!.target;
/** Random programs meet these often. */
const COMMON = [
  'low-tier-on-the-hub-keyed-by-device',
  'ids-joined-by-a-colon',
  'joined-without-asking',
  'withdrawing-a-share-removes-nothing',
  'vary-is-not-looked-at',
];
const LEAKY = planted('rights-checked-on-a-miss-only');
const SOMETIMES = planted('withdrawing-a-share-removes-nothing');

const shapes = (report: TargetReport): string[] => report.violations.map(({ shape }) => shape);
/** A report without what differs from run to run. */
const lasting = (report: TargetReport): unknown => ({ ...report, seconds: 0 });

const ask = (user: number, camera: number): Operation => operation({ op: 'request', user, camera, template: 0 });
const LEAK: Program = { world: PLAIN_WORLD, operations: [ask(0, 0), ask(0, 0), ask(1, 0)] };

describe('a check', () => {
  it('of a correct cache holds, when everything that a leak needs was tried', async () => {
    const report = await checkTarget(LRU, { seed: 1, runs: 3_000 });
    expect(report).toMatchObject({ target: 'lru', verdict: 'holds', fault: false, missing: [], violations: [], advice: [] });
    expect(report.enumerated!.depth).toBeGreaterThanOrEqual(3);
    expect(report.enumerated!.states).toBeGreaterThan(100);
    expect(report.runs).toBe(3_000 + report.enumerated!.programs);
    expect(report.operations).toBeGreaterThan(report.runs);
    expect(report.worth).toMatch(/^600 independent programs/);
  });

  it.each(PLANTED_FAULTS.filter(({ target }) => COMMON.includes(target.name)).map((fault) => [fault.target.name, fault] as const))(
    'of a planted fault finds it, as small as it can be, and names the decision: %s',
    async (_name, { target, shape, size, decision }) => {
      const report = await checkTarget(target, { seed: 3, runs: 500 });
      expect(report.verdict).toBe('violated');
      const violation = report.violations.find((other) => other.shape === shape)!;
      expect(violation).toMatchObject({ size, certified: true, reproduced: [3, 3], evidence: { target: target.name, seed: 3 } });
      expect(violation.details.decision).toBe(decision);
      expect(violation.certificate).toMatch(/^Minimal: /);
      expect(new Set(shapes(report)).size).toBe(report.violations.length);
      expect(report.reason).toContain(report.violations[0]!.explanation);
    },
  );

  it('of a cache that never hits is inconclusive, and says that it never hit', async () => {
    const forgetful = lookasideTarget({ name: 'forgetful', title: 'Keeps nothing' }, [{ ...perViewer, admit: () => false, join: () => null }]);
    const report = await checkTarget(forgetful, { seed: 1, runs: 2_000 });
    expect(report).toMatchObject({ verdict: 'inconclusive', missing: ['hit'], fault: false, worth: null });
    expect(report.reason).toContain('hit');
    expect(report.advice).toEqual([expect.stringContaining('cache is switched on')]);
  });

  it('of one program is inconclusive, whatever it found', async () => {
    for (const enumerate of [true, false]) {
      const report = await checkTarget(LRU, { seed: 1, runs: 1, enumerate });
      expect(report).toMatchObject({ verdict: 'inconclusive', worth: null });
      expect(report.missing).toContain('read-through-closed-channel');
      expect(report.advice.at(-1)).toContain('read-through-closed-channel');
    }
  });

  it('of a target that always refuses, or whose adapter is blind, runs nothing and says why', async () => {
    const refuses = modelTarget({
      name: 'refuses',
      title: '',
      make: (_origin, sink): Session => ({ ask: (call) => sink.refused(call, 'refused'), cancel: () => {}, tell: () => {}, close: () => {} }),
    });
    const blind: Target = { ...LRU, open: (stage) => LRU.open(stage) };
    for (const [target, why] of [
      [refuses, 'was refused'],
      [blind, 'its green would mean nothing'],
    ] as const) {
      const report = await checkTarget(target, { seed: 1, runs: 100 });
      expect(report).toMatchObject({ verdict: 'inconclusive', runs: 0, fault: false });
      expect(report.reason).toContain(why);
    }
  });

  it('of a target that throws is inconclusive and its fault', async () => {
    let asked = 0;
    const fragile: Target = {
      ...LRU,
      open: (stage, options) => {
        const session = LRU.open(stage, options) as Session;
        const ask1: Session['ask'] = (call) => {
          if (++asked > 500) throw new TypeError('no such key');
          session.ask(call);
        };
        return { ask: ask1, cancel: (call) => session.cancel(call), tell: (notice) => session.tell(notice), close: () => session.close() };
      },
    };
    const report = await checkTarget(fragile, { seed: 1, runs: 2_000 });
    expect(report).toMatchObject({ verdict: 'inconclusive', fault: true });
    expect(report.reason).toContain('TypeError: no such key');
    expect(report.runs).toBeGreaterThan(0);
  });

  it('is the same for the same seed, but for its seconds, and another one for another seed', async () => {
    for (const target of [LEAKY, SOMETIMES, LRU]) {
      const options = { seed: 7, runs: 200, enumerate: target === LEAKY };
      const once = await checkTarget(target, options);
      expect(lasting(await checkTarget(target, options))).toEqual(lasting(once));
      const other = await checkTarget(target, { ...options, seed: 8 });
      expect(other.operations).not.toBe(once.operations);
    }
  });

  it('looks for every shape, unless it is to stop at the first', async () => {
    const all = await checkTarget(LEAKY, { seed: 1, runs: 1_000, enumerate: false });
    expect(all.violations.length).toBeGreaterThan(1);
    const first = await checkTarget(LEAKY, { seed: 1, runs: 1_000, enumerate: false, bail: true });
    expect(first.verdict).toBe('violated');
    expect(first.violations.length).toBeGreaterThan(0);
    expect(first.runs).toBeLessThan(all.runs / 10);
  });

  it('keeps what it found when it is stopped', async () => {
    let seen = 0;
    const report = await checkTarget(LEAKY, { seed: 1, runs: 1_000_000, enumerate: false, stopped: () => seen > 0, onSighting: () => seen++ });
    expect(report.verdict).toBe('violated');
    expect(report.violations[0]).toMatchObject({ property: 'KH001', reproduced: [3, 3] });
    expect(report.runs).toBeLessThan(10_000);
  });

  it('that is stopped before it found anything is inconclusive', async () => {
    for (const after of [0, 300]) {
      let asked = 0;
      const report = await checkTarget(LRU, { seed: 1, runs: 1_000_000, stopped: () => ++asked > after });
      expect(report).toMatchObject({ verdict: 'inconclusive', violations: [], worth: null });
      expect(report.reason).toContain('interrupted');
    }
  });

  it('ends when its time is over', async () => {
    const report = await checkTarget(LRU, { seed: 1, maxTimeMs: 1, enumerate: false });
    expect(report.runs).toBeLessThan(5_000);
    expect(report.verdict).toBe('inconclusive');
  });

  it('runs kept counterexamples first, and is violated when one still leaks', async () => {
    const again = await checkTarget(LEAKY, { seed: 1, runs: 0, enumerate: false, corpus: [LEAK] });
    expect(again).toMatchObject({ verdict: 'violated', runs: 1, enumerated: null });
    expect(again.violations[0]).toMatchObject({ shape: 'KH001/stranger', size: 2 });
    const fixed = await checkTarget(LRU, { seed: 1, runs: 0, enumerate: false, corpus: [LEAK, LEAK] });
    expect(fixed).toMatchObject({ verdict: 'inconclusive', runs: 2, violations: [] });
  });

  it('goes no further than a kept counterexample that still leaks, when it is to stop at the first', async () => {
    const first = await checkTarget(LEAKY, { seed: 1, runs: 1_000, corpus: [LEAK, LEAK], bail: true });
    expect(first).toMatchObject({ verdict: 'violated', runs: 1, enumerated: null });
  });

  it('says how many of the programs asked for were run when its time is over: never more', async () => {
    const report = await checkTarget(LRU, { seed: 1, runs: 50_000_000, maxTimeMs: 400 });
    expect(report.verdict).toBe('inconclusive');
    const [, searched] = /(\d+) of 50000000/.exec(report.reason)!;
    expect(Number(searched)).toBe(report.runs - report.enumerated!.programs);
  });

  it('keeps time for shrinking what it found', async () => {
    const report = await checkTarget(SOMETIMES, { seed: 1, maxTimeMs: 3_000, enumerate: false });
    expect(report.violations.find(({ shape }) => shape === 'KH002/unshared')).toMatchObject({ size: 4, certified: true });
  });

  it('tells of each shape when it is first seen, with the program that showed it', async () => {
    const sighted: Sighted[] = [];
    const report = await checkTarget(LEAKY, { seed: 2, runs: 600, onSighting: (sighting) => sighted.push(sighting) });
    const seen = sighted.map(({ breach }) => `${breach.property}/${breach.kind}`);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.toSorted()).toEqual(shapes(report).toSorted());
    for (const { program, breach } of sighted) expect(program.operations.length).toBeGreaterThanOrEqual(breach.instant);
  });

  it('tells how far it is, and last of all the report that it ends with', async () => {
    const heard: Progress[] = [];
    const report = await checkTarget(SOMETIMES, { seed: 1, runs: 1_200, onProgress: (progress) => heard.push(progress) });
    const phases = ['wiring', 'corpus', 'enumerate', 'search', 'shrink', 'done'];
    const places = heard.map(({ phase }) => phases.indexOf(phase));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(heard.at(-1)).toMatchObject({
      target: SOMETIMES.name,
      phase: 'done',
      of: report.enumerated!.programs + 1_200,
      violations: report.violations.length,
    });
    expect(heard.at(-1)!.report).toEqual(report);
    for (const { report: sofar, phase } of heard) if (phase !== 'done') expect(sofar.verdict).not.toBe('holds');
  });

  it.each([true, false])('tells in every form of its report of a cache that asks the origin by itself, and of no other one: %s', async (isCurious) => {
    const target = clientTarget({
      name: 'curious',
      frames: 'text',
      open: () => ({
        async request({ url, method, headers, signal }) {
          // As if to see whether everybody may have it.
          if (isCurious) await (await fetch(url, { method, signal })).arrayBuffer();
          return fetch(url, { method, headers, signal });
        },
      }),
    });
    const report = await checkTarget(target, { seed: 1, runs: 20, enumerate: false });
    await target.dispose!();
    expect(report.fault).toBe(false);
    const document = documentOf([report], { seed: 1, startedAt: '', seconds: 0 });
    reportSchema.parse(JSON.parse(jsonOf(document)));
    for (const said of [jsonOf(document), textOf(document, { colour: false, width: 120, command: 'keyhole' }), htmlOf(document, { command: 'keyhole' })])
      expect(/asked the\s+origin\s+for\s+a\s+picture\s+on\s+behalf\s+of\s+somebody\s+who\s+was\s+not\s+waiting/.test(said)).toBe(isCurious);
  });

  it('never counts shrinking and repeating as runs', async () => {
    const report = await checkTarget(LEAKY, { seed: 1, runs: 500, enumerate: false });
    expect(report.runs).toBe(500);
  });

  it('finds a fault that only one configuration has', async () => {
    const updated = lookasideTarget({ name: 'updated', title: '' }, [sharedEntries, { ...sharedEntries, serve: () => 'serve' }]);
    const report = await checkTarget(updated, { seed: 1, runs: 1_000 });
    expect(report.violations.find(({ shape }) => shape === 'KH001/stranger')).toMatchObject({ size: 3, certified: true });
    expect(report.reason).toContain('After the cache was reconfigured');
  });
});
