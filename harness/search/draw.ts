import type { Stage } from '../run/stage.ts';
import type { Step } from '../run/step.ts';
import { Random } from './random.ts';
import type { Seat } from './seat.ts';

/** A program that a search drew. Valid until the next one is drawn. */
export interface Drawn {
  readonly stage: Stage;
  readonly steps: readonly Step[];
  readonly length: number;
}

/** The programs of a search from this seed, without end, each at the seat that it takes. They depend on the seed, their index and the seats alone. */
export function* drawnPrograms(seed: number, seatAt: (index: number) => Seat): Generator<Drawn, never> {
  const random = new Random(seed);
  for (let index = 0; ; index++) {
    const { stage, generator } = seatAt(index);
    random.seed(seed, index);
    const length = generator.generate(random);
    yield { stage, steps: generator.program, length };
  }
}
