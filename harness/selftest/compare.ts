import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab } from '../run/lab.ts';
import { alphabetOf } from '../search/alphabet.ts';
import { type Drawn, drawnPrograms } from '../search/draw.ts';
import { enumerate } from '../search/enumerate.ts';
import type { Target } from '../targets/target.ts';
import { playNow } from './play-now.ts';
import { tapped } from './tap.ts';

/** What came of playing the same programs to a changed cache and to its base. */
export interface Comparison {
  /** All programs up to this length over the plainest world, users and cameras up to renaming. */
  readonly depth: number;
  readonly programs: number;
  readonly operations: number;
  /** After how many programs an answer or a contact with the origin was another one; `null` where none ever was. */
  readonly differedAt: number | null;
}

export interface CompareOptions {
  readonly seed: number;
  /** Random programs, beside the enumerated ones. */
  readonly programs: number;
  readonly stopped: () => boolean;
}

/** Longest programs of those that are enumerated. */
const DEPTH = 3;
const BUDGET = 60_000;
/** Programs between two looks at whether to stop. */
const LOOK = 1024;

/** Plays the same programs to both, until something differs: every contact with the origin and every answer counts. */
export async function compare(changed: Target, base: Target, options: CompareOptions): Promise<Comparison> {
  const pair = new Pair(changed, base);
  const depth = await pair.enumerated();
  if (pair.differedAt === null) {
    for (const drawn of drawnPrograms(pair.lab, options.seed)) {
      if (pair.programs >= options.programs || !pair.agreeOn(drawn)) break;
      if (pair.programs % LOOK === 0 && options.stopped()) break;
    }
  }
  const { programs, operations, differedAt } = pair;
  return { depth, programs, operations, differedAt };
}

/** Both play on the same stage, one after the other. */
class Pair {
  readonly lab: Lab;
  programs = 0;
  operations = 0;
  differedAt: number | null = null;
  private readonly other: Lab;
  private readonly taps: readonly [ReturnType<typeof tapped>, ReturnType<typeof tapped>];

  constructor(changed: Target, base: Target) {
    this.taps = [tapped(changed), tapped(base)];
    this.lab = new Lab(this.taps[0].target, PROPERTIES);
    this.other = new Lab(this.taps[1].target, PROPERTIES);
  }

  agreeOn(drawn: Drawn): boolean {
    const { stage, length } = drawn;
    playNow(this.lab, drawn);
    const one = this.taps[0].take(stage);
    playNow(this.other, drawn);
    this.programs++;
    this.operations += length;
    if (one === this.taps[1].take(stage)) return true;
    this.differedAt = this.programs;
    return false;
  }

  /** Returns the length up to which all programs were covered. */
  async enumerated(): Promise<number> {
    const { capabilities } = this.lab.target;
    const world = { ...PLAIN_WORLD, policies: [{ cacheControl: 'public, max-age=60', vary: 'Authorization' }] };
    const stage = this.lab.stage(world);
    const { depth } = await enumerate(alphabetOf(world, capabilities), { depth: DEPTH, budget: BUDGET }, (operations) =>
      this.agreeOn({ stage, steps: operations.map((letter) => stage.compile(letter)), length: operations.length }),
    );
    return depth;
  }
}
