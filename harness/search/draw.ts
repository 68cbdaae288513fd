import type { Lab } from '../run/lab.ts';
import type { Stage } from '../run/stage.ts';
import type { Step } from '../run/step.ts';
import { type Ingredients, PORTFOLIO } from './generate.ts';
import { Seats } from './portfolio.ts';
import { Random } from './random.ts';
import { seatOf } from './seat.ts';
import { ALL_WORLDS, type WorldIngredients } from './worlds.ts';

/** A program that a search drew. Valid until the next one is drawn. */
export interface Drawn {
  readonly stage: Stage;
  readonly steps: readonly Step[];
  readonly length: number;
}

/** What a search draws from, where it is not everything. */
export interface Drawing {
  readonly ingredients?: Ingredients;
  readonly worlds?: WorldIngredients;
}

/** The programs of a search from this seed against the target of a lab, without end. They depend on the seed and on what the target can do alone. */
export function* drawnPrograms(lab: Lab, seed: number, { ingredients = PORTFOLIO, worlds = ALL_WORLDS }: Drawing = {}): Generator<Drawn, never> {
  const { capabilities } = lab.target;
  const seats = new Seats(seed, capabilities, (world) => seatOf(lab.stage(world), capabilities, ingredients), worlds);
  const random = new Random(seed);
  for (let index = 0; ; index++) {
    const { stage, generator } = seats.at(index);
    random.seed(seed, index);
    const length = generator.generate(random);
    yield { stage, steps: generator.program, length };
  }
}
