import type { Mark } from '../../models/domain/frame.ts';
import type { HistoryEvent } from '../../models/domain/history.ts';
import type { Operation } from '../../models/domain/operation.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { writeCounterexample } from './counterexample-file.ts';
import type { Counterexample, ReportDocument, TargetReport, ViolationReport } from './document.ts';

/** A handmade report for tests: a cache that leaks in two ways, one that holds, one without a verdict, one at fault. */

type Event = HistoryEvent extends infer One ? (One extends HistoryEvent ? Omit<One, 'at' | 'ms'> : never) : never;

/** A history from what happened in each step: the operation comes by itself. */
export function historyOf(steps: readonly { readonly operation: Operation; readonly events: readonly Event[]; readonly ms?: number }[]): HistoryEvent[] {
  return steps.flatMap(({ operation, events, ms = 0 }, place) =>
    [{ event: 'operation' as const, operation }, ...events].map((event) => ({ at: place + 1, ms, ...event })),
  );
}

export function ask(user: number, camera: number, template: number = 0): Operation {
  return { op: 'request', user, camera, template };
}

export function asked(call: number, user: number, camera: number, template: number = 0): Event {
  return { event: 'asked', call, user, camera, template };
}

/** The origin is asked for the frame and says so at once. */
export function fetched(call: number, status: string = 'ok'): Event[] {
  return [
    { event: 'contact', call, contact: 'fetch', held: false },
    { event: 'origin', call, contact: 'fetch', status },
  ];
}

export function answered(call: number, frame: Partial<Mark>): Event {
  return { event: 'answered', call, frame: { camera: 0, epoch: 0, owner: 0, sequence: 0, tier: 'high', copy: 0, ...frame }, fallback: false };
}

export function violation(call: number, property: string, kind: string): Event {
  return { event: 'violation', call, property, kind };
}

/** bob receives the copy that was fetched for alice. */
export function strangerCounterexample(world: World = PLAIN_WORLD): Counterexample {
  const operations = [ask(0, 0), ask(1, 0)];
  return writeCounterexample({
    tool: { name: 'keyhole', version: '0.1.0' },
    target: 'lookaside-unchecked',
    property: 'KH001',
    kind: 'stranger',
    seed: 42,
    program: { world, operations },
    history: historyOf([
      { operation: operations[0]!, events: [asked(0, 0, 0), ...fetched(0), answered(0, {})] },
      { operation: operations[1]!, events: [asked(1, 1, 0), answered(1, {}), violation(1, 'KH001', 'stranger')] },
    ]),
    explanation: {
      decision: 'serve',
      sentence:
        'A hit is served without asking whether this caller may see the camera: rights are checked on a miss only, and the key of the entry does not name the caller.',
      matters: ['credential bearer or some others'],
      indifferent: ['any channel', 'any tier', 'any two users and cameras', 'any capacity'],
    },
  }).value;
}

/** bob keeps receiving door on the hub at the low tier after alice has taken the share back. */
export function revokedCounterexample(): Counterexample {
  const world: World = { ...PLAIN_WORLD, templates: [{ ...PLAIN_TEMPLATE, channel: 'hub', tier: 'low' }], capacity: 1 };
  const operations: Operation[] = [
    { op: 'share', camera: 0, user: 1 },
    ask(1, 0),
    { op: 'unshare', camera: 0, user: 1 },
    { op: 'advance', by: 1000 },
    ask(1, 0),
  ];
  return writeCounterexample({
    tool: { name: 'keyhole', version: '0.1.0' },
    target: 'lookaside-unchecked',
    property: 'KH002',
    kind: 'unshared',
    seed: 42,
    program: { world, operations },
    history: historyOf([
      { operation: operations[0]!, events: [] },
      { operation: operations[1]!, events: [asked(0, 1, 0), ...fetched(0), answered(0, { tier: 'low' })] },
      { operation: operations[2]!, events: [] },
      { operation: operations[3]!, events: [], ms: 1000 },
      { operation: operations[4]!, events: [asked(1, 1, 0), answered(1, { tier: 'low' }), violation(1, 'KH002', 'unshared')], ms: 1000 },
    ]),
    explanation: {
      decision: 'invalidate',
      sentence:
        'On the hub, at the low tier, withdrawing a right does not remove what was stored under it, and a hit is served without asking whether the caller still may see the camera.',
      matters: ['channel hub', 'tier low'],
      indifferent: ['any two users and cameras', 'any capacity'],
    },
  }).value;
}

