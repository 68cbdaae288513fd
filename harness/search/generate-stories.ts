import type { Layout } from './generate-layout.ts';
import { Parts } from './generate-parts.ts';
import {
  ADVANCE,
  UNSHARE,
  RECREATE,
  UNLINK,
  DISABLE,
  PUBLISH,
  PURGE,
  RESTART,
  RECONFIGURE,
  BEGIN,
  CANCEL,
  PAST_OWN,
  LITTLE,
  HALF,
  AGEINGS,
  ENDINGS,
  PAUSES,
  OWNS,
  ROLES,
  SHARE,
  SHARED,
  PUBLIC,
  GUEST,
  THE_CAMERA,
  THE_TEMPLATE,
  SWITCHABLE,
} from './generate-roles.ts';
import type { Random } from './random.ts';

/** What can go wrong in caches of any kind: the shapes of stories in which it does. */
const READ = 0;
const REVOKE = 1;
const LATE = 2;
const JOIN = 3;
const EXPIRE = 4;
const SWITCH = 5;
const EVICT = 6;
const FAIL = 7;
const OWNER = 8;
const CONFIGURE = 9;
const RESTARTED = 10;
const GONE = 11;
const ROUND = 12;
const FOCUS = 13;
const POLL = 14;
const AGES = 15;

const TABLE = 64;
/** The largest room that one story fills, and from which on a room is a large one. */
const ROOM = 32;
const CROWD = 6;
/** Cameras of a world that is no crowd. */
const FEW = 3;

/**
 * Makes up short stories in which caches go wrong: who comes to see what, how it is filled, what changes, and who asks then. Each
 * is drawn part by part, so that most combinations of a way to fill, a change and a question come up sooner or later.
 */
export class Stories extends Parts {
  private readonly table: Uint8Array;

  constructor(layout: Layout, told: boolean) {
    super(layout, told);
    this.table = tableOf(weightsOf(layout, told));
  }

  /** Makes up one story. */
  draw(random: Random): void {
    this.length = 0;
    this.owner = 0;
    this.holder = 0;
    this.right = OWNS;
    this.template = THE_TEMPLATE;
    switch (this.table[random.next() & (TABLE - 1)]!) {
      case READ:
        return this.read(random);
      case REVOKE:
        return this.revoke(random);
      case LATE:
        return this.late(random);
      case JOIN:
        return this.join(random);
      case EXPIRE:
        return this.expire(random);
      case SWITCH:
        return this.switchOff(random);
      case EVICT:
        return this.evict(random);
      case FAIL:
        return this.fail(random);
      case OWNER:
        return this.changeOwner(random);
      case CONFIGURE:
        return this.reconfigure(random);
      case RESTARTED:
        return this.restart(random);
      case ROUND:
        return this.round(random);
      case FOCUS:
        return this.focus(random);
      case POLL:
        return this.poll(random);
      case AGES:
        return this.ages(random);
      default:
        return this.goAway(random);
    }
  }

  /** Filled for one, asked for by others, for the same or for what is near it. */
  private read(random: Random): void {
    if (random.chance(64)) this.grant(random, SHARED);
    // Anonymous visitors of a site see only what is public.
    else if (this.layout.http && random.chance(56)) this.grant(random, PUBLIC);
    this.fill(random);
    const reads = 1 + random.below(3);
    for (let count = 0; count < reads; count++) this.askNear(random);
  }

  /** Everybody asks for what is his own, in one way: what is confused with something else shows. */
  private round(random: Random): void {
    const { cameras, http } = this.layout;
    const way = random.below(16);
    if (!http && way >= (cameras > FEW ? 6 : 15)) return this.roundAll(random);
    const times = way < 4 ? 2 : 1;
    for (let time = 0; time < times; time++) {
      const template = time === 0 ? this.template : this.anyTemplate(random);
      for (let camera = 0; camera < cameras; camera++) this.ask(this.ownerOf(camera), camera, template);
    }
    this.askNear(random);
  }

