import { type Operation, operation, OPERATION_KINDS, type OperationKind, type Outcome } from '../../models/domain/operation.ts';
import { ANONYMOUS, type Channel, CHANNELS, type World } from '../../models/domain/world.ts';
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
    if (isSupported(kind, capabilities)) operations.push(...operationsOf(kind, world, capabilities));
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

function operationsOf(kind: OperationKind, world: World, { configurations }: Capabilities): Operation[] {
  const cameras = world.cameras.map((_, camera) => camera);
  const users = world.users.map((_, user) => user);
  const channels = CHANNELS.filter((channel) => channel !== 'app' && world.templates.some((template) => template.channel === channel));
  const letter = lettersOf({ op: kind });
  switch (kind) {
    case 'request':
    case 'begin':
    case 'cancel':
      return asks(world, letter);
    case 'release':
      return OUTCOMES.flatMap((outcome) => asks(world, lettersOf({ op: kind, outcome })));
    case 'share':
    case 'unshare':
    case 'transfer':
      return cameras.flatMap((camera) => users.map((user) => letter(user, camera)));
    case 'capture':
    case 'publish':
    case 'unpublish':
    case 'recreate':
    case 'purge':
      return cameras.map((camera) => letter(undefined, camera));
    case 'link':
    case 'unlink':
      return channels.flatMap((channel) => users.map((user) => lettersOf({ op: kind, channel })(user)));
    case 'disable':
    case 'enable':
      return channels.map((channel) => lettersOf({ op: kind, channel })());
    case 'advance':
      return advancesOf(world).map((by) => operation({ op: kind, by }));
    case 'restart':
      return [letter()];
    case 'reconfigure':
      return Array.from({ length: configurations }, (_, index) => operation({ op: kind, to: (index + 1) % configurations }));
  }
}

/** The operations of one sort that all worlds share, by whom and what they are about. */
type Letters = (user?: number, camera?: number, template?: number) => Operation;

/** Operations of all worlds, by what is in them: equal ones are one object, since making them anew was most of what a world cost. */
const KNOWN = new Map<number, Operation>();
/** More than there are users, cameras or templates in any world. */
const MANY = 64;

function lettersOf(fields: { readonly op: OperationKind; readonly outcome?: Outcome; readonly channel?: Channel }): Letters {
  const { op, outcome = 'reply', channel = 'app' } = fields;
  const sort = (OPERATION_KINDS.indexOf(op) * OUTCOMES.length + OUTCOMES.indexOf(outcome)) * CHANNELS.length + CHANNELS.indexOf(channel);
  return (user, camera, template) => {
    const place = ((sort * MANY + (user ?? 0) - ANONYMOUS) * MANY + (camera ?? 0)) * MANY + (template ?? 0);
    let known = KNOWN.get(place);
    if (known === undefined) {
      known = operation({ ...fields, user, camera, template } as Operation);
      KNOWN.set(place, known);
    }
    return known;
  };
}

/** All that can be asked, by {@link askedPlace}. An anonymous request is nobody's, at whichever user's place it stands. */
function asks({ users, cameras, templates }: World, letter: Letters): Operation[] {
  const asked: Operation[] = [];
  for (let user = 0; user < users.length; user++)
    for (let camera = 0; camera < cameras.length; camera++)
      for (let template = 0; template < templates.length; template++)
        asked.push(letter(templates[template]!.credential === 'none' ? ANONYMOUS : user, camera, template));
  return asked;
}
