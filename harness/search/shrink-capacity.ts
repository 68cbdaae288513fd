import type { Program } from '../../models/domain/program.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import { type Proposals, without } from './shrink-pass.ts';

/** Operations beyond which it would take too many candidates. */
const SHORT = 10;
/** The sizes of a cache in which most that hangs on one can be told. What has more room forgets nothing in a program as short as these. */
const CAPACITIES: readonly number[] = [1, 2, 3, 4];

/**
 * Gives the cache another size, and leaves out one or two operations that are superfluous then: fewer have to come before something is
 * evicted, or before something stays. A size alone never makes a program simpler, so it has to come with what it saves.
 */
export function* otherCapacities({ world, operations }: Program, { capacity: fixed }: Capabilities): Proposals {
  if (fixed !== null || operations.length > SHORT) return;
  const last = operations.length - 1;
  for (const capacity of CAPACITIES) {
    if (capacity === world.capacity) continue;
    const resized = { ...world, capacity };
    for (let one = last - 1; one >= 0; one--) {
      const fewer = without(operations, one, 1);
      yield { world: resized, operations: fewer };
      for (let other = one - 1; other >= 0; other--) yield { world: resized, operations: without(fewer, other, 1) };
    }
  }
}
