import { describe, expect, it } from 'vitest';
import { DONE, type StageCall } from '../harness/run/call.ts';
import { Lab } from '../harness/run/lab.ts';
import type { Stage } from '../harness/run/stage.ts';
import { randomRuns } from '../harness/search/random-runs.laws.ts';
import { Random } from '../harness/search/random.ts';
import { modelTarget } from '../harness/targets/model.ts';
import { PLANTED_FAULTS } from '../harness/targets/planted-faults.laws.ts';
import { REFERENCE_MODELS } from '../harness/targets/reference.ts';
import type { OpenOptions, Target } from '../harness/targets/target.ts';
import { isPlainlyRight, type MarkedFrame } from '../models/domain/authority.ts';
import { renditionOf } from '../models/domain/frame.ts';
import { TIERS } from '../models/domain/world.ts';
import type { Call, Contact, Reply, Session } from '../models/origin.ts';
import { PROPERTIES, propertyOf } from './index.ts';
import type { Judge } from './property.ts';

/** What each id has always meant. Lines are added; none is ever changed. */
const PINNED: Readonly<Record<string, readonly string[]>> = {
  KH001: ['anonymous', 'stranger'],
  KH002: ['unpublished', 'unshared'],
  KH003: ['former', 'successor'],
  KH004: ['camera', 'tier'],
  KH005: ['disabled', 'unlinked'],
  KH006: ['torn'],
  KH007: ['user', 'visitor'],
  KH008: ['unnamed', 'validator'],
  KH009: ['purged'],
  KH010: ['deleted'],
  KH011: ['answer', 'company', 'hit'],
};

/** Properties that say whose a frame is: at most one of them can be broken by an answer. */
const WHOSE = ['KH001', 'KH002', 'KH003'];

describe('the registry', () => {
  it('holds every id once, in order, with the kinds that it has always had', () => {
    expect(Object.fromEntries(PROPERTIES.map(({ id, kinds }) => [id, Object.keys(kinds).toSorted()]))).toEqual(PINNED);
    expect(PROPERTIES.map(({ id }) => id)).toEqual(Object.keys(PINNED));
  });

  it('finds a property by its id, and nothing by another', () => {
    for (const property of PROPERTIES) expect(propertyOf(property.id)).toBe(property);
    expect(propertyOf('KH999')).toBeUndefined();
  });

  it.each(PROPERTIES.map((property) => [property.id, property] as const))(
    '%s says in sentences what it means, where it comes from and what it cannot see',
    (_id, property) => {
      expect(property.id).toMatch(/^KH\d{3}$/);
      expect(['critical', 'high', 'medium']).toContain(property.severity);
      for (const text of [property.meaning, property.source, property.blind]) expect(text).toMatch(/^\S.*\.$/);
      expect(property.title).toMatch(/^[A-Z].*[^.]$/);
      // The end of the sentence "the caller was ...".
      for (const kind of Object.values(property.kinds)) expect(kind).toMatch(/^[a-z].*[^.]$/);
    },
  );
});

/** What was seen of the judges while a cache answered. */
interface Seen {
  answers: number;
  gated: number;
  readonly shapes: Set<string>;
  /** Answers that break a law about judges. */
  readonly faults: Set<string>;
}

/** The target, with every judge asked about every answer before the stage sees it. */
function overheard(target: Target, told: boolean): { target: Target; seen: Seen } {
  const seen: Seen = { answers: 0, gated: 0, shapes: new Set(), faults: new Set() };
  const known = new WeakSet<Stage>();
  const open = (stage: Stage, options?: OpenOptions): ReturnType<Target['open']> => {
    if (!known.has(stage)) overhear(stage, told, seen);
    known.add(stage);
    return target.open(stage, options);
  };
  return { target: { ...target, capabilities: { ...target.capabilities, told }, open }, seen };
}

function overhear(stage: Stage, told: boolean, seen: Seen): void {
  const judges = PROPERTIES.map((property) => ({ property, judge: property.begin(stage.world, { told }) }));
  const answered = stage.answered.bind(stage);
  stage.answered = (call, frame, fallback) => {
    const asking = call as StageCall;
    if (asking.state !== DONE) listen(stage, judges, { asking, frame, fallback }, seen);
    answered(call, frame, fallback);
  };
  // What is not a frame has no gate: there the stage itself says what its judges found.
  const others = { described: stage.described.bind(stage), header: stage.header.bind(stage), alsoAnswered: stage.alsoAnswered.bind(stage) };
  const listed = (): void => {
    for (const { property, kind } of stage.breaches) seen.shapes.add(`${property}/${kind}`);
  };
  stage.described = (call, frame) => {
    others.described(call, frame);
    listed();
  };
  stage.header = (call, party) => {
    others.header(call, party);
    listed();
  };
  stage.alsoAnswered = (call, frame, fallback) => {
    others.alsoAnswered(call, frame, fallback);
    listed();
  };
}

