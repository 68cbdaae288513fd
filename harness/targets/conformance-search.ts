import type { Program } from '../../models/domain/program.ts';
import { playAsync } from '../run/run-async.ts';
import { addTally, newTally, tallyByName, type Tally } from '../run/situations.ts';
import { Stage, type StageOptions } from '../run/stage.ts';
import { alphabetOf } from '../search/alphabet.ts';
import { Generator } from '../search/generate.ts';
import { Random } from '../search/random.ts';
import { drawWorld } from '../search/worlds.ts';
import type { AsyncSession, Target } from './target.ts';

export interface SearchOptions {
  readonly programs: number;
  readonly seed: number;
  readonly properties: StageOptions['properties'];
  /** Stop at the first breach. */
  readonly bail?: boolean;
}

/** What a search came to. */
export interface Searched {
  /** By property and kind, such as `KH001 stranger`: the first program that broke it. */
  readonly breaches: ReadonlyMap<string, Program>;
  readonly situations: ReturnType<typeof tallyByName>;
  readonly programs: number;
  readonly operations: number;
}

/** How many programs are tried in one world. */
const PROGRAMS_A_WORLD = 20;

/** Random programs against one target, nothing else: no small scope first, no shrinking. What the tests of targets need of a check. */
export async function search(target: Target, options: SearchOptions): Promise<Searched> {
  const breaches = new Map<string, Program>();
  const situations: Tally = newTally();
  let programs = 0;
  let operations = 0;
  while (programs < options.programs && (breaches.size === 0 || options.bail !== true)) {
    const random = new Random(options.seed, programs);
    const seat = new Seat(target, random, options);
    for (let tried = 0; tried < PROGRAMS_A_WORLD && programs < options.programs; tried++, programs++) {
      const program = await seat.play(random);
      operations += program.operations.length;
      for (const { property, kind } of seat.stage.breaches) if (!breaches.has(`${property} ${kind}`)) breaches.set(`${property} ${kind}`, program);
    }
    addTally(situations, seat.stage.situations);
  }
  return { breaches, situations: tallyByName(situations), programs, operations };
}

/** A world with its stage and its generator. */
class Seat {
  readonly stage: Stage;
  private readonly target: Target;
  private readonly generator: Generator<Program['operations'][number]>;

  constructor(target: Target, random: Random, { properties }: SearchOptions) {
    const { capabilities } = target;
    const world = drawWorld(random, capabilities);
    const alphabet = alphabetOf(world, capabilities);
    this.target = target;
    this.stage = new Stage(world, { terms: { told: capabilities.told }, lifetimes: capabilities.lifetimes, properties, record: false });
    this.generator = new Generator(alphabet, (letter) => letter);
  }

  async play(random: Random): Promise<Program> {
    const { stage, generator } = this;
    const length = generator.generate(random);
    const operations = generator.program.slice(0, length);
    const session = (await this.target.open(stage)) as AsyncSession;
    try {
      await playAsync(
        stage,
        session,
        operations.map((letter) => stage.compile(letter)),
      );
    } finally {
      await session.close();
    }
    return { world: stage.world, operations };
  }
}
