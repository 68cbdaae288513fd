import { operation, type OperationKind } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import type { TargetReport } from '../report/document.ts';
import { Lab } from '../run/lab.ts';
import { compile } from '../run/run.ts';
import { addTally, newTally, type Tally } from '../run/situations.ts';
import type { Stage } from '../run/stage.ts';
import { alphabetOf } from '../search/alphabet.ts';
import { enumerateStates } from '../search/enumerate-states.ts';
import { enumerate, type Enumeration } from '../search/enumerate.ts';
import { statesOf } from '../search/fingerprint.ts';
import { type Ingredients, PORTFOLIO, UNSTEERED } from '../search/generate.ts';
import { breachOf, Comparison, isComparable } from '../search/non-interference.ts';
import { numberedWorld, Seats } from '../search/portfolio.ts';
import { Random } from '../search/random.ts';
import { type Seat, seatOf } from '../search/seat.ts';
import { soundPolicies } from '../search/soundness.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import { type Target, TargetFault } from '../targets/target.ts';
import type { CheckOptions, Progress } from './api.ts';
import { Findings } from './findings.ts';
import { type Account, verdictOf } from './verdict.ts';
import { testWiring, type Wiring } from './wiring.ts';

/** How often control is given back so that a stop is heard and progress is seen, in ms. */
const BREATH_MS = 25;
/** The share of programs, at the end, that are drawn each in a world of its own: only these count for what a green is worth. */
const TAIL = 0.2;
/** How long the programs are that are all tried: from every program, or, as far as the budget goes, from every state. */
const DEPTH = { programs: 3, states: 8 };
/** Programs that are run for it at most. */
const BUDGET = { sync: 15_000, inProcess: 4_000, wire: 400 };
/** Of the policies that are sound for the plainest request, how many are tried with every pair of operations: those under which most is kept come first. */
const CORE_POLICIES = 4;
/** Of how many programs of the search one is run again with other pictures: of the first ones, and of all others. That takes a twentieth of the time. */
const COMPARED = { early: 8, later: 40 };
const EARLY = 96;
/** The share of the time that is kept for shrinking, once there is something to shrink; and the share that trying all short programs may take. */
const FOR_SHRINKING = 0.2;
const FOR_ENUMERATION = 0.4;

/** Checks one target: wiring, corpus, small scope, search. Never throws for what the target does: a fault is a verdict too. */
export async function checkTarget(target: Target, options: CheckOptions): Promise<TargetReport> {
  const check = new Check(target, options);
  return check.run();
}

class Check {
  private readonly target: Target;
  private readonly options: CheckOptions;
  private readonly lab: Lab;
  private readonly findings: Findings;
  private readonly comparison: Comparison;
  private readonly tally: Tally = newTally();
  private readonly started: number = performance.now();
  private runs = 0;
  /** Operations of the program that was run last. */
  private length = 0;
  private operations = 0;
  private tail = 0;
  private of = 0;
  /** Programs that were run again with other pictures; null where that shows nothing on this target. */
  private compared: number | null = null;
  private enumerated: Enumeration | null = null;
  private fault: TargetFault | null = null;
  private wiring: Wiring = { fault: null, unseen: [] };
  private unmet: Account['unmet'] = null;
  private lastBreath: number = performance.now();
  private phase: Progress['phase'] = 'wiring';

  constructor(target: Target, options: CheckOptions) {
    this.target = target;
    this.options = options;
    this.lab = new Lab(target, PROPERTIES);
    this.comparison = new Comparison(this.lab);
    this.findings = new Findings(this.lab, {
      seed: options.seed,
      stopped: () => options.stopped?.() ?? false,
      deadline: options.maxTimeMs === undefined ? null : this.started + options.maxTimeMs,
      onSighting: options.onSighting,
    });
  }

  async run(): Promise<TargetReport> {
    try {
      this.wiring = await testWiring(this.lab);
      if (this.wiring.fault === null) await this.look();
    } catch (error) {
      if (!(error instanceof TargetFault)) throw error;
      this.fault = error;
      await this.rescue();
    }
    this.phase = 'done';
    const report = this.report();
    this.tellProgress(report);
    return report;
  }

