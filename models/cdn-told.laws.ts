import { compile, play } from '../harness/run/run.ts';
import { Stage } from '../harness/run/stage.ts';
import { PROPERTIES } from '../properties/index.ts';
import { CdnEdge } from './cdn-edge.ts';
import { edge, type EdgePolicy } from './cdn.ts';
import type { HistoryEvent } from './domain/history.ts';
import { type Operation, operation } from './domain/operation.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, type ResponsePolicy, type Template, type World } from './domain/world.ts';
import type { Session } from './origin.ts';

export const ALICE = 0;
export const BOB = 1;
export const CAROL = 2;
export const DOOR = 0;
export const YARD = 1;

export const BY_TOKEN: ResponsePolicy = { cacheControl: 'public, max-age=60', vary: 'Authorization' };
export const FOR_ALL: ResponsePolicy = { cacheControl: 'public, max-age=60', vary: '' };

/** A world with these ways of asking, each with its own policy. Alice owns the door and bob the yard. */
export function worldOf(...ways: readonly (Partial<Template> & { readonly says: ResponsePolicy })[]): World {
  return {
    ...PLAIN_WORLD,
    users: ['alice', 'bob', 'carol'],
    templates: ways.map((way, policy) => {
      const { channel, tier, credential, spelling, method, condition, range } = { ...PLAIN_TEMPLATE, ...way };
      return { channel, tier, credential, spelling, method, condition, range, policy };
    }),
    policies: ways.map((way) => way.says),
    capacity: 8,
  };
}

/** What came of a program. */
export interface Told {
  /**
   * What each call came to: the number of the copy that it received; `told 3`, where it was told about that copy (`told -` where it was not said
   * about which); or how it was turned away; `null` while it waits.
   */
  readonly calls: readonly (number | string | null)[];
  /** The calls on whose behalf the origin was asked, in order. */
  readonly contacts: readonly number[];
  /** What the origin replied, in order. */
  readonly replies: readonly string[];
  /** Whose headers each call received; null where it received none. */
  readonly headers: readonly (number | null)[];
  readonly breaches: readonly string[];
  readonly history: readonly HistoryEvent[];
}

/** Plays operations against an edge under these policies. */
export function tell(world: World, operations: readonly Operation[], ...policies: readonly EdgePolicy[]): Told {
  const used = policies.length === 0 ? [edge] : policies;
  return tellOf(world, operations, (stage) => new CdnEdge(stage, stage, { policies: used, capacity: world.capacity }));
}

/** Plays operations against any cache. */
export function tellOf(world: World, operations: readonly Operation[], make: (stage: Stage) => Session): Told {
  const stage = new Stage(world, { terms: { told: true }, lifetimes: 'http', properties: PROPERTIES, record: true });
  play(stage, make(stage), compile(stage, operations));
  const calls: (number | string | null)[] = [];
  const headers: (number | null)[] = [];
  const contacts: number[] = [];
  const replies: string[] = [];
  for (const event of stage.history!) {
    if (event.event === 'asked') {
      calls[event.call] = null;
      headers[event.call] = null;
    } else if (event.event === 'contact') contacts.push(event.call);
    else if (event.event === 'origin') replies.push(event.status);
    else if (event.event === 'answered') calls[event.call] = event.frame.copy;
    else if (event.event === 'described') calls[event.call] = `told ${event.frame?.copy ?? '-'}`;
    else if (event.event === 'header') headers[event.call] = event.party;
    else if (event.event === 'refused') calls[event.call] = event.status;
  }
  const breaches = stage.breaches.map(({ property, kind }) => `${property}/${kind}`);
  return { calls, contacts, replies, headers, breaches, history: stage.history! };
}

export const ask = (user: number, template = 0, camera: number = DOOR): Operation => operation({ op: 'request', user, camera, template });
export const begin = (user: number, template = 0, camera: number = DOOR): Operation => operation({ op: 'begin', user, camera, template });
export const release = (user: number, outcome: 'reply' | 'refuse' | 'error' | 'drop' = 'reply', template = 0): Operation =>
  operation({ op: 'release', user, camera: DOOR, template, outcome });
export const share = (user: number): Operation => operation({ op: 'share', camera: DOOR, user });
export const publish: Operation = operation({ op: 'publish', camera: DOOR });
export const capture: Operation = operation({ op: 'capture', camera: DOOR });
export const purge: Operation = operation({ op: 'purge', camera: DOOR });
export const advance = (by: number): Operation => operation({ op: 'advance', by });
