import type { Frame, Mark } from './frame.ts';
import { type Channel, CHANNELS, type Tier, type World } from './world.ts';

/** A right that is held now. */
export const HELD: number = Number.POSITIVE_INFINITY;
/** A right that was never held. */
export const NEVER: number = -1;

/**
 * One ownership of one camera, with the rights in its frames. Rights live here, on the object that each frame points to, so
 * that the question "might this user see this frame?" costs two reads.
 */
export class Epoch {
  readonly camera: number;
  readonly number: number;
  owner = 0;
  /** False once another epoch of the camera has begun. */
  current: boolean = true;
  /** Number of the latest capture. */
  sequence = 0;
  /** By user + 1: the instant at which the right was last lost, `HELD` or `NEVER`. Place 0 is the anonymous visitor. */
  readonly lostAt: Float64Array;
  /** It ended because the camera was deleted, and made anew under the same id. */
  deleted: boolean = false;
  /** The instant at which the epoch ended, or `HELD`. */
  endedAt: number = HELD;
  /** The same for everybody at once: the camera was public. */
  publicLostAt: number = NEVER;

  constructor(camera: number, number: number, users: number) {
    this.camera = camera;
    this.number = number;
    this.lostAt = new Float64Array(users + 1);
  }

  begin(owner: number): void {
    this.owner = owner;
    this.current = true;
    this.endedAt = HELD;
    this.deleted = false;
    this.sequence = 0;
    this.publicLostAt = NEVER;
    const lostAt = this.lostAt;
    for (let place = 0; place < lostAt.length; place++) lostAt[place] = NEVER;
    lostAt[owner + 1] = HELD;
  }

  /** Ends the epoch at `instant`: its owner keeps the right to what was captured (rule 3), everybody else loses it. */
  end(instant: number): void {
    this.current = false;
    this.endedAt = instant;
    const lostAt = this.lostAt;
    for (let place = 0; place < lostAt.length; place++) if (lostAt[place] === HELD && place !== this.owner + 1) lostAt[place] = instant;
    if (this.publicLostAt === HELD) this.publicLostAt = instant;
  }
}

/** A frame with its mark and the rights in it. Only the origin makes them; only judges look inside. */
export interface MarkedFrame extends Frame, Mark {
  readonly rights: Epoch;
  /** The instant at which the origin gave this copy out. */
  readonly madeAt: number;
  /** End of the lifetime that the origin gave to the very answer that carried this copy, in ms of virtual time. */
  readonly untilMs: number;
}

/** The ground truth of who might see what, when. Kept by the harness alone: no cache may read it. */
export class Authority {
  /** The instant: 0 before the first operation, then the operation's number from 1. Orders rights and calls. */
  instant = 0;
  /** How many channels and links were ever closed in this run: while it is 0, all are open. */
  closures = 0;
  readonly world: World;
  /** The current epoch of each camera. */
  readonly current: Epoch[] = [];
  /** By channel: the instant at which it was last switched off for everybody, or `HELD`. */
  private readonly channelLostAt = new Float64Array(CHANNELS.length).fill(HELD);
  /** By (user + 1, channel): the instant at which this user's link was last removed, or `HELD`. */
  private readonly linkLostAt: Float64Array;
  private readonly epochs: Epoch[][];
  /** The number of the first picture of an ownership, where it is not 0: with other numbers the same program is played with other pictures. */
  firstPicture: ((camera: number, epoch: number) => number) | null = null;
  /** By camera: the instant of the last purge, or `NEVER`. */
  readonly purgedAt: Float64Array;
  /** By (user + 1, camera): until when what the origin said last about a right may be taken for true, in ms. Kept where a cache is told nothing. */
  private saidUntilMs: Float64Array | null = null;

  constructor(world: World) {
    this.world = world;
    this.linkLostAt = new Float64Array((world.users.length + 1) * CHANNELS.length).fill(HELD);
    this.epochs = world.cameras.map((_, camera) => [new Epoch(camera, 0, world.users.length)]);
    this.purgedAt = new Float64Array(world.cameras.length);
    this.reset();
  }

  reset(): void {
    this.instant = 0;
    if (this.closures > 0) {
      this.channelLostAt.fill(HELD);
      this.linkLostAt.fill(HELD);
      this.closures = 0;
    }
    this.saidUntilMs?.fill(NEVER);
    for (let camera = 0; camera < this.epochs.length; camera++) {
      this.purgedAt[camera] = NEVER;
      const first = this.epochs[camera]![0]!;
      first.begin(this.world.cameras[camera]!.owner);
      if (this.firstPicture !== null) first.sequence = this.firstPicture(camera, 0);
      this.current[camera] = first;
    }
  }

  /** From now on it is kept until when what the origin said about rights may be taken for true. */
  keepWhatIsSaid(): void {
    this.saidUntilMs = new Float64Array((this.world.users.length + 1) * this.world.cameras.length).fill(NEVER);
  }

  /** The origin has said that a user, or anybody, may see a camera, in an answer that may be kept until then, in ms. */
  said(user: number, camera: number, untilMs: number): void {
    const { saidUntilMs } = this;
    if (saidUntilMs === null) return;
    const place = (user + 1) * this.world.cameras.length + camera;
    saidUntilMs[place] = Math.max(saidUntilMs[place]!, untilMs);
  }

