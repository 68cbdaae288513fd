import { describe, expect, it } from 'vitest';
import { type Operation, operation, type Outcome } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { explained } from './explained.laws.ts';
import type { Subject } from './function-subject.ts';
import type { FunctionOptions } from './function.ts';

// Caches that ask the origin at another time, in another name or once more: by a timer, after a failure, for somebody else, in one go.

type Open = FunctionOptions['open'];
type Request = Parameters<Subject['get']>[0];

const ask = (user: number, camera: number = 0): Operation => operation({ op: 'request', user, camera, template: 0 });
const begin = (user: number): Operation => operation({ op: 'begin', user, camera: 0, template: 0 });
const release = (user: number, outcome: Outcome = 'reply'): Operation => operation({ op: 'release', outcome, user, camera: 0, template: 0 });
const advance = (by: number): Operation => operation({ op: 'advance', by });
const transfer = (user: number): Operation => operation({ op: 'transfer', camera: 0, user });
const recreate = operation({ op: 'recreate', camera: 0 });
const share = operation({ op: 'share', camera: 0, user: 1 });
const unshare = operation({ op: 'unshare', camera: 0, user: 1 });

const ONE: World = { ...PLAIN_WORLD, cameras: [PLAIN_WORLD.cameras[0]!] };
const keyOf = ({ user, camera, tier, channel }: Request): string => JSON.stringify([user, camera, tier, channel]);
const pictureOf = ({ camera, tier }: Request): string => JSON.stringify([camera, tier]);

/** What is kept for each caller is fetched anew every 40 s, with the service's own credential. */
const refreshing: Open = ({ origin }) => {
  const entries = new Map<string, { readonly request: Request; body: Uint8Array }>();
  setInterval(() => {
    for (const entry of entries.values()) {
      const { camera, tier } = entry.request;
      void origin.read({ camera, tier }).then(({ body }) => (entry.body = body ?? entry.body));
    }
  }, 40_000);
  return {
    async get(request) {
      const hit = entries.get(keyOf(request));
      if (hit !== undefined) return hit.body;
      const { body } = await origin.fetch(request);
      if (body !== null) entries.set(keyOf(request), { request, body });
      return body;
    },
  };
};

/** Where the origin takes long, it is asked once more, in the name of whoever received the picture last. */
const hedging: Open = ({ origin }) => {
  const last = new Map<string, string>();
  return {
    get: (request) =>
      new Promise((done) => {
        const settle = (user: string, body: Uint8Array | null): void => {
          if (body !== null) last.set(pictureOf(request), user);
          done(body);
        };
        const send = (user: string): void => void origin.fetch({ ...request, user }).then(({ body }) => settle(user, body));
        setTimeout(() => send(last.get(pictureOf(request)) ?? request.user), 500);
        send(request.user);
      }),
  };
};

/** What failed last is tried again before anything else is, and whoever comes then is given what comes of it. */
const tryingFirst: Open = ({ origin }) => {
  let again: (() => ReturnType<typeof origin.fetch>) | null = null;
  return {
    async get(request) {
      const trial = again;
      again = null;
      const fetch = trial ?? (() => origin.fetch(request));
      const reply = await fetch().catch(() => null);
      if (reply === null || reply.status === 502) again = fetch;
      return reply?.body ?? null;
    },
  };
};

/** In the second half of its life an entry is taken out and fetched anew; where that fails it is put back, whatever it was told meanwhile. */
const puttingBack: Open = ({ origin }) => {
  const entries = new Map<string, { readonly body: Uint8Array; readonly halfMs: number }>();
  return {
    async get(request) {
      const hit = entries.get(keyOf(request));
      if (hit !== undefined && Date.now() < hit.halfMs) return hit.body;
      entries.delete(keyOf(request));
      const reply = await origin.fetch(request).catch(() => null);
      if (hit !== undefined && (reply === null || reply.status === 502)) entries.set(keyOf(request), { ...hit, halfMs: Date.now() + 10_000 });
      if (reply === null || reply.body === null) return reply?.status === 403 ? null : (hit?.body ?? null);
      entries.set(keyOf(request), { body: reply.body, halfMs: Date.now() + reply.maxAgeMs / 2 });
      return reply.body;
    },
    invalidate: () => entries.clear(),
  };
};

