import type { History, HistoryEvent, Instead } from '../../models/domain/history.ts';
import type { Program } from '../../models/domain/program.ts';
import { type Call, NO_PARTY, type Session } from '../../models/origin.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { nonInterference } from '../../properties/non-interference.ts';
import type { StageCall } from '../run/call.ts';
import { Lab, type Outcome } from '../run/lab.ts';
import { overhear, type Overhearing } from '../run/overheard.ts';
import { compile } from '../run/run.ts';
import type { Breach, Stage } from '../run/stage.ts';
import type { Step } from '../run/step.ts';
import type { Target } from '../targets/target.ts';
import { type Difference, differenceBetween, isSame, isSameSupply, observationsOf, type Observer, type Played } from './non-interference-observed.ts';
import { ownershipOf, type Rights, rightsOf, stepsAlone } from './non-interference-replaced.ts';

/** Somebody observes what depends on what is not for him. */
export interface Interference {
  /** Index of the observer, `ANONYMOUS` for the visitors. */
  readonly observer: number;
  readonly kind: 'answer' | 'hit' | 'company';
  /** The call of the first run that comes to something else, and the instant at which it does. */
  readonly call: number;
  readonly at: number;
  /** What happened in the first run. */
  readonly history: History;
  /** What the first run has there, or null; and what the second one has. */
  readonly event: HistoryEvent | null;
  readonly instead: Instead;
}

/** A program on its stage. */
export interface OnStage {
  readonly stage: Stage;
  readonly steps: readonly Step[];
  /** With a leak forced on the target, to see that it is noticed. */
  readonly tripwire?: boolean;
}

/** What differs in the second run. */
interface Change {
  readonly steps: readonly Step[];
  /** The first picture of each ownership, where pictures are replaced. */
  readonly firstPicture: ((camera: number, epoch: number) => number) | null;
  /** The only caller whose session is not replaced; null where all stay. */
  readonly sparing: number | null;
}

type Player = (change: Change) => Promise<Played>;

/** The program as it is. */
function plainly(steps: readonly Step[]): Change {
  return { steps, firstPicture: null, sparing: null };
}

/** A target that does not do the same twice shows nothing by doing something else: how often both runs have to come to the same again. */
const REPEATS = 5;

async function isSo(condition: () => Promise<boolean>, times: number): Promise<boolean> {
  for (let time = 0; time < times; time++) if (!(await condition())) return false;
  return true;
}

/** How far the numbers of replaced pictures and of replaced sessions lie from those that they stand for. */
const SHIFT = { pictures: 4, sessions: 1_000 };

/** The session that all frames of second runs name, in every process: what a cache makes of their bytes comes out again. No other session has it. */
const SESSION = 1;

/** Whether programs are played twice: in this process, where the same program comes to the same thing. Elsewhere it would cost too much. */
export function isComparable({ kind }: Pick<Target, 'kind'>): boolean {
  return kind === 'model' || kind === 'function';
}

/** Everybody who asks for something, in the order in which they do. Nobody else observes anything. */
function callersIn(steps: readonly Step[]): number[] {
  return [...new Set(steps.flatMap(({ operation: letter, user }) => ('template' in letter && letter.template !== undefined ? [user] : [])))];
}

/**
 * Plays programs a second time for a caller, with every picture replaced that was never open to him, and the sessions of all others, under the
 * same keys and in the same sizes: all that he observes has to be the same, whether the origin is asked on his behalf included. Who observes a
 * difference has learnt something about what is not for him, and no rule had to say what. Where a target says that it keeps its users apart,
 * he has to observe the same without the others, too.
 */
export class Comparison {
  private readonly lab: Lab;
  private readonly isPartitioned: boolean;
  private sparing: Change['sparing'] = null;

  constructor({ target }: Lab) {
    this.isPartitioned = target.capabilities.partitioned;
    const open: Target['open'] = (stage, options) => {
      const session = target.open(stage, options);
      return session instanceof Promise ? session : this.renaming(session);
    };
    this.lab = new Lab(Object.create(target, { open: { value: open } }) as Target, PROPERTIES);
  }

  /** What a program breaks: what the judges find, or, where they find nothing, what further runs show. */
  async try({ world, operations }: Program, { record = false }: { readonly record?: boolean } = {}): Promise<Outcome> {
    const stage = this.lab.stage(world, true);
    const steps = compile(stage, operations);
    await this.lab.run(stage, steps, steps.length);
    const outcome: Outcome = { breaches: [...stage.breaches], history: record ? stage.history! : [] };
    if (outcome.breaches.length > 0) return outcome;
    const found = await this.everybody({ stage, steps });
    const history = found.reduce(withInterference, found[0]?.history ?? outcome.history);
    return { breaches: found.map(breachOf), history: record ? history : [] };
  }

