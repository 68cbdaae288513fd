import type { Stage } from '../run/stage.ts';
import type { Step } from '../run/step.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import { alphabetOf } from './alphabet.ts';
import { Generator, type Ingredients, PORTFOLIO } from './generate.ts';

/** Where a search sits: the stage of a world, and the generator that draws steps for it. */
export interface Seat {
  readonly stage: Stage;
  readonly generator: Generator<Step>;
}

/** The seat at a stage, for a target that can do this much. */
export function seatOf(stage: Stage, capabilities: Capabilities, ingredients: Ingredients = PORTFOLIO): Seat {
  return { stage, generator: new Generator(alphabetOf(stage.world, capabilities), (letter) => stage.compile(letter), ingredients) };
}
