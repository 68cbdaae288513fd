import { type Operation, operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { ANONYMOUS, type ResponsePolicy, type Template, type World } from '../../models/domain/world.ts';
import { PLAIN_IDS } from './ids.ts';
import { hasOddIds } from './symmetry.ts';

/** Where the members of a world go: an index, or null for those left out. */
export interface Moves {
  readonly users: readonly (number | null)[];
  readonly cameras: readonly (number | null)[];
  readonly templates: readonly (number | null)[];
}

interface Fields {
  user?: number;
  camera?: number;
  template?: number;
}

/** A move that changes nothing. */
export function staying(world: World): Moves {
  const all = (members: readonly unknown[]): number[] => members.map((_, index) => index);
  return { users: all(world.users), cameras: all(world.cameras), templates: all(world.templates) };
}

/**
 * The program in a smaller or renamed world. Members that go to the same place are merged; the first one there gives its
 * attributes. Policies that say the same are one. Null when an operation or an owner names somebody left out.
 */
export function moved(program: Program, moves: Moves): Program | null {
  const { world } = program;
  const users = placed(world.users, moves.users);
  const templates = placed(world.templates, moves.templates);
  const cameras = placed(world.cameras, moves.cameras).map((camera) => ({ ...camera, owner: moves.users[camera.owner] ?? -1 }));
  if (cameras.some((camera) => camera.owner < 0)) return null;
  const firsts = firstEqual(world.policies);
  const policies = [...new Set(templates.map((template) => firsts[template.policy]!))].toSorted((a, b) => a - b);
  const smaller: World = {
    ...world,
    users,
    cameras,
    templates: templates.map((template) => ({ ...template, policy: policies.indexOf(firsts[template.policy]!) })),
    policies: policies.map((policy) => world.policies[policy]!),
  };
  const operations: Operation[] = [];
  for (const letter of program.operations) {
    const changed = movedOperation(letter, smaller, moves);
    if (changed === null) return null;
    operations.push(changed);
  }
  return { world: smaller, operations };
}

/** Whom and what the operations of a program name, in the order of their first use. */
export function usedIn({ world, operations }: Program): { users: number[]; cameras: number[]; templates: number[] } {
  const users = new Set<number>();
  const cameras = new Set<number>();
  const templates = new Set<number>();
  for (const letter of operations) {
    const { user, camera, template } = letter as Fields;
    if (template !== undefined) templates.add(template);
    if (user !== undefined && user !== ANONYMOUS) users.add(user);
    if (camera === undefined) continue;
    cameras.add(camera);
  }
  // An owner must exist although no operation names him.
  for (const camera of cameras) users.add(world.cameras[camera]!.owner);
  return { users: [...users], cameras: [...cameras], templates: [...templates] };
}

/** The program with users, cameras and templates renamed in the order of their first use, and what is not used left out, or put last where it is kept. */
export function renamedByUse(program: Program, keepsAll: boolean = false): Program {
  const { world } = program;
  const used = keepsAll ? withTheRest(world, usedIn(program)) : usedIn(program);
  if (used.templates.length === 0) used.templates.push(0);
  if (used.cameras.length === 0) used.cameras.push(0);
  if (used.users.length === 0) used.users.push(world.cameras[used.cameras[0]!]!.owner);
  const places = (members: readonly unknown[], order: readonly number[]): (number | null)[] =>
    members.map((_, index) => (order.includes(index) ? order.indexOf(index) : null));
  const moves = { users: places(world.users, used.users), cameras: places(world.cameras, used.cameras), templates: places(world.templates, used.templates) };
  if (isAtRest(moves) && arePoliciesAtRest(world)) return program;
  return moved(program, moves) ?? program;
}

/** Behind what is used, what is not. */
function withTheRest(world: World, { users, cameras, templates }: ReturnType<typeof usedIn>): ReturnType<typeof usedIn> {
  const all = (members: readonly unknown[], used: readonly number[]): number[] => [...new Set([...used, ...members.keys()])];
  return { users: all(world.users, users), cameras: all(world.cameras, cameras), templates: all(world.templates, templates) };
}

/** The same, and who had the plain ids of the places that they had gets those of the places that they have now. */
export function renamedPlainly(program: Program, keepsAll: boolean = false): Program {
  const renamed = renamedByUse(program, keepsAll);
  if (renamed === program || hasOddIds(program.world) || !hasOddIds(renamed.world)) return renamed;
  const { world, operations } = renamed;
  const users = PLAIN_IDS.users.slice(0, world.users.length);
  return { world: { ...world, users, cameras: world.cameras.map(({ owner }, place) => ({ id: PLAIN_IDS.cameras[place]!, owner })) }, operations };
}

function isAtRest({ users, cameras, templates }: Moves): boolean {
  return [users, cameras, templates].every((places) => places.every((place, index) => place === index));
}

/** Every policy is gone by, and no two of them say the same. */
function arePoliciesAtRest({ templates, policies }: World): boolean {
  if (policies.length === 1) return true;
  return (
    policies.every((_, policy) => templates.some((template) => template.policy === policy)) && firstEqual(policies).every((first, policy) => first === policy)
  );
}

/** For each policy, the place of the first that says the same. */
function firstEqual(policies: readonly ResponsePolicy[]): number[] {
  return policies.map(({ cacheControl, vary, validator, session }) =>
    policies.findIndex((other) => other.cacheControl === cacheControl && other.vary === vary && other.validator === validator && other.session === session),
  );
}

/** The program with another template at one place. */
export function withTemplate({ world, operations }: Program, place: number, template: Template): Program {
  const templates = world.templates.map((other, index) => (index === place ? template : other));
  const changed = operations.map((letter) => {
    const { user, template: asked } = letter as Fields;
    if (asked !== place || user === undefined) return letter;
    if (template.credential === 'none') return operation({ ...letter, user: ANONYMOUS } as Operation);
    return user === ANONYMOUS ? operation({ ...letter, user: 0 } as Operation) : letter;
  });
  return { world: { ...world, templates }, operations: changed };
}

function placed<T>(members: readonly T[], places: readonly (number | null)[]): T[] {
  const kept: T[] = [];
  for (const [index, member] of members.entries()) {
    const place = places[index]!;
    if (place !== null) kept[place] ??= member;
  }
  return kept;
}

function movedOperation(letter: Operation, world: World, moves: Moves): Operation | null {
  const fields = letter as Operation & Fields;
  const changed = { ...fields };
  if (fields.camera !== undefined) {
    const camera = moves.cameras[fields.camera];
    if (camera === null || camera === undefined) return null;
    changed.camera = camera;
  }
  if (fields.template !== undefined) {
    const template = moves.templates[fields.template];
    if (template === null || template === undefined) return null;
    changed.template = template;
  }
  if (fields.user !== undefined && fields.user !== ANONYMOUS) {
    const user = moves.users[fields.user];
    if (user === null || user === undefined) return null;
    changed.user = user;
  }
  if (changed.template !== undefined && world.templates[changed.template]!.credential === 'none') changed.user = ANONYMOUS;
  else if (changed.user === ANONYMOUS && changed.template !== undefined) changed.user = 0;
  // What keeps its names stays the same object: what was made ready for it need not be made again.
  if (changed.user === fields.user && changed.camera === fields.camera && changed.template === fields.template) return letter;
  return operation(changed);
}

/** The world with one user more, who comes last and has no part in anything. */
export function withStranger(world: World): World {
  return { ...world, users: [...world.users, PLAIN_IDS.users.find((id) => !world.users.includes(id))!] };
}

/** The world with one camera more, which comes last. */
export function withCamera(world: World, owner: number): World {
  const taken = world.cameras.map(({ id }) => id);
  return { ...world, cameras: [...world.cameras, { id: PLAIN_IDS.cameras.find((id) => !taken.includes(id))!, owner }] };
}