  /** The same in every way, and then again for what came first: what has given way to the rest must be gone, however much there was room for. */
  private roundAll(random: Random): void {
    const cameras = Math.min(ROLES, this.layout.cameras);
    const all = cameras * Math.min(ROLES, this.layout.templates);
    for (let place = 0; place < all; place++) this.askOwn(place % cameras, Math.floor(place / cameras));
    const reads = 1 + random.below(Math.min(4, all));
    for (let place = 0; place < reads; place++) this.askOwn(place % cameras, Math.floor(place / cameras));
  }

  /** A right is given, used and taken back: what was filled under it must have fallen. */
  private revoke(random: Random): void {
    const { http } = this.layout;
    this.grant(random, random.chance(http ? 152 : 176) ? SHARED : random.chance(176) ? PUBLIC : OWNS);
    this.fill(random);
    if (random.chance(48)) this.aside(random);
    if (http && random.chance(72)) this.put(PURGE);
    else this.withdraw(random);
    const later = random.next() >>> 24;
    if (later < 16) this.refill(random);
    // What was taken back may be given again: what was removed must not come back with it.
    else if (later < 24) this.giveAgain();
    this.afterwards(random);
    this.askAgain(random);
  }

  /** Whoever may see it still, or again, brings it in; something else may then come in its place. */
  private refill(random: Random): void {
    this.ask(this.owner, THE_CAMERA, this.template);
    if (random.chance(128)) this.askElsewhere(random);
  }

  private giveAgain(): void {
    this.put(PURGE);
    this.put(SHARE, GUEST);
  }

  /** Something falls while it is on its way. */
  private late(random: Random): void {
    const { http } = this.layout;
    if (random.chance(32)) this.ask(this.owner, THE_CAMERA, this.template);
    this.grant(random, random.chance(http ? 72 : 176) ? SHARED : random.chance(56) ? PUBLIC : OWNS);
    // What is kept may be fetched anew behind the back of a caller, once time has passed.
    const refills = random.chance(http ? 176 : 120);
    if (refills) this.fill(random);
    if (random.chance(refills ? (http ? 40 : 128) : 16)) this.number(ADVANCE, AGEINGS[random.next() & 7]!);
    const { holder } = this;
    const template = this.plainly(random);
    this.begin(holder, THE_CAMERA, template);
    // Who is asked about first may be told to go on before anything changes: what he then fetches is on its way.
    if (random.chance(40)) this.landing(holder, template);
    if (http && random.chance(112)) this.put(RECREATE);
    else if (!http && random.chance(28)) this.put(PURGE);
    else if (random.chance(208)) this.withdraw(random);
    else this.aside(random);
    if (!this.told && random.chance(192)) this.number(ADVANCE, PAST_OWN);
    // Meanwhile the place may be filled for somebody else.
    if (random.chance(24)) this.ask(this.owner, THE_CAMERA, template);
    this.release(random, holder, THE_CAMERA, template);
    const after = random.next() >>> 24;
    if (after < 24) this.askElsewhere(random);
    else if (after < 40) this.refill(random);
    this.askAgain(random);
  }

  /** Several ask for the same, or for what is near, before the first has his answer. */
  private join(random: Random): void {
    // Two who may both have the picture can still be confused in what comes with it.
    if (random.chance(this.layout.http ? 144 : 48)) this.grant(random, SHARED);
    // A hit can be under way as well as a fill, or what replaces what has come to its end.
    if (random.chance(this.layout.http ? 56 : 88)) {
      this.fill(random);
      const bits = random.next();
      if ((bits & 15) === 0) this.number(ADVANCE, ENDINGS[(bits >>> 3) & 7]!);
      if ((bits & 0xcf) === 0) this.withdraw(random);
    }
    const first = random.chance(64) ? this.holder : this.owner;
    this.meet(random, first);
    const { who, where, other } = this;
    const isHeld = random.chance(112);
    const template = this.plainly(random);
    this.begin(first, THE_CAMERA, template);
    if (isHeld) this.begin(who, where, other);
    else this.ask(who, where, other);
    // Who cannot use what came for the first may come to wait for the second.
    if (random.chance(32)) this.ask(this.anyBut(random, who), where, this.template);
    if (random.chance(32)) this.withdraw(random);
    else if (random.chance(16)) this.aside(random);
    const isLast = isHeld && random.chance(96);
    if (isLast) this.release(random, who, where, other);
    this.release(random, first, THE_CAMERA, template);
    if (isHeld && !isLast) this.release(random, who, where, other);
    const after = random.next() >>> 24;
    // Whoever waited may have been given a place in the cache that is not his.
    if (after < 104) this.ask(who, where, other);
    else if (after < 184) this.askNear(random);
  }