  /** What a program shows to anybody, each kind once, if it does so every time. Situations of the stage do not count what this plays. */
  async everybody(onStage: OnStage): Promise<Interference[]> {
    const { steps } = onStage;
    const play = this.player(onStage);
    const first = await play(plainly(steps));
    const found: Interference[] = [];
    for (const observer of callersIn(steps)) {
      const interference = await this.shownTo(observer, first, onStage, play);
      if (interference !== null && !found.some(({ kind }) => kind === interference.kind)) found.push(interference);
    }
    return found;
  }

  private async shownTo(observer: number, first: Played, { stage, steps }: OnStage, play: Player): Promise<Interference | null> {
    for (const change of this.changes(observer, steps, rightsOf(observer, stage.world, steps))) {
      const second = await play(change);
      const isAlone = change.steps !== steps;
      const who: Observer = { user: observer, isAlone, isLiteral: !isAlone && isSameSupply(first.history, second.history) };
      const [before, after] = [observationsOf(first, who), observationsOf(second, who)];
      const difference = differenceBetween(before, after);
      if (difference === null) continue;
      const isSteady = async (): Promise<boolean> =>
        isSame(before, observationsOf(await play(plainly(steps)), who)) && isSame(after, observationsOf(await play(change), who));
      if (await isSo(isSteady, REPEATS)) return interferenceOf(observer, difference, first.history, isAlone);
    }
    return null;
  }

  private changes(observer: number, steps: readonly Step[], rights: Rights): Change[] {
    const { closed } = rights;
    const firstPicture: Change['firstPicture'] = (camera, epoch) => (closed.has(ownershipOf(camera, epoch)) ? SHIFT.pictures : 0);
    const others: Change = { steps, firstPicture, sparing: observer };
    return this.isPartitioned ? [others, { steps: stepsAlone(observer, steps, rights), firstPicture: null, sparing: null }] : [others];
  }

  /** What plays changes of a program, all as one session by the number that frames bear. */
  private player({ stage, tripwire = false }: OnStage): Player {
    let given = new Map<number, string>();
    const listener: Overhearing = { session: SESSION, given: (call, digest) => given.set(call.number, digest) };
    return async ({ steps, firstPicture, sparing }) => {
      given = new Map();
      const situations = stage.situations.slice();
      stage.history = [];
      stage.authority.firstPicture = firstPicture;
      this.sparing = sparing;
      overhear(stage, listener);
      try {
        await this.lab.run(stage, steps, steps.length, { tripwire });
        return { history: stage.history, given };
      } finally {
        overhear(stage, null);
        this.sparing = null;
        stage.authority.firstPicture = null;
        stage.history = null;
        stage.situations.set(situations);
      }
    };
  }

  /** A session in which the sessions of all but one caller have other names. */
  private renaming(session: Session): Session {
    const { sparing } = this;
    if (sparing === null) return session;
    const ask = (call: Call): void => {
      const asking = call as StageCall;
      const { user, party } = asking;
      if (user !== sparing && party !== NO_PARTY) asking.party = party < 0 ? party - SHIFT.sessions : party + SHIFT.sessions;
      session.ask(call);
    };
    return { ask, cancel: (call) => session.cancel(call), tell: (notice) => session.tell(notice), close: () => session.close() };
  }
}

function interferenceOf(observer: number, { ordinal, event, at, kind, instead }: Difference, history: History, isAlone: boolean): Interference {
  const asked = history.filter((one) => one.event === 'asked' && one.user === observer)[ordinal];
  if (asked?.event !== 'asked') throw new Error('A second run has a call that the first one does not have.');
  // Without the others, instants are not those of the first run.
  const last = history.findLast((one) => 'call' in one && one.call === asked.call)!;
  return { observer, kind: isAlone ? 'company' : kind, call: asked.call, at: event?.at ?? (isAlone ? last.at : at), history, event, instead };
}

/** What a second run shows, as a breach of its property. */
export function breachOf({ call, at, kind }: Interference): Breach {
  return { property: nonInterference.id, kind, instant: at, call };
}

/** What happened, with what a second run showed: told where it shows. */
function withInterference(history: History, { call, at, kind, instead }: Interference): History {
  const own = history.findLastIndex((one) => one.at === at && 'call' in one && one.call === call);
  const place = own < 0 ? history.findLastIndex((one) => one.at <= at) : own;
  const { ms } = history[place]!;
  const told: HistoryEvent[] = [
    { at, ms, event: 'otherwise', call, instead },
    { at, ms, event: 'violation', call, property: nonInterference.id, kind },
  ];
  return [...history.slice(0, place + 1), ...told, ...history.slice(place + 1)];
}
