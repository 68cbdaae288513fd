import type { Operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import type { World } from '../../models/domain/world.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import { type Evaluate, type Found, sameShape } from './evaluate.ts';
import { Simplicity } from './order.ts';
import { renamedByUse } from './rewrite.ts';
import { type Pass, REDUCING, TIDYING } from './shrink-passes.ts';

export interface ShrinkOptions {
  /** Candidates to run at most, for each failure; what was reached by then is the result. */
  readonly budget: number;
  /** What the target can be asked: nothing simpler lies outside. */
  readonly capabilities: Capabilities;
  /** Asked between candidates: true keeps what was reached. */
  readonly stopped?: () => boolean;
}

export interface Shrunk {
  readonly program: Program;
  /** Candidates that were run. */
  readonly executions: number;
  /** How often each pass made the program simpler. */
  readonly score: Readonly<Record<string, number>>;
}

/** What was shrunk: the simplest of all failures, and what it took for each of them. */
export interface ShrunkSeveral extends Shrunk {
  /** Candidates that were run, by failure. */
  readonly restarts: readonly number[];
}

/** A program that is known to fail, and how. */
export interface Failing {
  readonly program: Program;
  readonly found: Found;
}

/** Shrinks a failing program to a simplest one that breaks the same property in the same way. */
export async function shrink(program: Program, found: Found, evaluate: Evaluate, options: ShrinkOptions): Promise<Shrunk> {
  const { program: best, executions, score } = await shrinkSeveral([{ program, found }], evaluate, options);
  return { program: best, executions, score };
}

/**
 * Shrinks several failures of one shape and keeps the simplest result: a single one can end in a program from which every simpler one is
 * far. They share what they learn: no candidate is run twice, and one that comes upon a program of an earlier one goes on from its end.
 */
export async function shrinkSeveral(failures: readonly Failing[], evaluate: Evaluate, options: ShrinkOptions): Promise<ShrunkSeveral> {
  const memory = new Memory();
  const restarts: number[] = [];
  let best: Simplicity | null = null;
  for (const { program, found } of failures) {
    if (best !== null && (options.stopped?.() ?? false)) break;
    const funnel = new Funnel(program, found, memory, { ...options, evaluate });
    await funnel.run();
    restarts.push(funnel.executions);
    if (best?.isBeatenBy(funnel.best) ?? true) best = funnel.best;
  }
  return { program: best!.program, executions: restarts.reduce((sum, count) => sum + count, 0), restarts, score: memory.score };
}

/** All that is simpler by one step than a program, renamed by first use; best hope first. */
export function* simplerPrograms(program: Program, capabilities: Capabilities): Iterable<Program> {
  const own = new Simplicity(program);
  for (const { propose } of [...REDUCING, ...TIDYING])
    for (const candidate of propose(program, capabilities)) {
      const renamed = candidate === null ? null : renamedByUse(candidate);
      if (renamed !== null && own.isBeatenBy(new Simplicity(renamed))) yield renamed;
    }
}

/** Operations from which on to give a program new names costs more than it saves. */
const LONG = 8;

/** What shrinking has learnt of one bug: which programs were tried, what the failing ones led to, which passes pay. */
class Memory {
  readonly score: Record<string, number> = {};
  readonly cost: Record<string, number> = {};
  private readonly worlds = new Map<string | World, KeptWorld>();
  private readonly letters = new Map<string | Operation, KeptLetter>();
  /** By program: the funnel that came through it, or null where it does not fail. */
  private readonly tried = new Map<string, Funnel | null>();

  /** The same program out of parts that are there once: what was prepared for them need not be prepared again. */
  kept({ world, operations }: Program): { program: Program; key: string } {
    const known = this.keptWorld(world);
    const key: number[] = [known.number];
    const letters = operations.map((letter) => {
      const kept = this.keptLetter(letter);
      key.push(kept.number);
      return kept.letter;
    });
    return { program: { world: known.world, operations: letters }, key: String.fromCharCode(...key) };
  }

  /** What is known of a program: where it led, null where it does not fail, undefined where nobody tried. */
  recall(key: string): Funnel | null | undefined {
    return this.tried.get(key);
  }

  learn(key: string, led: Funnel | null): void {
    this.tried.set(key, led);
  }

  /** Passes, those first that made a program simpler most often for what they cost. */
  ordered(passes: readonly Pass[]): readonly Pass[] {
    const worth = ({ name }: Pass): number => ((this.score[name] ?? 0) + 1) / ((this.cost[name] ?? 0) + 1);
    return passes.toSorted((a, b) => worth(b) - worth(a));
  }

  private keptWorld(world: World): KeptWorld {
    let known = this.worlds.get(world);
    if (known !== undefined) return known;
    const text = JSON.stringify(world);
    known = this.worlds.get(text);
    if (known === undefined) this.worlds.set(text, (known = { world, number: this.worlds.size }));
    this.worlds.set(world, known);
    return known;
  }

  private keptLetter(letter: Operation): KeptLetter {
    let known = this.letters.get(letter);
    if (known !== undefined) return known;
    const { op, user, camera, template, outcome, channel, by, to } = letter as Operation & Record<string, unknown>;
    const text = [op, user, camera, template, outcome, channel, by, to].join(' ');
    known = this.letters.get(text);
    if (known === undefined) this.letters.set(text, (known = { letter, number: this.letters.size }));
    this.letters.set(letter, known);
    return known;
  }
}

interface KeptWorld {
  readonly world: World;
  readonly number: number;
}

interface KeptLetter {
  readonly letter: Operation;
  readonly number: number;
}

/** Every candidate of one failure goes through here: it is dropped if it was tried or is no simpler, and runs while the budget lasts. */
class Funnel {
  best: Simplicity;
  executions = 0;
  private readonly found: Found;
  private readonly memory: Memory;
  private readonly options: ShrinkOptions & { readonly evaluate: Evaluate };

  constructor(program: Program, found: Found, memory: Memory, options: ShrinkOptions & { readonly evaluate: Evaluate }) {
    this.best = new Simplicity(program);
    this.found = found;
    this.memory = memory;
    this.options = options;
  }

  get isSpent(): boolean {
    return this.executions >= this.options.budget || (this.options.stopped?.() ?? false);
  }

  /** Tries all passes until none of them helps any more. */
  async run(): Promise<void> {
    const { world, operations } = this.best.program;
    await this.consider({ world, operations: operations.slice(0, this.found.instant) }, REDUCING[0]!);
    let before: Simplicity;
    do {
      await this.settle();
      before = this.best;
      for (const pass of this.memory.ordered(TIDYING)) {
        await this.exhaust(pass);
        // What was put in order may have become superfluous.
        if (this.best.length < before.length) break;
      }
    } while (this.best !== before && !this.isSpent);
  }

  /** Tries what makes the program smaller until nothing does. */
  private async settle(): Promise<void> {
    let before: Simplicity;
    do {
      before = this.best;
      for (const pass of this.memory.ordered(REDUCING)) await this.exhaust(pass);
    } while (this.best !== before && !this.isSpent);
  }

  /** Tries a pass until it proposes nothing that helps. */
  private async exhaust(pass: Pass): Promise<void> {
    let helped = true;
    while (helped && !this.isSpent) {
      helped = false;
      const proposals = pass.propose(this.best.program, this.options.capabilities);
      let kept: Program | undefined;
      for (let next = proposals.next(); next.done !== true && !this.isSpent; next = proposals.next(kept)) {
        kept = next.value !== null && (await this.consider(next.value, pass)) ? this.best.program : undefined;
        if (kept === undefined) continue;
        if (pass.goesOn === true) continue;
        helped = true;
        break;
      }
    }
  }

  private async consider(candidate: Program, { name, keepsNames }: Pass): Promise<boolean> {
    const isLong = candidate.operations.length > LONG;
    const renamed = new Simplicity(keepsNames === true && isLong ? candidate : renamedByUse(candidate));
    if (!this.best.isBeatenBy(renamed)) return false;
    const { program, key } = this.memory.kept(renamed.program);
    const led = this.memory.recall(key);
    if (led !== undefined) return led !== null && led !== this && this.adopt(led.best);
    this.executions++;
    this.memory.cost[name] = (this.memory.cost[name] ?? 0) + 1;
    const result = this.options.evaluate(program);
    const breach = (result instanceof Promise ? await result : result).find((other) => sameShape(other, this.found));
    this.memory.learn(key, breach === undefined ? null : this);
    if (breach === undefined) return false;
    this.memory.score[name] = (this.memory.score[name] ?? 0) + 1;
    const { world, operations } = program;
    const cut = breach.instant < operations.length;
    return this.adopt(cut ? new Simplicity(renamedByUse({ world, operations: operations.slice(0, breach.instant) })) : renamed);
  }

  private adopt(simpler: Simplicity): boolean {
    if (!this.best.isBeatenBy(simpler)) return false;
    this.best = simpler;
    return true;
  }
}
