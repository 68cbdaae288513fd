import type { World } from '../../models/domain/world.ts';
import { numberedWorld } from '../search/portfolio.ts';
import type { Capabilities } from '../targets/capabilities.ts';

const SEED = 1;
const WORLDS = 64;
/** Consecutive programs that are played in one world. */
const STAY = 128;

/** Seats in worlds that are all made before anything is measured: making one is no part of the pace, and is measured by itself. */
export class Settled<Seat> {
  private readonly seats: readonly Seat[];

  constructor(capabilities: Capabilities, make: (world: World) => Seat) {
    this.seats = Array.from({ length: WORLDS }, (_, number) => make(numberedWorld(SEED, number, capabilities)));
  }

  /** The seat that the program of this index takes. */
  at(index: number): Seat {
    return this.seats[Math.floor(index / STAY) % WORLDS]!;
  }
}