  /** The lifetime of what was filled comes to its end, and somebody asks, whether or not the origin can answer. */
  private expire(random: Random): void {
    if (random.chance(128)) this.grant(random, SHARED);
    this.fill(random);
    const bits = random.next();
    const withdraws = this.right !== OWNS && (bits & 255) < 160;
    // What has come to its end before may be overlooked by what should remove it.
    const isAtEnd = withdraws && ((bits >>> 8) & 255) < 48;
    if (withdraws && !isAtEnd) this.withdraw(random);
    this.number(ADVANCE, ENDINGS[random.next() & 7]!);
    if (isAtEnd) this.withdraw(random);
    if (random.chance(24)) this.fill(random);
    if (random.chance(192)) this.askFailing(random);
    this.askAgain(random);
  }

  /** Somebody comes back time and again while little time passes: no use may make what is kept live longer. */
  private poll(random: Random): void {
    if (random.chance(208)) this.grant(random, SHARED);
    this.fill(random);
    if (random.chance(160)) this.withdraw(random);
    const times = 2 + random.below(3);
    for (let time = 0; time < times; time++) {
      this.number(ADVANCE, PAUSES[random.next() & 3]!);
      this.ask(random.chance(208) ? this.holder : this.owner, THE_CAMERA, this.template);
    }
  }

  /**
   * Two fill half a lifetime apart, and somebody asks when the first of the two has come to its end and the second has not: what is kept for both
   * together must last as long as it is needed, and no longer than it may; and what is made of the first for the second, no longer than the first.
   */
  private ages(random: Random): void {
    this.grant(random, SHARED);
    const bits = random.next();
    // What is kept for each caller apart is filled by the same one twice.
    const isAlone = (bits & 0xc0) === 0;
    const isOwnerFirst = !isAlone && (bits & 1) === 0;
    const template = this.plainly(random);
    // What hears of changes goes wrong by a change that comes late; what hears of none, by one that comes early.
    const isEarly = !isAlone && ((bits >>> 1) & 7) < (this.told ? 2 : 6);
    this.ask(isOwnerFirst ? this.owner : this.holder, THE_CAMERA, template);
    if (isEarly) this.withdraw(random);
    this.number(ADVANCE, HALF);
    const second = random.chance(80) ? this.otherTemplate(random) : this.nearTemplate(random);
    this.ask(isOwnerFirst || isAlone ? this.holder : this.owner, THE_CAMERA, second);
    this.number(ADVANCE, HALF);
    if (!isEarly) this.withdraw(random);
    if (!this.told || random.chance(64)) this.number(ADVANCE, LITTLE);
    this.ask(this.holder, THE_CAMERA, (bits & 0x30) === 0 ? template : second);
  }

  /** A channel is switched off, for one or for all, and perhaps on again after something else has changed. */
  private switchOff(random: Random): void {
    this.template = SWITCHABLE;
    if (random.chance(112)) this.grant(random, SHARED);
    const { holder } = this;
    const held = this.canHold && random.chance(56);
    if (held) this.begin(holder, THE_CAMERA, this.template);
    else this.fill(random);
    const isForAll = this.close(random);
    const changes = random.chance(104);
    if (changes) this.withdraw(random);
    // What is closed in both ways stays closed where only one of them is opened again.
    const isTwice = !changes && random.chance(32);
    if (isTwice) this.put(isForAll ? UNLINK : DISABLE, this.holder);
    if (held) this.release(random, holder, THE_CAMERA, this.template);
    if (isTwice || random.chance(changes ? 208 : 24)) this.open(isForAll);
    this.askAgain(random);
  }

