import { Authority, isPlainlyRight, type MarkedFrame } from '../../models/domain/authority.ts';
import type { Mark } from '../../models/domain/frame.ts';
import type { HistoryEvent } from '../../models/domain/history.ts';
import type { Operation, Outcome } from '../../models/domain/operation.ts';
import { TIERS, type Tier, type World } from '../../models/domain/world.ts';
import { type Call, type Contact, NO_PARTY, type Origin, type ReplyStatus, type Session, type Sink, type Waiting } from '../../models/origin.ts';
import type { Property, Terms } from '../../properties/property.ts';
import { DONE, HELD_BACK, type HeldContact, IN_FLIGHT, StageCall, StageFrame, StageReply } from './call.ts';
import { contactEvent } from './contact-event.ts';
import { type Breach, Jury } from './jury.ts';
import type { LifetimeRule } from './lifetime.ts';
import { addPicture } from './shown.ts';
import type { Tally } from './situations.ts';
import { Compiler, type Step } from './step.ts';
import { Watch } from './watch.ts';

export type { Breach };

export interface StageOptions {
  readonly terms: Terms;
  readonly lifetimes: LifetimeRule;
  readonly properties: readonly Property[];
  /** Keep the full history of each run. */
  readonly record: boolean;
}

/** How many calls a stage goes through before it uses the first one again. A call that is answered twice is noticed for as long. */
const CALLS_KEPT = 64;

/**
 * Where a program is played: the harness as origin, clock, authority and audience of one world. A stage is made once for a
 * world and used for many runs; between runs it is reset, not made anew, so that checking allocates nothing.
 */
export class Stage implements Origin, Sink {
  readonly world: World;
  readonly authority: Authority;
  history: HistoryEvent[] | null;
  /** Number of the run: a frame of another run can only come from a cache that outlived its session. */
  run = 0;
  readonly calls: StageCall[] = [];
  private callCount = 0;
  /** Place of the next call in the pool. */
  private nextCall = 0;
  private doneCount = 0;
  private contactCount = 0;
  private releaseCount = 0;
  readonly held: HeldContact[] = [];
  private nowMs = 0;
  private readonly jury: Jury;
  private readonly compiler: Compiler;
  private readonly steps = new Map<Operation, Step>();
  private readonly frames: StageFrame[] = [];
  private frameCount = 0;
  /** One reply a level of nesting: an answer may lead to the next contact before its handler returns. */
  private readonly replies: StageReply[] = [new StageReply()];
  private depth = 0;
  private readonly watch: Watch;
  /** By (user + 1, rendition): what the caller received last; null where nobody in this world says what he has. */
  private readonly known: (StageFrame | null)[] | null;
  /** The frame that was answered last. */
  private given: MarkedFrame | null = null;
  /** The program is over: late answers are counted, and no longer judged. */
  private over = false;

  constructor(world: World, options: StageOptions) {
    this.world = world;
    this.authority = new Authority(world);
    if (!options.terms.told) this.authority.keepWhatIsSaid();
    this.jury = new Jury(this.authority, options.properties, options.terms, ({ call, property, kind }) => {
      if (this.history !== null) this.record({ event: 'violation', call, property, kind });
    });
    this.compiler = new Compiler(world, options.lifetimes);
    this.history = options.record ? [] : null;
    this.watch = new Watch(world, this.authority);
    this.known = world.templates.some(({ condition }) => condition === 'own')
      ? Array.from({ length: (world.users.length + 1) * world.cameras.length * TIERS.length }, () => null)
      : null;
    this.reset();
  }

  /** Back to the state before the first operation. Situations go on counting. */
  reset(): void {
    this.run++;
    this.authority.reset();
    this.nowMs = 0;
    this.callCount = 0;
    this.nextCall = 0;
    this.frameCount = 0;
    this.doneCount = 0;
    this.depth = 0;
    this.watch.reset();
    this.known?.fill(null);
    this.over = false;
    if (this.held.length > 0) this.held.length = 0;
    this.jury.reset();
    if (this.history !== null) this.history = [];
  }

  /** How often each situation occurred, over all runs since it was last cleared. */
  get situations(): Tally {
    return this.watch.tally;
  }

  /** What has been broken in this run. */
  get breaches(): readonly Breach[] {
    return this.jury.breaches;
  }

  /** Calls that are still unanswered. */
  get inFlight(): number {
    return this.callCount - this.doneCount;
  }

  /** The calls that are unanswered, oldest first. */
  get unanswered(): readonly StageCall[] {
    return this.calls.slice(0, this.nextCall).filter(({ state }) => state !== DONE);
  }

