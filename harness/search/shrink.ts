import { type Operation, operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { ANONYMOUS, PLAIN_TEMPLATE, TEMPLATE_ATTRIBUTES, PLAIN_WORLD, type Template } from '../../models/domain/world.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import { advancesOf } from './alphabet.ts';
import { type Evaluate, type Found, sameShape } from './evaluate.ts';
import { PLAIN_IDS } from './ids.ts';
import { compareRanks, type Rank, rankOf } from './order.ts';
import { moved, renamedByUse, staying, withTemplate } from './rewrite.ts';
import { isSound } from './soundness.ts';

export interface ShrinkOptions {
  /** Candidates to run at most; what was reached by then is the result. */
  readonly budget: number;
  /** What the target can be asked: nothing simpler lies outside. */
  readonly capabilities: Capabilities;
  /** Asked between candidates: true keeps what was reached. */
  readonly stopped?: () => boolean;
}

export interface Shrunk {
  readonly program: Program;
  /** Candidates that were run. */
  readonly executions: number;
  /** How often each pass made the program simpler. */
  readonly score: Readonly<Record<string, number>>;
}

/** A way to make a program simpler: proposes candidates, best hope first. What it proposes depends on the program alone. */
type Pass = (program: Program, options: ShrinkOptions) => Iterable<Program | null>;

/** The passes in their order: deletion, the members of the world, the attributes of requests, then capacity, lifetimes, ids. */
const PASSES: readonly (readonly [name: string, pass: Pass])[] = [
  ['delete', deletions],
  ['finish calls at once', uninterrupted],
  ['merge', merges],
  ['plain attributes', plainTemplates],
  ['plain world', plainWorlds],
  ['simpler operations', simplerOperations],
  ['delete pairs', pairDeletions],
  ['replace and delete', replacements],
  ['give and delete', gifts],
];

/** Shrinks a failing program to a simplest one that breaks the same property in the same way. */
export async function shrink(program: Program, found: Found, evaluate: Evaluate, options: ShrinkOptions): Promise<Shrunk> {
  const funnel = new Funnel(program, found, evaluate, options);
  await funnel.consider({ world: program.world, operations: program.operations.slice(0, found.instant) }, 'delete');
  let before: Program;
  do {
    before = funnel.best;
    for (const [name, pass] of PASSES) await funnel.exhaust(name, pass);
  } while (funnel.best !== before && !funnel.isSpent);
  return { program: funnel.best, executions: funnel.executions, score: funnel.score };
}

/** All that is simpler by one step than a program, renamed by first use; best hope first. */
export function* simplerPrograms(program: Program, capabilities: Capabilities): Iterable<Program> {
  const rank = rankOf(program);
  for (const [, pass] of PASSES)
    for (const candidate of pass(program, { budget: 0, capabilities })) {
      const renamed = candidate === null ? null : renamedByUse(candidate);
      if (renamed !== null && compareRanks(rankOf(renamed), rank) < 0) yield renamed;
    }
}

/** Every candidate goes through here: it is dropped if it was seen or is no simpler, and runs while the budget lasts. */
class Funnel {
  best: Program;
  executions = 0;
  readonly score: Record<string, number> = {};
  private rank: Rank;
  private readonly seen = new Set<string>();
  private readonly found: Found;
  private readonly evaluate: Evaluate;
  private readonly options: ShrinkOptions;

  constructor(program: Program, found: Found, evaluate: Evaluate, options: ShrinkOptions) {
    this.best = program;
    this.rank = rankOf(program);
    this.found = found;
    this.evaluate = evaluate;
    this.options = options;
  }

  get isSpent(): boolean {
    return this.executions >= this.options.budget || (this.options.stopped?.() ?? false);
  }

  /** Tries a pass until it proposes nothing that helps. */
  async exhaust(name: string, pass: Pass): Promise<void> {
    let helped = true;
    while (helped && !this.isSpent) {
      helped = false;
      for (const candidate of pass(this.best, this.options)) {
        if (this.isSpent) return;
        if (candidate === null || !(await this.consider(candidate, name))) continue;
        helped = true;
        break;
      }
    }
  }

  async consider(candidate: Program, name: string): Promise<boolean> {
    const renamed = renamedByUse(candidate);
    const rank = rankOf(renamed);
    if (compareRanks(rank, this.rank) >= 0 || this.wasSeen(renamed)) return false;
    this.executions++;
    const result = this.evaluate(renamed);
    const breach = (result instanceof Promise ? await result : result).find((other) => sameShape(other, this.found));
    if (breach === undefined) return false;
    this.score[name] = (this.score[name] ?? 0) + 1;
    const cut = breach.instant < renamed.operations.length ? { world: renamed.world, operations: renamed.operations.slice(0, breach.instant) } : renamed;
    this.best = cut === renamed ? renamed : renamedByUse(cut);
    this.rank = rankOf(this.best);
    return true;
  }

  private wasSeen(program: Program): boolean {
    const key = JSON.stringify(program);
    if (this.seen.has(key)) return true;
    this.seen.add(key);
    return false;
  }
}

/** Leaves out runs of operations: long ones first, from the end, since what stands last before the leak matters most. */
function* deletions({ world, operations }: Program): Iterable<Program> {
  const { length } = operations;
  for (let size = length >> 1; size >= 1; size >>= 1)
    for (let start = length - 1 - size; start >= 0; start -= size) yield { world, operations: without(operations, start, size) };
}

/** Leaves out two operations that stand apart: one may only make sense with the other. */
function* pairDeletions({ world, operations }: Program): Iterable<Program> {
  if (operations.length > 16) return;
  for (let second = operations.length - 1; second > 0; second--)
    for (let first = second - 1; first >= 0; first--) yield { world, operations: without(without(operations, second, 1), first, 1) };
}

/** Lets a call that was left in flight run to its answer, and forgets its releases. */
function* uninterrupted({ world, operations }: Program): Iterable<Program> {
  for (const [index, letter] of operations.entries()) {
    if (letter.op !== 'begin') continue;
    const { user, camera, template } = letter;
    const request = operation({ op: 'request', user, camera, template });
    const rest = operations.filter((other) => !(other.op === 'release' && other.user === user && other.camera === camera && other.template === template));
    yield { world, operations: rest.map((other) => (other === letter && rest.indexOf(other) === index ? request : other)) };
    yield { world, operations: operations.map((other, place) => (place === index ? request : other)) };
    const released = operations.findIndex((other) => other.op === 'release' && other.user === user && other.camera === camera && other.template === template);
    if (released > index) yield { world, operations: without(operations, index, 1).map((other, place) => (place === released - 1 ? request : other)) };
  }
}

/** Lets two users, cameras or templates be one. */
function* merges(program: Program): Iterable<Program | null> {
  const stay = staying(program.world);
  for (const members of ['users', 'cameras', 'templates'] as const)
    for (let from = stay[members].length - 1; from > 0; from--)
      for (let to = 0; to < from; to++)
        yield moved(program, { ...stay, [members]: stay[members].map((place, index) => (index === from ? to : index > from ? place! - 1 : place)) });
}

/** Makes one attribute of a template plain, for all its operations at once. */
function* plainTemplates(program: Program, { capabilities }: ShrinkOptions): Iterable<Program> {
  const { world } = program;
  const isAllowed = ({ credential, policy }: Template): boolean => capabilities.lifetimes === 'granted' || isSound(credential, world.policies[policy]!);
  for (const [place, template] of world.templates.entries()) {
    for (const attribute of TEMPLATE_ATTRIBUTES) {
      if (template[attribute] === PLAIN_TEMPLATE[attribute]) continue;
      const plain: Template = { ...template, [attribute]: PLAIN_TEMPLATE[attribute] };
      if (isAskable(plain, capabilities) && isAllowed(plain)) yield withTemplate(program, place, plain);
    }
    for (let policy = 0; policy < template.policy; policy++) {
      const other = { ...template, policy };
      if (isAllowed(other)) yield withTemplate(program, place, other);
    }
  }
}

function isAskable({ credential, spelling }: Template, { credentials, spellings }: Capabilities): boolean {
  return credentials.includes(credential) && spellings.includes(spelling);
}

/** Makes capacity, lifetime and ids plain; steps of time that hung on the lifetime go with it. */
function* plainWorlds({ world, operations }: Program, { capabilities }: ShrinkOptions): Iterable<Program> {
  const capacity = capabilities.capacity ?? PLAIN_WORLD.capacity;
  const lifetimeMs = capabilities.lifetimeMs ?? PLAIN_WORLD.lifetimeMs;
  if (world.capacity !== capacity) yield { world: { ...world, capacity }, operations };
  if (world.lifetimeMs !== lifetimeMs) {
    const changed = { ...world, lifetimeMs };
    const times = new Map(advancesOf(world).map((by, index) => [by, advancesOf(changed)[index] ?? by]));
    yield {
      world: changed,
      operations: operations.map((letter) => (letter.op === 'advance' ? operation({ op: 'advance', by: times.get(letter.by) ?? letter.by }) : letter)),
    };
    yield { world: changed, operations };
  }
  const users = PLAIN_IDS.users.slice(0, world.users.length);
  const cameras = world.cameras.map((camera, index) => ({ ...camera, id: PLAIN_IDS.cameras[index]! }));
  yield { world: { ...world, users, cameras }, operations };
  yield { world: { ...world, users }, operations };
  yield { world: { ...world, cameras }, operations };
}

/** Puts a simpler operation in the place of one: another outcome, the first user or camera, the plainest step of time. */
function* simplerOperations({ world, operations }: Program): Iterable<Program> {
  for (const [index, letter] of operations.entries())
    for (const simpler of simplerThan(letter)) yield { world, operations: operations.map((other, place) => (place === index ? simpler : other)) };
}

/** Lets somebody else ask, and leaves out what only had to be there for the one who asked before. */
function* replacements({ world, operations }: Program): Iterable<Program> {
  if (operations.length > 10) return;
  for (const [index, letter] of operations.entries()) {
    const { user, template } = letter as { user?: number; template?: number };
    if (user === undefined || template === undefined || user === ANONYMOUS) continue;
    for (let other = 0; other < world.users.length; other++) {
      if (other === user) continue;
      const replaced = operations.map((kept) => (isSameAsk(kept, letter) ? operation({ ...kept, user: other } as Operation) : kept));
      for (let left = operations.length - 1; left >= 0; left--) if (left !== index) yield { world, operations: without(replaced, left, 1) };
    }
  }
}

/** Lets a camera belong to somebody else from the start, and leaves out what made that good before. */
function* gifts({ world, operations }: Program): Iterable<Program> {
  if (operations.length > 10) return;
  for (const [place, camera] of world.cameras.entries())
    for (let owner = 0; owner < world.users.length; owner++) {
      if (owner === camera.owner) continue;
      const given = { ...world, cameras: world.cameras.map((other, index) => (index === place ? { ...other, owner } : other)) };
      for (let left = operations.length - 1; left >= 0; left--) yield { world: given, operations: without(operations, left, 1) };
    }
}

/** Whether two operations speak of the same call: its begin, its release, its cancel. */
function isSameAsk(a: Operation, b: Operation): boolean {
  if (a === b) return true;
  if (!('template' in a) || !('template' in b) || a.op === 'request' || b.op === 'request') return false;
  return a.user === b.user && a.camera === b.camera && a.template === b.template;
}

function* simplerThan(letter: Operation): Iterable<Operation> {
  const { op } = letter;
  if (op === 'release' && letter.outcome !== 'reply') yield operation({ ...letter, outcome: 'reply' });
  if (op === 'release' && (letter.outcome === 'error' || letter.outcome === 'drop')) yield operation({ ...letter, outcome: 'refuse' });
  if (op === 'release' && letter.outcome === 'drop') yield operation({ ...letter, outcome: 'error' });
  if (op === 'transfer') yield operation({ op: 'recreate', camera: letter.camera });
  if (op === 'unlink') yield operation({ op: 'disable', channel: letter.channel });
  const { user, camera } = letter as { user?: number; camera?: number };
  if (user !== undefined) for (let other = 0; other < user; other++) yield operation({ ...letter, user: other } as Operation);
  if (camera !== undefined) for (let other = 0; other < camera; other++) yield operation({ ...letter, camera: other } as Operation);
}

function without(operations: readonly Operation[], start: number, size: number): Operation[] {
  return [...operations.slice(0, start), ...operations.slice(start + size)];
}
