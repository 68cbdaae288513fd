import type { HistoryEvent } from '../../models/domain/history.ts';
import type { Operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { ANONYMOUS, type World } from '../../models/domain/world.ts';
import type { Counterexample } from './document.ts';

/** A reference to something that is not there: where it stands, and what is wrong with it. */
export interface Dangling {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Every index of a counterexample that points to nothing. A replay and a story may rely on there being none. */
export function danglingIn({ program, history }: Counterexample): Dangling[] {
  return [...danglingInProgram(program), ...within(['history'], danglingInHistory(history, program.world))];
}

function danglingInProgram({ world, operations }: Program): Dangling[] {
  const { users, cameras, templates, policies } = world;
  return within(
    ['program'],
    [
      ...within(['world', 'users'], repeated(users)),
      ...within(['world', 'cameras'], repeated(cameras.map((camera) => camera.id))),
      ...cameras.flatMap(({ owner }, place) => check(['world', 'cameras', place, 'owner'], owner, users.length, 'users')),
      ...templates.flatMap(({ policy }, place) => check(['world', 'templates', place, 'policy'], policy, policies.length, 'policies')),
      ...operations.flatMap((operation, place) => within(['operations', place], danglingInOperation(operation, world))),
    ],
  );
}

/** Two users of one id are one user, and what one sees of the other is no leak. */
function repeated(ids: readonly string[]): Dangling[] {
  const seen = new Set<string>();
  return ids.flatMap((id, place) => {
    if (seen.has(id)) return [{ path: [place], message: 'repeats an id: each must be unique' }];
    seen.add(id);
    return [];
  });
}

type Indexed = Partial<Readonly<Record<'user' | 'camera' | 'template', number>>>;

function danglingInOperation(indexed: Operation | Indexed, { users, cameras, templates }: World): Dangling[] {
  const { user, camera, template } = indexed as Indexed;
  const isAnonymous = user === ANONYMOUS && template !== undefined;
  return [
    ...(camera === undefined ? [] : check(['camera'], camera, cameras.length, 'cameras')),
    ...(template === undefined ? [] : check(['template'], template, templates.length, 'templates')),
    ...(user === undefined || isAnonymous ? [] : check(['user'], user, users.length, 'users')),
    ...(isAnonymous && templates[template] !== undefined && templates[template].credential !== 'none'
      ? [{ path: ['user'], message: 'is -1, an anonymous visitor, but the template carries a credential' }]
      : []),
  ];
}

function danglingInHistory(history: readonly HistoryEvent[], world: World): Dangling[] {
  const calls = new Set<number>();
  return history.flatMap((event, place) => {
    if (event.event === 'asked') calls.add(event.call);
    return within([place], danglingInEvent(event, calls, world));
  });
}

function danglingInEvent(event: HistoryEvent, calls: ReadonlySet<number>, world: World): Dangling[] {
  if (event.event === 'operation') return within(['operation'], danglingInOperation(event.operation, world));
  if (event.event === 'asked') return danglingInOperation(event, world);
  if (event.event === 'contact' || event.event === 'origin') return danglingInContact(event, calls, world);
  const unknown = danglingInCall(event.call, calls);
  if (event.event === 'header') return [...unknown, ...(event.party < 0 ? [] : check(['party'], event.party, world.users.length, 'users'))];
  if ((event.event !== 'answered' && event.event !== 'described') || event.frame === null) return unknown;
  const { camera, owner } = event.frame;
  return [
    ...unknown,
    ...within(['frame'], [...check(['camera'], camera, world.cameras.length, 'cameras'), ...check(['owner'], owner, world.users.length, 'users')]),
  ];
}

function danglingInCall(call: number, calls: ReadonlySet<number>): Dangling[] {
  return calls.has(call) ? [] : [{ path: ['call'], message: `is ${call}, but nobody has made a call of that number before` }];
}

/** What the origin is asked on behalf of no call is of number -1. */
function danglingInContact(event: Extract<HistoryEvent, { event: 'contact' | 'origin' }>, calls: ReadonlySet<number>, world: World): Dangling[] {
  const unknown = event.call < 0 ? [] : danglingInCall(event.call, calls);
  if (event.event === 'origin' || event.of === undefined) return unknown;
  const { user, camera } = event.of;
  const isKnown = user === null || user === ANONYMOUS;
  const named = isKnown ? [] : check(['user'], user, world.users.length, 'users');
  return [...unknown, ...within(['of'], [...named, ...check(['camera'], camera, world.cameras.length, 'cameras')])];
}

function check(path: readonly (string | number)[], index: number, count: number, things: string): Dangling[] {
  return index >= 0 && index < count ? [] : [{ path, message: `is ${index}, but the world has ${count} ${things} and counts them from 0` }];
}

function within(path: readonly (string | number)[], found: readonly Dangling[]): Dangling[] {
  return found.map((one) => ({ path: [...path, ...one.path], message: one.message }));
}