  /** More is filled than there is room for, and asked for again by others. */
  private evict(random: Random): void {
    const { cameras, templates, users, capacity } = this.layout;
    const room = Math.min(capacity, ROOM);
    // Mostly one or two too many.
    const fills = random.chance(176) ? room + 1 + random.below(2) : 1 + random.below(room);
    // Whatever is one too many may be anybody's, and not always the next in turn.
    const skipped = random.below(cameras);
    for (let count = 0; count < fills; count++) {
      const place = count < room ? count : count + skipped;
      this.askOwn(place % cameras, Math.floor(place / cameras) % templates);
    }
    const reads = 1 + random.below(4);
    for (let count = 0; count < reads; count++) {
      // What was filled first had to give way first.
      if (random.chance(160)) this.askOwn(count % cameras, Math.floor(count / cameras) % templates);
      else this.ask(this.anybody(random, users), this.anyCamera(random), this.anyTemplate(random));
    }
  }

  private askOwn(camera: number, template: number): void {
    this.ask(this.ownerOf(camera), camera, template);
  }

  /** The origin fails somebody while something is kept. */
  private fail(random: Random): void {
    if (random.chance(64)) this.grant(random, SHARED);
    this.fill(random);
    this.askFailing(random);
    if (random.chance(128)) this.askNear(random);
  }

  /** The camera gets another owner, or is made anew: what was kept is of another ownership. */
  private changeOwner(random: Random): void {
    if (random.chance(96)) this.grant(random, SHARED);
    this.fill(random);
    const next = this.anyBut(random, this.owner);
    // Who becomes the owner, or may see what comes next as all may, can have asked before.
    const isAsking = this.canHold && random.chance(40);
    if (isAsking) this.begin(next, THE_CAMERA, this.template);
    const isPublic = isAsking && random.chance(96);
    if (!isPublic && (isAsking || random.chance(160))) this.transfer(next);
    else this.put(RECREATE);
    if (isPublic) this.put(PUBLISH);
    if (isAsking) this.release(random, next, THE_CAMERA, this.template);
    else if (random.chance(88)) this.passOn(random);
    this.afterwards(random);
    this.ask(random.chance(128) ? this.owner : this.holder, THE_CAMERA, this.nearTemplate(random));
    this.askAgain(random);
  }

  /** The camera passes on once more: back to who had it, to somebody else, or to the same one anew. */
  private passOn(random: Random): void {
    if (random.chance(64)) this.transfer(0);
    else if (random.chance(160)) this.transfer(this.anyBut(random, this.owner));
    else this.put(RECREATE);
  }

  /** The cache is reconfigured under what it keeps. */
  private reconfigure(random: Random): void {
    if (random.chance(64)) this.grant(random, SHARED);
    if (random.chance(160)) this.fill(random);
    this.number(RECONFIGURE, random.below(Math.min(8, this.layout.counts[RECONFIGURE]!)));
    if (random.chance(128)) this.fill(random);
    if (random.chance(64)) this.withdraw(random);
    if (random.chance(48)) this.number(RECONFIGURE, random.below(Math.min(8, this.layout.counts[RECONFIGURE]!)));
    const reads = 1 + random.below(3);
    for (let count = 0; count < reads; count++) this.askNear(random);
  }

  /** The cache dies and comes back, with or without what it kept. */
  private restart(random: Random): void {
    if (random.chance(160)) this.grant(random, SHARED);
    this.fill(random);
    // What is saved from time to time comes back as it was.
    if (random.chance(112)) this.number(ADVANCE, PAUSES[random.next() & 3]!);
    else if (random.chance(32)) this.aside(random);
    const isHeld = this.canHold && random.chance(40);
    if (isHeld) this.begin(this.holder, THE_CAMERA, this.template);
    if (random.chance(176)) {
      this.withdraw(random);
      // What is to be saved may be on its way to where it is.
      if (random.chance(40)) this.number(ADVANCE, PAUSES[random.next() & 3]!);
    }
    this.put(RESTART);
    if (isHeld) {
      // What the cache has forgotten may still be on its way to it, or behind it.
      this.ask(this.anyBut(random, this.holder), THE_CAMERA, this.template);
      this.release(random, this.holder, THE_CAMERA, this.template);
    }
    this.askAgain(random);
  }