interface Answer {
  readonly asking: StageCall;
  readonly frame: MarkedFrame;
  readonly fallback: boolean;
}

function listen(
  stage: Stage,
  judges: readonly { property: (typeof PROPERTIES)[number]; judge: Judge }[],
  { asking, frame, fallback }: Answer,
  seen: Seen,
): void {
  const { authority } = stage;
  seen.answers++;
  const broken = judges.flatMap(({ property, judge }) => {
    const kind = judge.answered?.(asking, frame, fallback, authority) ?? null;
    if (kind !== (judge.answered?.(asking, frame, fallback, authority) ?? null)) seen.faults.add(`${property.id} says two things of one answer`);
    if (kind !== null && !Object.hasOwn(property.kinds, kind)) seen.faults.add(`${property.id} does not list ${kind}`);
    return kind === null ? [] : [{ id: property.id, shape: `${property.id}/${kind}` }];
  });
  for (const { shape } of broken) seen.shapes.add(shape);
  if (broken.filter(({ id }) => WHOSE.includes(id)).length > 1) seen.faults.add(`broken at once: ${broken.map(({ shape }) => shape).join(', ')}`);
  if (!isPlainlyRight(authority, asking, frame)) return;
  seen.gated++;
  if (broken.length > 0) seen.faults.add(`the gate hides ${broken.map(({ shape }) => shape).join(', ')}`);
}

/** Gives every caller any frame that was ever taken in this run, in any tier, with or without saying so, or parts of two, or somebody's headers. */
class Chaos implements Session {
  private readonly stage: Stage;
  private readonly random = new Random(5);
  private readonly taken: MarkedFrame[] = [];

  constructor(stage: Stage) {
    this.stage = stage;
  }

  ask(call: Call): void {
    this.stage.fetch(call, call.request.tier, this, true);
  }

  resume(call: Call, _contact: Contact, reply: Reply): void {
    if (reply.frame !== null) this.taken.push(reply.frame as MarkedFrame);
    if (this.taken.length === 0) {
      this.stage.refused(call, reply.status);
      return;
    }
    const frame = this.random.pick(this.taken);
    if (this.random.below(8) === 0) {
      this.stage.described(call, this.random.below(2) === 0 ? null : frame);
      return;
    }
    if (this.random.below(8) === 0) this.stage.header(call, this.random.below(5) - 3 || -2);
    const shown = this.random.below(4) === 0 ? renditionOf(frame, this.random.pick(TIERS)) : frame;
    this.stage.answered(call, shown, this.random.below(4) === 0);
    if (this.random.below(8) === 0) this.stage.alsoAnswered(call, this.random.pick(this.taken), false);
  }

  cancel(): void {}
  tell(): void {}

  close(): void {
    this.taken.length = 0;
  }
}

const CHAOS: Target = modelTarget({
  name: 'chaos',
  title: 'Anything for anybody',
  make: (origin) => new Chaos(origin as Stage),
});

describe('the judges', () => {
  it.each([
    ['told of changes', true],
    ['told nothing', false],
  ])('find nothing in an answer that is plainly right, whose a frame is only once, and every kind they list, where anything is answered: %s', (_name, told) => {
    const { target, seen } = overheard(CHAOS, told);
    randomRuns(new Lab(target, PROPERTIES), { seed: 1, operations: 50_000 }, () => {});
    expect([...seen.faults]).toEqual([]);
    // Who is told nothing does not hear of a channel that is switched off.
    const judged = Object.entries(PINNED).filter(([id]) => propertyOf(id)!.isCompared !== true && (told || id !== 'KH005'));
    expect([...seen.shapes].toSorted()).toEqual(judged.flatMap(([id, kinds]) => kinds.map((kind) => `${id}/${kind}`)));
    expect(seen.gated).toBeGreaterThan(2_500);
    expect(seen.answers).toBeGreaterThan(2 * seen.gated);
  });

  it.each([...REFERENCE_MODELS, ...PLANTED_FAULTS.map((fault) => fault.target)].map((target) => [target.name, target] as const))(
    'keep these laws for %s',
    (_name, cache) => {
      const { target, seen } = overheard(cache, cache.capabilities.told);
      randomRuns(new Lab(target, PROPERTIES), { seed: 9, operations: 5_000 }, () => {});
      expect([...seen.faults]).toEqual([]);
      expect(seen.gated).toBeGreaterThan(300);
    },
  );
});
