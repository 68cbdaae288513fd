import type { Layout } from './generate-layout.ts';
import {
  REQUEST,
  CAPTURE,
  ADVANCE,
  SHARE,
  UNSHARE,
  PUBLISH,
  UNPUBLISH,
  TRANSFER,
  RECREATE,
  LINK,
  UNLINK,
  DISABLE,
  ENABLE,
  PURGE,
  RESTART,
  RECONFIGURE,
  BEGIN,
  RELEASE,
  LANDINGS,
  REPLY,
  FAILURES,
  PAST_OWN,
  ADVANCES,
  OWNS,
  SHARED,
  PUBLIC,
  ANOTHER_FIRST,
  OWNER_FIRST,
  HELD,
  ROLES,
  LONGEST,
  GUEST,
  THIRD,
  CHANNEL,
  THE_CAMERA,
  THE_TEMPLATE,
  PLAINLY,
} from './generate-roles.ts';
import type { Random } from './random.ts';

// What is near something that was asked for: the same for somebody else, in another way for him or for the same caller, or another camera.
const SOMEBODY = 0;
const ANOTHER_WAY = 1;
const HIS_OTHER_WAY = 2;
const ELSEWHERE = 3;
const ANYTHING = 4;

const ASIDES: readonly number[] = [CAPTURE, ADVANCE, SHARE, PUBLISH, RECREATE, UNLINK, DISABLE, PURGE, RESTART, RECONFIGURE];

const SWITCHES: readonly number[] = [ADVANCE, PUBLISH, TRANSFER, RECREATE, UNLINK, DISABLE, PURGE, RESTART, RECONFIGURE, BEGIN];

/** What is near, by eight numbers. Where names say which camera is meant, it is callers that are confused rather than cameras. */
const NEAR: Uint8Array = Uint8Array.from([SOMEBODY, SOMEBODY, ANOTHER_WAY, ANOTHER_WAY, HIS_OTHER_WAY, ELSEWHERE, ELSEWHERE, ANYTHING]);
const HTTP_NEAR: Uint8Array = Uint8Array.from([SOMEBODY, SOMEBODY, SOMEBODY, SOMEBODY, ANOTHER_WAY, ANOTHER_WAY, ELSEWHERE, ANYTHING]);

/** What stories are made of: somebody comes to see a camera, fills, loses his right, asks again. A story speaks of roles, not of users. */
export class Parts {
  /** The story made up last, as steps; only the first `length` count. */
  readonly steps: Int32Array = new Int32Array(LONGEST);
  length = 0;
  /** Who owns the camera in the end. */
  owner = 0;
  protected readonly layout: Layout;
  protected readonly told: boolean;
  /** Whether answers of the origin can be held back. */
  protected readonly canHold: boolean;
  /** Kinds of change that may come in between, whatever else happens. */
  protected readonly asides: Uint8Array;
  /** Kinds of change that a longer story may turn on and off. */
  protected readonly switches: Uint8Array;
  protected holder: number = 0;
  protected template: number = THE_TEMPLATE;
  protected right: number = OWNS;
  /** Who asks for what while another one waits, as drawn last. */
  protected who: number = 0;
  protected where: number = THE_CAMERA;
  protected other: number = THE_TEMPLATE;

  constructor(layout: Layout, told: boolean) {
    this.layout = layout;
    this.told = told;
    this.canHold = layout.counts[BEGIN]! > 0;
    this.asides = Uint8Array.from(layout.kinds.filter((kind) => ASIDES.includes(kind)));
    this.switches = Uint8Array.from(layout.kinds.filter((kind) => SWITCHES.includes(kind)));
  }

  /** Does something, or undoes it. */
  protected flip(random: Random, kind: number, isOn: boolean): void {
    switch (kind) {
      case UNSHARE:
        return this.put(isOn ? SHARE : UNSHARE, GUEST);
      case PUBLISH:
        return this.put(isOn ? UNPUBLISH : PUBLISH);
      case TRANSFER:
        return this.transfer(isOn ? 0 : this.anyBut(random, 0));
      case UNLINK:
        return this.put(isOn ? LINK : UNLINK, GUEST);
      case DISABLE:
        return this.put(isOn ? ENABLE : DISABLE);
      case BEGIN:
        return isOn ? this.release(random, GUEST, THE_CAMERA, this.template) : this.begin(GUEST, THE_CAMERA, this.template);
      case ADVANCE:
        return this.number(ADVANCE, ADVANCES[random.next() & 7]!);
      case RECONFIGURE:
        return this.number(RECONFIGURE, random.below(Math.min(8, this.layout.counts[RECONFIGURE]!)));
      default:
        return this.put(kind);
    }
  }

