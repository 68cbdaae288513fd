import { OPERATION_KINDS, type OperationKind } from '../../models/domain/operation.ts';
import { type Alphabet, askedCount, type Block, OUTCOMES } from './alphabet.ts';
import { Random } from './random.ts';

/** Longest program of each stratum of the portfolio. */
const LENGTHS: readonly number[] = [8, 8, 30, 30, 120];
/** A kind of operation is left out, rare, or frequent for a whole program (swarm testing: Groce et al., ISSTA 2012). */
const WEIGHTS: readonly number[] = [0, 0, 0, 1, 1, 4];
/** Eleven of fourteen large incidents followed a change just made, so a change of configuration is rarely left out. */
const CHANGE_WEIGHTS: readonly number[] = [0, 1, 1, 1, 4];
/** Of 64 places in a table of kinds, how many are for anything but a plain request. */
const ROOMS: readonly number[] = [8, 16, 24, 32, 40];
const TABLE = 64;
const TABLES = 64;
const RING = 8;

const REQUEST = OPERATION_KINDS.indexOf('request');
const BEGIN = OPERATION_KINDS.indexOf('begin');
const RELEASE = OPERATION_KINDS.indexOf('release');
const CANCEL = OPERATION_KINDS.indexOf('cancel');
/** Kinds from here on speak of calls in flight. */
const SPECIAL = BEGIN;
const SHARE = OPERATION_KINDS.indexOf('share');
const RECONFIGURE = OPERATION_KINDS.indexOf('reconfigure');
const TRANSFER = OPERATION_KINDS.indexOf('transfer');
/** Kinds whose blocks are laid out by camera, then (for a transfer) by user. */
const CAMERA_KINDS: readonly number[] = (['capture', 'publish', 'unpublish', 'transfer', 'recreate', 'purge'] as const).map((kind) =>
  OPERATION_KINDS.indexOf(kind),
);
const UNSHARE = OPERATION_KINDS.indexOf('unshare');

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

/** How programs of a portfolio differ: each ingredient can be taken out to see what it is worth. */
export interface Ingredients {
  /** Draw weights of kinds for each program. */
  readonly weights: boolean;
  /** Stay near what was just asked. */
  readonly locality: boolean;
  /** Mix short, middling and long programs; otherwise the longest is this. */
  readonly lengths: boolean;
}

export const PORTFOLIO: Ingredients = { weights: true, locality: true, lengths: true };

/** Draws programs over one alphabet. Holds buffers that it uses again: a drawn program is valid until the next one. */
export class Generator<Letter> {
  /** What was drawn last; only the first `length` count. */
  readonly program: Letter[] = [];
  private readonly letters: readonly Letter[];
  private readonly ingredients: Ingredients;
  private readonly kinds: readonly number[];
  private readonly bases = new Int32Array(OPERATION_KINDS.length);
  private readonly counts = new Int32Array(OPERATION_KINDS.length);
  /** Tables that give a kind to each of 64 equally likely numbers, one after the other; one of them is taken for each program. */
  private readonly tables = new Uint8Array(TABLES * TABLE).fill(REQUEST);
  /** Where the table in use begins. */
  private table = 0;
  private readonly users: number;
  private readonly cameras: number;
  private readonly templates: number;
  private readonly asks: number;
  /** The owners when a program starts, and as its transfers leave them. */
  private readonly firstOwners: Int32Array;
  private readonly owners: Int32Array;
  /** How many operations of a kind concern one camera; 0 for kinds that are laid out otherwise. */
  private readonly spans = new Int32Array(OPERATION_KINDS.length);
  private modes: Uint8Array = NEIGHBOURS;
  /** For each of user, camera and template: what was asked last, and what may come instead. */
  private readonly next = new Int32Array(16);
  /** What was begun and may still be in flight, by its place in the block. */
  private readonly begun = new Int32Array(RING);
  private begunCount = 0;
  private shared = -1;

