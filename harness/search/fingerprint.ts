import { type Epoch, HELD, type MarkedFrame, NEVER } from '../../models/domain/authority.ts';
import type { Frame } from '../../models/domain/frame.ts';
import type { Operation } from '../../models/domain/operation.ts';
import type { Request } from '../../models/domain/request.ts';
import { ANONYMOUS, CHANNELS } from '../../models/domain/world.ts';
import { type Call, type Naming, NO_PARTY, type Session } from '../../models/origin.ts';
import type { StageCall } from '../run/call.ts';
import type { Lab } from '../run/lab.ts';
import { compile, play } from '../run/run.ts';
import type { Stage } from '../run/stage.ts';

/**
 * The state that a run has come to: the cache's own, and that of everything around it which later answers and judges depend on. Equal
 * states have the same future.
 * `told`: the target is told of revocations, so that the lifetimes of copies bind nobody but the cache itself.
 */
function fingerprintOf(stage: Stage, session: Session, told: boolean): string {
  const names = new Names(stage, told);
  const own = session.fingerprint!(names);
  return JSON.stringify([own, names.around(), names.frames()]);
}

/** What says in which state a program ends; null where the target does not answer at once, or cannot say what its answers depend on. */
export function statesOf(lab: Lab, stage: Stage): ((operations: readonly Operation[]) => string) | null {
  const { target } = lab;
  // Only models answer at once. To open anything else only to look at it would be in the way of the next session: one process has one time.
  if (target.kind !== 'model') return null;
  const session = target.open(stage, { tripwire: false }) as Session;
  void session.close();
  if (session.fingerprint === undefined) return null;
  return (operations) => {
    const steps = compile(stage, operations);
    const opened = target.open(stage, { tripwire: false }) as Session;
    try {
      play(stage, opened, steps);
      return fingerprintOf(stage, opened, target.capabilities.told);
    } catch (error) {
      // The same again where a fault of the target is told as one.
      void lab.run(stage, steps, steps.length);
      throw error;
    } finally {
      void opened.close();
    }
  };
}

/** Gives names by first mention, and remembers what has to be said about each thing named. */
class Names implements Naming {
  readonly calls: readonly StageCall[];
  private readonly stage: Stage;
  private readonly told: boolean;
  private readonly requestNames: Map<string, number>;
  /** The instants at which the unanswered calls began, and the one at which the next will: rights are only ever compared with these. */
  private readonly instants: readonly number[];
  private readonly frameNames = new Map<Frame, number>();
  private readonly copyNames = new Map<number, number>();
  private readonly parties = new Map<number, string>();

  constructor(stage: Stage, told: boolean) {
    this.stage = stage;
    this.told = told;
    this.requestNames = namesOf(stage);
    const held = stage.held.map(({ call }) => call);
    this.calls = [...new Set([...stage.unanswered, ...held])].toSorted((a, b) => a.number - b.number);
    this.instants = [...new Set([...this.calls.map(({ since }) => since), stage.authority.instant + 1])].toSorted((a, b) => a - b);
  }

  call(call: Call): string {
    const place = this.calls.indexOf(call as StageCall);
    // Whose caller has gone: only what he asked for still matters.
    return place < 0 ? `gone ${(call as StageCall).step.asked}` : `${place}`;
  }

  frame(frame: Frame): string {
    let name = this.frameNames.get(frame);
    if (name === undefined) this.frameNames.set(frame, (name = this.frameNames.size));
    return `${name}`;
  }

  request(request: Request): string {
    const text = textOf(request);
    let name = this.requestNames.get(text);
    if (name === undefined) this.requestNames.set(text, (name = this.requestNames.size));
    return `${name}`;
  }

  moment(ms: number): string {
    return `${ms - this.stage.now()}`;
  }

  party(party: number): string {
    if (party >= NO_PARTY) return `${party}`;
    let name = this.parties.get(party);
    if (name === undefined) this.parties.set(party, (name = `visitor ${this.parties.size}`));
    return name;
  }

  /** What is held, asked, known and allowed, beside what the cache has. */
  around(): unknown {
    const { stage } = this;
    const { authority, world } = stage;
    const users = [ANONYMOUS, ...world.users.keys()];
    return [
      this.calls.map(({ step, state, since, sinceMs, known, party }) => [
        step.asked,
        state,
        this.instants.indexOf(since),
        this.told ? 0 : this.moment(sinceMs),
        known === null ? null : this.frame(known),
        this.party(party),
      ]),
      stage.held.map(({ call, contact, reply }) => [
        this.call(call),
        contact,
        reply.status,
        reply.frame === null ? null : this.frame(reply.frame),
        reply.known === null || reply.status !== 'unchanged' ? null : this.frame(reply.known),
        reply.epoch,
        this.party(reply.party),
      ]),
      stage.received?.map((frame) => (frame === null ? null : this.frame(frame))),
      world.cameras.map((_, camera) => [
        this.epoch(authority.current[camera]!),
        users.map((user) => authority.knows(user, camera)),
        this.sides(authority.purgedAt[camera]!),
      ]),
      CHANNELS.map((channel) =>
        this.instants.map((since) => [authority.channelWasOpen(channel, since), users.map((user) => authority.linkWasOpen(user, channel, since))]),
      ),
    ];
  }

  /** What there is to say about each frame that was named. */
  frames(): unknown {
    const { authority } = this.stage;
    return Array.from(this.frameNames.keys(), (frame) => {
      const { camera, tier, copy, sequence, rights, madeAt, untilMs } = frame as MarkedFrame;
      let name = this.copyNames.get(copy);
      if (name === undefined) this.copyNames.set(copy, (name = this.copyNames.size));
      const current = authority.current[camera]!;
      return [
        name,
        camera,
        tier,
        rights.current ? rights.number : this.epoch(rights),
        // Whether it is still what the camera shows: once it is not, it never will be.
        rights.current && sequence === current.sequence,
        madeAt > authority.purgedAt[camera]!,
        this.told ? 0 : this.moment(untilMs),
      ];
    });
  }

  private epoch({ number, owner, current, deleted, endedAt, lostAt, publicLostAt }: Epoch): unknown {
    const right = (lost: number): unknown => [lost === NEVER, lost === HELD, lost === endedAt, this.sides(lost)];
    return [number, owner, current, deleted, this.sides(endedAt), Array.from(lostAt, right), right(publicLostAt)];
  }

  /** On which side of each instant a moment lies. */
  private sides(instant: number): number {
    return this.instants.filter((since) => since <= instant).length;
  }
}

const NAMES = new WeakMap<Stage, Map<string, number>>();

/** The names that requests have on a stage, in all its runs. */
function namesOf(stage: Stage): Map<string, number> {
  let names = NAMES.get(stage);
  if (names === undefined) NAMES.set(stage, (names = new Map<string, number>()));
  return names;
}

const TEXTS = new WeakMap<Request, string>();

/** A request in words, made once: stages have requests of their own, which say the same. */
function textOf(request: Request): string {
  let text = TEXTS.get(request);
  if (text === undefined) TEXTS.set(request, (text = JSON.stringify(request)));
  return text;
}