  /** Somebody comes to see the camera. */
  protected grant(random: Random, wanted: number): void {
    // Visitors see what is public; what is somebody's own is seldom worth asking for.
    const right = this.layout.anonymous && (wanted === SHARED || random.chance(160)) ? PUBLIC : wanted;
    this.right = right;
    if (right === OWNS) return;
    if (right === SHARED) this.put(SHARE, GUEST);
    else this.put(PUBLISH);
    this.holder = right === SHARED || random.chance(128) ? GUEST : THIRD;
  }

  /** Whoever may see it asks: once, twice, in another way first, or together with the owner. */
  protected fill(random: Random): void {
    const { holder } = this;
    const template = this.plainly(random);
    const way = random.next() & 15;
    if (way < ANOTHER_FIRST) this.ask(holder, THE_CAMERA, this.anyTemplate(random));
    else if (way < OWNER_FIRST) this.ask(this.owner, THE_CAMERA, template);
    else if (way < HELD && this.canHold) {
      this.begin(holder, THE_CAMERA, template);
      return this.release(random, holder, THE_CAMERA, template);
    }
    this.ask(holder, THE_CAMERA, template);
  }

  /** The template of the story, mostly on plain terms: what is asked for on others is neither kept nor waited for. */
  protected plainly(random: Random): number {
    return this.layout.http && this.template === THE_TEMPLATE && random.chance(208) ? PLAINLY : this.template;
  }

  /** The right that was given is taken back, or the camera passes on. */
  protected withdraw(random: Random): void {
    if (random.chance(192)) {
      if (this.right === SHARED) return this.put(UNSHARE, GUEST);
      if (this.right === PUBLIC) return this.put(UNPUBLISH);
    }
    if (random.chance(144)) this.transfer(random.chance(192) ? this.anyBut(random, this.owner) : 0);
    else this.put(RECREATE);
  }

  /** Time that a cache needs which hears of nothing, or something else that happens. */
  protected afterwards(random: Random): void {
    if (!this.told && random.chance(208)) this.number(ADVANCE, random.chance(192) ? PAST_OWN : ADVANCES[random.next() & 7]!);
    else if (random.chance(32)) this.aside(random);
  }

  /** Something that has nothing to do with the story. */
  protected aside(random: Random): void {
    const kind = this.asides[random.below(this.asides.length)]!;
    if (kind === DISABLE || kind === UNLINK) this.close(random);
    else if (kind === SHARE) this.put(SHARE, random.chance(128) ? GUEST : THIRD);
    else this.flip(random, kind, false);
  }

  /** The channel of the story is switched off, for the holder or for all, which it returns. */
  protected close(random: Random): boolean {
    const isForAll = random.chance(128);
    if (isForAll) this.put(DISABLE);
    else this.put(UNLINK, this.holder);
    return isForAll;
  }

  protected open(isForAll: boolean): void {
    if (isForAll) this.put(ENABLE);
    else this.put(LINK, this.holder);
  }

  /**
   * Somebody asks while `first` waits for his answer about the camera of the story. The two differ in one thing: in who asks, in the camera, or
   * in the way of asking; now and then in two.
   */
  protected meet(random: Random, first: number): void {
    const { cameras, templates, http } = this.layout;
    const differs = random.next() >>> 28;
    this.where = THE_CAMERA;
    this.other = this.template;
    this.who = first;
    if (differs < (http ? 3 : 4) && cameras > 1) this.meetElsewhere(random, first);
    else if (differs >= 4 && differs < (http ? 9 : 8) && templates > 1) {
      this.other = this.otherTemplate(random);
      if (differs < (http ? 6 : 5)) this.who = this.anyBut(random, first);
    } else this.who = this.right === SHARED && http && first !== GUEST ? GUEST : this.anyBut(random, first);
  }

  /** Another camera: its owner asks, or the same caller, who may see that one too. */
  private meetElsewhere(random: Random, first: number): void {
    const where = 1 + random.below(Math.min(ROLES, this.layout.cameras) - 1);
    this.where = where;
    if (random.chance(this.layout.http ? 80 : 176)) this.who = this.ownerOf(where);
    else if (random.chance(176)) this.step(SHARE, first, where, this.template);
    else {
      this.step(PUBLISH, first, where, this.template);
      if (random.chance(128)) this.put(PUBLISH);
    }
  }

  protected transfer(to: number): void {
    this.owner = to;
    this.put(TRANSFER, to);
  }

  /** The origin answers what was begun, as it was asked for. */
  protected landing(user: number, template: number): void {
    this.step(numbered(RELEASE, REPLY), user, THE_CAMERA, template);
  }

