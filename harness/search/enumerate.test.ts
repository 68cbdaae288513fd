import { describe, expect, it } from 'vitest';
import type { Operation } from '../../models/domain/operation.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab, type Outcome } from '../run/lab.ts';
import { type Capabilities, IN_PROCESS } from '../targets/capabilities.ts';
import { PLANTED_FAULTS } from '../targets/planted-faults.laws.ts';
import { type Alphabet, alphabetOf } from './alphabet.ts';
import { enumerate } from './enumerate.ts';
import { renamed, symmetriesOf } from './symmetry.ts';

const TINY: Capabilities = { ...IN_PROCESS, time: false, channels: false, publish: false, purge: false, restart: false, credentials: ['bearer', 'none'] };
const ONE_CAMERA: World = { ...PLAIN_WORLD, cameras: [PLAIN_WORLD.cameras[0]!] };
const TWO_STRANGERS: World = { ...ONE_CAMERA, users: ['alice', 'bob', 'carol'] };
const VISITORS: World = { ...PLAIN_WORLD, templates: [{ ...PLAIN_TEMPLATE, credential: 'none' }] };
const NO_BEGIN: Capabilities = { ...TINY, concurrent: false };

const nameOf = (operations: readonly Operation[]): string => operations.map((letter) => JSON.stringify(letter)).join(' ');

async function visited(alphabet: Alphabet, depth: number): Promise<Operation[][]> {
  const programs: Operation[][] = [];
  const {
    depth: reached,
    programs: count,
    ended,
  } = await enumerate(alphabet, { depth, budget: Number.POSITIVE_INFINITY }, (operations) => programs.push([...operations]) > 0);
  expect([reached, count, ended]).toEqual([depth, programs.length, false]);
  return programs;
}

/** All programs of up to this many operations in which something is answered last, and nothing is released or cancelled that was not begun. */
function bruteForce(alphabet: Alphabet, depth: number): Operation[][] {
  const letters = [...new Set(alphabet.operations)];
  const asked = (letter: Operation): string => ('template' in letter ? `${letter.user} ${letter.camera} ${letter.template}` : '');
  const isSensible = (operations: readonly Operation[]): boolean => {
    const last = operations.at(-1)!.op;
    if (last !== 'request' && last !== 'release') return false;
    return operations.every(
      (letter, at) =>
        (letter.op !== 'release' && letter.op !== 'cancel') || operations.slice(0, at).some((other) => other.op === 'begin' && asked(other) === asked(letter)),
    );
  };
  let longest: Operation[][] = [[]];
  const all: Operation[][] = [];
  for (let length = 1; length <= depth; length++) {
    longest = longest.flatMap((operations) => letters.map((letter) => [...operations, letter]));
    all.push(...longest.filter((operations) => isSensible(operations)));
  }
  return all;
}

/** The programs that differ from this one by names only, itself included. */
function alike(alphabet: Alphabet, operations: readonly Operation[]): string[] {
  const { operations: letters } = alphabet;
  const renamings = symmetriesOf(alphabet).map((map) => operations.map((letter) => letters[map[letters.indexOf(letter)]!]!));
  return [nameOf(operations), ...renamings.map((renaming) => nameOf(renaming))];
}

