import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History } from '../../models/domain/history.ts';
import { operation } from '../../models/domain/operation.ts';
import { canonicalJson } from './canonical-json.ts';
import { readCounterexample, writeCounterexample } from './counterexample-file.ts';
import type { Counterexample } from './document.ts';
import { revokedCounterexample, strangerCounterexample } from './sample-document.laws.ts';
import { storyOf } from './story.ts';

const { schema: _schema, digest: _digest, ...FIELDS } = strangerCounterexample();
const FILE = writeCounterexample(FIELDS);

/** What reading says of the file with one change; `path` leads to the field, `undefined` takes it away. */
function changed(path: readonly (string | number)[], to: unknown): ReturnType<typeof readCounterexample> {
  const value = JSON.parse(FILE.text) as Record<string | number, unknown>;
  let parent = value;
  for (const part of path.slice(0, -1)) parent = parent[part] as typeof value;
  parent[path.at(-1)!] = to;
  return readCounterexample(JSON.stringify(value));
}

function problemOf(read: ReturnType<typeof readCounterexample>): string {
  if (read.ok) throw new Error('It was read.');
  expect(read.remedy).toMatch(/\.$/);
  return read.problem;
}

describe('writeCounterexample', () => {
  it('seals everything but the digest, and takes its name from it', () => {
    const { digest, ...rest } = JSON.parse(FILE.text) as Counterexample;
    expect(createHash('sha256').update(canonicalJson(rest)).digest('hex')).toBe(digest);
    expect(FILE.name).toBe(`ce-${digest.slice(0, 12)}.json`);
    expect(FILE.value).toEqual(JSON.parse(FILE.text));
  });

  it('is read back as it was, and not as edited', () => {
    for (const file of [FILE, writeCounterexample(revokedCounterexample())])
      expect(readCounterexample(file.text)).toEqual({ ok: true, value: file.value, edited: false });
  });

  it('does not depend on the order of fields, nor on operations that carry undefined fields', () => {
    const { world, operations } = FIELDS.program;
    const turned = Object.fromEntries(
      Object.entries({ ...FIELDS, program: { operations: operations.map((letter) => operation(letter)), world } }).toReversed(),
    ) as unknown as typeof FIELDS;
    const { name, value } = writeCounterexample(turned);
    expect({ name, value }).toEqual({ name: FILE.name, value: FILE.value });
  });

  it('gives another name to another content', () => {
    expect(writeCounterexample({ ...FIELDS, seed: 43 }).name).not.toBe(FILE.name);
  });

  it('writes an operation a line', () => {
    expect(FILE.text).toContain('\n      { "op": "request", "user": 0, "camera": 0, "template": 0 },\n');
  });
});