  private async look(): Promise<void> {
    if (isComparable(this.target) && (await this.seesOtherPictures())) this.compared = 0;
    this.phase = 'corpus';
    for (const program of this.options.corpus ?? []) if (!this.isDone()) await this.meet(program);
    if (this.options.enumerate !== false && !this.isDone()) await this.enumerateSmall();
    await this.search();
    this.phase = 'shrink';
    await this.findings.conclude();
  }

  /** Whether other pictures reach the answers of a second run: where a leak is forced on the target, they must be seen there. */
  private async seesOtherPictures(): Promise<boolean> {
    const [world] = coreWorlds(this.target.capabilities);
    const stage = this.lab.stage(world!);
    const steps = [0, 1].map((user) => stage.compile(operation({ op: 'request', user, camera: 0, template: 0 })));
    const found = await this.comparison.everybody({ stage, steps, tripwire: true });
    return found.length > 0;
  }

  /** A target at fault loses nothing that was found before: what it still lets itself be shrunk of is shrunk. */
  private async rescue(): Promise<void> {
    try {
      await this.findings.conclude();
    } catch (error) {
      if (!(error instanceof TargetFault)) throw error;
    }
  }

  /** Runs one kept program and notes what it breaks. */
  private async meet(program: Program): Promise<void> {
    const { breaches } = await (this.compared === null ? this.lab : this.comparison).try(program);
    this.runs++;
    this.operations += program.operations.length;
    for (const breach of breaches) this.findings.note(program, breach);
    if (breaches.length > 0) await this.findings.conclude();
  }

  /** All short programs of a small world with one way of asking: what leaks in two or three operations leaks here. */
  private async enumerateSmall(): Promise<void> {
    this.phase = 'enumerate';
    const [core, ...others] = coreWorlds(this.target.capabilities);
    const budget = this.isQuick() ? BUDGET.sync : this.target.kind === 'function' ? BUDGET.inProcess : BUDGET.wire;
    this.enumerated = await this.enumerateIn(core!, DEPTH.programs, budget);
    // What an origin says about keeping decides which rule a cache can break: each is tried with every pair of operations.
    for (const world of others) if (!this.hasEnumerated()) await this.enumerateIn(world, 2, budget);
    if (this.target.capabilities.together && !this.hasEnumerated()) await this.enumerateIn({ ...core!, together: true }, 2, budget);
    for (const world of besideWorlds(this.target.capabilities)) if (!this.hasEnumerated()) await this.enumerateIn(world, 2, budget, isFillAndOther);
    // Where not all programs of three operations can be run, those are in which a change lies between two reads, under the plainest words of the origin.
    if (this.enumerated.depth < DEPTH.programs)
      for (const world of [core!, ...others.slice(0, 1)])
        if (!this.hasEnumerated()) await this.enumerateIn(world, DEPTH.programs, Number.POSITIVE_INFINITY, isChangeBetween);
    // What is made of the other tier's picture: a change may be seen in one of the two only.
    if (!this.isQuick() && !this.hasEnumerated()) await this.enumerateIn(inBothTiers(core!), DEPTH.programs, Number.POSITIVE_INFINITY, isChangeBetweenTiers);
    if (this.findings.size > 0) await this.findings.conclude();
  }

  /** `depth`: of programs; states are gone through as deep as the budget goes. `isWanted`: which programs are run; else all. */
  private async enumerateIn(world: World, depth: number, budget: number, isWanted?: (program: Program) => boolean): Promise<Enumeration> {
    const alphabet = alphabetOf(world, { ...this.target.capabilities, restart: false, purge: false });
    const stage = this.lab.stage(world);
    const visit = (operations: Program['operations']): boolean | Promise<boolean> => {
      if (isWanted?.({ world, operations }) === false) return true;
      const steps = compile(stage, operations);
      const done = this.lab.run(stage, steps, steps.length);
      return done === undefined ? this.afterSmall(stage, world, operations) : done.then(() => this.afterSmall(stage, world, operations));
    };
    const state = depth < DEPTH.programs || isWanted !== undefined ? null : statesOf(this.lab, stage);
    const enumeration =
      state === null
        ? await enumerate(alphabet, { depth, budget }, visit)
        : await enumerateStates(alphabet, { depth: DEPTH.states, budget }, { visit, state, stopped: () => this.hasEnumerated() });
    addTally(this.tally, stage.situations);
    return enumeration;
  }

