import { type Authority, HELD, type MarkedFrame, NEVER } from '../../models/domain/authority.ts';
import { ANONYMOUS, TIERS, type World } from '../../models/domain/world.ts';
import type { HeldContact, StageFrame } from './call.ts';
import { newTally, place, type Tally } from './situations.ts';
import type { Step } from './step.ts';

const FRAME_RECEIVED = place('frame-received');
const REFUSED = place('refused');
const HIT = place('hit');
const JOINED = place('joined');
const FOREIGN_READ = place('foreign-read-after-fill');
const SHARED_READ = place('shared-read-after-fill');
const SAME_READ = place('same-read-again');
const OTHER_TIER = place('other-tier-after-fill');
const ANONYMOUS_READ = place('anonymous-read-after-fill');
const AFTER_UNSHARE = place('read-after-unshare');
const AFTER_OWNER = place('read-after-change-of-owner');
const AFTER_EXPIRY = place('read-after-expiry');
const REFETCH = place('refetch-while-fresh');
const CAPACITY = place('more-keys-than-capacity');
const CLOSED_CHANNEL = place('read-through-closed-channel');
const AFTER_RECONFIGURE = place('read-after-reconfigure');
const AFTER_RESTART = place('read-after-restart');
const JOIN = place('join-opportunity');
const LATE_FILL = place('late-fill');
const ORIGIN_FAILURE = place('origin-failure');
const CALLER_GONE = place('caller-gone');
const DESCRIBED = place('told-without-body');
const SESSION_RECEIVED = place('session-received');

const NOBODY_YET = -2;

/** Sees which situations a run comes into. Constant cost an event; nothing is allocated. */
export class Watch {
  /** Goes on counting over runs, until it is taken. */
  readonly tally: Tally = newTally();
  private readonly capacity: number;
  private readonly authority: Authority;
  // What has been given out last, by rendition.
  private readonly lastReceiver: Int32Array;
  private readonly lastUntilMs: Float64Array;
  private readonly lastEpoch: Int32Array;
  /** When what belongs to a camera was last changed, by camera. */
  private readonly changedAt: Int32Array;
  /** When the origin last gave something out, by what was asked, in ms; -1 before. */
  private readonly lastFetchMs: Float64Array;
  /** What the origin gave out in this run, as places in `lastFetchMs`; the first `distinctAsks` count. */
  private readonly fetchedPlaces: Int32Array;
  private distinctAsks = 0;
  private reconfigured = false;
  private restarted = false;
  /** Whether anybody received anything in this run. */
  private received = true;

  constructor(world: World, authority: Authority) {
    this.capacity = world.capacity;
    this.authority = authority;
    const renditions = world.cameras.length * TIERS.length;
    this.lastReceiver = new Int32Array(renditions);
    this.lastUntilMs = new Float64Array(renditions);
    this.lastEpoch = new Int32Array(renditions);
    this.changedAt = new Int32Array(world.cameras.length);
    this.lastFetchMs = new Float64Array((world.users.length + 1) * world.cameras.length * world.templates.length).fill(-1);
    this.fetchedPlaces = new Int32Array(this.lastFetchMs.length);
  }

  /** Only what the run left behind is taken back, one by one: there is little of it, and filling whole arrays takes longer. */
  reset(): void {
    const { changedAt, lastFetchMs, fetchedPlaces, lastReceiver } = this;
    this.reconfigured = false;
    this.restarted = false;
    for (let camera = 0; camera < changedAt.length; camera++) changedAt[camera] = 0;
    for (let index = 0; index < this.distinctAsks; index++) lastFetchMs[fetchedPlaces[index]!] = -1;
    this.distinctAsks = 0;
    if (!this.received) return;
    for (let rendition = 0; rendition < lastReceiver.length; rendition++) lastReceiver[rendition] = NOBODY_YET;
    this.received = false;
  }

  changed(camera: number, instant: number): void {
    this.changedAt[camera] = instant;
  }

  restart(): void {
    this.restarted = true;
  }

  reconfigure(): void {
    this.reconfigured = true;
  }

  asked(step: Step, nowMs: number, held: readonly HeldContact[]): void {
    const { tally, lastReceiver } = this;
    const { user, camera, rendition } = step;
    if (held.length > 0) this.joined(step, held);
    if (this.authority.closures > 0 && !this.authority.isOpen(user, step.channel)) tally[CLOSED_CHANNEL]!++;
    if (!this.received) return;
    if (lastReceiver[step.otherRendition] !== NOBODY_YET) tally[OTHER_TIER]!++;
    const receiver = lastReceiver[rendition]!;
    if (receiver === NOBODY_YET) return;
    const rights = this.authority.current[camera]!;
    const lost = rights.lostAt[user + 1]!;
    if (receiver === user) tally[SAME_READ]!++;
    else if (lost === HELD || rights.publicLostAt === HELD) tally[SHARED_READ]!++;
    else {
      tally[FOREIGN_READ]!++;
      if (user === ANONYMOUS) tally[ANONYMOUS_READ]!++;
    }
    if (lost !== HELD && lost !== NEVER) tally[AFTER_UNSHARE]!++;
    if (this.lastEpoch[rendition] !== rights.number) tally[AFTER_OWNER]!++;
    if (this.lastUntilMs[rendition]! < nowMs) tally[AFTER_EXPIRY]!++;
    if (this.reconfigured) tally[AFTER_RECONFIGURE]!++;
    if (this.restarted) tally[AFTER_RESTART]!++;
  }

  fetched(step: Step, nowMs: number): void {
    const last = this.lastFetchMs[step.asked]!;
    if (last < 0) {
      this.fetchedPlaces[this.distinctAsks++] = step.asked;
      if (this.distinctAsks === this.capacity + 1) this.tally[CAPACITY]!++;
    } else if (nowMs < last + step.lifetimeMs) this.tally[REFETCH]!++;
    this.lastFetchMs[step.asked] = nowMs;
  }

  released(contact: HeldContact): void {
    if (contact.reply.frame === null) return;
    if (this.changedAt[contact.call.camera]! > contact.askedAt) this.tally[LATE_FILL]!++;
  }

  failed(): void {
    this.tally[ORIGIN_FAILURE]!++;
  }

  cancelled(): void {
    this.tally[CALLER_GONE]!++;
  }

  described(): void {
    this.tally[DESCRIBED]!++;
  }

  header(): void {
    this.tally[SESSION_RECEIVED]!++;
  }

  refused(): void {
    this.tally[REFUSED]!++;
  }

  /** `copy`: the frame as the origin gave it out; a cache may have made another rendition of it. */
  answered(user: number, frame: MarkedFrame, copy: StageFrame): void {
    const rendition = frame.camera * TIERS.length + (frame.tier === 'high' ? 0 : 1);
    this.received = true;
    this.tally[FRAME_RECEIVED]!++;
    // Those who joined one fetch receive it together: only a later answer shows that something was kept.
    if (copy.servedAt === 0) copy.servedAt = this.authority.instant;
    else this.tally[copy.servedAt < this.authority.instant ? HIT : JOINED]!++;
    this.lastReceiver[rendition] = user;
    this.lastUntilMs[rendition] = copy.untilMs;
    this.lastEpoch[rendition] = frame.epoch;
  }

  private joined(step: Step, held: readonly HeldContact[]): void {
    for (let index = 0; index < held.length; index++) {
      const other = held[index]!.call.step;
      if (other.rendition !== step.rendition || other.user === step.user) continue;
      this.tally[JOIN]!++;
      return;
    }
  }
}