  /** Until when a cache that is told nothing may take a user, or anybody, for one who may see a camera, in ms; `NEVER` where nobody ever said so. */
  mayBeTakenUntilMs(user: number, camera: number): number {
    const { saidUntilMs } = this;
    if (saidUntilMs === null) return NEVER;
    return Math.max(saidUntilMs[camera]!, saidUntilMs[(user + 1) * this.world.cameras.length + camera]!);
  }

  capture(camera: number): void {
    this.current[camera]!.sequence++;
  }

  share(camera: number, user: number): void {
    this.current[camera]!.lostAt[user + 1] = HELD;
  }

  unshare(camera: number, user: number): void {
    const epoch = this.current[camera]!;
    if (user !== epoch.owner && epoch.lostAt[user + 1] === HELD) epoch.lostAt[user + 1] = this.instant;
  }

  publish(camera: number): void {
    this.current[camera]!.publicLostAt = HELD;
  }

  unpublish(camera: number): void {
    const epoch = this.current[camera]!;
    if (epoch.publicLostAt === HELD) epoch.publicLostAt = this.instant;
  }

  /** A change of owner, if it is one: giving a camera to its owner changes nothing. */
  transfer(camera: number, user: number): boolean {
    if (this.current[camera]!.owner === user) return false;
    this.startEpoch(camera, user);
    return true;
  }

  /** The camera is deleted and made anew under the same id by the same owner. */
  recreate(camera: number): void {
    this.current[camera]!.deleted = true;
    this.startEpoch(camera, this.current[camera]!.owner);
  }

  /** Everything stored of the camera is to be forgotten. */
  purge(camera: number): void {
    this.purgedAt[camera] = this.instant;
  }

  link(user: number, channel: Channel): void {
    this.linkLostAt[this.linkPlace(user, channel)] = HELD;
  }

  unlink(user: number, channel: Channel): void {
    const place = this.linkPlace(user, channel);
    if (this.linkLostAt[place] === HELD) this.linkLostAt[place] = this.instant;
    this.closures++;
  }

  enable(channel: Channel): void {
    this.channelLostAt[CHANNELS.indexOf(channel)] = HELD;
  }

  disable(channel: Channel): void {
    const place = CHANNELS.indexOf(channel);
    if (this.channelLostAt[place] === HELD) this.channelLostAt[place] = this.instant;
    this.closures++;
  }

  /** Whether the user is in the audience of the epoch's frames at some instant from `since` to now (rules 1 and 2). */
  may(user: number, epoch: Epoch, since: number): boolean {
    return epoch.lostAt[user + 1]! >= since || epoch.publicLostAt >= since;
  }

  /** Whether the user was ever in the audience of the epoch's frames. */
  everMight(user: number, epoch: Epoch): boolean {
    return epoch.lostAt[user + 1] !== NEVER || epoch.publicLostAt !== NEVER;
  }

  /** Whether the user has or had rights in any epoch of the camera. */
  knows(user: number, camera: number): boolean {
    const last = this.current[camera]!.number;
    for (let number = 0; number <= last; number++) if (this.everMight(user, this.epochs[camera]![number]!)) return true;
    return false;
  }

  /** Whether the channel is open to the user now. */
  isOpen(user: number, channel: Channel): boolean {
    if (this.closures === 0) return true;
    const place = CHANNELS.indexOf(channel);
    return this.channelLostAt[place] === HELD && this.linkLostAt[(user + 1) * CHANNELS.length + place] === HELD;
  }

  /** Whether the whole channel was open at some instant from `since` to now. */
  channelWasOpen(channel: Channel, since: number): boolean {
    return this.channelLostAt[CHANNELS.indexOf(channel)]! >= since;
  }

  /** Whether the user's link to the channel existed at some instant from `since` to now. */
  linkWasOpen(user: number, channel: Channel, since: number): boolean {
    return this.linkLostAt[this.linkPlace(user, channel)]! >= since;
  }

  /** What a truthful origin answers now: may this user see this camera through this channel? */
  allows(user: number, camera: number, channel: Channel): boolean {
    const epoch = this.current[camera]!;
    return (epoch.lostAt[user + 1] === HELD || epoch.publicLostAt === HELD) && this.isOpen(user, channel);
  }

  private linkPlace(user: number, channel: Channel): number {
    return (user + 1) * CHANNELS.length + CHANNELS.indexOf(channel);
  }

  private startEpoch(camera: number, owner: number): void {
    const previous = this.current[camera]!;
    previous.end(this.instant);
    const number = previous.number + 1;
    const known = this.epochs[camera]!;
    if (known.length === number) known.push(new Epoch(camera, number, this.world.users.length));
    const next = known[number]!;
    next.begin(owner);
    if (this.firstPicture !== null) next.sequence = this.firstPicture(camera, number);
    this.current[camera] = next;
  }
}

/** Who asked for what. */
export interface Asked {
  readonly user: number;
  readonly camera: number;
  readonly tier: Tier;
  readonly channel: Channel;
}

/** Whether an answer is plainly right: the camera and tier asked for, of the current epoch and after any purge, to a caller with a right held now. */
export function isPlainlyRight(authority: Authority, asked: Asked, frame: MarkedFrame): boolean {
  const { rights } = frame;
  return (
    frame.camera === asked.camera &&
    frame.tier === asked.tier &&
    rights.current &&
    frame.madeAt > authority.purgedAt[frame.camera]! &&
    (rights.lostAt[asked.user + 1] === HELD || rights.publicLostAt === HELD) &&
    authority.isOpen(asked.user, asked.channel)
  );
}
