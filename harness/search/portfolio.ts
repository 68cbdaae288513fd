import type { World } from '../../models/domain/world.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import { Random } from './random.ts';
import { ALL_WORLDS, drawWorld, type WorldIngredients } from './worlds.ts';

/** How many programs live in a world, by the age of the search: what is rare is rare among worlds, and then among what happens in them. */
const LIVES: readonly number[] = [1, 32, 512];
/** How many worlds of an age there are; the last age has no end. */
const AGE = 2048;

/** The number of the world that a program is drawn in. Depends on the program's index alone, not on what ran before. */
export function worldNumber(index: number): number {
  let from = 0;
  for (let age = 0; ; age++) {
    const life = LIVES[age]!;
    if (age === LIVES.length - 1 || index < from + AGE * life) return age * AGE + Math.floor((index - from) / life);
    from += AGE * life;
  }
}

/** The world of this number. */
export function numberedWorld(seed: number, number: number, capabilities: Capabilities, ingredients: WorldIngredients = ALL_WORLDS): World {
  return drawWorld(new Random(seed ^ 0x57_6f_72_6c, number), capabilities, ingredients);
}

/** The seats of a search: neighbouring programs sit at one seat, and nobody comes back to an earlier one. */
export class Seats<Seat> {
  private readonly make: (world: World) => Seat;
  private readonly seed: number;
  private readonly capabilities: Capabilities;
  private readonly ingredients: WorldIngredients;
  private last: { readonly number: number; readonly seat: Seat } | null = null;

  constructor(seed: number, capabilities: Capabilities, make: (world: World) => Seat, ingredients: WorldIngredients = ALL_WORLDS) {
    this.ingredients = ingredients;
    this.seed = seed;
    this.capabilities = capabilities;
    this.make = make;
  }

  /** The seat that the program of this index takes. */
  at(index: number): Seat {
    const number = worldNumber(index);
    if (this.last?.number !== number) this.last = { number, seat: this.make(numberedWorld(this.seed, number, this.capabilities, this.ingredients)) };
    return this.last.seat;
  }
}
