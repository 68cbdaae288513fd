import { OUTCOMES } from './alphabet.ts';
import { kindCode, type Layout } from './generate-layout.ts';
import { Random } from './random.ts';

/** A kind of operation is left out, rare, or frequent for a whole program (swarm testing: Groce et al., ISSTA 2012). */
const WEIGHTS: readonly number[] = [0, 0, 0, 1, 1, 4];
/** Eleven of fourteen large incidents followed a change just made, so a change of configuration is rarely left out. */
const CHANGE_WEIGHTS: readonly number[] = [0, 1, 1, 1, 4];
/** Of 64 places in a table of kinds, how many are for anything but a plain request. */
const ROOMS: readonly number[] = [8, 16, 24, 32, 40];
const TABLE = 64;
const TABLES = 64;
const RING = 8;

const REQUEST = kindCode('request');
const BEGIN = kindCode('begin');
const RELEASE = kindCode('release');
const CANCEL = kindCode('cancel');
/** Kinds from here on speak of calls in flight. */
const SPECIAL = BEGIN;
const SHARE = kindCode('share');
const RECONFIGURE = kindCode('reconfigure');
const TRANSFER = kindCode('transfer');
const UNSHARE = kindCode('unshare');

// Where user, camera and template stand among what was asked last and what may come next.
const USER = 0;
const CAMERA = 8;
const TEMPLATE = 12;

// How the next thing asked differs from the last: another camera, another template, and who asks.
const OTHER_CAMERA = 1;
const SHARED_CAMERA = 2;
const OTHER_TEMPLATE = 4;
const OTHER_USER = 1 << 3;
const OWNER = 2 << 3;
const ANY_USER = 3 << 3;
const SHAREE = 4 << 3;
/** One of these 16 is taken for each request: a fifth only changes the caller, a fifth comes back to what was shared. */
const NEIGHBOURS = Uint8Array.from([
  ...[OTHER_USER, OTHER_USER, OTHER_USER],
  ...[0, 0],
  ...[OTHER_TEMPLATE, OTHER_USER | OTHER_TEMPLATE],
  ...[SHAREE | SHARED_CAMERA, SHAREE | SHARED_CAMERA, SHAREE | SHARED_CAMERA],
  OWNER,
  ...[OWNER | OTHER_CAMERA, OWNER | OTHER_CAMERA, OWNER | OTHER_CAMERA | OTHER_TEMPLATE],
  OTHER_CAMERA,
  ANY_USER | OTHER_CAMERA | OTHER_TEMPLATE,
]);
/** The same for a program that asks in one way only. */
const ONE_WAY = NEIGHBOURS.map((mode) => mode & ~OTHER_TEMPLATE);
const ANYTHING = new Uint8Array(16).fill(ANY_USER | OTHER_CAMERA | OTHER_TEMPLATE);

export interface WalkOptions {
  /** Draw weights of kinds for each program. */
  readonly weights: boolean;
  /** Stay near what was just asked. */
  readonly locality: boolean;
}

/** Wanders through the operations of an alphabet, one after the other: anything may follow anything. */
export class Walk {
  private readonly layout: Layout;
  private readonly options: WalkOptions;
  /** Tables that give a kind to each of 64 equally likely numbers, one after the other; one of them is taken for each program. */
  private readonly tables = new Uint8Array(TABLES * TABLE).fill(REQUEST);
  /** Which of them were drawn: each is when it is needed first, since most worlds see few programs. */
  private readonly drawn = new Uint8Array(TABLES);
  /** Where the table in use begins. */
  private table = 0;
  private modes: Uint8Array = NEIGHBOURS;
  /** For each of user, camera and template: what was asked last, and what may come instead. */
  private readonly next = new Int32Array(16);
  /** What was begun and may still be in flight, by its place in the block. */
  private readonly begun = new Int32Array(RING);
  private begunCount = 0;
  private shared = -1;

  constructor(layout: Layout, options: WalkOptions) {
    this.layout = layout;
    this.options = options;
  }

  /** Begins another program. */
  begin(random: Random): void {
    const { layout, next } = this;
    const table = random.next() & (TABLES - 1);
    this.table = table * TABLE;
    if (this.drawn[table] === 0) this.drawTable(table);
    this.modes = this.options.locality ? (random.chance(128) ? NEIGHBOURS : ONE_WAY) : ANYTHING;
    this.begunCount = 0;
    this.shared = -1;
    const camera = random.below(layout.cameras);
    next[CAMERA] = camera;
    next[USER] = layout.owners[camera]!;
    next[TEMPLATE] = random.below(layout.templates);
    next[CAMERA + 2] = camera;
    next[USER + 4] = random.below(layout.users);
  }

  private drawTable(table: number): void {
    const random = new Random(TABLES, table);
    const start = table * TABLE;
    this.drawn[table] = 1;
    const others = this.layout.kinds.filter((kind) => kind !== REQUEST);
    const weights = others.map((kind) => (this.options.weights ? random.pick(kind === RECONFIGURE ? CHANGE_WEIGHTS : WEIGHTS) : 1));
    pairUp(others, weights, random);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const room = this.options.weights ? random.pick(ROOMS) : Math.floor((TABLE * others.length) / this.layout.kinds.length);
    let filled = 0;
    for (const [index, weight] of weights.entries()) {
      if (weight === 0) continue;
      const end = Math.min(room, filled + Math.max(1, Math.round((weight * room) / total)));
      this.tables.fill(others[index]!, start + filled, start + end);
      filled = end;
    }
  }