  /** What callers say that they have already, by caller and rendition; null where nobody in this world says so. */
  get received(): readonly (StageFrame | null)[] | null {
    return this.known;
  }

  /** Changes with everything that happens: while it stays the same, nothing does. */
  get activity(): number {
    return this.callCount + this.doneCount + this.contactCount + this.releaseCount;
  }

  /** The frame that the origin gave out as this copy in this run. */
  frameOf(copy: number): MarkedFrame | undefined {
    return copy < this.frameCount ? this.frames[copy] : undefined;
  }

  /** Lets go of every contact that is still held, oldest first, as if the origin answered. Returns how many there were. */
  releaseAll(): number {
    const contacts = this.held.splice(0);
    for (const contact of contacts) this.answerHeld(contact, 'reply');
    return contacts.length;
  }

  /** Ends the judging: what is answered from now on is no part of the program. Until the next reset. */
  finish(): void {
    this.over = true;
  }

  /** Time passes by itself, without an operation. */
  elapse(ms: number): void {
    this.nowMs += ms;
  }

  /** The step of an operation; the same operation gives the same step. */
  compile(operation: Operation): Step {
    let step = this.steps.get(operation);
    if (step === undefined) {
      step = this.compiler.compile(operation);
      this.steps.set(operation, step);
    }
    return step;
  }

  /** Plays one step against the session. What it sets off is reported to this stage, now or later. */
  play(step: Step, session: Session): void {
    const { authority } = this;
    authority.instant++;
    if (this.history !== null) this.record({ event: 'operation', operation: step.operation });
    switch (step.code) {
      case 0:
        session.ask(this.open(step, IN_FLIGHT));
        return;
      case 1:
        authority.capture(step.camera);
        return;
      case 2:
        this.nowMs += step.by;
        break;
      case 3:
        authority.share(step.camera, step.user);
        break;
      case 4:
        authority.unshare(step.camera, step.user);
        break;
      case 5:
        authority.publish(step.camera);
        break;
      case 6:
        authority.unpublish(step.camera);
        break;
      case 7:
        // Whoever hears that a camera has another owner now may take it for true.
        if (!authority.transfer(step.camera, step.user)) return;
        break;
      case 8:
        authority.recreate(step.camera);
        break;
      case 9:
        authority.link(step.user, step.channel);
        break;
      case 10:
        authority.unlink(step.user, step.channel);
        break;
      case 11:
        authority.disable(step.channel);
        break;
      case 12:
        authority.enable(step.channel);
        break;
      case 13:
        authority.purge(step.camera);
        break;
      case 14:
        this.watch.restart();
        break;
      case 15:
        this.watch.reconfigure();
        break;
      case 16:
        session.ask(this.open(step, HELD_BACK));
        return;
      case 17:
        this.release(step);
        return;
      default:
        this.cancel(step, session);
        return;
    }
    if (step.changesCamera) this.watch.changed(step.camera, authority.instant);
    session.tell(step.notice);
  }

  now(): number {
    return this.nowMs;
  }

  authorise(call: Call, waiting: Waiting): void {
    const asking = call as StageCall;
    const { step } = asking;
    const reply = this.replies[this.depth]!;
    reply.status = this.authority.allows(step.user, step.camera, step.channel) ? 'ok' : 'refused';
    reply.frame = null;
    reply.isUnchecked = false;
    this.reply(asking, 'authorise', waiting, reply);
  }

  /** `unchecked`: fetched with the service's own credential, whatever the caller may see. */
  fetch(call: Call, tier: Tier, waiting: Waiting, unchecked: boolean = false): void {
    const asking = call as StageCall;
    const { step } = asking;
    const reply = this.replies[this.depth]!;
    reply.isUnchecked = unchecked;
    const allowed = unchecked || this.authority.allows(step.user, step.camera, step.channel);
    if (allowed && step.takesPicture) this.authority.capture(step.camera);
    reply.status = allowed ? 'ok' : 'refused';
    reply.frame = allowed ? this.shoot(step.camera, tier, step.lifetimeMs) : null;
    if (allowed) this.watch.fetched(step, this.nowMs);
    this.reply(asking, 'fetch', waiting, reply);
  }

  revalidate(call: Call, tier: Tier, known: MarkedFrame, waiting: Waiting): void {
    const { step } = call as StageCall;
    const isNamed = step.policy.validator === true;
    if (!isNamed || !this.authority.allows(step.user, step.camera, step.channel) || !this.isStill(known, step.camera, tier)) {
      this.fetch(call, tier, waiting);
      return;
    }
    const reply = this.replies[this.depth]!;
    reply.status = 'unchanged';
    reply.frame = null;
    reply.known = this.frames[known.copy]!;
    this.prolong(reply.known, step.lifetimeMs);
    reply.isUnchecked = false;
    this.reply(call as StageCall, 'fetch', waiting, reply);
  }

