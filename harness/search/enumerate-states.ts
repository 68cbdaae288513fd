import type { Operation } from '../../models/domain/operation.ts';
import type { Alphabet } from './alphabet.ts';
import { askedOf, type EnumerateOptions, type Enumeration } from './enumerate.ts';
import { symmetriesOf } from './symmetry.ts';

/** What the walk over states works with. */
export interface Explorer {
  /** Plays a program from the start, and looks at what it broke. False ends the walk. */
  visit(operations: readonly Operation[]): boolean | Promise<boolean>;
  /** Asked before each state: true ends the walk. */
  stopped?(): boolean;
  /** Plays a program from the start, without looking, and says in which state that ends. */
  state(operations: readonly Operation[]): string;
}

/**
 * Walks all programs over an alphabet, shortest first, but goes on only from states that no earlier one came to: equal states have the
 * same future, so what leaks after one leaks after the other. Users and cameras up to renaming.
 */
export async function enumerateStates(alphabet: Alphabet, options: EnumerateOptions, explorer: Explorer): Promise<Enumeration> {
  const walk = new StateWalk(alphabet, options, explorer);
  for (let depth = 1; depth <= options.depth; depth++) {
    const states = walk.states;
    if (!(await walk.level())) return { depth: depth - 1, programs: walk.programs, ended: walk.ended, states };
    if (depth === options.depth || !walk.isExpandable()) return { depth, programs: walk.programs, ended: false, states };
    if (!walk.expand()) return { depth, programs: walk.programs, ended: true, states };
  }
  return { depth: options.depth, programs: walk.programs, ended: false, states: walk.states };
}

/** A program that was the first to come to its state: places in the alphabet. */
type Path = readonly number[];

class StateWalk {
  /** Programs that were looked at, and all that were played: those too that only led on to other states. */
  programs = 0;
  private plays = 0;
  ended = false;
  private frontier: Path[] = [[]];
  private readonly seen = new Set<string>();
  private count = 1;
  private readonly operations: readonly Operation[];
  private readonly symmetries: readonly Int32Array[];
  private readonly asked: Int32Array;
  private readonly options: EnumerateOptions;
  private readonly explorer: Explorer;

  constructor(alphabet: Alphabet, options: EnumerateOptions, explorer: Explorer) {
    this.operations = alphabet.operations;
    this.symmetries = options.distinct === true ? [] : symmetriesOf(alphabet);
    this.asked = askedOf(alphabet.operations);
    this.options = options;
    this.explorer = explorer;
    this.meet([]);
  }

  /** Different states so far, up to renaming. */
  get states(): number {
    return this.count;
  }

  /** Asks everything that can be answered in every state of the frontier. */
  async level(): Promise<boolean> {
    for (const path of this.frontier)
      for (const [index, letter] of this.operations.entries()) {
        if (letter.op !== 'request' && letter.op !== 'release') continue;
        if (!this.isUseful(path, index)) continue;
        if (this.plays >= this.options.budget) return false;
        this.plays++;
        this.programs++;
        const going = this.explorer.visit(this.programOf([...path, index]));
        if (!(typeof going === 'boolean' ? going : await going)) {
          this.ended = true;
          return false;
        }
      }
    return true;
  }

  /** Whether what the next level needs can still be afforded: one play for every operation in every state. */
  isExpandable(): boolean {
    return this.plays + this.frontier.length * this.operations.length < this.options.budget;
  }

  /** Goes on to the states that are one operation away. False where it was stopped. */
  expand(): boolean {
    const next: Path[] = [];
    for (const path of this.frontier) {
      if (this.explorer.stopped?.() ?? false) return false;
      for (const index of this.operations.keys()) {
        if (!this.isUseful(path, index)) continue;
        const longer = [...path, index];
        this.plays++;
        if (this.meet(longer)) next.push(longer);
      }
    }
    this.frontier = next;
    this.count += next.length;
    return true;
  }

  /** Whether the state that a program ends in is new. All that are like it but for names count as seen from now on. */
  private meet(path: Path): boolean {
    const state = this.explorer.state(this.programOf(path));
    if (this.seen.has(state)) return false;
    this.seen.add(state);
    for (const map of this.symmetries) this.seen.add(this.explorer.state(this.programOf(path.map((index) => map[index]!))));
    return true;
  }

  private programOf(path: Path): Operation[] {
    return path.map((index) => this.operations[index]!);
  }

  private isUseful(path: Path, index: number): boolean {
    const letter = this.operations[index]!;
    if (this.operations.indexOf(letter) !== index) return false;
    if (letter.op !== 'release' && letter.op !== 'cancel') return true;
    return path.some((earlier) => this.operations[earlier]!.op === 'begin' && this.asked[earlier] === this.asked[index]);
  }
}
