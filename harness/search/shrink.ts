import type { Program } from '../../models/domain/program.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import { type Evaluate, type Found, sameShape } from './evaluate.ts';
import { Simplicity } from './order.ts';
import { renamedPlainly } from './rewrite.ts';
import { Memory } from './shrink-memory.ts';
import type { Pass } from './shrink-pass.ts';
import { DELETE, REDUCING, TIDYING } from './shrink-passes.ts';

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
 * far. All lose what they can do without; from then on only those go on that are no longer than the best. They share what they learn: no
 * candidate is run twice, and one that comes upon a program of an earlier one has come to its end.
 */
export async function shrinkSeveral(failures: readonly Failing[], evaluate: Evaluate, options: ShrinkOptions): Promise<ShrunkSeveral> {
  const memory = new Memory<Funnel>();
  const funnels = failures.map(({ program, found }) => new Funnel(program, found, memory, { ...options, evaluate }));
  for (const funnel of funnels) if (funnel === funnels[0] || !funnel.isSpent) await funnel.shorten();
  let best: Simplicity | null = null;
  for (const funnel of funnels.toSorted((a, b) => a.best.length - b.best.length)) {
    if (best !== null && funnel.best.length > best.length) break;
    await funnel.run();
    if (best?.isBeatenBy(funnel.best) ?? true) best = funnel.best;
  }
  const restarts = funnels.map(({ executions }) => executions);
  return { program: best!.program, executions: restarts.reduce((sum, count) => sum + count, 0), restarts, score: memory.score };
}

/** All that is simpler by one step than a program, renamed by first use; best hope first. */
export function* simplerPrograms(program: Program, capabilities: Capabilities): Iterable<Program> {
  const own = new Simplicity(program);
  for (const { propose } of [...REDUCING, ...TIDYING])
    for (const candidate of propose(program, capabilities)) {
      const renamed = candidate === null ? null : renamedPlainly(candidate);
      if (renamed !== null && own.isBeatenBy(new Simplicity(renamed))) yield renamed;
    }
}

/** Operations from which on to give a program new names costs more than it saves. */
const LONG = 8;

/** Every candidate of one failure goes through here: it is dropped if it was tried or is no simpler, and runs while the budget lasts. */
class Funnel {
  best: Simplicity;
  executions = 0;
  /** Every pass was tried on the best, and none helped. */
  private isOver = false;
  /** What no operation names stays in the world: without it, nothing fails. */
  private keepsAll = false;
  private readonly found: Found;
  private readonly memory: Memory<Funnel>;
  private readonly options: ShrinkOptions & { readonly evaluate: Evaluate };

  constructor(program: Program, found: Found, memory: Memory<Funnel>, options: ShrinkOptions & { readonly evaluate: Evaluate }) {
    this.best = new Simplicity(program);
    this.found = found;
    this.memory = memory;
    this.options = options;
  }

  get isSpent(): boolean {
    return this.isOver || this.executions >= this.options.budget || (this.options.stopped?.() ?? false);
  }

  /** Leaves out what can be done without, in the world as it is. */
  async shorten(): Promise<void> {
    const { world, operations } = this.best.program;
    const cut = { world, operations: operations.slice(0, this.found.instant) };
    const isSimpler = this.best.isBeatenBy(new Simplicity(renamedPlainly(cut)));
    if (!(await this.consider(cut, DELETE)) && isSimpler) {
      // It takes somebody, or something, that no operation names.
      this.keepsAll = true;
      await this.consider(cut, DELETE);
    }
    await this.exhaust(DELETE);
  }

  /** Tries all passes until none of them helps any more. */
  async run(): Promise<void> {
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
    this.isOver ||= !this.isSpent;
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

  private async consider(candidate: Program, pass: Pass): Promise<boolean> {
    const isLong = candidate.operations.length > LONG;
    const renamed = new Simplicity(pass.keepsNames === true && isLong ? candidate : renamedPlainly(candidate, this.keepsAll));
    if (!this.best.isBeatenBy(renamed)) return false;
    const { program, key } = this.memory.kept(renamed.program);
    const led = this.memory.recall(key);
    if (led !== undefined) return led !== null && led !== this && this.follow(led);
    this.executions++;
    const result = this.options.evaluate(program);
    const breach = (result instanceof Promise ? await result : result).find((other) => sameShape(other, this.found));
    this.memory.learn(key, pass, breach === undefined ? null : this);
    if (breach === undefined) return false;
    const { world, operations } = program;
    if (breach.instant === operations.length) return this.adopt(renamed);
    const cut = { world, operations: operations.slice(0, breach.instant) };
    const isAdopted = this.adopt(new Simplicity(cut));
    // What nothing names any more may be what it takes all the same: only a run can tell.
    return (await this.consider(cut, pass)) || isAdopted;
  }

  /** Goes on from the end of another failure, which nothing made any simpler. */
  private follow(led: Funnel): boolean {
    const isSimpler = this.adopt(led.best);
    this.isOver ||= isSimpler && led.isOver;
    return isSimpler;
  }

  private adopt(simpler: Simplicity): boolean {
    if (!this.best.isBeatenBy(simpler)) return false;
    this.best = simpler;
    return true;
  }
}
