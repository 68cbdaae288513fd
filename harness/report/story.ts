import type { HistoryEvent } from '../../models/domain/history.ts';
import type { Operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD, PRIVATE, type ResponsePolicy, ROOMY, type World } from '../../models/domain/world.ts';
import { type BreachWords, breachWords } from './breach-words.ts';
import { type Breach, breachOf } from './breach.ts';
import type { Counterexample } from './document.ts';
import { bounded } from './escape.ts';
import { eventSentences, type Telling } from './event-words.ts';
import { duration, operationWords, requestOf } from './operation-words.ts';
import { capital, Scene } from './scene.ts';

const TOGETHER =
  'Requests that follow one another come in one turn of the event loop, and so do answers of the origin. Nobody waits for what the cache itself waits ' +
  'for, nor for what it still does after it has returned from what it was told.';

/**
 * `setup`: rights, owners, frames or the cache's own conditions change; `plain`: somebody asks or is answered; `plant`: the step
 * that brought in the copy that leaks; `leak`: the step that hands it out; `time`: time passes; `note`: nothing was done.
 */
export type StoryRole = 'setup' | 'plain' | 'plant' | 'leak' | 'time' | 'note';

export interface StoryLine {
  /** Number of the step: of the operation, from 1. */
  readonly instant: number;
  /** Who or what acts. */
  readonly who: string;
  readonly text: string;
  readonly role: StoryRole;
  /** On a `leak` line: the step that brought in the very copy that leaked, where the history shows it. */
  readonly plantedAt: number | null;
}

export interface CastMember {
  /** The user's id as the lines write it. */
  readonly id: string;
  /** The cameras that the user owns when the story begins. */
  readonly cameras: readonly string[];
}

/** A counterexample as people tell it. All texts are safe to show: nothing in them is hidden from the eye. */
export interface Story {
  readonly cast: readonly CastMember[];
  /** What the cache and the origin were like, a sentence each. */
  readonly setting: readonly string[];
  readonly lines: readonly StoryLine[];
  /** What came to pass, in one sentence; `null` where the history holds no breach. */
  readonly outcome: BreachWords | null;
}

/** Tells a counterexample. Total: a history that lacks events yields a story that says less. */
export function storyOf(counterexample: Counterexample): Story {
  const scene = new Scene(counterexample);
  const breach = breachOf(counterexample);
  const telling: Telling = { scene, breach, firstGiven: new Map() };
  const { world } = counterexample.program;
  const cast = world.users.map((_, user) => ({ id: scene.user(user), cameras: camerasOf(user, scene) }));
  const lines: StoryLine[] = [];
  let outcome: BreachWords | null = null;
  for (const moment of momentsOf(counterexample)) {
    lines.push(lineOf(moment, telling));
    const call = breach === null ? undefined : scene.calls.get(breach.call);
    if (breach !== null && call !== undefined && breach.instant === moment.instant) outcome = breachWords(breach, call, scene);
  }
  return { cast, setting: settingOf(counterexample, scene), lines: [...lines, ...waiting(counterexample, scene)], outcome };
}

/** One operation with what came of it, or what came after the last one. */
export interface Moment {
  readonly instant: number;
  readonly operation: Operation | null;
  readonly events: readonly HistoryEvent[];
}

/** The operations of a counterexample with what came of each, in order. */
export function momentsOf(counterexample: Counterexample): Moment[] {
  const { operations } = counterexample.program;
  const byInstant = new Map<number, HistoryEvent[]>();
  for (const event of counterexample.history) {
    const events = byInstant.get(event.at);
    if (events === undefined) byInstant.set(event.at, [event]);
    else events.push(event);
  }
  const moments: Moment[] = operations.map((operation, index) => ({ instant: index + 1, operation, events: byInstant.get(index + 1) ?? [] }));
  for (const [instant, events] of byInstant) if (instant < 1 || instant > operations.length) moments.push({ instant, operation: null, events });
  return moments.toSorted((one, other) => one.instant - other.instant);
}

