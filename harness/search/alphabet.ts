import { type Operation, operation, OPERATION_KINDS, type OperationKind, type Outcome } from '../../models/domain/operation.ts';
import { ANONYMOUS, CHANNELS, type World } from '../../models/domain/world.ts';
import type { Capabilities } from '../targets/capabilities.ts';

/** Where the operations of one kind stand in the alphabet. */
export interface Block {
  readonly kind: OperationKind;
  readonly base: number;
  readonly count: number;
}

/**
 * Every operation that a world and the capabilities of a target admit, simplest first, built once and shared. A program is a
 * list of references into it: to generate is to pick indices, to enumerate is to count, "simpler" is "earlier".
 */
export interface Alphabet {
  readonly world: World;
  readonly operations: readonly Operation[];
  readonly blocks: readonly Block[];
  /** Whether the target hears of changes in rights, so that they bind at once. */
  readonly told: boolean;
  /** Whether answers are those of HTTP, which carry more than a picture, and names that say more than whose it is. */
  readonly http: boolean;
}

export const OUTCOMES: readonly Outcome[] = ['reply', 'refuse', 'error', 'drop'];

/** The blocks of requests, begins, cancels and (within an outcome) releases are laid out by user, camera, template. */
export function askedPlace(world: World, user: number, camera: number, template: number): number {
  return (user * world.cameras.length + camera) * world.templates.length + template;
}

/** How many different things can be asked in a world. */
export function askedCount(world: World): number {
  return world.users.length * world.cameras.length * world.templates.length;
}

export function alphabetOf(world: World, capabilities: Capabilities): Alphabet {
  const operations: Operation[] = [];
  const blocks: Block[] = [];
  for (const kind of OPERATION_KINDS) {
    const base = operations.length;
    if (isSupported(kind, capabilities)) operations.push(...interned(operationsOf(kind, world, capabilities)));
    const count = operations.length - base;
    if (count > 0) blocks.push({ kind, base, count });
  }
  return { world, operations, blocks, told: capabilities.told, http: capabilities.http || capabilities.lifetimes === 'http' };
}

/** How far time moves in one step: a little, to the middle of a lifetime, just to its end, and past it. In ms. */
export function advancesOf(world: World): readonly number[] {
  const { lifetimeMs } = world;
  return [...new Set([lifetimeMs + 1000, 1000, Math.floor(lifetimeMs / 2), lifetimeMs])];
}

function isSupported(kind: OperationKind, capabilities: Capabilities): boolean {
  switch (kind) {
    case 'begin':
    case 'release':
    case 'cancel':
      return capabilities.concurrent;
    case 'publish':
    case 'unpublish':
      return capabilities.publish;
    case 'link':
    case 'unlink':
    case 'disable':
    case 'enable':
      return capabilities.channels && capabilities.told;
    case 'purge':
      return capabilities.purge;
    case 'advance':
      return capabilities.time;
    case 'restart':
      return capabilities.restart;
    case 'reconfigure':
      return capabilities.configurations > 1;
    default:
      return true;
  }
}

function operationsOf(kind: OperationKind, world: World, capabilities: Capabilities): Operation[] {
  const cameras = world.cameras.map((_, camera) => camera);
  const users = world.users.map((_, user) => user);
  const channels = CHANNELS.filter((channel) => channel !== 'app' && world.templates.some((template) => template.channel === channel));
  switch (kind) {
    case 'request':
    case 'begin':
    case 'cancel':
      return asks(world).map((asked) => operation({ op: kind, ...asked }));
    case 'release':
      return OUTCOMES.flatMap((outcome) => asks(world).map((asked) => operation({ op: kind, outcome, ...asked })));
    case 'share':
    case 'unshare':
    case 'transfer':
      return cameras.flatMap((camera) => users.map((user) => operation({ op: kind, camera, user })));
    case 'capture':
    case 'publish':
    case 'unpublish':
    case 'recreate':
    case 'purge':
      return cameras.map((camera) => operation({ op: kind, camera }));
    case 'link':
    case 'unlink':
      return channels.flatMap((channel) => users.map((user) => operation({ op: kind, user, channel })));
    case 'disable':
    case 'enable':
      return channels.map((channel) => operation({ op: kind, channel }));
    case 'advance':
      return advancesOf(world).map((by) => operation({ op: kind, by }));
    case 'restart':
      return [operation({ op: kind })];
    case 'reconfigure':
      return Array.from({ length: capabilities.configurations }, (_, index) => operation({ op: kind, to: (index + 1) % capabilities.configurations }));
  }
}

/** Equal operations become one object: an anonymous request stands at every user's place of its block. */
function interned(operations: readonly Operation[]): Operation[] {
  const known = new Map<string, Operation>();
  return operations.map((letter) => {
    if (!('template' in letter) || letter.user !== ANONYMOUS) return letter;
    const key = JSON.stringify(letter);
    const first = known.get(key);
    if (first === undefined) known.set(key, letter);
    return first ?? letter;
  });
}

/** All that can be asked, by {@link askedPlace}. An anonymous request is nobody's, at whichever user's place it stands. */
function asks(world: World): { user: number; camera: number; template: number }[] {
  return world.users.flatMap((_, user) =>
    world.cameras.flatMap((_, camera) =>
      world.templates.map((asked, template) => ({ user: asked.credential === 'none' ? ANONYMOUS : user, camera, template })),
    ),
  );
}
