import { type Operation, operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { ANONYMOUS, PLAIN_WORLD, type Template, TEMPLATE_ATTRIBUTES } from '../../models/domain/world.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import { advancesOf } from './alphabet.ts';
import { PLAIN_IDS } from './ids.ts';
import { ATTRIBUTE_VALUES } from './order.ts';
import { moved, staying, withTemplate } from './rewrite.ts';
import { anotherCamera } from './shrink-cameras.ts';
import { otherCapacities } from './shrink-capacity.ts';
import { joinedIds, simplerIds } from './shrink-ids.ts';
import { layouts } from './shrink-layout.ts';
import { simplerOperations } from './shrink-letters.ts';
import { moves } from './shrink-moves.ts';
import { type Pass, type Proposals, without } from './shrink-pass.ts';
import { isAllowed, onePolicy, owners, plainCredentials, plainPolicies, visitors } from './shrink-policies.ts';
import { shares, siblings } from './shrink-siblings.ts';

/** What is cheapest, and helps most: candidates live in the world that there is. */
export const DELETE: Pass = { name: 'delete', propose: deletions, keepsNames: true, goesOn: true };

/** What makes a program shorter and its world smaller, in the order in which it is tried first: deletion, members of the world, attributes, capacity and lifetimes. */
export const REDUCING: readonly Pass[] = [
  DELETE,
  { name: 'rename', propose: itself },
  { name: 'plain world', propose: plainWorlds },
  { name: 'one by one', propose: oneByOne },
  { name: 'joined ids', propose: joinedIds },
  { name: 'finish calls at once', propose: uninterrupted },
  { name: 'lay out anew', propose: layouts },
  { name: 'merge', propose: merges },
  { name: 'plain attributes', propose: plainTemplates },
];

/** What is dear on a long program: tried when the passes above have nothing left to say. */
export const TIDYING: readonly Pass[] = [
  { name: 'simpler operations', propose: simplerOperations, goesOn: true },
  { name: 'delete pairs', propose: pairDeletions },
  { name: 'replace and delete', propose: replacements },
  { name: 'give and delete', propose: gifts },
  { name: 'change one and delete another', propose: siblings },
  { name: 'resize and delete', propose: otherCapacities },
  { name: 'share for publish', propose: shares },
  { name: 'ask for another camera', propose: anotherCamera },
  { name: 'let a visitor ask', propose: visitors },
  { name: 'let the owner ask', propose: owners },
  { name: 'simpler ids', propose: simplerIds },
  { name: 'plain policies', propose: plainPolicies },
  { name: 'one policy', propose: onePolicy },
  { name: 'plain credentials', propose: plainCredentials },
  { name: 'move', propose: moves },
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

/** Lets requests come one after the other that came in one turn. */
function* oneByOne({ world: { together, ...world }, operations }: Program): Proposals {
  if (together === true) yield { world, operations };
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
        if (together.world.templates.every((other) => isAskable(other, capabilities) && isAllowed(other, world, capabilities))) yield together;
        const plain: Template = { ...template, [attribute]: value };
        if (isAskable(plain, capabilities) && isAllowed(plain, world, capabilities)) yield withTemplate(program, place, plain);
      }
    }
    for (let policy = 0; policy < template.policy; policy++) {
      const other = { ...template, policy };
      if (isAllowed(other, world, capabilities)) yield withTemplate(program, place, other);
    }
  }
}

function isAskable({ credential, spelling }: Template, { credentials, spellings }: Capabilities): boolean {
  return credentials.includes(credential) && spellings.includes(spelling);
}

/** Makes capacity, lifetime and ids plain: all at once, then one after the other. */
function* plainWorlds(program: Program, capabilities: Capabilities): Proposals {
  const { world, operations } = program;
  const capacity = capabilities.capacity ?? PLAIN_WORLD.capacity;
  const users = PLAIN_IDS.users.slice(0, world.users.length);
  const cameras = world.cameras.map((camera, index) => ({ ...camera, id: PLAIN_IDS.cameras[index]! }));
  const roomy = { ...world, capacity };
  const isTimely = world.lifetimeMs === (capabilities.lifetimeMs ?? PLAIN_WORLD.lifetimeMs);
  if (world.capacity !== capacity || !isTimely) yield inPlainTime({ world: { ...roomy, users, cameras }, operations }, capabilities);
  yield { world: { ...world, users, cameras }, operations };
  if (world.capacity !== capacity) yield { world: roomy, operations };
  if (!isTimely) {
    const timely = inPlainTime(program, capabilities);
    yield timely;
    yield { world: timely.world, operations };
  }
  yield { world: { ...world, users }, operations };
  yield { world: { ...world, cameras }, operations };
}

/** The program with the plainest lifetime; steps of time that hung on the lifetime go with it. */
function inPlainTime({ world, operations }: Program, capabilities: Capabilities): Program {
  const changed = { ...world, lifetimeMs: capabilities.lifetimeMs ?? PLAIN_WORLD.lifetimeMs };
  const times = new Map(advancesOf(world).map((by, index) => [by, advancesOf(changed)[index] ?? by]));
  return {
    world: changed,
    operations: operations.map((letter) => (letter.op === 'advance' ? operation({ op: 'advance', by: times.get(letter.by) ?? letter.by }) : letter)),
  };
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
