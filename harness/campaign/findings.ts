import type { Explanation } from '../../models/domain/explanation.ts';
import type { Operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { propertyOf } from '../../properties/index.ts';
import { SEVERITIES } from '../../properties/property.ts';
import { writeCounterexample } from '../report/counterexample-file.ts';
import type { ViolationReport } from '../report/document.ts';
import type { Lab, Outcome } from '../run/lab.ts';
import type { Breach } from '../run/stage.ts';
import { alphabetOf } from '../search/alphabet.ts';
import { enumerateStates } from '../search/enumerate-states.ts';
import { enumerate, type Enumeration } from '../search/enumerate.ts';
import type { Evaluate, Found } from '../search/evaluate.ts';
import { sameShape } from '../search/evaluate.ts';
import { explain } from '../search/explain.ts';
import { statesOf } from '../search/fingerprint.ts';
import { Comparison } from '../search/non-interference.ts';
import { type Failing, shrinkSeveral, type ShrinkOptions } from '../search/shrink.ts';
import { hasOddIds } from '../search/symmetry.ts';
import { TargetFault } from '../targets/target.ts';
import type { CheckOptions } from './api.ts';
import { toolOf } from './tool.ts';

/** Different failures of one shape that are shrunk; the smallest result is kept. Four reached the true minimum in 60 of 60 seeds where one did in 40. */
export const FAILURES = 4;
/** Programs that may pass before a shape with fewer failures is shrunk all the same. */
const PATIENCE = 400;
const REPETITIONS = 3;
/** Of the time that there is for one shape, until when it is shrunk, and until when certified; the rest is for repeating and explaining. */
const SHRINKING = 0.6;
const CERTIFYING = 0.9;
/** Programs that are run to see that nothing shorter does the same: by a model, by a model whose runs are compared, by anything else. */
const BUDGET = { quick: 400_000, compared: 20_000, inTurns: 1_500 };

export interface FindingsOptions {
  readonly seed: number;
  readonly stopped: () => boolean;
  /** When shrinking has to be over, on the clock of `performance.now()`; null where nothing presses. What was reached by then is reported. */
  readonly deadline?: number | null;
  /** Told of the first failure of each shape, at once. */
  readonly onSighting?: CheckOptions['onSighting'];
}

/** A shape that was seen and not yet shrunk. */
interface Sighting {
  readonly breach: Breach;
  readonly programs: Program[];
  /** Programs that were run since. */
  age: number;
}

/** What a check has found: failures by shape, shrunk and explained when their time has come. */
export class Findings {
  readonly reports: ViolationReport[] = [];
  private readonly sightings = new Map<string, Sighting>();
  private readonly lab: Lab;
  private readonly comparison: Comparison;
  private readonly options: FindingsOptions;

  constructor(lab: Lab, options: FindingsOptions) {
    this.lab = lab;
    this.comparison = new Comparison(lab);
    this.options = options;
  }

  /** How many shapes wait to be shrunk. */
  get size(): number {
    return this.sightings.size;
  }

  /** Notes a failing program. */
  note(program: Program, breach: Breach): void {
    const shape = shapeOf(breach);
    if (this.reports.some((report) => report.shape === shape)) return;
    const sighting = this.sightings.get(shape);
    if (sighting === undefined) {
      this.sightings.set(shape, { breach, programs: [program], age: 0 });
      this.options.onSighting?.({ program, breach });
    }
    if (sighting !== undefined && sighting.programs.length < FAILURES) sighting.programs.push(program);
  }

  /** A program more has been run. */
  pass(): void {
    for (const sighting of this.sightings.values()) sighting.age++;
  }

  /** Shrinks the shapes of which enough failures were seen. */
  async concludeRipe(): Promise<void> {
    for (const [shape, sighting] of this.sightings) if (sighting.programs.length >= FAILURES || sighting.age > PATIENCE) await this.finish(shape, sighting);
  }

  /** Shrinks and explains all that was seen. */
  async conclude(): Promise<void> {
    for (const [shape, sighting] of this.sightings) await this.finish(shape, sighting);
  }

  private async finish(shape: string, sighting: Sighting): Promise<void> {
    const share = this.share();
    this.sightings.delete(shape);
    const { breach } = sighting;
    const isLate = share(SHRINKING);
    const smallest = await this.smallest(sighting, isLate);
    const isShrunk = !isLate();
    const certified = await this.certify(smallest, breach, share(CERTIFYING));
    const report = await this.describe(certified.program, breach, { ...certified, isShrunk });
    // A mark that was seen was seen. A difference that does not come back each time is a target that does not do the same twice.
    const [times, of] = report.reproduced;
    if (times === of || !isComparedIn(breach)) this.reports.push(report);
  }

  /** The time that is left is for all shapes that wait; of its part, each takes so much for one thing after the other. */
  private share(): (part: number) => () => boolean {
    const { deadline = null, stopped } = this.options;
    if (deadline === null) return () => stopped;
    const now = performance.now();
    const mine = (deadline - now) / this.sightings.size;
    return (part) => () => stopped() || performance.now() > now + part * mine;
  }

  private async smallest({ programs, breach }: Sighting, stopped: () => boolean): Promise<Program> {
    const evaluate = this.evaluating(breach);
    const failures: Failing[] = [];
    for (const program of programs) {
      const again = (await evaluate(program)).find((other) => sameShape(other, breach));
      failures.push({ program, found: again ?? breach });
    }
    const { program } = await shrinkSeveral(failures, evaluate, this.shrinkOptions(stopped));
    return program;
  }

  /** Runs all that is shorter, in the world of the counterexample; adopts what breaks the property as well. */
  private async certify(program: Program, breach: Breach, stopped: () => boolean): Promise<Certified> {
    const { world } = program;
    const evaluate = this.evaluating(breach);
    const alphabet = alphabetOf(world, this.lab.target.capabilities);
    let shorter: Program | null = null;
    const see = (operations: readonly Operation[], found: readonly Found[]): boolean => {
      if (found.some((other) => sameShape(other, breach))) shorter = { world, operations: [...operations] };
      return shorter === null;
    };
    const visit = (operations: readonly Operation[]): boolean | Promise<boolean> => {
      if (stopped()) return false;
      const found = evaluate({ world, operations });
      return found instanceof Promise ? found.then((breaches) => see(operations, breaches)) : see(operations, found);
    };
    // What shrinking left of odd ids is there because they matter: then a program and its renaming are two.
    const distinct = hasOddIds(world);
    const isCompared = isComparedIn(breach);
    const budget = !this.isQuick() ? BUDGET.inTurns : isCompared ? BUDGET.compared : BUDGET.quick;
    const options = { depth: program.operations.length - 1, budget, distinct };
    // States that are equal in one run need not be in the second one.
    const state = isCompared ? null : statesOf(this.lab, this.lab.stage(world));
    const enumeration = state === null ? await enumerate(alphabet, options, visit) : await enumerateStates(alphabet, options, { visit, state, stopped });
    if (shorter === null) return { program, enumeration, size: alphabet.operations.length, distinct };
    const found = { ...breach, instant: (shorter as Program).operations.length };
    const again = await shrinkSeveral([{ program: shorter, found }], evaluate, this.shrinkOptions(stopped));
    return this.certify(again.program, breach, stopped);
  }

  private async describe(program: Program, breach: Breach, certified: Certified & { readonly isShrunk: boolean }): Promise<ViolationReport> {
    const { outcome, times } = await this.repeat(program, breach);
    const property = propertyOf(breach.property)!;
    const trial = { evaluate: this.evaluating(breach), capabilities: this.lab.target.capabilities };
    const explanation = times === 0 ? UNREPRODUCED : await explain(program, breach, outcome.history, trial);
    const counterexample = writeCounterexample({
      tool: toolOf(),
      target: this.lab.target.name,
      property: property.id,
      kind: breach.kind,
      seed: this.options.seed,
      program,
      history: outcome.history,
      explanation,
    });
    const { depth } = certified.enumeration;
    const isCertified = times > 0 && depth === program.operations.length - 1;
    const certificate = (): string => {
      if (times === 0) return 'Not proven minimal: it did not come back.';
      return isCertified || certified.isShrunk ? certificateOf(program, certified, isCertified) : UNSHRUNK;
    };
    return {
      property: property.id,
      title: property.title,
      severity: property.severity,
      shape: shapeOf(breach),
      size: program.operations.length,
      certified: isCertified,
      certificate: certificate(),
      reproduced: [times, REPETITIONS],
      explanation: explanation.sentence,
      details: explanation,
      counterexample: '',
      evidence: counterexample.value,
    };
  }

  /** Repeats the counterexample with its full history. The first run that breaks the property again is the one that is told. */
  private async repeat(program: Program, breach: Breach): Promise<{ outcome: Outcome; times: number }> {
    let told: Outcome | null = null;
    let times = 0;
    for (let count = 0; count < REPETITIONS; count++) {
      const outcome = await this.attempt(program, breach);
      if (outcome === null || !outcome.breaches.some((other) => sameShape(other, breach))) continue;
      times++;
      told ??= outcome;
    }
    return { outcome: told ?? { breaches: [], history: [] }, times };
  }

  /** A recorded run, or null where the target was at fault in it. */
  private async attempt(program: Program, breach: Breach): Promise<Outcome | null> {
    try {
      return await (isComparedIn(breach) ? this.comparison : this.lab).try(program, { record: true });
    } catch (error) {
      if (error instanceof TargetFault) return null;
      throw error;
    }
  }

  /**
   * How candidates for a breach are run: twice, where two runs are compared. One in which the target is at fault breaks nothing: it is passed
   * over, and what was found is not lost to it. What a candidate breaks that is graver is noted as well: where a right was given and taken
   * back for nothing, the program without that is the worse leak.
   */
  private evaluating(breach: Breach): Evaluate {
    const where = isComparedIn(breach) ? this.comparison : this.lab;
    return (program) => {
      const seen = ({ breaches }: Outcome): readonly Breach[] => {
        for (const other of breaches) if (isGraver(other, breach)) this.note({ ...program, operations: [...program.operations] }, other);
        return breaches;
      };
      try {
        const outcome = where.try(program);
        return outcome instanceof Promise ? outcome.then(seen).catch(noneAtFault) : seen(outcome);
      } catch (error) {
        return noneAtFault(error);
      }
    };
  }

  private shrinkOptions(stopped: () => boolean): ShrinkOptions {
    return { budget: this.isQuick() ? 5_000 : 600, capabilities: this.lab.target.capabilities, stopped };
  }

  private isQuick(): boolean {
    return this.lab.target.kind === 'model';
  }
}

/** Bytes do not lie (rule 9): a leak that was seen once is reported, also where it does not come back. */
const UNREPRODUCED: Explanation = {
  decision: 'unknown',
  sentence: 'A frame reached somebody who must not see it, and it did not come back when the program was repeated: the target does not do the same twice.',
  matters: [],
  indifferent: [],
};

const UNSHRUNK = 'Not proven minimal: the time was over before it was shrunk to the end. With more of it (--max-time), it may lose steps, users and odd ids.';

function noneAtFault(error: unknown): readonly Found[] {
  if (error instanceof TargetFault) return [];
  throw error;
}

/** Whether one breach is of a graver property than another. */
function isGraver(one: Breach, other: Breach): boolean {
  const [first, second] = [one, other].map(({ property }) => SEVERITIES.indexOf(propertyOf(property)!.severity)) as [number, number];
  return first < second;
}

/** Whether no single run shows it. */
function isComparedIn({ property }: Breach): boolean {
  return propertyOf(property)?.isCompared === true;
}

interface Certified {
  readonly program: Program;
  readonly enumeration: Enumeration;
  /** Operations in the alphabet that was enumerated. */
  readonly size: number;
  /** The ids matter: nothing was left out for being like another but for names. */
  readonly distinct: boolean;
}

function certificateOf({ world }: Program, { enumeration, size, distinct }: Certified, isCertified: boolean): string {
  const { depth, programs, states } = enumeration;
  if (isCertified && depth === 0) return 'Minimal: a single operation.';
  const where = `${counted(world.users, 'user', 'users')}, ${counted(world.cameras, 'camera', 'cameras')}, ${counted(world.templates, 'way', 'ways')} of asking, room for ${world.capacity}, ${size} operations`;
  const names = distinct ? 'with these very ids' : 'users and cameras up to renaming';
  const tried = `${states === undefined ? '' : `from each of the ${states} states that shorter ones come to, `}all ${programs} programs of up to ${depth} operations`;
  const all = `${tried} in its world (${where}; ${names}) were run`;
  return isCertified ? `Minimal: ${all}, and none does this.` : `Not proven minimal: ${all}; more would have taken too long.`;
}

function counted(members: readonly unknown[], one: string, many: string): string {
  return `${members.length} ${members.length === 1 ? one : many}`;
}

function shapeOf(breach: Pick<Breach, 'property' | 'kind'>): string {
  return `${breach.property}/${breach.kind}`;
}