  private afterSmall(stage: Stage, world: World, operations: Program['operations']): boolean | Promise<boolean> {
    this.runs++;
    this.operations += operations.length;
    for (const breach of stage.breaches) this.findings.note({ world, operations: [...operations] }, breach);
    if (this.options.bail === true && this.findings.size > 0) return false;
    if (!this.needsBreath()) return true;
    return this.breathe().then(() => !this.hasEnumerated());
  }

  private async search(): Promise<void> {
    this.phase = 'search';
    const { seed, maxTimeMs } = this.options;
    const { capabilities } = this.target;
    const runs = this.options.runs ?? (maxTimeMs === undefined ? this.target.defaultRuns : Number.POSITIVE_INFINITY);
    // Progress is told in all programs that are run, those before the search included.
    this.of = Number.isFinite(runs) ? this.runs + runs : 0;
    const steered = Number.isFinite(runs) ? Math.ceil(runs * (1 - TAIL)) : runs;
    const seats = new Seats(seed, capabilities, (world) => this.seat(world, PORTFOLIO));
    const random = new Random(seed);
    let index = 0;
    for (; index < runs && !this.isDone(); index++) {
      const inTail = Number.isFinite(runs) ? index >= steered : index % 5 === 4;
      const seat = inTail ? this.seat(numberedWorld(seed ^ 0x74_61_69_6c, index, capabilities), UNSTEERED) : seats.at(index);
      random.seed(seed, index);
      try {
        const done = this.play(seat, random);
        if (done !== undefined) await done;
      } finally {
        // Also where the target came to fault later in the same program.
        this.take(seat);
      }
      if (inTail) this.tail++;
      if (this.compared !== null && index % (index < EARLY ? COMPARED.early : COMPARED.later) === 0) await this.compare(seat);
      if (this.findings.size > 0) await this.conclude();
      if (this.needsBreath()) await this.breathe();
    }
    if (Number.isFinite(runs) && index < runs) this.unmet = { searched: index, of: runs };
  }

  private play(seat: Seat, random: Random): void | Promise<void> {
    const length = seat.generator.generate(random);
    this.runs++;
    this.operations += length;
    this.length = length;
    return this.lab.run(seat.stage, seat.generator.program, length);
  }

  /** Runs the last program again, for each of its callers with other pictures in place of those that they may never see. What a judge finds is told as that alone. */
  private async compare({ stage, generator }: Seat): Promise<void> {
    if (stage.breaches.length > 0) return;
    const steps = generator.program.slice(0, this.length);
    const program = { world: stage.world, operations: steps.map((step) => step.operation) };
    for (const found of await this.comparison.everybody({ stage, steps })) this.findings.note(program, breachOf(found));
    this.compared!++;
  }

  /** Notes what a program broke and which situations it came into. */
  private take({ stage, generator }: Seat): void {
    for (const breach of stage.breaches) {
      const steps = generator.program.slice(0, breach.instant);
      this.findings.note({ world: stage.world, operations: steps.map((step) => step.operation) }, breach);
    }
    addTally(this.tally, stage.situations);
    stage.situations.fill(0);
  }

  private async conclude(): Promise<void> {
    if (this.options.bail === true) await this.findings.conclude();
    else {
      this.findings.pass();
      await this.findings.concludeRipe();
    }
  }

  private seat(world: World, ingredients: Ingredients): Seat {
    return seatOf(this.lab.stage(world), this.target.capabilities, ingredients);
  }

  private isQuick(): boolean {
    return this.target.kind === 'model';
  }

  private isDone(): boolean {
    return this.mustStop() || (this.options.bail === true && this.findings.reports.length > 0);
  }

  /** Whether no further short program is to be run: where each takes long, the search needs its part of the time. */
  private hasEnumerated(): boolean {
    return this.isDone() || this.isOver(FOR_ENUMERATION);
  }

  private mustStop(): boolean {
    return (this.options.stopped?.() ?? false) || this.isOver(this.findings.size > 0 ? 1 - FOR_SHRINKING : 1);
  }

  /** Whether this share of the time is over, where there is an end to it. */
  private isOver(share: number): boolean {
    const { maxTimeMs } = this.options;
    return maxTimeMs !== undefined && performance.now() - this.started > maxTimeMs * share;
  }

  /** Looked at now and then where programs are quick: time does not pass in one of them. */
  private needsBreath(): boolean {
    return ((this.runs & 15) === 0 || !this.isQuick()) && performance.now() - this.lastBreath > BREATH_MS;
  }