describe('readCounterexample', () => {
  it('notices an edit, and still reads the file', () => {
    expect(changed(['program', 'world', 'capacity'], 7)).toMatchObject({ ok: true, edited: true, value: { program: { world: { capacity: 7 } } } });
    expect(changed(['digest'], 'f'.repeat(64))).toMatchObject({ ok: true, edited: true });
  });

  it('takes a byte order mark and other line ends', () => {
    expect(readCounterexample(`\ufeff${FILE.text.replaceAll('\n', '\r\n')}`)).toEqual({ ok: true, value: FILE.value, edited: false });
  });

  it('says where a file breaks off, wherever it does', () => {
    const { text } = FILE;
    const end = text.trimEnd().length;
    for (let length = 1; length < end; length += 7)
      expect(problemOf(readCounterexample(text.slice(0, length)))).toMatch(/^The file ends in the middle: after line \d+, column \d+/);
    const cut = '{\n  "schema": "key';
    expect(problemOf(readCounterexample(cut))).toBe('The file ends in the middle: after line 2, column 16, more should follow.');
  });

  it('says where a file stops being JSON', () => {
    expect(problemOf(readCounterexample('{\n  "a": 1,\n  "b": x\n}'))).toBe('The file is not JSON: something is wrong at line 3, column 8.');
    expect(problemOf(readCounterexample('{"a": 1}}'))).toBe('The file is not JSON: something is wrong at line 1, column 9.');
    expect(problemOf(readCounterexample('hello'))).toBe('The file is not JSON: something is wrong at line 1, column 1.');
    expect(problemOf(readCounterexample(' \n'))).toBe('The file is empty.');
  });

  it('says what a file is that is no counterexample', () => {
    expect(problemOf(readCounterexample('[]'))).toBe('The file is JSON, but it does not hold an object.');
    expect(problemOf(readCounterexample('null'))).toBe('The file is JSON, but it does not hold an object.');
    expect(problemOf(readCounterexample('{}'))).toContain('it has no "schema"');
    expect(problemOf(readCounterexample('{"schema": 1}'))).toContain('is not a text');
    expect(problemOf(readCounterexample('{"schema": "x/1"}'))).toBe('The file says that it is "x/1", not a counterexample.');
    expect(problemOf(readCounterexample('{"schema": "keyhole.report/1"}'))).toBe('The file is a report, not a counterexample.');
  });

  it('asks for an update where a newer keyhole wrote the file', () => {
    const read = readCounterexample('{"schema": "keyhole.counterexample/2", "tool": {"version": "3.1.0"}}');
    expect(read).toMatchObject({ ok: false, remedy: 'Update keyhole, then try again.' });
    expect(problemOf(read)).toBe(
      'The file was written by a newer keyhole (version 3.1.0): its format is "keyhole.counterexample/2", and this one reads "keyhole.counterexample/1".',
    );
  });

  it.each([
    [['program'], undefined, 'program should be an object, but is missing'],
    [['seed'], '42', 'seed should be a number, but is something else'],
    [['seed'], 1.5, 'seed should be a whole number, but is something else'],
    [['seed'], 1e12, 'seed is larger than 4294967295'],
    [['program', 'operations', 1, 'camera'], undefined, 'program.operations[1].camera should be a number, but is missing'],
    [['program', 'operations', 1, 'op'], 'explode', 'program.operations[1].op is none of the known kinds'],
    [['program', 'operations', 1, 'extra'], 1, 'program.operations[1] holds "extra", which does not belong there'],
    [['program', 'operations', 1, 'camera'], 2, 'program.operations[1].camera is 2, but the world has 2 cameras and counts them from 0'],
    [['program', 'operations', 1, 'user'], 2, 'program.operations[1].user is 2, but the world has 2 users and counts them from 0'],
    [['program', 'operations', 1, 'user'], -1, 'program.operations[1].user is -1, an anonymous visitor, but the template carries a credential'],
    [['program', 'operations', 1, 'template'], 1, 'program.operations[1].template is 1, but the world has 1 templates and counts them from 0'],
    [['program', 'operations', 0], { op: 'share', camera: 0, user: -1 }, 'program.operations[0].user is smaller than 0'],
    [['program', 'world', 'cameras', 0, 'owner'], 9, 'program.world.cameras[0].owner is 9, but the world has 2 users and counts them from 0'],
    [['program', 'world', 'templates', 0, 'policy'], 1, 'program.world.templates[0].policy is 1, but the world has 1 policies and counts them from 0'],
    [['program', 'world', 'templates', 0, 'tier'], 'huge', 'program.world.templates[0].tier should be "high" or "low"'],
    [['program', 'world', 'users', 1], 'alice', 'program.world.users[1] repeats an id: each must be unique'],
    [['program', 'world', 'users', 1], '', 'program.world.users[1] is shorter than 1'],
    [['program', 'world', 'users', 1], '\ud800', 'program.world.users[1] is not well-formed Unicode'],
    [['program', 'world', 'users'], Array.from({ length: 33 }, (_, index) => `u${index}`), 'program.world.users is longer than 32'],
    [['program', 'world', 'capacity'], 1e15, 'program.world.capacity is larger than 100000'],
    [['program', 'world', 'policies', 0, 'vary'], 'a\r\nSet-Cookie: x', 'program.world.policies[0].vary holds what no header can hold'],
    [['history', 2, 'call'], 77, 'history[2].call is 77, but nobody has made a call of that number before'],
    [['history', 2, 'call'], -2, 'history[2].call is smaller than -1'],
    [['history', 2, 'of'], { user: 7, camera: 0 }, 'history[2].of.user is 7, but the world has 2 users and counts them from 0'],
    [['history', 2, 'of'], { user: null, camera: 9 }, 'history[2].of.camera is 9, but the world has 2 cameras and counts them from 0'],
    [['history', 4, 'frame', 'owner'], 5, 'history[4].frame.owner is 5, but the world has 2 users and counts them from 0'],
    [['digest'], 'abc', 'digest is not a SHA-256 digest in hex'],
  ])('says what is wrong at %j', (path, to, expected) => {
    const problem = problemOf(changed(path, to));
    expect(problem).toContain(`The file is not a whole counterexample: ${expected}`);
  });

  it('takes an anonymous visitor where the template carries no credential', () => {
    const world = { ...FIELDS.program.world, templates: [{ ...FIELDS.program.world.templates[0]!, credential: 'none' as const }] };
    const text = writeCounterexample({ ...FIELDS, program: { world, operations: [{ op: 'request', user: -1, camera: 0, template: 0 }] }, history: [] }).text;
    expect(readCounterexample(text)).toMatchObject({ ok: true, edited: false });
  });

  it("takes what the origin was asked on nobody's behalf, and in the name of whomever", () => {
    for (const of of [undefined, { user: null, camera: 0 }, { user: -1, camera: 0 }, { user: 1, camera: 1 }]) {
      const nobodys: History = [
        { at: 1, ms: 0, event: 'contact', call: -1, contact: 'fetch', held: false, ...(of === undefined ? {} : { of }) },
        { at: 1, ms: 0, event: 'origin', call: -1, contact: 'fetch', status: 'ok' },
      ];
      expect(readCounterexample(writeCounterexample({ ...FIELDS, history: nobodys }).text)).toMatchObject({
        ok: true,
        edited: false,
        value: { history: nobodys },
      });
    }
  });

  it('helps who edited the program by hand and left the history', () => {
    expect(changed(['history', 4, 'frame', 'owner'], 5)).toMatchObject({
      remedy: 'If you edited the program by hand, set "history" to []: a replay makes a new one.',
    });
  });

  it('refuses keys that would reach a prototype', () => {
    const poisoned = FILE.text.replace('"seed"', '"__proto__": { "polluted": true }, "seed"');
    expect(problemOf(readCounterexample(poisoned))).toContain('the file holds "__proto__"');
    expect(problemOf(changed(['constructor'], { prototype: { polluted: true } }))).toContain('holds "constructor"');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('counts no brackets inside texts as nesting', () => {
    const said = `${'['.repeat(40)}\\"{`;
    expect(changed(['explanation', 'sentence'], said)).toMatchObject({ ok: true, value: { explanation: { sentence: said } } });
  });

  it('refuses what is too large, too deep or too long without choking on it', () => {
    expect(problemOf(readCounterexample(' '.repeat(100 * 1024 * 1024)))).toBe('The file is larger than 10 MB, and no counterexample is.');
    const deep = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;
    expect(problemOf(readCounterexample(FILE.text.replace('"seed": 42', `"seed": ${deep}`)))).toBe(
      'The file is nested more deeply than any that keyhole writes.',
    );
    expect(problemOf(readCounterexample(FILE.text.replace('"seed": 42', `"seed": [${'0,'.repeat(2_000_000)}0]`)))).toContain(
      'The file holds a list of more than 100000 members, and nothing that keyhole writes does.',
    );
    expect(
      problemOf(
        changed(
          ['program', 'operations'],
          Array.from({ length: 20_000 }, () => 0),
        ),
      ),
    ).toContain('program.operations is longer than 10000');
  });

  it('shows nothing of a hostile file that would act on a terminal', () => {
    const evil = '\u001b[2J\u202e\r';
    const problems = [
      changed([evil], 1),
      changed(['program', 'operations', 0, evil], 1),
      readCounterexample(JSON.stringify({ schema: evil })),
      readCounterexample(`{"${evil}": }`),
    ];
    for (const read of problems) expect(problemOf(read)).not.toMatch(/[\u0000-\u001f\u202e]/u);
  });

  it('takes ids with control characters: a key may well be confused by them', () => {
    const world = { ...FIELDS.program.world, users: ['a\u0000', '\u001b[31mb'] };
    const { text, value } = writeCounterexample({ ...FIELDS, program: { ...FIELDS.program, world } });
    expect(readCounterexample(text)).toEqual({ ok: true, value, edited: false });
  });

  it('never throws, whatever it is given, and what it accepts can be told', () => {
    const paths = placesIn(JSON.parse(FILE.text));
    const nasty = fc.oneof(fc.jsonValue(), fc.constantFrom(-1, 1e308, 2 ** 53, '', '__proto__', 'constructor', [], {}, null), fc.integer());
    fc.assert(
      fc.property(fc.nat(paths.length - 1), nasty, (place, to) => {
        const read = changed(paths[place]!, to);
        if (read.ok) storyOf(read.value);
        else problemOf(read);
      }),
      { seed: 7, numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => void readCounterexample(text)),
      { seed: 7, numRuns: 200 },
    );
  });
});

/** The path of everything in a value. */
function placesIn(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, member]) => placesIn(member, [...path, Array.isArray(value) ? Number(key) : key]));
  return path.length === 0 ? below : [path, ...below];
}