function lineOf(moment: Moment, telling: Telling): StoryLine {
  const { scene, breach } = telling;
  const { instant, operation, events } = moment;
  const words =
    operation === null ? { who: 'the origin', text: 'The origin answers what it held back.', idle: false } : operationWords(operation, scene, events);
  if (operation !== null) scene.apply(operation);
  const opens = operation !== null && (operation.op === 'request' || operation.op === 'begin');
  const asked = opens ? events.find((event) => event.event === 'asked') : undefined;
  const sentences = [words.text, ...eventSentences(events, asked === undefined ? -1 : asked.call, telling)];
  const role = breach === null ? plainRole(operation, words.idle) : roleOf(instant, breach, plainRole(operation, words.idle));
  if (role === 'plant') sentences.push(`This very copy comes out again in step ${breach!.instant}.`);
  return { instant, who: words.who, text: sentences.join(' '), role, plantedAt: role === 'leak' ? (breach!.plant?.instant ?? null) : null };
}

function roleOf(instant: number, breach: Breach, plain: StoryRole): StoryRole {
  if (instant === breach.instant) return 'leak';
  return instant === breach.plant?.instant ? 'plant' : plain;
}

function plainRole(operation: Operation | null, isIdle: boolean): StoryRole {
  if (operation === null || isIdle) return 'note';
  switch (operation.op) {
    case 'request':
    case 'begin':
    case 'release':
    case 'cancel':
      return 'plain';
    case 'advance':
      return 'time';
    default:
      return 'setup';
  }
}

function camerasOf(user: number, scene: Scene): string[] {
  return scene.world.cameras.flatMap((camera, index) => (camera.owner === user ? [scene.camera(index)] : []));
}

function settingOf({ program }: Counterexample, scene: Scene): string[] {
  const { world, operations } = program;
  const asked = new Set(
    operations.flatMap((operation) => ('template' in operation && operation.template !== undefined ? [scene.template(operation.template).policy] : [])),
  );
  const policies = world.policies.filter((_, index) => asked.has(index));
  const turns = world.together === true ? [TOGETHER] : [];
  const entries = world.capacity === 1 ? '1 entry' : `${world.capacity} entries`;
  // Where a cache has no size to be told, its world has room for whatever is asked for.
  const holds = world.capacity >= ROOMY ? [] : [`The cache may hold ${entries}.`];
  if (!isGranted(world, policies)) return [...turns, ...holds, ...policies.map(said)];
  const lets = `the origin lets an in-process cache keep an answer for ${duration(world.lifetimeMs)}.`;
  const sent = { cacheControl: `private, max-age=${Math.floor(world.lifetimeMs / 1000)}` };
  return [...turns, holds.length === 0 ? capital(lets) : `The cache may hold ${entries}; ${lets}`, ...policies.map((policy) => said({ ...policy, ...sent }))];
}

/**
 * Whether the lifetime of the world is granted to a cache in the process: then it stands beside HTTP, whose header speaks of the same. A cache on the
 * wire, which nobody tells its size, goes by the header alone.
 */
function isGranted({ capacity, lifetimeMs }: World, policies: readonly ResponsePolicy[]): boolean {
  const isPlain = policies.every((policy) => policy.cacheControl === PRIVATE.cacheControl && policy.vary === PRIVATE.vary);
  return isPlain && (capacity < ROOMY || lifetimeMs !== PLAIN_WORLD.lifetimeMs);
}

function said({ cacheControl, vary, validator, session }: ResponsePolicy): string {
  const more = [...(validator === true ? ['an ETag'] : []), ...(session === true ? ['a cookie of the session'] : [])];
  return `The origin sends ${header('Cache-Control', cacheControl)} and ${header('Vary', vary)}${more.length === 0 ? '' : `, with ${more.join(' and ')}`}.`;
}

function header(name: string, value: string): string {
  return value === '' ? `no ${name}` : `"${name}: ${bounded(value, 120)}"`;
}

/** Requests that nobody answered. */
function waiting({ history, program }: Counterexample, scene: Scene): StoryLine[] {
  const ended = new Set(
    history.flatMap((event) =>
      event.event === 'answered' || event.event === 'refused' || event.event === 'described' || event.event === 'cancelled' ? [event.call] : [],
    ),
  );
  const instant = program.operations.length;
  return [...scene.calls].flatMap(([number, call]): StoryLine[] => {
    if (ended.has(number)) return [];
    const text = `At the end nothing has come of ${requestOf(call.instant, call.user, call.camera, scene)}.`;
    return [{ instant, who: scene.user(call.user), text, role: 'note', plantedAt: null }];
  });
}
