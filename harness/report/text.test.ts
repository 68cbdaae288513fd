import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import type { TargetReport } from './document.ts';
import { revokedCounterexample, sampleDocument, strangerCounterexample, targetReport, violationReport } from './sample-document.laws.ts';
import { storyText, textOf } from './text.ts';

const COMMAND = 'npm run keyhole --';
const PLAIN = { colour: false, width: 100, command: COMMAND };

function leaking(fields: Partial<TargetReport> = {}): TargetReport {
  return targetReport({
    target: 'lookaside-unchecked',
    title: 'A careless cache.',
    verdict: 'violated',
    violations: [violationReport(strangerCounterexample())],
    ...fields,
  });
}

describe('storyText', () => {
  it('tells the story that the report tells', () => {
    const story = storyText(strangerCounterexample(), PLAIN);
    expect(textOf(sampleDocument([leaking()]), PLAIN)).toContain(story);
    expect(story).toContain('└▶ 2. bob asks');
  });
});

describe('textOf', () => {
  it('reads like this', () => {
    expect(textOf(sampleDocument([leaking()]), PLAIN)).toMatchInlineSnapshot(`
      "lookaside-unchecked hands camera frames to people who must not see them.

        VERDICT  TARGET               PROGRAMS  OPERATIONS  FROM CACHE  CHANCES
        LEAKS    lookaside-unchecked     5,000     101,734      20,114    9,870
        Programs: generated sequences of operations that were run. From cache: answers handed out a second
        time. Chances: requests for what somebody else had just received, by somebody without a right to
        it.

      lookaside-unchecked: leaks
        A careless cache.
        Answered by: the model in this package, in process; lru-cache 11.5.3

        bob received a frame of door, which belongs to alice.

        alice owns door. bob owns yard.
        The cache may hold 2 entries; the origin lets an in-process cache keep an answer for 60 s. The
        origin sends "Cache-Control: private, max-age=60" and no Vary.
        ┌─ 1. alice asks for camera door (app, high tier, bearer token). The cache asks the origin for the
        │     frame. alice receives frame #0 of door, alice's own. This very copy comes out again in
        │     step 2.
        └▶ 2. bob asks for camera door (app, high tier, bearer token). Nothing is asked of the origin. bob
              receives the same copy that alice received in step 1: frame #0 of door, which belongs to
              alice. bob never owned door, and it was never shared with bob.

        Why wrong  The caller, bob, was a stranger to the camera: never its owner, and it was never shared
                   with this caller.
        Rule       KH001 No foreign frame (critical)
        Cause      A hit is served without asking whether this caller may see the camera: rights are
                   checked on a miss only, and the key of the entry does not name the caller.
        At fault   The decision about who may have a stored answer.
        It takes   credential bearer or some others
        No matter  any channel; any tier; any two users and cameras; any capacity
        Shortest?  Minimal: all 24 programs of up to 1 operations in its world (2 users, 2 cameras, 1 way
                   of asking, room for 2, 24 operations) were run, and none does this.
        Again?     Repeated 3 times, it came back every time.

        npm run keyhole -- replay .keyhole/ce-8cf95b57b35f.json

      See it happen: npm run keyhole -- replay .keyhole/ce-8cf95b57b35f.json
      Seed 42 (keyhole 0.1.0, Node 20.20.2, linux x64, 2026-01-02T03:04:05.000Z).
      "
    `);
  });

  it('tells in brief what the same cause also leads to', () => {
    const first = violationReport(strangerCounterexample());
    const alike = violationReport(revokedCounterexample(), { explanation: first.explanation, details: first.details });
    const other = violationReport(revokedCounterexample());
    const text = textOf(sampleDocument([leaking({ violations: [first, other, alike] })]), PLAIN);
    expect(text.match(/^ {2}Cause /gm)).toHaveLength(2);
    expect(text.slice(text.indexOf('  The same cause'), text.indexOf('  2 of 3')).trimEnd()).toMatchInlineSnapshot(`
      "  The same cause also leads to these; the command of each tells its story:

          3 of 3: bob received a frame of door, which belongs to alice, after the right to it had been
          withdrawn.
          KH002 No frame after revocation (high), 5 steps
          npm run keyhole -- replay .keyhole/ce-6ae328f63737.json"
    `);
    expect(text.indexOf('1 of 3: ')).toBeLessThan(text.indexOf('  The same cause'));
  });

  it('says what to do with an answer that is meant to hold several pictures, and only there', () => {
    const torn = violationReport(strangerCounterexample(), { property: 'KH006', title: 'One frame in an answer', severity: 'high', shape: 'KH006/torn' });
    const text = textOf(sampleDocument([leaking({ violations: [torn] })]), PLAIN);
    expect(text).toContain('  Meant so?  What is to hold several pictures (a grid, a list) is checked picture by picture: hand');
    expect(textOf(sampleDocument(), PLAIN)).not.toContain('Meant so?');
  });

  it('tells findings of different causes in full', () => {
    const text = textOf(sampleDocument(), PLAIN);
    expect(text).not.toContain('The same cause');
    expect(text.match(/^ {2}Cause /gm)).toHaveLength(2);
  });

  it('begins with the worst and ends with how to see it again, then the seed', () => {
    const lines = textOf(sampleDocument(), PLAIN).trimEnd().split('\n');
    expect(lines[0]).toBe('1 of 4 targets hands camera frames to people who must not see them.');
    expect(lines[3]).toContain('LEAKS');
    expect(lines.at(-2)).toMatch(/^See it happen: npm run keyhole -- replay \.keyhole\/ce-[0-9a-f]{12}\.json$/);
    expect(lines.at(-1)).toMatch(/^Seed 42 /);
  });

  it('tells the most severe violation first', () => {
    const text = textOf(sampleDocument(), PLAIN);
    expect(text.indexOf('KH001 No foreign frame (critical)')).toBeLessThan(text.indexOf('KH002 No frame after revocation (high)'));
  });

  it('says why there is no verdict and what to do', () => {
    const text = textOf(
      sampleDocument([targetReport({ verdict: 'inconclusive', reason: 'hit never occurred.', advice: ['Switch the cache on.'], worth: null })]),
      PLAIN,
    );
    expect(text).toContain('There is no verdict on lookaside.');
    expect(text).toContain('  hit never occurred.');
    expect(text).toContain('  What to do:\n  - Switch the cache on.');
  });

  it('says what a green is worth and what was not checked', () => {
    const text = textOf(sampleDocument([targetReport()]), PLAIN);
    expect(text).toContain('all 36,600 programs of up to 3 operations');
    expect(text).toContain('fewer than 0.003 of such programs leak');
    expect(text).toContain('Not checked: KH005 Nothing through a disabled channel. The target declares no channels.');
  });

  it('uses colour as decoration only', () => {
    const coloured = textOf(sampleDocument(), { ...PLAIN, colour: true });
    expect(coloured).toContain('\u001b[31m');
    expect(stripVTControlCharacters(coloured)).toBe(textOf(sampleDocument(), PLAIN));
    expect(textOf(sampleDocument(), PLAIN)).not.toContain('\u001b');
  });

  it.each([40, 60, 80, 120])('keeps to %i columns, commands aside', (width) => {
    const lines = textOf(sampleDocument(), { ...PLAIN, width }).split('\n');
    expect(lines.filter((line) => [...line].length > width && !line.includes(COMMAND))).toEqual([]);
  });

  it('says so where no file was written', () => {
    const text = textOf(sampleDocument([leaking({ violations: [violationReport(strangerCounterexample(), { counterexample: '' })] })]), PLAIN);
    expect(text).toContain('The counterexample was not written to a file.');
    expect(text).not.toContain('See it happen');
  });

  it('says so where the counterexample is gone', () => {
    const counterexample = strangerCounterexample();
    const gone = { ...counterexample, program: { ...counterexample.program, operations: [] }, history: [] };
    const text = textOf(sampleDocument([leaking({ violations: [violationReport(gone)] })]), PLAIN);
    expect(text).toContain('No foreign frame was broken.');
    expect(text).toContain('the counterexample is not at hand');
    expect(text).not.toContain('alice owns');
  });

  it('lets no hostile text reach the terminal', () => {
    const evil = '\u001b[2J\u001b]0;x\u0007\u009b31m\u202eevil\r\n<script>';
    const world = { ...PLAIN_WORLD, users: [evil, 'bob'], cameras: [{ id: `door${evil}`, owner: 0 }], policies: [{ cacheControl: evil, vary: evil }] };
    const counterexample = strangerCounterexample(world);
    const violation = violationReport(counterexample, {
      title: evil,
      certificate: evil,
      explanation: evil,
      counterexample: evil,
      details: { ...counterexample.explanation, matters: [evil], indifferent: [evil] },
    });
    const properties = [{ id: evil, title: evil, checked: false, note: evil }];
    const document = sampleDocument([
      leaking({ target: evil, title: evil, evidence: evil, advice: [evil], violations: [violation] }),
      targetReport({ target: evil, reason: evil, worth: evil, properties }),
    ]);
    const text = textOf(
      { ...document, tool: { name: 'keyhole', version: evil }, volatile: { startedAt: evil, seconds: 1, node: evil, platform: evil } },
      PLAIN,
    );
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
  });
});