  /** Somebody goes away before he is answered. */
  private goAway(random: Random): void {
    const { owner } = this;
    if (random.chance(48)) this.fill(random);
    this.meet(random, owner);
    const { who, where, other } = this;
    const isBefore = random.chance(128);
    this.begin(owner, THE_CAMERA, this.template);
    if (isBefore) this.begin(who, where, other);
    this.put(CANCEL, owner);
    if (!isBefore) this.begin(who, where, other);
    if (random.chance(32)) this.withdraw(random);
    this.release(random, owner, THE_CAMERA, this.template);
    this.release(random, who, where, other);
    this.askNear(random);
  }

  /**
   * A longer story about one thing: its viewer asks again and again, while two or three kinds of change come and go, each
   * undoing what it did before.
   */
  private focus(random: Random): void {
    const { layout, switches } = this;
    this.grant(random, SHARED);
    const one = switches[random.below(switches.length)]!;
    const two = switches[random.below(switches.length)]!;
    if (one === DISABLE || one === UNLINK || two === DISABLE || two === UNLINK) this.template = SWITCHABLE;
    let on = 0;
    const steps = 3 + random.below(8);
    for (let step = 0; step < steps; step++) {
      const bits = random.next() & 15;
      if (bits < 5) this.ask(GUEST, THE_CAMERA, this.template);
      else if (bits < 7) this.ask(this.anybody(random, layout.users), THE_CAMERA, this.nearTemplate(random));
      else {
        const place = bits < 10 ? 0 : bits < 13 ? 1 : 2;
        this.flip(random, place === 0 ? UNSHARE : place === 1 ? one : two, ((on >> place) & 1) === 1);
        on ^= 1 << place;
      }
    }
    this.ask(GUEST, THE_CAMERA, this.template);
  }
}

/** How often each story is told, in parts of any whole; 0 where the target cannot do what it needs. */
function weightsOf({ counts, switched, capacity, cameras, templates, http }: Layout, told: boolean): readonly number[] {
  const weights: number[] = [];
  const held = counts[BEGIN]! > 0;
  weights[READ] = http ? 62 : 13;
  weights[REVOKE] = http ? 16 : 8;
  weights[LATE] = held ? (http ? 33 : 18) : 0;
  weights[JOIN] = held ? (http ? 27 : 18) : 0;
  weights[EXPIRE] = counts[ADVANCE]! > 0 ? (http ? 11 : 14) : 0;
  weights[SWITCH] = switched > 0 ? 14 : 0;
  // A room that takes many to fill is seldom overfilled by chance.
  weights[EVICT] = capacity < CROWD ? 8 : cameras * templates <= capacity ? 2 : cameras > FEW ? 108 : 20;
  weights[FAIL] = held ? (http ? 46 : 4) : 0;
  weights[OWNER] = http ? 6 : 7;
  weights[CONFIGURE] = counts[RECONFIGURE]! > 0 ? 8 : 0;
  weights[RESTARTED] = counts[RESTART]! > 0 ? (http ? 4 : 7) : 0;
  weights[GONE] = held ? (http ? 3 : 8) : 0;
  // The names of HTTP say which camera is meant, so it is callers that are confused rather.
  weights[ROUND] = http ? 4 : 38;
  weights[FOCUS] = 3;
  weights[POLL] = counts[ADVANCE]! > 0 ? (told ? (http ? 1 : 2) : 10) : 0;
  weights[AGES] = counts[ADVANCE]! > 0 ? (told ? (http ? 0 : 2) : 6) : 0;
  return weights;
}

function tableOf(weights: readonly number[]): Uint8Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const table = new Uint8Array(TABLE);
  let sum = 0;
  let from = 0;
  for (const [story, weight] of weights.entries()) {
    sum += weight;
    const to = Math.round((sum * TABLE) / total);
    table.fill(story, from, to);
    from = to;
  }
  return table;
}