  /** The origin answers what was begun; one time in four it is asked twice. */
  protected release(random: Random, user: number, camera: number, template: number): void {
    this.step(numbered(RELEASE, LANDINGS[random.next() & 7]!), user, camera, template);
    if (random.chance(64)) this.step(numbered(RELEASE, LANDINGS[random.next() & 7]!), user, camera, template);
  }

  /** Whoever had it asks again, mostly for the same; others may ask first. */
  protected askAgain(random: Random): void {
    if (random.chance(this.layout.http ? 112 : 48)) this.askNear(random);
    if (this.canHold && random.chance(16)) return this.askFailing(random);
    this.ask(this.holder, THE_CAMERA, this.nearTemplate(random));
    if (random.chance(64)) this.askNear(random);
  }

  /** Somebody asks for what was filled or for what is near it. */
  protected askNear(random: Random): void {
    switch ((this.layout.http ? HTTP_NEAR : NEAR)[random.next() & 7]!) {
      case SOMEBODY:
        return this.ask(this.anyBut(random, this.holder), THE_CAMERA, this.template);
      case ANOTHER_WAY:
        return this.ask(this.anyBut(random, this.holder), THE_CAMERA, this.otherTemplate(random));
      case HIS_OTHER_WAY:
        return this.ask(this.holder, THE_CAMERA, this.otherTemplate(random));
      case ELSEWHERE:
        return this.askElsewhere(random);
      default:
        return this.ask(this.anybody(random, this.layout.users), this.anyCamera(random), this.anyTemplate(random));
    }
  }

  /** Somebody asks for what is his own. */
  protected askElsewhere(random: Random): void {
    const camera = this.anyCamera(random);
    this.ask(this.ownerOf(camera), camera, random.chance(128) ? this.template : this.anyTemplate(random));
  }

  /** Somebody asks, and the origin fails him. */
  protected askFailing(random: Random): void {
    if (!this.canHold) return;
    const who = random.chance(this.layout.http ? 208 : 184) ? this.anyBut(random, this.holder) : this.holder;
    const template = this.layout.http && random.chance(24) ? this.otherTemplate(random) : this.nearTemplate(random);
    this.begin(who, THE_CAMERA, template);
    if (random.chance(24)) this.withdraw(random);
    this.step(numbered(RELEASE, FAILURES[random.next() & 7]!), who, THE_CAMERA, template);
    if (random.chance(32)) this.step(numbered(RELEASE, FAILURES[random.next() & 7]!), who, THE_CAMERA, template);
  }

  /** The template of the story, or now and then another one. */
  protected nearTemplate(random: Random): number {
    return random.chance(208) ? this.template : this.anyTemplate(random);
  }

  protected anyTemplate(random: Random): number {
    return random.below(Math.min(ROLES, this.layout.templates));
  }

  /** Another template than the first of the story, where there is one. */
  protected otherTemplate(random: Random): number {
    const templates = Math.min(ROLES, this.layout.templates);
    return templates < 2 ? this.template : 1 + random.below(templates - 1);
  }

  protected anyCamera(random: Random): number {
    return random.below(Math.min(ROLES, this.layout.cameras));
  }

  /** Who owns this camera of the story now. */
  protected ownerOf(camera: number): number {
    return camera === THE_CAMERA ? this.owner : camera;
  }

  protected anybody(random: Random, users: number): number {
    const one = random.below(users);
    return one === 0 ? this.owner : one === 1 ? GUEST : THIRD;
  }

  /** Somebody else: most of the time one of the two whom the story is about. */
  protected anyBut(random: Random, user: number): number {
    if (user === GUEST) return random.chance(176) ? this.owner : THIRD;
    if (user === THIRD) return random.chance(128) ? this.owner : GUEST;
    return random.chance(128) ? GUEST : THIRD;
  }

  protected ask(user: number, camera: number, template: number): void {
    this.step(REQUEST, user, camera, template);
  }

  protected begin(user: number, camera: number, template: number): void {
    this.step(BEGIN, user, camera, template);
  }

  protected number(kind: number, number: number): void {
    this.step(numbered(kind, number), 0, THE_CAMERA, this.template);
  }

  protected put(kind: number, user: number = 0): void {
    this.step(numbered(kind, kind >= LINK && kind <= ENABLE ? CHANNEL : 0), user, THE_CAMERA, this.template);
  }

  /** One more step, if the target can be asked for it. */
  protected step(what: number, user: number, camera: number, template: number): void {
    if (this.layout.counts[what & 31] === 0) return;
    this.steps[this.length++] = what | (user << 5) | (camera << 9) | (template << 12);
  }
}

/** A kind of operation with a number that it needs: an outcome, a step of time, a configuration, or a channel. */
function numbered(kind: number, number: number): number {
  return kind | (number << 15);
}
