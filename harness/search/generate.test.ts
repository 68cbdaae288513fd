import { describe, expect, it } from 'vitest';
import type { Operation, OperationKind } from '../../models/domain/operation.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { type Capabilities, IN_PROCESS } from '../targets/capabilities.ts';
import { REFERENCE_MODELS } from '../targets/reference.ts';
import { type Alphabet, alphabetOf } from './alphabet.ts';
import { Generator, type Ingredients, PORTFOLIO } from './generate.ts';
import { numberedWorld } from './portfolio.ts';
import { Random } from './random.ts';

const HTTP: Capabilities = REFERENCE_MODELS.find((target) => target.capabilities.lifetimes === 'http')!.capabilities;
const ALL: Capabilities = { ...IN_PROCESS, configurations: 2 };
const SEQUENTIAL: Capabilities = { ...IN_PROCESS, concurrent: false, channels: false, publish: false, restart: false, purge: false, time: false };

const alphabetAt = (number: number, capabilities: Capabilities): Alphabet => alphabetOf(numberedWorld(9, number, capabilities), capabilities);

function draw(generator: Generator<Operation>, index: number, length?: number): Operation[] {
  const size = generator.generate(new Random(9, index), length);
  return generator.program.slice(0, size);
}

const generatorOf = (alphabet: Alphabet, ingredients?: Ingredients): Generator<Operation> => new Generator(alphabet, (letter) => letter, ingredients);