  /** Whether a frame is what the camera shows now. */
  isStill(known: MarkedFrame, camera: number, tier: Tier): boolean {
    const current = this.authority.current[camera]!;
    return known.camera === camera && known.tier === tier && known.rights === current && known.sequence === current.sequence;
  }

  /** The origin said again that a copy may be kept: its lifetime begins anew (RFC 9111 section 4.3.4). */
  prolong(copy: StageFrame, lifetimeMs: number): void {
    copy.untilMs = Math.max(copy.untilMs, this.nowMs + lifetimeMs);
    copy.madeAt = this.authority.instant;
  }

  answered(call: Call, frame: MarkedFrame, fallback: boolean): void {
    const asking = call as StageCall;
    if (asking.state === DONE) return;
    asking.state = DONE;
    this.doneCount++;
    if (this.over) return;
    this.given = frame;
    if (this.history !== null) this.recordAnswer(asking, frame, fallback);
    this.watch.answered(asking.user, frame, this.frames[frame.copy]!);
    if (this.known !== null) this.known[this.knownPlace(asking.step)] = this.frames[frame.copy]!;
    if (isPlainlyRight(this.authority, asking, frame)) return;
    this.jury.answered(asking, frame, fallback);
  }

  /** What else was in an answer that has been reported: a torn one holds parts of several frames. */
  alsoAnswered(call: Call, frame: MarkedFrame, fallback: boolean): void {
    const asking = call as StageCall;
    if (this.over) return;
    if (this.history !== null) this.recordAnswer(asking, frame, fallback);
    this.jury.torn(asking, this.given!, frame);
    if (isPlainlyRight(this.authority, asking, frame)) return;
    this.jury.answered(asking, frame, fallback);
  }

  described(call: Call, frame: MarkedFrame | null): void {
    const asking = call as StageCall;
    if (asking.state === DONE) return;
    asking.state = DONE;
    this.doneCount++;
    if (this.over) return;
    this.watch.described();
    if (this.history !== null) this.record({ event: 'described', call: asking.number, frame: frame === null ? null : markOf(frame) });
    this.jury.described(asking, frame);
  }

  header(call: Call, party: number): void {
    const asking = call as StageCall;
    if (this.over) return;
    this.watch.header();
    if (this.history !== null) this.record({ event: 'header', call: asking.number, party });
    if (party === asking.party || party === asking.user) return;
    this.jury.header(asking, party);
  }

  refused(call: Call, status: ReplyStatus): void {
    const asking = call as StageCall;
    if (asking.state === DONE) return;
    asking.state = DONE;
    this.doneCount++;
    if (this.over) return;
    this.watch.refused();
    if (this.history !== null) this.record({ event: 'refused', call: asking.number, status });
  }

  /** The picture in the answer that a call has just received, as a `data:` URL: made when the history is written out, and not before. */
  shown(call: Call, picture: () => string): void {
    if (this.history === null || this.over) return;
    addPicture(this.history, { at: this.authority.instant, ms: this.nowMs, call: (call as StageCall).number }, picture);
  }

  /** The origin answers the oldest contact that it holds for what was asked; no match is a no-op. */
  private release(step: Step): void {
    const { held } = this;
    for (let index = 0; index < held.length; index++) {
      if (held[index]!.call.step.asked !== step.asked) continue;
      this.answerHeld(held.splice(index, 1)[0]!, step.outcome);
      return;
    }
  }

  /** Answers a contact that was taken from `held`. */
  answerHeld(contact: HeldContact, outcome: Outcome): void {
    const { call, reply } = contact;
    this.releaseCount++;
    if (outcome !== 'reply') {
      reply.status = outcome === 'refuse' ? 'refused' : outcome === 'error' ? 'error' : 'dropped';
      reply.frame = null;
      this.watch.failed();
    } else if (reply.frame !== null) {
      this.watch.released(contact);
      // A lifetime is counted from the answer, by every cache and so by the judges; what was decided is from when it was asked.
      const copy = reply.frame as StageFrame;
      copy.untilMs = this.nowMs + call.step.lifetimeMs;
      copy.madeAt = this.authority.instant;
    } else if (reply.status === 'unchanged') this.prolong(reply.known!, call.step.lifetimeMs);
    if (this.history !== null) this.record({ event: 'origin', call: call.number, contact: contact.contact, status: reply.status });
    this.said(call, reply);
    contact.waiting.resume(call, contact.contact, reply);
  }