  private async breathe(): Promise<void> {
    this.tellProgress(null);
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    this.lastBreath = performance.now();
  }

  private tellProgress(report: TargetReport | null): void {
    this.options.onProgress?.({
      target: this.target.name,
      phase: this.phase,
      runs: this.runs,
      operations: this.operations,
      of: this.of,
      violations: this.findings.reports.length,
      report: report ?? this.report(),
    });
  }

  private report(): TargetReport {
    return verdictOf({
      target: this.target,
      tally: this.tally,
      runs: this.runs,
      operations: this.operations,
      seconds: Math.round(performance.now() - this.started) / 1000,
      tail: this.tail,
      enumerated: this.enumerated,
      compared: this.compared,
      strays: this.lab.strays,
      mishaps: this.lab.mishaps,
      violations: this.findings.reports,
      fault: this.fault,
      unwired: this.wiring.fault,
      unseen: this.wiring.unseen,
      unmet: this.unmet,
      isTimed: this.options.maxTimeMs !== undefined && this.options.runs === undefined,
      interrupted: this.phase !== 'done' || (this.options.stopped?.() ?? false),
    });
  }
}

/** The smallest worlds in which two users can leak to each other, as the target's requests look plainest; the one that says most comes first. */
function coreWorlds(capabilities: Capabilities): World[] {
  const template = { ...PLAIN_WORLD.templates[0]!, credential: capabilities.credentials[0]!, spelling: capabilities.spellings[0]! };
  const policies = capabilities.lifetimes === 'http' ? soundPolicies(template.credential).slice(0, CORE_POLICIES) : PLAIN_WORLD.policies;
  return policies.map((policy) => ({
    ...PLAIN_WORLD,
    templates: [template],
    policies: [policy],
    capacity: capabilities.capacity ?? PLAIN_WORLD.capacity,
    lifetimeMs: capabilities.lifetimeMs ?? PLAIN_WORLD.lifetimeMs,
  }));
}

/**
 * The same for what no single way of asking shows: what a visitor without a credential receives after somebody's plain request, or is told by an
 * `ETag` who asks by HEAD or only for another picture; and the session in headers and cookies.
 */
function besideWorlds(capabilities: Capabilities): World[] {
  if (!capabilities.http) return [];
  return coreWorlds(capabilities).flatMap((world) => {
    const [plain] = world.templates;
    const [policy] = world.policies;
    const visitor: World['templates'] = capabilities.credentials.includes('none') && plain!.credential !== 'none' ? [{ ...plain!, credential: 'none' }] : [];
    return [
      {
        ...world,
        templates: [plain!, { ...plain!, method: 'HEAD' }, { ...plain!, condition: 'any' }, ...visitor],
        policies: [{ ...policy!, validator: true }],
      },
      ...visitor.map((other) => ({ ...world, templates: [plain!, { ...other, method: 'HEAD' as const }] })),
      { ...world, policies: [{ ...policy!, session: true }] },
    ];
  });
}

/** Whether somebody asks plainly, and then somebody in another way, if there is one. */
function isFillAndOther({ world, operations }: Program): boolean {
  const [fill, other] = operations;
  return fill?.op === 'request' && other?.op === 'request' && fill.template === 0 && (other.template > 0 || world.templates.length === 1);
}

/** What makes another one of a camera, closes a way in, or changes the cache. */
const CHANGES: ReadonlySet<string> = new Set(['transfer', 'recreate', 'unlink', 'disable', 'reconfigure'] satisfies OperationKind[]);

/** Whether somebody asks, something changes, and somebody asks. */
function isChangeBetween({ operations }: Program): boolean {
  const [fill, change, read] = operations;
  return fill?.op === 'request' && change !== undefined && CHANGES.has(change.op) && read?.op === 'request';
}

function inBothTiers(world: World): World {
  const [plain] = world.templates;
  return { ...world, templates: [plain!, { ...plain!, tier: 'low' }] };
}

/** The same, where a camera is asked for in one tier before the change and in the other one after it. */
function isChangeBetweenTiers(program: Program): boolean {
  const [fill, , read] = program.operations;
  return isChangeBetween(program) && fill?.op === 'request' && read?.op === 'request' && fill.camera === read.camera && fill.template !== read.template;
}
