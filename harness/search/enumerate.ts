import type { Operation } from '../../models/domain/operation.ts';
import type { Alphabet } from './alphabet.ts';
import { symmetriesOf } from './symmetry.ts';

/** What the walk is told after a program was run: go on, or end here. */
export type Visit = (operations: readonly Operation[]) => boolean | Promise<boolean>;

export interface Enumeration {
  /** Every program up to this length was covered. */
  readonly depth: number;
  /** How many were run: of all programs that are alike but for names, one; and none that ends in nothing being answered. */
  readonly programs: number;
  /** Whether the visitor ended the walk. */
  readonly ended: boolean;
  /** Different states, up to renaming, that were gone on from; absent where it went on from every program. */
  readonly states?: number;
}

export interface EnumerateOptions {
  /** Longest program. */
  readonly depth: number;
  /** Runs at most; the depth then reached is reported. */
  readonly budget: number;
  /** Users and cameras are told apart: their ids matter, so that a program and its renaming are two. */
  readonly distinct?: boolean;
}

/**
 * Walks all programs over an alphabet, shortest first, users and cameras up to renaming. Only programs whose last operation
 * can bring an answer are run: a breach is noticed at an answer, so what follows the last one adds nothing.
 */
export async function enumerate(alphabet: Alphabet, options: EnumerateOptions, visit: Visit): Promise<Enumeration> {
  const walk = new Walk(alphabet, options, visit);
  for (let depth = 1; depth <= options.depth; depth++) {
    const whole = await walk.level(depth);
    if (!whole) return { depth: depth - 1, programs: walk.programs, ended: walk.ended };
  }
  return { depth: options.depth, programs: walk.programs, ended: false };
}

class Walk {
  programs = 0;
  ended = false;
  private readonly operations: readonly Operation[];
  private readonly symmetries: readonly Int32Array[];
  private readonly asked: Int32Array;
  /** Whether an operation stands at its first place in the alphabet. */
  private readonly first: readonly boolean[];
  private readonly path: number[] = [];
  private readonly program: Operation[] = [];
  private readonly budget: number;
  private readonly visit: Visit;

  constructor(alphabet: Alphabet, { budget, distinct }: EnumerateOptions, visit: Visit) {
    this.operations = alphabet.operations;
    this.symmetries = distinct === true ? [] : symmetriesOf(alphabet);
    this.asked = askedOf(alphabet.operations);
    this.first = alphabet.operations.map((letter, index) => alphabet.operations.indexOf(letter) === index);
    this.budget = budget;
    this.visit = visit;
  }

  /** Runs the programs of exactly this length. False when the walk ended before the last of them. */
  async level(depth: number): Promise<boolean> {
    const at = this.path.length;
    for (let index = 0; index < this.operations.length; index++) {
      const letter = this.operations[index]!;
      if (at === depth - 1 && letter.op !== 'request' && letter.op !== 'release') continue;
      if (!this.isUseful(letter, index)) continue;
      this.path[at] = index;
      this.program[at] = letter;
      const pending = this.isCanonical(at + 1) ? this.descend(depth, at + 1) : true;
      const whole = typeof pending === 'boolean' ? pending : await pending;
      this.path.length = at;
      this.program.length = at;
      if (!whole) return false;
    }
    return true;
  }

  private descend(depth: number, length: number): boolean | Promise<boolean> {
    if (length < depth) return this.level(depth);
    if (this.programs >= this.budget) return false;
    this.programs++;
    const going = this.visit(this.program);
    if (typeof going === 'boolean') return this.goOn(going);
    return going.then((more) => this.goOn(more));
  }

  private goOn(going: boolean): boolean {
    if (!going) this.ended = true;
    return going;
  }

  /** To release or to cancel what was never begun does nothing; neither does an anonymous request at a second user's place. */
  private isUseful(letter: Operation, index: number): boolean {
    if (!this.first[index]!) return false;
    if (letter.op !== 'release' && letter.op !== 'cancel') return true;
    const asked = this.asked[index]!;
    return this.path.some((earlier) => this.operations[earlier]!.op === 'begin' && this.asked[earlier] === asked);
  }

  /** Whether no renaming makes the path earlier in the order of the alphabet. */
  private isCanonical(length: number): boolean {
    for (const map of this.symmetries)
      for (let at = 0; at < length; at++) {
        const here = this.path[at]!;
        const there = map[here]!;
        if (there < here) return false;
        if (there > here) break;
      }
    return true;
  }
}

/** A number for what an operation asks, the same for its begin, release and cancel. */
export function askedOf(operations: readonly Operation[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(operations, (letter) => {
    const { user, camera, template } = letter as { user?: number; camera?: number; template?: number };
    if (template === undefined) return -1;
    const key = `${user},${camera},${template}`;
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key)!;
  });
}