describe('a generated program', () => {
  it('depends on its seed and index alone, not on what was drawn before', () => {
    const alphabet = alphabetAt(3, ALL);
    const generator = generatorOf(alphabet);
    const forwards = Array.from({ length: 60 }, (_, index) => draw(generator, index));
    for (let index = 59; index >= 0; index--) expect(draw(generator, index)).toEqual(forwards[index]);
    expect(draw(generatorOf(alphabet), 17)).toEqual(forwards[17]);
  });

  it('is made of letters of the alphabet, whatever the world and the target', () => {
    for (const capabilities of [ALL, HTTP, SEQUENTIAL])
      for (let number = 0; number < 120; number++) {
        const alphabet = alphabetAt(number, capabilities);
        const letters = new Set(alphabet.operations);
        const generator = generatorOf(alphabet);
        for (let index = 0; index < 20; index++) expect(draw(generator, index).every((letter) => letters.has(letter))).toBe(true);
      }
  });

  it('may be drawn as anything that stands for the letters, made when one first comes up', () => {
    const alphabet = alphabetAt(5, ALL);
    const asked: Operation[] = [];
    const numbers = new Generator(alphabet, (letter) => asked.push(letter) - 1);
    const generator = generatorOf(alphabet);
    for (let index = 0; index < 20; index++) {
      const size = numbers.generate(new Random(9, index));
      expect(numbers.program.slice(0, size).map((place) => asked[place])).toEqual(draw(generator, index));
    }
    // What stands for a letter is made once.
    expect(asked.length).toBeLessThanOrEqual(alphabet.operations.length);
  });

  it('is short, middling or long, or as long as is asked', () => {
    const generator = generatorOf(alphabetOf(PLAIN_WORLD, ALL));
    const lengths = Array.from({ length: 2_000 }, (_, index) => draw(generator, index).length);
    expect(Math.min(...lengths)).toBe(1);
    expect(Math.max(...lengths)).toBeGreaterThan(80);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(120);
    const share = (from: number, to: number): number => lengths.filter((length) => length >= from && length <= to).length / lengths.length;
    expect(share(1, 8)).toBeGreaterThan(0.4);
    expect(share(9, 30)).toBeGreaterThan(0.2);
    expect(share(31, 120)).toBeGreaterThan(0.05);
    for (const length of [1, 2, 77]) expect(draw(generator, 4, length)).toHaveLength(length);
  });

  it('draws every letter of the alphabet sooner or later, and every kind soon', () => {
    for (const capabilities of [ALL, HTTP, SEQUENTIAL]) {
      const alphabet = alphabetAt(1, capabilities);
      const generator = generatorOf(alphabet);
      const drawn = new Set<Operation>();
      const kinds = new Set<OperationKind>();
      const enough = alphabet.blocks.length;
      for (let index = 0; index < 400; index++) for (const letter of draw(generator, index)) kinds.add(letter.op);
      expect(kinds.size).toBe(enough);
      for (let index = 0; index < 20_000 && drawn.size < new Set(alphabet.operations).size; index++)
        for (const letter of draw(generator, index)) drawn.add(letter);
      expect(alphabet.operations.filter((letter) => !drawn.has(letter))).toEqual([]);
    }
  });

  it('asks in three of ten of its steps or more: nothing else shows a leak', () => {
    const generator = generatorOf(alphabetAt(2, ALL));
    for (let index = 0; index < 200; index++) {
      const program = draw(generator, index, 200);
      const asks = program.filter((letter) => letter.op === 'request' || letter.op === 'begin' || letter.op === 'release').length;
      expect(asks / program.length).toBeGreaterThan(0.3);
    }
  });

  it('releases and cancels only what it has begun', () => {
    for (let number = 0; number < 60; number++) {
      const generator = generatorOf(alphabetAt(number, ALL));
      for (let index = 0; index < 40; index++) {
        const begun = new Set<string>();
        for (const letter of draw(generator, index)) {
          if (letter.op !== 'begin' && letter.op !== 'release' && letter.op !== 'cancel') continue;
          const asked = `${letter.user} ${letter.camera} ${letter.template}`;
          if (letter.op === 'begin') begun.add(asked);
          else expect(begun.has(asked)).toBe(true);
        }
      }
    }
  });

  it('lets no more time pass than it takes where nothing may be kept, if the target hears of nothing', () => {
    const seconds = (cacheControl: string, told: boolean): number => {
      const world = { ...PLAIN_WORLD, policies: [{ cacheControl, vary: '' }] };
      const generator = generatorOf(alphabetOf(world, { ...HTTP, told }));
      const steps = Array.from({ length: 1_000 }, (_, index) => draw(generator, index)).flat();
      const advances = steps.flatMap((letter) => (letter.op === 'advance' ? [letter.by] : []));
      return advances.filter((by) => by === 1_000).length / advances.length;
    };
    for (const unkept of ['no-store', 'public, no-cache', 'Private']) expect(seconds(unkept, false)).toBeGreaterThan(0.4);
    expect(seconds('max-age=60', false)).toBeLessThan(0.25);
    expect(seconds('no-store', true)).toBeLessThan(0.25);
  });

  it('differs from others in what it does, not only in its order', () => {
    const generator = generatorOf(alphabetOf(PLAIN_WORLD, ALL));
    const vocabularies = new Set(
      Array.from({ length: 200 }, (_, index) => [...new Set(draw(generator, index, 100).map((letter) => letter.op))].toSorted().join()),
    );
    expect(vocabularies.size).toBeGreaterThan(30);
  });

  it('is an even mix of all kinds, far from what was asked last, when nothing is put in', () => {
    const alphabet = alphabetAt(2, ALL);
    const generator = generatorOf(alphabet, { weights: false, locality: false, lengths: false, hazards: false });
    const counts = new Map<OperationKind, number>();
    for (let index = 0; index < 400; index++) for (const letter of draw(generator, index)) counts.set(letter.op, (counts.get(letter.op) ?? 0) + 1);
    expect(counts.size).toBe(alphabet.blocks.length);
    const lengths = Array.from({ length: 400 }, (_, index) => draw(generator, index).length);
    expect(Math.max(...lengths)).toBe(50);
    expect(PORTFOLIO).toEqual({ weights: true, locality: true, lengths: true, hazards: true });
  });
});