export function violationReport(evidence: Counterexample, fields: Partial<ViolationReport> = {}): ViolationReport {
  return {
    property: evidence.property,
    title: evidence.property === 'KH001' ? 'No foreign frame' : 'No frame after revocation',
    severity: evidence.property === 'KH001' ? 'critical' : 'high',
    shape: `${evidence.property}/${evidence.kind}`,
    size: evidence.program.operations.length,
    certified: true,
    certificate:
      'Minimal: all 24 programs of up to 1 operations in its world (2 users, 2 cameras, 1 way of asking, room for 2, 24 operations) were run, and none does this.',
    reproduced: [3, 3],
    explanation: evidence.explanation.sentence,
    details: evidence.explanation,
    counterexample: `.keyhole/ce-${evidence.digest.slice(0, 12)}.json`,
    evidence,
    ...fields,
  };
}

const SITUATIONS = { 'frame-received': 61_310, hit: 20_114, 'foreign-read-after-fill': 9_870, 'read-after-unshare': 1_204, 'late-fill': 310 };

export function targetReport(fields: Partial<TargetReport> = {}): TargetReport {
  return {
    target: 'lookaside',
    title: 'A look-aside cache on lru-cache, keyed by caller, camera and tier.',
    kind: 'model',
    evidence: 'the model in this package, in process; lru-cache 11.5.3',
    verdict: 'holds',
    reason: 'Nothing leaked in 5000 programs (101734 operations), and everything that a leak needs was tried.',
    advice: [],
    fault: false,
    expected: null,
    runs: 5000,
    operations: 101_734,
    seconds: 1.42,
    situations: SITUATIONS,
    missing: [],
    enumerated: { depth: 3, programs: 36_600 },
    worth:
      '1000 independent programs, no leak: at 95 % confidence fewer than 0.003 of such programs leak. It says nothing about what this generator cannot make.',
    properties: [
      { id: 'KH001', title: 'No foreign frame', checked: true, note: '' },
      { id: 'KH005', title: 'Nothing through a disabled channel', checked: false, note: 'The target declares no channels.' },
    ],
    violations: [],
    ...fields,
  };
}

export function sampleDocument(targets: readonly TargetReport[] = sampleTargets()): ReportDocument {
  return {
    schema: 'keyhole.report/1',
    tool: { name: 'keyhole', version: '0.1.0' },
    seed: 42,
    targets,
    volatile: { startedAt: '2026-01-02T03:04:05.000Z', seconds: 12.7, node: '20.20.2', platform: 'linux x64' },
  };
}

function sampleTargets(): TargetReport[] {
  return [
    targetReport(),
    targetReport({
      target: 'apicache-defaults',
      title: 'apicache 1.6.3 in front of an Express application, with its defaults.',
      kind: 'app',
      evidence: 'apicache 1.6.3 from npm, in process, in-memory store',
      verdict: 'inconclusive',
      reason: 'Nothing leaked, but that means little: hit never occurred in 400 programs.',
      advice: [
        'Nothing was ever served twice, so no cached answer was seen. Check that the cache is switched on, that its key repeats for equal requests, and that the answers of the origin may be kept.',
      ],
      runs: 400,
      operations: 5_210,
      situations: { ...SITUATIONS, hit: 0 },
      missing: ['hit'],
      enumerated: null,
      worth: null,
    }),
    targetReport({
      target: 'lookaside-unchecked',
      title: 'A look-aside cache keyed by camera and tier that serves a hit without asking for rights.',
      verdict: 'violated',
      reason: 'No foreign frame is broken in 2 operations.',
      runs: 1_204,
      operations: 24_061,
      worth: null,
      violations: [
        violationReport(revokedCounterexample(), {
          certified: false,
          certificate: 'Not proven minimal: all 24 programs of up to 1 operations were run; more would have taken too long.',
          reproduced: [2, 3],
        }),
        violationReport(strangerCounterexample()),
      ],
    }),
    targetReport({
      target: 'redis-behind-proxy',
      title: 'A Redis look-aside behind a proxy.',
      kind: 'app',
      evidence: 'ioredis-mock 8.13.1 (a mock, not a Redis server)',
      verdict: 'inconclusive',
      reason: 'The target is at fault: it answered one call twice.',
      advice: ['Make sure that the adapter reports every call once.'],
      fault: true,
      runs: 12,
      operations: 80,
      enumerated: null,
      worth: null,
    }),
  ];
}