  /** `letters`: what is drawn for each operation of the alphabet, in its order: the operations themselves, or steps made of them. */
  constructor(alphabet: Alphabet, letters: readonly Letter[], ingredients: Ingredients = PORTFOLIO) {
    const { world, blocks } = alphabet;
    this.letters = letters;
    this.ingredients = ingredients;
    this.kinds = blocks.map((block) => kindOf(block));
    for (const block of blocks) {
      this.bases[kindOf(block)] = block.base;
      this.counts[kindOf(block)] = block.count;
    }
    this.users = world.users.length;
    this.cameras = world.cameras.length;
    this.templates = world.templates.length;
    this.asks = askedCount(world);
    this.firstOwners = Int32Array.from(world.cameras, (camera) => camera.owner);
    this.owners = this.firstOwners.slice();
    for (const kind of CAMERA_KINDS) this.spans[kind] = this.counts[kind]! / this.cameras;
    for (let index = 0; index < TABLES; index++) this.drawTable(new Random(TABLES, index), index * TABLE);
  }

  /** Draws the next program into `program`, with about `length` operations if given, and returns its length. */
  generate(random: Random, length?: number): number {
    const longest = this.ingredients.lengths ? LENGTHS[random.below(LENGTHS.length)]! : 50;
    const size = length ?? 1 + random.below(longest);
    this.table = (random.next() & (TABLES - 1)) * TABLE;
    this.modes = this.ingredients.locality ? (random.chance(128) ? NEIGHBOURS : ONE_WAY) : ANYTHING;
    this.begunCount = 0;
    this.shared = -1;
    for (let camera = 0; camera < this.cameras; camera++) this.owners[camera] = this.firstOwners[camera]!;
    const camera = random.below(this.cameras);
    this.next[CAMERA] = camera;
    this.next[USER] = this.owners[camera]!;
    this.next[TEMPLATE] = random.below(this.templates);
    this.next[CAMERA + 2] = camera;
    this.next[USER + 4] = random.below(this.users);
    const { program, letters } = this;
    for (let index = 0; index < size; index++) program[index] = letters[this.draw(random)]!;
    return size;
  }

  /**
   * Gives each kind its share of a table. Asking takes half of it or more: nothing else can show a leak. Of the rest each kind
   * is left out, rare or frequent, so that programs differ in what they do and not only in its order.
   */
  private drawTable(random: Random, start: number): void {
    const others = this.kinds.filter((kind) => kind !== REQUEST);
    const weights = others.map((kind) => (this.ingredients.weights ? random.pick(kind === RECONFIGURE ? CHANGE_WEIGHTS : WEIGHTS) : 1));
    pairUp(others, weights, random);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const room = this.ingredients.weights ? random.pick(ROOMS) : Math.floor((TABLE * others.length) / this.kinds.length);
    let filled = 0;
    for (const [index, weight] of weights.entries()) {
      if (weight === 0) continue;
      const end = Math.min(room, filled + Math.max(1, Math.round((weight * room) / total)));
      this.tables.fill(others[index]!, start + filled, start + end);
      filled = end;
    }
  }

  private draw(random: Random): number {
    const bits = random.next();
    const kind = this.tables[this.table + (bits & (TABLE - 1))]!;
    if (kind === REQUEST) return this.ask(random, bits >>> 6);
    if (kind >= SPECIAL) return this.inFlight(random, kind, bits >>> 6);
    const count = this.counts[kind]!;
    if (kind === SHARE || kind === UNSHARE) return this.bases[kind]! + this.sharing(random, kind, bits >>> 14);
    const span = this.spans[kind]!;
    if (span > 0 && (bits & 0xc0) !== 0) return this.bases[kind]! + this.nearby(random, kind, span);
    return this.bases[kind]! + (((bits >>> 16) * count) >>> 16);
  }

  /** Something happens to the camera that was asked for last; whoever owns it then asks as its owner. */
  private nearby(random: Random, kind: number, span: number): number {
    const camera = this.next[CAMERA]!;
    const user = random.below(span);
    if (kind === TRANSFER) this.owners[camera] = user;
    return camera * span + user;
  }