/** Whom the origin once allowed a camera is let in for ever; there is room for a few pictures. */
const letInForEver: Open = ({ origin, capacity }) => {
  const allowed = new Set<string>();
  const entries = new Map<string, Uint8Array>();
  return {
    async get(request) {
      const hit = entries.get(pictureOf(request));
      if (hit !== undefined && allowed.has(keyOf(request))) return hit;
      const { body } = await origin.fetch(request);
      if (body === null) return null;
      allowed.add(keyOf(request));
      entries.delete(entries.size >= capacity ? entries.keys().next().value! : '');
      entries.set(pictureOf(request), body);
      return body;
    },
    invalidate: () => entries.clear(),
  };
};

/** What a caller received is served to him again where the origin fails, whenever that is; else for a part of its lifetime. */
const ownIfFailing =
  (part: number): Open =>
  ({ origin }) => {
    const entries = new Map<string, { readonly body: Uint8Array; readonly untilMs: number }>();
    return {
      async get(request) {
        const hit = entries.get(keyOf(request));
        if (hit !== undefined && Date.now() < hit.untilMs) return hit.body;
        const reply = await origin.fetch(request).catch(() => null);
        if (reply === null || reply.status === 502) return hit?.body ?? null;
        if (reply.body !== null) entries.set(keyOf(request), { body: reply.body, untilMs: Date.now() + part * reply.maxAgeMs });
        return reply.body;
      },
      invalidate: () => {},
    };
  };

/** Whoever comes while a picture is under way asks about himself and waits for it. `looks` at what the origin said, and never at which ownership it is of. */
const joining =
  (looks: boolean): Open =>
  ({ origin }) => {
    const flights = new Map<string, Promise<Uint8Array | null>>();
    return {
      async get(request) {
        const running = flights.get(pictureOf(request));
        if (running !== undefined) {
          const { allowed } = await origin.authorise(request);
          return allowed || !looks ? running : null;
        }
        const flight = origin.fetch(request).then(({ body }) => body);
        flights.set(pictureOf(request), flight);
        return flight.finally(() => flights.delete(pictureOf(request)));
      },
    };
  };

/** All that comes in one turn is asked for at once, by position, and who is refused has no position. */
const batching: Open = ({ origin }) => {
  let batch: { readonly request: Request; done(body: Uint8Array | null): void }[] = [];
  const send = async (): Promise<void> => {
    const sent = batch;
    batch = [];
    const replies = await Promise.all(sent.map(({ request }) => origin.fetch(request)));
    const bodies = replies.flatMap(({ body }) => (body === null ? [] : [body]));
    for (const [place, { done }] of sent.entries()) done(bodies[place] ?? null);
  };
  return {
    get: (request) =>
      new Promise((done) => {
        if (batch.push({ request, done }) === 1) queueMicrotask(() => void send());
      }),
  };
};

/** Those who wait for one fetch are asked about in one go; who goes away is taken out, and the words of the origin go by position. */
const byPosition: Open = ({ origin }) => {
  interface Waiter {
    readonly request: Request;
    done(body: Uint8Array | null): void;
  }
  const flights = new Map<string, Waiter[]>();
  const hand = async (waiters: readonly Waiter[], body: Uint8Array | null): Promise<void> => {
    const words = await Promise.all(waiters.map(({ request }) => origin.authorise(request)));
    for (const [place, { done }] of waiters.entries()) done(words[place]!.allowed ? body : null);
  };
  return {
    async get(request, signal) {
      const running = flights.get(pictureOf(request));
      if (running !== undefined) {
        return new Promise((done) => {
          const waiter = { request, done };
          running.push(waiter);
          signal.addEventListener('abort', () => running.splice(running.indexOf(waiter), 1));
        });
      }
      const waiters: Waiter[] = [];
      flights.set(pictureOf(request), waiters);
      const { body } = await origin.fetch(request);
      flights.delete(pictureOf(request));
      void hand(waiters, body);
      return body;
    },
  };
};

type Row = readonly [cause: string, open: Open, program: Program, shape: string, words: RegExp];

