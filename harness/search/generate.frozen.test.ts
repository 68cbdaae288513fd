import { describe, expect, it } from 'vitest';
import { IN_PROCESS } from '../targets/capabilities.ts';
import { REFERENCE_MODELS } from '../targets/reference.ts';
import { alphabetOf } from './alphabet.ts';
import { Generator } from './generate.ts';
import { numberedWorld, worldNumber } from './portfolio.ts';
import { Random } from './random.ts';

const HTTP = REFERENCE_MODELS.find((target) => target.capabilities.lifetimes === 'http')!.capabilities;

/** The first programs that a seed draws for a target, as a search does, one operation a line. */
function firstPrograms(seed: number, count: number, capabilities: typeof IN_PROCESS): string {
  const random = new Random(seed);
  const programs = Array.from({ length: count }, (_, index) => {
    const world = numberedWorld(seed, worldNumber(index), capabilities);
    const alphabet = alphabetOf(world, capabilities);
    const generator = new Generator(alphabet, (letter) => letter);
    random.seed(seed, index);
    const operations = generator.program.slice(0, generator.generate(random));
    return `{\n"world": ${JSON.stringify(world)},\n"operations": [\n${operations.map((letter) => JSON.stringify(letter)).join(',\n')}\n]\n}`;
  });
  return `[\n${programs.join(',\n')}\n]\n`;
}

// What a seed means is a promise: `npx vitest run -u harness/search/generate.frozen.test.ts` breaks it, and belongs into the changelog.
describe('the first five programs of seed 1', () => {
  it('are what they have always been for an in-process cache', async () => {
    const programs = firstPrograms(1, 5, IN_PROCESS);
    expect(JSON.parse(programs)).toHaveLength(5);
    await expect(programs).toMatchFileSnapshot('./generate.frozen.in-process.json');
  });

  it('are what they have always been for an HTTP edge', async () => {
    const programs = firstPrograms(1, 5, HTTP);
    expect(JSON.parse(programs)).toHaveLength(5);
    await expect(programs).toMatchFileSnapshot('./generate.frozen.http.json');
  });
});
