import { type Operation, operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { ANONYMOUS, type Credential, PLAIN_WORLD, type ResponsePolicy, type Template, TEMPLATE_ATTRIBUTES, type World } from '../../models/domain/world.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import { advancesOf } from './alphabet.ts';
import { PLAIN_IDS } from './ids.ts';
import { ATTRIBUTE_VALUES, policyPlaces, SOUND } from './order.ts';
import { moved, staying, withTemplate } from './rewrite.ts';
import { simplerIds } from './shrink-ids.ts';
import { isSound } from './soundness.ts';

/**
 * A way to make a program simpler: proposes candidates, best hope first. What it proposes depends on the program alone. Where it is
 * told what became of a candidate that helped, it goes on from there; else it begins anew.
 */
export interface Pass {
  readonly name: string;
  /** Candidates keep the names and the world that they have: cheap while a program is long. */
  readonly keepsNames?: boolean;
  readonly goesOn?: boolean;
  propose(program: Program, capabilities: Capabilities): Proposals;
}

export type Proposals = Generator<Program | null, void, Program | undefined>;

/** What makes a program shorter and its world smaller, in the order in which it is tried first: deletion, members of the world, attributes, capacity and lifetimes. */
export const REDUCING: readonly Pass[] = [
  { name: 'delete', propose: deletions, keepsNames: true, goesOn: true },
  { name: 'rename', propose: itself },
  { name: 'finish calls at once', propose: uninterrupted },
  { name: 'merge', propose: merges },
  { name: 'plain attributes', propose: plainTemplates },
  { name: 'plain world', propose: plainWorlds },
];

/** What is dear on a long program: tried when the passes above have nothing left to say. */
export const TIDYING: readonly Pass[] = [
  { name: 'simpler operations', propose: simplerOperations, goesOn: true },
  { name: 'delete pairs', propose: pairDeletions },
  { name: 'replace and delete', propose: replacements },
  { name: 'give and delete', propose: gifts },
  { name: 'let a visitor ask', propose: visitors },
  { name: 'simpler ids', propose: simplerIds },
  { name: 'plain policies', propose: plainPolicies },
  { name: 'plain credentials', propose: plainCredentials },
  { name: 'swap neighbours', propose: swaps },
];

/** Leaves out runs of operations: long ones first, from the end, since what stands last before the leak matters most. */
function* deletions(program: Program): Proposals {
  let { world, operations } = program;
  for (let size = operations.length >> 1; size >= 1; size >>= 1)
    for (let start = operations.length - 1 - size; start >= 0; start = Math.min(start - size, operations.length - 1 - size)) {
      const kept: Program | undefined = yield { world, operations: without(operations, start, size) };
      if (kept !== undefined) ({ world, operations } = kept);
    }
}

function* itself(program: Program): Proposals {
  yield program;
}

/** Leaves out two operations that stand apart: one may only make sense with the other. */
function* pairDeletions({ world, operations }: Program): Proposals {
  if (operations.length > 16) return;
  for (let second = operations.length - 1; second > 0; second--)
    for (let first = second - 1; first >= 0; first--) yield { world, operations: without(without(operations, second, 1), first, 1) };
}

/** Lets a call that was left in flight run to its answer, and forgets its releases. */
function* uninterrupted({ world, operations }: Program): Proposals {
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
function* merges(program: Program): Proposals {
  const stay = staying(program.world);
  for (const members of ['users', 'cameras', 'templates'] as const)
    for (let from = stay[members].length - 1; from > 0; from--)
      for (let to = 0; to < from; to++)
        yield moved(program, { ...stay, [members]: stay[members].map((place, index) => (index === from ? to : index > from ? place! - 1 : place)) });
}

/** Makes one attribute of a template plain, for all its operations at once. */
function* plainTemplates(program: Program, capabilities: Capabilities): Proposals {
  const { world } = program;
  for (const [place, template] of world.templates.entries()) {
    for (const attribute of TEMPLATE_ATTRIBUTES) {
      for (const value of ATTRIBUTE_VALUES[attribute]) {
        if (value === template[attribute]) break;
        const together = world.templates.reduce(
          (changed, other, at) => (other[attribute] === template[attribute] ? withTemplate(changed, at, { ...other, [attribute]: value }) : changed),
          program,
        );
        if (together.world.templates.every((other) => isAskable(other, capabilities) && isAllowed(program, other, capabilities))) yield together;
        const plain: Template = { ...template, [attribute]: value };
        if (isAskable(plain, capabilities) && isAllowed(program, plain, capabilities)) yield withTemplate(program, place, plain);
      }
    }
    for (let policy = 0; policy < template.policy; policy++) {
      const other = { ...template, policy };
      if (isAllowed(program, other, capabilities)) yield withTemplate(program, place, other);
    }
  }
}

function isAllowed({ world }: Program, { credential, policy }: Template, { lifetimes }: Capabilities): boolean {
  return lifetimes === 'granted' || isSound(credential, world.policies[policy]!);
}

/** Has the origin say what is plainest of all that is sound, and nothing beside it: to all who go by a policy, then to one of them. */
function* plainPolicies({ world, operations }: Program, { lifetimes }: Capabilities): Proposals {
  if (lifetimes === 'granted') return;
  for (const [place, template] of world.templates.entries()) {
    const fellows = world.templates.filter(({ policy }) => policy === template.policy);
    for (const policy of plainerPolicies(world, template)) {
      if (fellows.every(({ credential }) => isSound(credential, policy)))
        yield { world: { ...world, policies: world.policies.with(template.policy, policy) }, operations };
      if (fellows.length > 1)
        yield withTemplate({ world: { ...world, policies: [...world.policies, policy] }, operations }, place, { ...template, policy: world.policies.length });
    }
  }
}

function* plainerPolicies(world: World, template: Template): Iterable<ResponsePolicy> {
  const [flags, place] = policyPlaces(world, template);
  const sound = SOUND[template.credential];
  for (let less = 0; less <= flags; less++) {
    // Nothing is added that was not there.
    if ((less & ~flags) !== 0) continue;
    for (let earlier = 0; earlier < (less < flags ? sound.length : Math.min(place, sound.length)); earlier++)
      yield { ...sound[earlier]!, ...((less & 1) > 0 && { validator: true as const }), ...((less & 2) > 0 && { session: true as const }) };
  }
}

/** Lets all who ask with one credential ask with a plainer one, under a policy that is sound for it: neither goes without the other. */
function* plainCredentials(program: Program, { credentials, lifetimes }: Capabilities): Proposals {
  if (lifetimes === 'granted') return;
  const { templates, policies } = program.world;
  for (const used of new Set(templates.map(({ credential }) => credential))) {
    for (const plainer of ATTRIBUTE_VALUES.credential as readonly Credential[]) {
      if (plainer === used) break;
      if (plainer === 'none' || !credentials.includes(plainer)) continue;
      for (const sound of SOUND[plainer]) {
        // Every template gets a policy of its own: those that nobody goes by are left out later, and equal ones merged.
        const own = templates.map(({ policy }) => ({ ...policies[policy]!, ...sound }));
        const roomier: Program = { ...program, world: { ...program.world, policies: [...policies, ...own] } };
        yield templates.reduce<Program>(
          (changed, template, place) =>
            template.credential === used ? withTemplate(changed, place, { ...template, credential: plainer, policy: policies.length + place }) : changed,
          roomier,
        );
      }
    }
  }
}

/** Lets an anonymous visitor ask in place of a user, who may then be superfluous. */
function* visitors(program: Program, { credentials, lifetimes }: Capabilities): Proposals {
  if (!credentials.includes('none')) return;
  const { world, operations } = program;
  for (const [place, template] of world.templates.entries()) {
    if (template.credential === 'none') continue;
    const used = world.policies[template.policy]!;
    const policy = lifetimes === 'granted' || isSound('none', used) ? used : { ...used, ...SOUND.none[0]! };
    yield withTemplate({ world: { ...world, policies: [...world.policies, policy] }, operations }, place, {
      ...template,
      credential: 'none',
      policy: world.policies.length,
    });
  }
}

/** Lets two neighbours change places: of several orders that do the same, one stands for all. */
function* swaps({ world, operations }: Program): Proposals {
  if (operations.length > 8) return;
  for (let index = operations.length - 1; index > 0; index--)
    yield {
      world,
      operations: operations.map((letter, place) => (place === index ? operations[index - 1]! : place === index - 1 ? operations[index]! : letter)),
    };
}

function isAskable({ credential, spelling }: Template, { credentials, spellings }: Capabilities): boolean {
  return credentials.includes(credential) && spellings.includes(spelling);
}

/** Makes capacity, lifetime and ids plain; steps of time that hung on the lifetime go with it. */
function* plainWorlds({ world, operations }: Program, capabilities: Capabilities): Proposals {
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
function* simplerOperations(program: Program): Proposals {
  let { world, operations } = program;
  for (let index = 0; index < operations.length; index++)
    for (const simpler of simplerThan(operations[index]!, world)) {
      const kept: Program | undefined = yield { world, operations: operations.with(index, simpler) };
      if (kept === undefined) continue;
      ({ world, operations } = kept);
      break;
    }
}

/** Lets somebody else ask, and leaves out what only had to be there for the one who asked before. */
function* replacements({ world, operations }: Program): Proposals {
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
function* gifts({ world, operations }: Program): Proposals {
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

function* simplerThan(letter: Operation, world: World): Iterable<Operation> {
  const { op } = letter;
  if (op === 'advance')
    for (const by of advancesOf(world)) {
      if (by === letter.by) break;
      yield operation({ op, by });
    }
  if (op === 'release' && letter.outcome !== 'reply') yield operation({ ...letter, outcome: 'reply' });
  if (op === 'release' && (letter.outcome === 'error' || letter.outcome === 'drop')) yield operation({ ...letter, outcome: 'refuse' });
  if (op === 'release' && letter.outcome === 'drop') yield operation({ ...letter, outcome: 'error' });
  if (op === 'transfer') yield operation({ op: 'recreate', camera: letter.camera });
  if (op === 'publish' || op === 'unpublish')
    for (const user of world.users.keys()) yield operation({ op: op === 'publish' ? 'share' : 'unshare', camera: letter.camera, user });
  if (op === 'unlink') yield operation({ op: 'disable', channel: letter.channel });
  const { user, camera } = letter as { user?: number; camera?: number };
  if (user !== undefined) for (let other = 0; other < user; other++) yield operation({ ...letter, user: other } as Operation);
  if (camera !== undefined) for (let other = 0; other < camera; other++) yield operation({ ...letter, camera: other } as Operation);
}

function without(operations: readonly Operation[], start: number, size: number): Operation[] {
  return [...operations.slice(0, start), ...operations.slice(start + size)];
}