  /**
   * What is asked next, as its place in a block: mostly a neighbour of what was asked last, since leaks lie between
   * neighbours. Written without branches: the processor could not foresee them.
   */
  private ask(random: Random, bits: number): number {
    const more = random.next();
    const mode = this.modes[bits & 15]!;
    const { next, users } = this;
    next[CAMERA + 1] = ((more & 1023) * this.cameras) >>> 10;
    const camera = next[CAMERA + (mode & 3)]!;
    next[TEMPLATE + 1] = (((more >>> 10) & 1023) * this.templates) >>> 10;
    const template = next[TEMPLATE + ((mode >>> 2) & 1)]!;
    const other = next[USER]! + 1 + (((more >>> 20) * (users - 1)) >>> 12);
    next[USER + 1] = other - (users & ((users - 1 - other) >> 31));
    next[USER + 2] = this.owners[camera]!;
    next[USER + 3] = ((more >>> 20) * users) >>> 12;
    const user = next[USER + (mode >>> 3)]!;
    next[CAMERA] = camera;
    next[TEMPLATE] = template;
    next[USER] = user;
    return (user * this.cameras + camera) * this.templates + template;
  }

  /** Operations on calls that may be in flight. */
  private inFlight(random: Random, kind: number, bits: number): number {
    if (kind === RELEASE) return this.release(random, bits);
    if (kind === CANCEL && this.begunCount > 0) return this.bases[CANCEL]! + this.begun[random.below(this.begunCount)]!;
    return this.begin(random, bits);
  }

  private begin(random: Random, bits: number): number {
    const asked = this.ask(random, bits);
    if (this.begunCount < RING) this.begun[this.begunCount++] = asked;
    else this.begun[bits & (RING - 1)] = asked;
    return this.bases[BEGIN]! + asked;
  }

  private release(random: Random, bits: number): number {
    if (this.begunCount === 0) return this.begin(random, bits);
    const index = random.below(this.begunCount);
    const asked = this.begun[index]!;
    // A call may contact the origin twice, so what was released stays in the ring half of the time.
    if ((bits & 1) === 0) this.begun[index] = this.begun[--this.begunCount]!;
    this.comeBackTo(asked);
    const outcome = (bits & 2) === 0 ? 0 : (bits >>> 4) % OUTCOMES.length;
    return this.bases[RELEASE]! + outcome * this.asks + asked;
  }

  /** What is asked next is near this. */
  private comeBackTo(asked: number): void {
    const { next, templates, cameras } = this;
    const route = Math.floor(asked / templates);
    next[TEMPLATE] = asked % templates;
    next[CAMERA] = route % cameras;
    next[USER] = Math.floor(route / cameras);
  }

  /** Shares what was asked last with somebody; withdraws mostly what was shared last. What is asked next comes back to it. */
  private sharing(random: Random, kind: number, bits: number): number {
    if (kind === UNSHARE && this.shared >= 0 && (bits & 3) !== 0) return this.shared;
    const camera = (bits & 4) === 0 ? this.next[CAMERA]! : random.below(this.cameras);
    const user = random.below(this.users);
    this.next[CAMERA + 2] = camera;
    this.next[USER + 4] = user;
    const pair = camera * this.users + user;
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
).map(([kind, needed]) => [OPERATION_KINDS.indexOf(kind), OPERATION_KINDS.indexOf(needed)]);

function pairUp(kinds: readonly number[], weights: number[], random: Random): void {
  for (const [kind, needed] of NEEDS) {
    const one = kinds.indexOf(kind);
    const other = kinds.indexOf(needed);
    if (one >= 0 && other >= 0 && weights[one]! > 0 && weights[other] === 0 && random.below(4) > 0) weights[other] = weights[one]!;
  }
}

function kindOf(block: Block): number {
  return OPERATION_KINDS.indexOf(block.kind satisfies OperationKind);
}