  /** The place of the next operation in the alphabet. */
  draw(random: Random): number {
    const bits = random.next();
    const kind = this.tables[this.table + (bits & (TABLE - 1))]!;
    if (kind === REQUEST) return this.ask(random, bits >>> 6);
    if (kind >= SPECIAL) return this.inFlight(random, kind, bits >>> 6);
    const count = this.layout.counts[kind]!;
    if (kind === SHARE || kind === UNSHARE) return this.layout.bases[kind]! + this.sharing(random, kind, bits >>> 14);
    const span = this.layout.spans[kind]!;
    if (span > 0 && (bits & 0xc0) !== 0) return this.layout.bases[kind]! + this.nearby(random, kind, span);
    return this.layout.bases[kind]! + (((bits >>> 16) * count) >>> 16);
  }

  /** Something happens to the camera that was asked for last; whoever owns it then asks as its owner. */
  private nearby(random: Random, kind: number, span: number): number {
    const camera = this.next[CAMERA]!;
    const user = random.below(span);
    if (kind === TRANSFER) this.layout.owners[camera] = user;
    return camera * span + user;
  }

  /**
   * What is asked next, as its place in a block: mostly a neighbour of what was asked last, since leaks lie between
   * neighbours. Written without branches: the processor could not foresee them.
   */
  private ask(random: Random, bits: number): number {
    const more = random.next();
    const mode = this.modes[bits & 15]!;
    const { next, layout } = this;
    const { users } = layout;
    next[CAMERA + 1] = ((more & 1023) * this.layout.cameras) >>> 10;
    const camera = next[CAMERA + (mode & 3)]!;
    next[TEMPLATE + 1] = (((more >>> 10) & 1023) * this.layout.templates) >>> 10;
    const template = next[TEMPLATE + ((mode >>> 2) & 1)]!;
    const other = next[USER]! + 1 + (((more >>> 20) * (users - 1)) >>> 12);
    next[USER + 1] = other - (users & ((users - 1 - other) >> 31));
    next[USER + 2] = this.layout.owners[camera]!;
    next[USER + 3] = ((more >>> 20) * users) >>> 12;
    const user = next[USER + (mode >>> 3)]!;
    next[CAMERA] = camera;
    next[TEMPLATE] = template;
    next[USER] = user;
    return (user * this.layout.cameras + camera) * this.layout.templates + template;
  }

  /** Operations on calls that may be in flight. */
  private inFlight(random: Random, kind: number, bits: number): number {
    if (kind === RELEASE) return this.release(random, bits);
    if (kind === CANCEL && this.begunCount > 0) return this.layout.bases[CANCEL]! + this.begun[random.below(this.begunCount)]!;
    return this.hold(random, bits);
  }

  private hold(random: Random, bits: number): number {
    const asked = this.ask(random, bits);
    if (this.begunCount < RING) this.begun[this.begunCount++] = asked;
    else this.begun[bits & (RING - 1)] = asked;
    return this.layout.bases[BEGIN]! + asked;
  }

  private release(random: Random, bits: number): number {
    if (this.begunCount === 0) return this.hold(random, bits);
    const index = random.below(this.begunCount);
    const asked = this.begun[index]!;
    // A call may contact the origin twice, so what was released stays in the ring half of the time.
    if ((bits & 1) === 0) this.begun[index] = this.begun[--this.begunCount]!;
    this.comeBackTo(asked);
    const outcome = (bits & 2) === 0 ? 0 : (bits >>> 4) % OUTCOMES.length;
    return this.layout.bases[RELEASE]! + outcome * this.layout.asks + asked;
  }

  /** What is asked next is near this. */
  private comeBackTo(asked: number): void {
    const { next, layout } = this;
    const { templates, cameras } = layout;
    const route = Math.floor(asked / templates);
    next[TEMPLATE] = asked % templates;
    next[CAMERA] = route % cameras;
    next[USER] = Math.floor(route / cameras);
  }

  /** Shares what was asked last with somebody; withdraws mostly what was shared last. What is asked next comes back to it. */
  private sharing(random: Random, kind: number, bits: number): number {
    if (kind === UNSHARE && this.shared >= 0 && (bits & 3) !== 0) return this.shared;
    const camera = (bits & 4) === 0 ? this.next[CAMERA]! : random.below(this.layout.cameras);
    const user = random.below(this.layout.users);
    this.next[CAMERA + 2] = camera;
    this.next[USER + 4] = user;
    const pair = camera * this.layout.users + user;
    if (kind === SHARE) this.shared = pair;
    return pair;
  }
}

/** Kinds that make sense only after another one: where one is in, so is what it needs. */
const NEEDS: readonly (readonly [kind: number, needed: number])[] = (
  [
    ['unshare', 'share'],
    ['share', 'unshare'],
    ['unpublish', 'publish'],
    ['release', 'begin'],
    ['cancel', 'begin'],
    ['begin', 'release'],
  ] as const
).map(([kind, needed]) => [kindCode(kind), kindCode(needed)]);

function pairUp(kinds: readonly number[], weights: number[], random: Random): void {
  for (const [kind, needed] of NEEDS) {
    const one = kinds.indexOf(kind);
    const other = kinds.indexOf(needed);
    if (one >= 0 && other >= 0 && weights[one]! > 0 && weights[other] === 0 && random.below(4) > 0) weights[other] = weights[one]!;
  }
}