describe('the exhaustive small scope', () => {
  it.each<[string, World, Capabilities, number]>([
    ['two users with a camera each, without overlapping calls', PLAIN_WORLD, NO_BEGIN, 3],
    ['an owner and a stranger', ONE_CAMERA, TINY, 3],
    ['visitors', VISITORS, NO_BEGIN, 3],
    ['an owner whom nobody can stand in for, and two strangers', TWO_STRANGERS, NO_BEGIN, 3],
    ['two users with a camera each, and time', PLAIN_WORLD, { ...NO_BEGIN, time: true }, 3],
    ['two users with a camera each, with overlapping calls', PLAIN_WORLD, TINY, 2],
  ])('runs one of all programs that are alike, and nothing else: %s', async (_name, world, capabilities, depth) => {
    const alphabet = alphabetOf(world, capabilities);
    const run = await visited(alphabet, depth);
    const names = new Set(run.map((operations) => nameOf(operations)));
    expect(names.size, 'none is run twice').toBe(run.length);
    const all = bruteForce(alphabet, depth);
    for (const operations of all) expect(alike(alphabet, operations).filter((name) => names.has(name)).length).toBeGreaterThan(0);
    const classes = new Set(all.map((operations) => alike(alphabet, operations).toSorted()[0]!));
    expect(run.length).toBe(classes.size);
    const sensible = new Set(all.map((operations) => nameOf(operations)));
    for (const name of names) expect(sensible.has(name)).toBe(true);
  });

  it('really halves what two symmetric users do', async () => {
    const alphabet = alphabetOf(PLAIN_WORLD, NO_BEGIN);
    expect(symmetriesOf(alphabet)).toHaveLength(1);
    expect(2 * (await visited(alphabet, 2)).length).toBe(bruteForce(alphabet, 2).length);
    const swapped = (operations: readonly Operation[]): string => nameOf(operations.map((letter) => renamed(letter, [1, 0], [1, 0])));
    const run = await visited(alphabet, 2);
    const names = new Set(run.map((operations) => nameOf(operations)));
    for (const operations of run) expect(names.has(swapped(operations))).toBe(false);
  });

  it('runs the shortest first', async () => {
    const lengths = (await visited(alphabetOf(PLAIN_WORLD, NO_BEGIN), 3)).map((operations) => operations.length);
    expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
    expect([lengths[0], lengths.at(-1)]).toEqual([1, 3]);
  });

  it('finds every leak that a short program can make', async () => {
    for (const { target, shape, size } of PLANTED_FAULTS) {
      if (size > 3 || target.capabilities.lifetimes === 'http') continue;
      const capabilities: Capabilities = { ...TINY, channels: true };
      const world: World = { ...PLAIN_WORLD, templates: [{ ...PLAIN_TEMPLATE, channel: 'hub', tier: 'low' }, PLAIN_TEMPLATE] };
      const lab = new Lab(target, PROPERTIES);
      let shortest = Number.POSITIVE_INFINITY;
      if (target.name === 'ids-joined-by-a-colon' || shape === 'KH004/tier') continue;
      await enumerate(alphabetOf(world, capabilities), { depth: 3, budget: 300_000 }, (operations) => {
        const { breaches } = lab.try({ world, operations }) as Outcome;
        if (breaches.some((breach) => `${breach.property}/${breach.kind}` === shape)) shortest = Math.min(shortest, operations.length);
        return shortest > operations.length;
      });
      expect(shortest, target.name).toBe(size);
    }
  });

  it('stops at its budget and says how deep it came', async () => {
    const alphabet = alphabetOf(PLAIN_WORLD, NO_BEGIN);
    const [one, two] = [(await visited(alphabet, 1)).length, (await visited(alphabet, 2)).length];
    const within = async (budget: number): Promise<unknown> => {
      let ran = 0;
      const { depth, programs, ended } = await enumerate(alphabet, { depth: 2, budget }, () => ++ran > 0);
      expect(ran).toBe(programs);
      return [depth, programs, ended];
    };
    expect(await within(0)).toEqual([0, 0, false]);
    expect(await within(one - 1)).toEqual([0, one - 1, false]);
    expect(await within(one)).toEqual([1, one, false]);
    expect(await within(two - 1)).toEqual([1, two - 1, false]);
    expect(await within(two)).toEqual([2, two, false]);
  });

  it('ends when the visitor says so, at once or later', async () => {
    const alphabet = alphabetOf(PLAIN_WORLD, NO_BEGIN);
    const [one] = [(await visited(alphabet, 1)).length];
    for (const later of [false, true]) {
      let ran = 0;
      const visit = (): boolean | Promise<boolean> => {
        const going = ++ran < one + 2;
        return later ? Promise.resolve(going) : going;
      };
      expect(await enumerate(alphabet, { depth: 3, budget: 1_000 }, visit)).toEqual({ depth: 1, programs: one + 2, ended: true });
    }
  });

  it('waits for each program of a target that answers later', async () => {
    const alphabet = alphabetOf(ONE_CAMERA, TINY);
    const names: string[] = [];
    let running = 0;
    await enumerate(alphabet, { depth: 2, budget: 1_000 }, async (operations) => {
      expect(++running).toBe(1);
      const before = nameOf(operations);
      await Promise.resolve();
      expect(nameOf(operations)).toBe(before);
      running--;
      names.push(before);
      return true;
    });
    expect(names).toEqual((await visited(alphabet, 2)).map((operations) => nameOf(operations)));
  });
});
