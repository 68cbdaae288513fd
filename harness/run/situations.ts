import { type Situation, SITUATIONS } from '../../models/domain/situation.ts';

const PLACE: Readonly<Record<Situation, number>> = Object.fromEntries(SITUATIONS.map((name, index) => [name, index])) as Record<Situation, number>;

/** Counters of situations, one place a situation, in the order of {@link SITUATIONS}. */
export type Tally = Float64Array;

export function newTally(): Tally {
  return new Float64Array(SITUATIONS.length);
}

export function place(situation: Situation): number {
  return PLACE[situation];
}

export function addTally(sum: Tally, more: Tally): void {
  for (let index = 0; index < sum.length; index++) sum[index]! += more[index]!;
}

/** The counters by name. */
export function tallyByName(tally: Tally): Record<Situation, number> {
  return Object.fromEntries(SITUATIONS.map((name, index) => [name, tally[index]!])) as Record<Situation, number>;
}
