import { describe, expect, it } from 'vitest';
import type { Operation } from '../../models/domain/operation.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { PROPERTIES, propertyOf } from '../../properties/index.ts';
import { breachWords } from './breach-words.ts';
import {
  answered,
  ask,
  asked,
  historyOf,
  revokedCounterexample,
  sampleDocument,
  strangerCounterexample,
  violation,
  violationReport,
} from './sample-document.laws.ts';
import { Scene } from './scene.ts';
import { replayCommand, seedSentence, violationWords } from './sentences.ts';

describe('violationWords', () => {
  it('says what reached whom, why that is a leak, and what the cause is', () => {
    expect(violationWords(violationReport(strangerCounterexample()))).toMatchInlineSnapshot(`
      {
        "cause": "A hit is served without asking whether this caller may see the camera: rights are checked on a miss only, and the key of the entry does not name the caller.",
        "certificate": "Minimal: all 24 programs of up to 1 operations in its world (2 users, 2 cameras, 1 way of asking, room for 2, 24 operations) were run, and none does this.",
        "headline": "bob received a frame of door, which belongs to alice.",
        "indifferent": [
          "any channel",
          "any tier",
          "any two users and cameras",
          "any capacity",
        ],
        "matters": [
          "credential bearer or some others",
        ],
        "meaning": "Nobody receives a frame of a camera that they neither own nor were ever given. The frame's own mark says whose it is.",
        "reproduced": "Repeated 3 times, it came back every time.",
        "rule": "KH001 No foreign frame (critical)",
        "why": "The caller, bob, was a stranger to the camera: never its owner, and it was never shared with this caller.",
      }
    `);
  });

  it('says when the target did not behave the same every time', () => {
    const reproduced = (times: number, of: number): string => violationWords(violationReport(strangerCounterexample(), { reproduced: [times, of] })).reproduced;
    expect(reproduced(3, 3)).toBe('Repeated 3 times, it came back every time.');
    expect(reproduced(1, 3)).toContain('it came back 1 time: the target does not behave the same every time');
    expect(reproduced(0, 3)).toContain('What was seen was seen all the same.');
    expect(reproduced(0, 0)).toBe('It was not repeated.');
  });

  it('never claims that a sequence is the shortest unless it is certified', () => {
    const certificate = (certified: boolean): string => violationWords(violationReport(strangerCounterexample(), { certified, certificate: '' })).certificate;
    expect(certificate(true)).toBe('Nothing shorter than these 2 steps does it.');
    expect(certificate(false)).toBe('A shorter sequence than these 2 steps may exist.');
  });

  it('falls back to the title where the history shows no breach', () => {
    const evidence = { ...revokedCounterexample(), history: [] };
    expect(violationWords(violationReport(evidence)).headline).toBe('No frame after revocation was broken.');
  });
});

describe('breachWords', () => {
  const scene = new Scene(strangerCounterexample());
  const call = { user: 1, camera: 0, template: 0, instant: 2 };
  const breach = { call: 1, instant: 2, frame: { camera: 0, epoch: 0, owner: 0, sequence: 0, tier: 'high' as const, copy: 0 }, plant: null };
  const shapes = PROPERTIES.flatMap((property) => Object.entries(property.kinds).map(([kind, meaning]) => ({ property: property.id, kind, meaning })));

  it.each(shapes)('has a phrase of its own for $property/$kind', ({ property, kind, meaning }) => {
    const { headline, wrong } = breachWords({ ...breach, property, kind }, call, scene);
    expect(headline).toMatch(/^bob (received|asked|was told) .*\.$/);
    expect(wrong).toMatch(/\.$/);
    expect(wrong).not.toContain(meaning);
    expect(`${headline} ${wrong} ${meaning} ${propertyOf(property)!.meaning}`).not.toMatch(/\b(he|she|him|her|his|himself)\b/);
  });

  it('calls a caller without an id a visitor', () => {
    const { headline, wrong } = breachWords({ ...breach, property: 'KH001', kind: 'anonymous' }, { ...call, user: -1 }, scene);
    expect(`${headline} ${wrong}`).toBe('An anonymous visitor received a frame of door, which belongs to alice. door was never public.');
  });

  it('says which rule is broken where it knows nothing else', () => {
    expect(breachWords({ ...breach, property: 'KH999', kind: 'new' }, call, scene).wrong).toBe('This breaks KH999.');
  });
});

describe('why it is wrong', () => {
  it('does not say that a camera was not public under an owner who had made it public before it was set up anew', () => {
    const world: World = { ...PLAIN_WORLD, templates: [PLAIN_TEMPLATE, { ...PLAIN_TEMPLATE, credential: 'none' }] };
    const whyOf = (before: readonly Operation[]): string => {
      const steps = [...before, ask(-1, 0, 1)].map((operation, place) => ({
        operation,
        events: place < before.length ? [] : [asked(0, -1, 0, 1), answered(0, { epoch: before.length / 2 }), violation(0, 'KH001', 'anonymous')],
      }));
      const evidence = {
        ...strangerCounterexample(),
        property: 'KH001',
        kind: 'anonymous',
        program: { world, operations: steps.map(({ operation }) => operation) },
      };
      return violationWords(violationReport({ ...evidence, history: historyOf(steps) })).why;
    };
    expect(whyOf([])).toBe('The caller was an anonymous visitor, and the camera was not public in the ownership that the frame is from.');
    expect(
      whyOf([
        { op: 'publish', camera: 0 },
        { op: 'recreate', camera: 0 },
      ]),
    ).toBe('door was public once, but has not been since alice set it up anew.');
  });
});

describe('why it is wrong across a change of owner', () => {
  it('does not speak of another owner where the camera was set up anew by the same one', () => {
    const world: World = { ...PLAIN_WORLD, users: ['alice', 'bob', 'carol'] };
    const whyOf = (change: Operation): string => {
      const operations: Operation[] = [change, { op: 'share', camera: 0, user: 1 }, ask(1, 0)];
      const steps = operations.map((operation, place) => ({
        operation,
        events: place < 2 ? [] : [asked(0, 1, 0), answered(0, {}), violation(0, 'KH003', 'successor')],
      }));
      const evidence = { ...strangerCounterexample(), property: 'KH003', kind: 'successor', program: { world, operations } };
      return violationWords(violationReport({ ...evidence, history: historyOf(steps) })).why;
    };
    expect(whyOf({ op: 'recreate', camera: 0 })).toBe('bob may see door as it is now, but not what it saw before.');
    expect(whyOf({ op: 'transfer', camera: 0, user: 2 })).toMatch(/^The caller, bob, was allowed to see the camera under another owner/);
  });
});

describe('replayCommand', () => {
  const written = violationReport(strangerCounterexample(PLAIN_WORLD));

  it('can be copied into a shell', () => {
    expect(replayCommand({ ...written, counterexample: '.keyhole/ce-1.json' }, 'keyhole')).toBe('keyhole replay .keyhole/ce-1.json');
    expect(replayCommand({ ...written, counterexample: "a b'c$(x).json" }, 'keyhole')).toBe(`keyhole replay 'a b'\\''c$(x).json'`);
  });

  it('is none where no file was written', () => {
    expect(replayCommand({ ...written, counterexample: '' }, 'keyhole')).toBeNull();
  });
});

describe('seedSentence', () => {
  it('names what is needed to get the same result', () => {
    expect(seedSentence(sampleDocument())).toBe('Seed 42 (keyhole 0.1.0, Node 20.20.2, linux x64, 2026-01-02T03:04:05.000Z).');
  });
});
