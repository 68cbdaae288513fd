import type { Operation } from '../../models/domain/operation.ts';
import type { Alphabet } from './alphabet.ts';
import { Hazards } from './generate-hazards.ts';
import { Layout } from './generate-layout.ts';
import { Walk } from './generate-walk.ts';
import type { Random } from './random.ts';
import { Tape } from './tape.ts';

/** Longest program of each stratum of those that wander, and about the longest of those that tell stories. */
const WANDERED: readonly number[] = [8, 8, 30, 30, 120];
const TOLD: readonly number[] = [8, 8, 8, 8, 12, 12, 12, 12, 12, 12, 30, 30, 30, 30, 30, 80];
/** Of 256 programs, how many only wander: what no story foresees has to be met too. */
const WANDERING = 16;

/** After one story in eight comes something else: where none of these bits is set, of those that stories leave. */
const BETWEEN = 0x1c_00_00;

/** How programs of a portfolio differ: each ingredient can be taken out to see what it is worth. */
export interface Ingredients {
  /** Draw weights of kinds for each program. */
  readonly weights: boolean;
  /** Stay near what was just asked. */
  readonly locality: boolean;
  /** Mix short, middling and long programs; otherwise the longest is this. */
  readonly lengths: boolean;
  /** Tell stories in which caches go wrong, between steps that may be anything. */
  readonly hazards: boolean;
}

export const PORTFOLIO: Ingredients = { weights: true, locality: true, lengths: true, hazards: true };

/** The same without stories: what a statement about all programs may be drawn from, since it favours no way in which caches go wrong. */
export const UNSTEERED: Ingredients = { ...PORTFOLIO, hazards: false };

/** Draws programs over one alphabet. Holds buffers that it uses again: a drawn program is valid until the next one. */
export class Generator<Letter> {
  private readonly tape: Tape<Letter>;
  private readonly ingredients: Ingredients;
  private readonly layout: Layout;
  private readonly walk: Walk;
  /** Null where no stories are told. */
  private readonly hazards: Hazards | null;

  /** `letterOf`: what is drawn for an operation of the alphabet: itself, or a step made of it. Asked once for each that comes up. */
  constructor(alphabet: Alphabet, letterOf: (operation: Operation) => Letter, ingredients: Ingredients = PORTFOLIO) {
    this.tape = new Tape(alphabet.operations.length, (index) => letterOf(alphabet.operations[index]!));
    this.ingredients = ingredients;
    this.layout = new Layout(alphabet);
    this.walk = new Walk(this.layout, ingredients);
    this.hazards = ingredients.hazards ? new Hazards(this.tape, this.layout, alphabet.told) : null;
  }

  /** What was drawn last; only the first `length` count. */
  get program(): Letter[] {
    return this.tape.program;
  }

  /** Draws the next program into `program`, with exactly `length` operations if given, and returns its length. */
  generate(random: Random, length?: number): number {
    const { hazards } = this;
    const tells = hazards !== null && !random.chance(WANDERING);
    const strata = tells ? TOLD : WANDERED;
    const longest = this.ingredients.lengths ? strata[random.below(strata.length)]! : 50;
    const size = length ?? 1 + random.below(longest);
    this.layout.reset();
    if (!tells) return this.wander(random, size);
    const told = this.tell(hazards, random, size);
    return length ?? told;
  }

  private wander(random: Random, size: number): number {
    const { tape, walk } = this;
    walk.begin(random);
    for (let index = 0; index < size; index++) tape.write(index, walk.draw(random));
    return size;
  }

  /** Stories, with anything else between them now and then, until there are this many operations. The last one comes to its end. */
  private tell(hazards: Hazards, random: Random, size: number): number {
    const { tape, layout } = this;
    let index = hazards.begin(random);
    for (;;) {
      const bits = random.next();
      index = hazards.tell(random, bits, index);
      if (index >= size) return index;
      if ((bits & BETWEEN) === 0) tape.write(index++, random.below(layout.plain));
    }
  }
}
