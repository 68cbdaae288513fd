import type { Lab } from '../run/lab.ts';
import type { Drawn } from '../search/draw.ts';

/** Plays a program. Only targets that answer while they are asked can be played without waiting. */
export function playNow(lab: Lab, { stage, steps, length }: Drawn): void {
  if (lab.run(stage, steps, length) !== undefined) throw new Error(`${lab.target.name} is not synchronous.`);
}