  /** What the origin says of a right may be taken for true for as long as the answer in which it does. */
  private said({ step }: StageCall, { status, isUnchecked }: StageReply): void {
    if (isUnchecked) return;
    if (status === 'ok' || status === 'unchanged') this.authority.said(step.user, step.camera, this.nowMs + step.lifetimeMs);
  }

  /** Nobody waits, and nothing is held on behalf of somebody who no longer does. */
  private isIdle(): boolean {
    return this.doneCount === this.callCount && this.held.length === 0;
  }

  private open(step: Step, state: number): StageCall {
    // Without a history nobody looks back at a call: the pool stays small enough for the processor's cache, however long the program.
    if (this.nextCall >= CALLS_KEPT && this.history === null && this.isIdle()) this.nextCall = 0;
    const number = this.nextCall++;
    this.callCount++;
    if (number === this.calls.length) this.calls.push(new StageCall(number));
    const call = this.calls[number]!;
    call.step = step;
    call.since = this.authority.instant;
    call.sinceMs = this.nowMs;
    call.state = state;
    call.slot = null;
    call.known = null;
    call.party = NO_PARTY;
    if (step.saysMore) this.sayMore(call, step);
    if (this.history !== null) this.record({ event: 'asked', call: number, user: step.user, camera: step.camera, template: step.template });
    this.watch.asked(step, this.nowMs, this.held);
    return call;
  }

  private sayMore(call: StageCall, step: Step): void {
    if (step.tellsKnown) call.known = this.known![this.knownPlace(step)]!;
    call.party = step.namesVisitor ? NO_PARTY - this.callCount : step.party;
  }

  private cancel(step: Step, session: Session): void {
    for (let number = 0; number < this.nextCall && this.doneCount < this.callCount; number++) {
      const call = this.calls[number]!;
      if (call.state === DONE || call.step.asked !== step.asked) continue;
      call.state = DONE;
      this.doneCount++;
      this.watch.cancelled();
      if (this.history !== null) this.record({ event: 'cancelled', call: number });
      session.cancel(call);
      return;
    }
  }

  private reply(call: StageCall, contact: Contact, waiting: Waiting, reply: StageReply): void {
    const { step } = call;
    this.contactCount++;
    reply.epoch = this.authority.current[step.camera]!.number;
    reply.lifetimeMs = step.lifetimeMs;
    reply.policy = step.policy;
    reply.party = call.party;
    if (this.history !== null) this.record(contactEvent(call, contact, this.calls[call.number], reply.isUnchecked));
    if (call.state === HELD_BACK) {
      this.held.push({ call, contact, waiting, reply, askedAt: this.authority.instant });
      this.replies[this.depth] = new StageReply();
      return;
    }
    if (this.history !== null) this.record({ event: 'origin', call: call.number, contact, status: reply.status });
    this.said(call, reply);
    if (++this.depth === this.replies.length) this.replies.push(new StageReply());
    waiting.resume(call, contact, reply);
    this.depth--;
  }

  private shoot(camera: number, tier: Tier, lifetimeMs: number): StageFrame {
    const { frameCount } = this;
    if (frameCount === this.frames.length) this.frames.push(new StageFrame(frameCount));
    const frame = this.frames[frameCount]!;
    this.frameCount = frameCount + 1;
    const rights = this.authority.current[camera]!;
    frame.camera = camera;
    frame.epoch = rights.number;
    frame.owner = rights.owner;
    frame.sequence = rights.sequence;
    frame.tier = tier;
    frame.rights = rights;
    frame.madeAt = this.authority.instant;
    frame.untilMs = this.nowMs + lifetimeMs;
    frame.servedAt = 0;
    return frame;
  }

  private knownPlace(step: Step): number {
    return (step.user + 1) * this.world.cameras.length * TIERS.length + step.rendition;
  }

  private recordAnswer(call: StageCall, frame: MarkedFrame, fallback: boolean): void {
    this.record({ event: 'answered', call: call.number, frame: markOf(frame), fallback });
  }

  private record(event: { event: HistoryEvent['event'] } & Record<string, unknown>): void {
    this.history!.push({ at: this.authority.instant, ms: this.nowMs, ...event } as HistoryEvent);
  }
}

function markOf({ camera, epoch, owner, sequence, tier, copy }: MarkedFrame): Mark {
  return { camera, epoch, owner, sequence, tier, copy };
}
