import type { Program } from '../../models/domain/program.ts';
import type { TargetReport } from '../report/document.ts';
import type { Progress, Sighted } from './api.ts';
import { emptyReport, endedEarly, unshrunk } from './cut-short.ts';
import type { CheckJob, Note, TargetInfo } from './protocol.ts';
import type { Death, Ended, Supervisor } from './supervise.ts';
import { UsageProblem } from './usage-problem.ts';

/** One target that is to be checked. */
export interface Assignment {
  readonly target: TargetInfo;
  /** The verdict it is known to deserve, where it is known. */
  readonly expected: TargetReport['expected'];
  readonly runs?: number | undefined;
  /** Longest time for this target, in ms. */
  readonly maxTimeMs?: number | undefined;
  /** Kept counterexamples: they run first. */
  readonly corpus: readonly Program[];
}

export interface CampaignOptions {
  readonly seed: number;
  readonly bail: boolean;
  /** Longest time for all targets together, in ms. What one leaves over is there for the next. */
  readonly maxTimeMs?: number | undefined;
  readonly hangMs: number;
}

/** Who looks on. */
export interface Onlooker {
  progress(progress: Progress): void;
  ended(report: TargetReport): void;
}

/** Rescuing what a lost thread had found may take this long. */
const RESCUE_MS = 5_000;

/** Checks targets one after the other. Whatever one of them does, the others are checked too. Throws a {@link UsageProblem}. */
export async function runCampaign(
  supervisor: Supervisor,
  assignments: readonly Assignment[],
  options: CampaignOptions,
  onlooker: Onlooker,
): Promise<TargetReport[]> {
  const reports: TargetReport[] = [];
  const started = performance.now();
  for (const [place, assignment] of assignments.entries()) {
    if (supervisor.isStopping) {
      reports.push(emptyReport(assignment.target, 'The run was interrupted before its turn.'));
      continue;
    }
    const left = options.maxTimeMs === undefined ? undefined : Math.max(1, options.maxTimeMs - (performance.now() - started));
    const share = left === undefined ? undefined : Math.ceil(left / (assignments.length - place));
    const check = new SupervisedCheck(supervisor, { ...assignment, maxTimeMs: least(share, assignment.maxTimeMs) }, options, onlooker);
    const report = { ...(await check.run()), expected: assignment.expected };
    reports.push(report);
    onlooker.ended(report);
  }
  return reports;
}

/** The check of one target in a thread that may be lost at any time. */
class SupervisedCheck {
  private readonly supervisor: Supervisor;
  private readonly assignment: Assignment;
  private readonly options: CampaignOptions;
  private readonly onlooker: Onlooker;
  private seen: TargetReport | null = null;
  private readonly sighted = new Map<string, Sighted>();
  private readonly started: number = performance.now();

  constructor(supervisor: Supervisor, assignment: Assignment, options: CampaignOptions, onlooker: Onlooker) {
    this.supervisor = supervisor;
    this.assignment = assignment;
    this.options = options;
    this.onlooker = onlooker;
  }

  async run(): Promise<TargetReport> {
    const { seed, bail } = this.options;
    const { target, corpus, runs, maxTimeMs } = this.assignment;
    const job: CheckJob = {
      target: target.name,
      seed,
      bail,
      corpus,
      ...(runs === undefined ? {} : { runs }),
      ...(maxTimeMs === undefined ? {} : { maxTimeMs }),
    };
    const ended = await this.supervisor.run<'check'>(
      { kind: 'check', ...job },
      { onNote: (note) => this.hear(note), ...(maxTimeMs === undefined ? {} : { withinMs: maxTimeMs }) },
    );
    return this.conclude(ended);
  }

  private hear(note: Note): void {
    if (note.note === 'progress') {
      this.seen = note.progress.report;
      this.onlooker.progress(note.progress);
      return;
    }
    const { property, kind } = note.sighted.breach;
    this.sighted.set(`${property}/${kind}`, note.sighted);
  }

  private async conclude(ended: Ended<TargetReport>): Promise<TargetReport> {
    switch (ended.how) {
      case 'done':
        return ended.result.fault ? this.rescued(ended.result, { reason: ended.result.reason, advice: ended.result.advice, fault: true }) : ended.result;
      case 'problem':
        throw new UsageProblem(ended.problem, ended.remedy);
      case 'fault':
        return this.rescued(this.seenSoFar(), { reason: `The target is at fault: ${ended.message}`, advice: [ended.remedy], fault: true });
      case 'died':
        return this.rescued(this.seenSoFar(), { ...deathWords(ended.death, ended.said, this.options.hangMs), fault: ended.death !== 'killed' });
    }
  }

  private seenSoFar(): TargetReport {
    const seconds = Math.round(performance.now() - this.started) / 1000;
    return { ...(this.seen ?? emptyReport(this.assignment.target, '')), seconds };
  }

  /** The report so far, with what was seen and not yet reported when the check ended: shrunk, if the target lets us. */
  private async rescued(seen: TargetReport, why: Parameters<typeof endedEarly>[1]): Promise<TargetReport> {
    const { seed } = this.options;
    const { target } = this.assignment;
    const lost = [...this.sighted].filter(([shape]) => !seen.violations.some((violation) => violation.shape === shape)).map(([, sighted]) => sighted);
    if (lost.length === 0) return endedEarly(seen, why);
    const ended = this.supervisor.isStopping
      ? null
      : await this.supervisor.run<'rescue'>({ kind: 'rescue', target: target.name, seed, maxTimeMs: RESCUE_MS, sighted: lost }, { withinMs: RESCUE_MS });
    const found = ended?.how === 'done' ? ended.result : [];
    const violations = lost.map((sighted) => {
      const whole = unshrunk(sighted, target.name, seed);
      return found.find((violation) => violation.shape === whole.shape) ?? whole;
    });
    return endedEarly({ ...seen, violations: [...seen.violations, ...violations] }, why);
  }
}

function deathWords(death: Death, said: string, hangMs: number): { reason: string; advice: string[] } {
  const [first = '', ...stack] = said.split('\n');
  const place = stack.find((line) => line.includes('file://') || line.includes('/'))?.trim();
  switch (death) {
    case 'hung':
      return {
        reason: `The target hung: for ${hangMs / 1000} s no program ended, so the check was ended from outside.`,
        advice: ['Look for a loop without an end, or for a promise that never settles. Where a single program may take that long, say so with --hang SECONDS.'],
      };
    case 'overran':
      return {
        reason: 'The target did not come back when its time was up, so the check was ended from outside.',
        advice: ['Look for what takes seconds in a single program, or give it more with --max-time.'],
      };
    case 'killed':
      return { reason: 'The check was interrupted in the middle of a program.', advice: [] };
    case 'threw':
      return {
        reason: `The target threw where nothing caught it: ${first}`,
        advice: [place === undefined ? 'Find out which timer, stream or promise it came from.' : `It was thrown ${place}.`],
      };
    case 'exited':
      return {
        reason: `The target ended its thread: process.exit(${said}) was called.`,
        advice: ['Take the call out, or keep it from running under test: a cache never ends its process.'],
      };
    case 'memory':
      return {
        reason: 'The target ran out of memory.',
        advice: [
          'Look for what is kept from one session to the next: a cache that is opened anew begins empty.',
          'Where it needs that much, give Node more: a check may use half of NODE_OPTIONS=--max-old-space-size=8192.',
        ],
      };
  }
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}
