import type { World } from '../../models/domain/world.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import { mix, Random } from './random.ts';
import { ALL_WORLDS, drawWorld, type WorldIngredients } from './worlds.ts';

/** Programs before worlds are used again: each of these has a world of its own. */
const FIRST = 2048;
/** How many worlds are then in use. */
const POOL = 64;
/** Consecutive programs that share a world: what they need stays close to the processor. */
const BATCH = 128;
/** Batches after which one world of the pool gives way to a new one. */
const RENEWAL = 512;

/** The number of the world that a program is drawn in. Depends on the program's index alone, not on what ran before. */
export function worldNumber(index: number): number {
  if (index < FIRST) return index;
  const batch = Math.floor((index - FIRST) / BATCH);
  const slot = mix(batch) & (POOL - 1);
  const renewals = Math.floor(batch / RENEWAL);
  if (renewals <= slot) return FIRST - POOL + slot;
  return FIRST + slot + Math.floor((renewals - 1 - slot) / POOL) * POOL;
}

/** The world of this number. */
export function numberedWorld(seed: number, number: number, capabilities: Capabilities, ingredients: WorldIngredients = ALL_WORLDS): World {
  return drawWorld(new Random(seed ^ 0x57_6f_72_6c, number), capabilities, ingredients);
}

/** What is kept for the worlds in use, made when first needed. */
export class Seats<Seat> {
  private readonly make: (world: World) => Seat;
  private readonly seed: number;
  private readonly capabilities: Capabilities;
  private readonly ingredients: WorldIngredients;
  private readonly kept = new Map<number, Seat>();
  /** Neighbouring programs mostly sit at the same seat. */
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
    if (this.last !== null && this.last.number === number) return this.last.seat;
    let seat = this.kept.get(number);
    if (seat === undefined) {
      seat = this.make(numberedWorld(this.seed, number, this.capabilities, this.ingredients));
      this.kept.set(number, seat);
      if (this.kept.size > 2 * POOL) this.kept.delete(this.kept.keys().next().value!);
    }
    this.last = { number, seat };
    return seat;
  }
}
