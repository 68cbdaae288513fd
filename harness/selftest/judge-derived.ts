import type { Derived } from '../../fixtures/derived/base.ts';
import { type Situation, SITUATION_MEANING } from '../../models/domain/situation.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab } from '../run/lab.ts';
import { addTally, newTally, tallyByName } from '../run/situations.ts';
import { drawnPrograms } from '../search/draw.ts';
import { TargetFault } from '../targets/target.ts';
import { compare, type Comparison } from './compare.ts';
import { comparing, type Differences } from './count-differences.ts';
import { playNow } from './play-now.ts';

/**
 * `killed`: the search found a leak. `equivalent`: it never did anything that its base does not do. `alive`: it does, and no leak was
 * found. `harmless`: no leak was found, and none was to be found. `failed`: the cache threw, and nothing can be said of it.
 */
export type Fate = 'killed' | 'equivalent' | 'alive' | 'harmless' | 'failed';

/** What became of one derived change. Plain values: it crosses a thread boundary and is written as JSON. */
export interface Judged {
  readonly id: string;
  readonly base: string;
  readonly decision: string;
  readonly title: string;
  readonly expected: Derived['expected'];
  readonly fate: Fate;
  /** Operations until the first leak, those of the leaking program up to it included; `null` where there was none. */
  readonly operations: number | null;
  /** What was broken first, such as `KH001/stranger`. */
  readonly shape: string | null;
  /** Operations that were searched. */
  readonly searched: number;
  /** For a survivor that should have leaked: what it was compared over. */
  readonly evidence: Comparison | null;
  /** For a survivor: why, in one sentence. */
  readonly sentence: string;
}

export interface JudgeOptions {
  readonly seed: number;
  /** Operations that the search may take to find a leak. */
  readonly operations: number;
  /** Programs over which a survivor is compared with its base. */
  readonly programs: number;
  readonly stopped: () => boolean;
}

/** A harmless change is one more twin: it is checked for false alarms with this share of the operations. */
const HARMLESS_SHARE = 0.02;
/** After this share of the operations without a leak it pays to ask whether there can be one: what differs in nothing is not worth the rest. */
const FIRST_SHARE = 0.05;

/** Lets the search alone look for a leak, and asks of a survivor whether it differs from its base at all. */
export async function judgeDerived(derived: Derived, options: JudgeOptions): Promise<Judged> {
  const hunt = new Hunt(derived, options);
  try {
    return await fateOf(derived, hunt, options);
  } catch (error) {
    if (!(error instanceof TargetFault)) throw error;
    return { ...aboutOf(derived), ...NOTHING, fate: 'failed', searched: hunt.operations, evidence: null, sentence: error.message };
  }
}

function aboutOf({ id, base, decision, title, expected }: Derived): Pick<Judged, 'id' | 'base' | 'decision' | 'title' | 'expected'> {
  return { id, base, decision, title, expected };
}

async function fateOf(derived: Derived, hunt: Hunt, options: JudgeOptions): Promise<Judged> {
  const about = aboutOf(derived);
  const { expected } = derived;
  const first = hunt.run(options.operations * (expected === 'leaks' ? FIRST_SHARE : HARMLESS_SHARE));
  if (first !== null) return { ...about, ...first, fate: 'killed', searched: hunt.operations, evidence: null, sentence: '' };
  if (expected === 'harmless') return { ...about, ...NOTHING, fate: 'harmless', searched: hunt.operations, evidence: null, sentence: hunt.differencesSaid() };
  // Made anew: what a target keeps for each stage goes when it goes.
  const { decisions } = derived;
  const evidence =
    decisions === null
      ? await compare(derived.target, derived.twin, options)
      : await compare(decisions.rebuilt(decisions.wrong), decisions.rebuilt(decisions.right), options);
  if (options.stopped())
    return { ...about, ...NOTHING, fate: 'alive', searched: hunt.operations, evidence, sentence: 'Interrupted before anything could be said.' };
  // What was compared over more than may be searched has nothing left to show.
  const isDone = evidence.differedAt === null && evidence.operations >= options.operations;
  const later = isDone ? null : hunt.run(options.operations);
  if (later !== null) return { ...about, ...later, fate: 'killed', searched: hunt.operations, evidence, sentence: '' };
  if (evidence.differedAt === null) {
    const sentence = `${hunt.differencesSaid()} Every answer and every contact with the origin was that of the base in ${evidence.programs} programs.`;
    return { ...about, ...NOTHING, fate: 'equivalent', searched: hunt.operations, evidence, sentence };
  }
  return { ...about, ...NOTHING, fate: 'alive', searched: hunt.operations, evidence, sentence: hunt.aliveSaid(evidence) };
}

const NOTHING = { operations: null, shape: null };

/** One search for a leak, which can be gone on with. */
class Hunt {
  operations = 0;
  private readonly lab: Lab;
  private readonly programs: ReturnType<typeof drawnPrograms>;
  private readonly tally = newTally();
  private readonly seen: Differences = { asked: 0, differed: 0 };
  private readonly derived: Derived;
  private readonly stopped: () => boolean;

  constructor(derived: Derived, { seed, stopped }: JudgeOptions) {
    const { decisions, decision, target } = derived;
    this.derived = derived;
    this.stopped = stopped;
    const watched = decisions === null ? target : decisions.rebuilt(comparing(decisions.wrong, decisions.right, decision, this.seen));
    this.lab = new Lab(watched, PROPERTIES);
    this.programs = drawnPrograms(this.lab, seed);
  }

  /** Goes on until something is broken, or until so many operations were run in all. */
  run(operations: number): { readonly operations: number; readonly shape: string } | null {
    while (this.operations < operations && !this.stopped()) {
      const drawn = this.programs.next().value;
      playNow(this.lab, drawn);
      const { breaches, situations } = drawn.stage;
      addTally(this.tally, situations);
      situations.fill(0);
      const [breach] = breaches;
      if (breach !== undefined) return { operations: this.operations + breach.instant, shape: `${breach.property}/${breach.kind}` };
      this.operations += drawn.length;
    }
    return null;
  }

  /** How often the changed decision came out otherwise. */
  differencesSaid(): string {
    const { decision, decisions } = this.derived;
    if (decisions === null) return 'The change is in the mechanism, where no decision can be compared.';
    const { asked, differed } = this.seen;
    if (asked === 0) return `The decision "${decision}" was never made.`;
    return differed === 0
      ? `The decision "${decision}" never came out otherwise in ${asked} times.`
      : `The decision "${decision}" came out otherwise ${differed} times of ${asked}.`;
  }

  aliveSaid({ differedAt }: Comparison): string {
    const missing = Object.entries(tallyByName(this.tally)).flatMap(([name, count]) => (count === 0 ? [SITUATION_MEANING[name as Situation]] : []));
    const never = missing.length === 0 ? 'every situation occurred' : `it never happened that ${missing.join(', nor that ')}`;
    return `${this.differencesSaid()} It first behaved otherwise than its base in program ${differedAt}, and broke nothing in ${this.operations} operations; ${never}.`;
  }
}