const ROWS: readonly Row[] = [
  [
    "what a timer fetched anew on nobody's behalf",
    refreshing,
    { world: ONE, operations: [share, ask(1), unshare, advance(61_000), ask(1)] },
    'KH002/unshared',
    /^What is kept is fetched anew behind the back of callers/,
  ],
  [
    'what a timer asked for in the name of somebody else',
    hedging,
    { world: ONE, operations: [ask(0), begin(1), advance(1000)] },
    'KH001/stranger',
    /^The frame is fetched in another name/,
  ],
  [
    'what is asked again for somebody who was told of a failure, and not that the origin is not asked any more',
    tryingFirst,
    { world: ONE, operations: [begin(0), release(0, 'error'), ask(1)] },
    'KH001/stranger',
    /^The frame is fetched in another name/,
  ],
  [
    'what is put back when the origin fails, and not that it is not asked any more',
    puttingBack,
    { world: ONE, operations: [share, ask(1), advance(30_000), begin(1), unshare, release(1, 'error'), ask(1)] },
    'KH002/unshared',
    /^What was fetched before rights changed is stored after the change/,
  ],
  [
    'the same, for a camera that is deleted',
    puttingBack,
    { world: ONE, operations: [ask(0), advance(30_000), begin(0), recreate, release(0, 'error'), ask(0)] },
    'KH010/deleted',
    /^What was fetched before rights changed is stored after the change/,
  ],
  [
    'a permission that is remembered, and not that something is overwritten',
    letInForEver,
    { world: { ...PLAIN_WORLD, capacity: 1 }, operations: [share, ask(1), unshare, ask(1, 1), ask(0), ask(1)] },
    'KH002/unshared',
    /^What the origin once allowed a caller is remembered after the right was withdrawn/,
  ],
  [
    "the caller's own copy when the origin fails, and nobody else's",
    ownIfFailing(1),
    { world: ONE, operations: [share, ask(1), unshare, advance(61_000), begin(1), release(1, 'error')] },
    'KH002/unshared',
    /^When the origin fails, what was stored for the caller is served in its place after its lifetime/,
  ],
  [
    'the same, before the end of its lifetime',
    ownIfFailing(0),
    { world: ONE, operations: [share, ask(1), unshare, begin(1), release(1, 'error')] },
    'KH002/unshared',
    /^When the origin fails, what was stored for the caller is served in its place, without/,
  ],
  [
    'a fetch that is joined although the origin refuses',
    joining(false),
    { world: ONE, operations: [begin(0), begin(1), release(1), release(0)] },
    'KH001/stranger',
    /^A caller who joins a fetch that is under way receives its result although the origin refused this caller/,
  ],
  [
    'a fetch that is joined under a later ownership',
    joining(true),
    { world: ONE, operations: [begin(0), transfer(1), ask(1), release(0)] },
    'KH003/successor',
    /^A caller whom the origin allows joins a fetch that is under way, and receives what was asked for under another ownership/,
  ],
  [
    'that a caller is served whom the origin refuses, and not what something is stored under',
    byPosition,
    {
      world: { ...ONE, together: true },
      operations: [ask(0), ask(0), begin(1), operation({ op: 'cancel', user: 0, camera: 0, template: 0 }), release(1)],
    },
    'KH001/stranger',
    /although the origin refused this caller/,
  ],
];

describe('the cause of a leak', () => {
  it.each(ROWS)('is %s', async (...[, open, program, shape, words]) => {
    expect((await explained(open, program, shape)).sentence).toMatch(words);
  });

  it('takes requests in one turn only where it does not come about while others are under way', async () => {
    const [inOneTurn, joined]: Program[] = [
      { world: { ...ONE, together: true }, operations: [ask(1), ask(0)] },
      { world: { ...ONE, together: true }, operations: [ask(0), ask(1)] },
    ];
    expect((await explained(batching, inOneTurn!, 'KH001/stranger')).matters).toContain('requests in one turn of the event loop');
    const { matters } = await explained(joining(false), joined!, 'KH001/stranger');
    expect(matters).toContain('requests that are under way at once');
    expect(matters).not.toContain('requests in one turn of the event loop');
  });
});
