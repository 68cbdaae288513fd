import type { Lab } from '../run/lab.ts';
import { type Drawn, drawnPrograms } from '../search/draw.ts';
import { numberedWorld, worldNumber } from '../search/portfolio.ts';
import { type Seat, seatOf } from '../search/seat.ts';

/** Seats in use at a time; a search needs the first of them again for every other target that can do as much. */
const KEPT = 600;

/** By what a target can do, and the seed. Seats cost more to make than programs to run, and nothing of a target is in them. */
const KEPT_SEATS = new Map<string, Map<number, Seat>>();

/**
 * The programs of a search from this seed, without end. They depend on the seed and the capabilities alone, not on what they are for; whoever
 * asks for those of two labs at once must have done with one before the next one of the other. The labs of a thread judge by the same properties.
 * `isKept`: somebody else will ask for the same.
 */
export function* randomPrograms(lab: Lab, seed: number, isKept: boolean = true): Generator<Drawn, never> {
  const { capabilities } = lab.target;
  const key = JSON.stringify([seed, capabilities]);
  const seats = KEPT_SEATS.get(key) ?? new Map<number, Seat>();
  if (isKept) KEPT_SEATS.set(key, seats);
  return yield* drawnPrograms(seed, seatAt);

  function seatAt(index: number): Seat {
    const number = worldNumber(index);
    let seat = seats.get(number);
    if (seat === undefined) {
      seat = seatOf(lab.stage(numberedWorld(seed, number, capabilities)), capabilities);
      seats.set(number, seat);
      // Later worlds give way to still later ones; the first, which every search begins with, stay.
      if (seats.size > KEPT) seats.delete([...seats.keys()].at(-(KEPT >> 3))!);
    }
    seat.stage.situations.fill(0);
    return seat;
  }
}

/** Forgets what was kept for searches to come. */
export function forgetSeats(): void {
  KEPT_SEATS.clear();
}

/** Plays a program. Only targets that answer while they are asked can be played without waiting. */
export function playNow(lab: Lab, { stage, steps, length }: Drawn): void {
  if (lab.run(stage, steps, length) !== undefined) throw new Error(`${lab.target.name} is not synchronous.`);
}
