import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { drawSeed } from '../campaign/check-isolation.ts';
import { EXIT, type ExitCode } from '../campaign/exit-code.ts';
import { writeWhole } from '../campaign/keep.ts';
import { toolOf } from '../campaign/tool.ts';
import { prettyJson } from '../report/pretty-json.ts';
import { grouped } from '../report/verdict.ts';
import { Crew } from '../selftest/crew.ts';
import type { Leg } from '../selftest/soak-leg.ts';
import { soakTargets } from '../selftest/soak-targets.ts';
import type { Task } from '../selftest/tasks.ts';
import { endingOnSignals } from './ending-on-signals.ts';
import type { Terminal } from './terminal.ts';

export interface SoakFlags {
  /** Operations to run, over all targets. */
  readonly soak: number;
  readonly seed?: number | undefined;
  /** The first leg: legs before it were run already. */
  readonly fromLeg: number;
  /** In ms. */
  readonly maxTime?: number | undefined;
}

/** Operations of one leg: short enough to stop soon, long enough that most of its programs share their worlds. */
const LEG = 10_000_000;
/** Between two lines of progress. */
const INTERVAL_MS = 10_000;
const KEPT = join('.keyhole', 'counterexamples');

/** `keyhole selftest --soak OPERATIONS`: correct caches are run for as long, and nothing may be found. */
export async function selftestSoak(flags: SoakFlags, terminal: Terminal): Promise<ExitCode> {
  const seed = flags.seed ?? drawSeed();
  const names = soakTargets().map(({ name }) => name);
  const crew = new Crew(availableParallelism());
  terminal.say(`keyhole ${toolOf().version} soak: ${grouped(flags.soak)} operations, ${names.length} correct caches, seed ${seed}, ${crew.size} threads`);
  const soak = new Soak(names, { ...flags, seed }, terminal, crew);
  const unheard = endingOnSignals(crew, (text) => terminal.say(text));
  try {
    await crew.run(soak.legs(), (leg, task) => soak.done(leg, task));
  } finally {
    unheard();
  }
  return soak.conclude();
}

type SoakTask = Extract<Task, { kind: 'soak' }> & { readonly leg: number };

class Soak {
  private readonly names: readonly string[];
  private readonly flags: SoakFlags & { readonly seed: number };
  private readonly terminal: Terminal;
  private readonly crew: Crew;
  private readonly started: number = performance.now();
  private readonly open = new Set<number>();
  private toldAt: number = performance.now();
  private nextLeg: number;
  private operations = 0;
  private programs = 0;
  private accused: Leg | null = null;

  constructor(names: readonly string[], flags: SoakFlags & { readonly seed: number }, terminal: Terminal, crew: Crew) {
    this.names = names;
    this.flags = flags;
    this.terminal = terminal;
    this.crew = crew;
    this.nextLeg = flags.fromLeg;
  }

  /** Every leg has a number, and what it runs follows from that and the seed alone. */
  *legs(): Generator<SoakTask> {
    const { soak, seed, fromLeg, maxTime = Number.POSITIVE_INFINITY } = this.flags;
    for (let leg = fromLeg; (leg - fromLeg) * LEG < soak && this.spentMs() < maxTime && this.accused === null; leg++) {
      this.open.add(leg);
      this.nextLeg = leg + 1;
      yield { kind: 'soak', leg, target: this.names[leg % this.names.length]!, seed: (seed + Math.floor(leg / this.names.length)) | 0, operations: LEG };
    }
  }

  done(leg: Leg, task: SoakTask): void {
    this.open.delete(task.leg);
    this.operations += leg.operations;
    this.programs += leg.programs;
    if (leg.violations.length > 0) {
      this.accused ??= leg;
      this.crew.end();
    }
    if (performance.now() - this.toldAt < INTERVAL_MS) return;
    this.toldAt = performance.now();
    this.terminal.say(this.said());
  }

  async conclude(): Promise<ExitCode> {
    const { terminal, accused, flags } = this;
    terminal.print(`${this.said()}\n`);
    if (accused !== null) return this.accuse(accused);
    const resumeAt = Math.min(this.nextLeg, ...this.open);
    terminal.print('Nothing was reported.\n');
    if (this.operations < flags.soak)
      terminal.say(`To go on: ${terminal.command} selftest --soak ${flags.soak - this.operations} --seed ${flags.seed} --from-leg ${resumeAt}`);
    return this.crew.isEnding ? EXIT.interrupted : EXIT.holds;
  }

  private async accuse({ target, seed, violations }: Leg): Promise<ExitCode> {
    for (const { shape, explanation, evidence } of violations) {
      const path = join(KEPT, `ce-${evidence.digest.slice(0, 12)}.json`);
      await writeWhole(path, prettyJson(evidence));
      this.terminal.print(`FALSE ALARM, or a bug in a cache that is meant to be correct: ${target}, ${shape}, seed ${seed}. ${explanation}\n`);
      this.terminal.say(`Again with: ${this.terminal.command} replay ${path}`);
    }
    return EXIT.leak;
  }

  private spentMs(): number {
    return performance.now() - this.started;
  }

  private said(): string {
    const seconds = this.spentMs() / 1000;
    const pace = this.operations / seconds;
    const hours = 1e9 / pace / 3600;
    return `${grouped(this.operations)} operations in ${grouped(this.programs)} programs, ${seconds.toFixed(0)} s: ${grouped(Math.round(pace))} a second; a billion would take ${hours.toFixed(1)} hours at this pace.`;
  }
}
