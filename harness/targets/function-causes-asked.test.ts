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

/** Each caller is asked about, and then given the picture that all share. `writes` puts one in: at once, or later. */
const askingFirst =
  (writes: (write: () => void) => void): Open =>
  ({ origin }) => {
    const entries = new Map<string, Uint8Array>();
    let changes = 0;
    return {
      async get(request) {
        const asked = changes;
        if (!(await origin.authorise(request)).allowed) return null;
        const hit = entries.get(pictureOf(request));
        if (hit !== undefined) return hit;
        const before = changes;
        const { body } = await origin.fetch(request);
        if (body !== null && asked === before && before === changes) writes(() => entries.set(pictureOf(request), body));
        return body;
      },
      invalidate() {
        changes++;
        entries.clear();
      },
    };
  };

/** What is stored is written down some time later. */
const writingLater: Open = askingFirst((write) => void setTimeout(write, 20_000));

/** A caller whom the origin refuses is turned away for ten seconds, and only who was never asked about is asked about. */
const turningAway: Open = ({ origin }) => {
  const words = new Map<string, { readonly untilMs: number }>();
  const entries = new Map<string, Uint8Array>();
  return {
    async get(request) {
      const word = words.get(keyOf(request));
      if (word !== undefined && Date.now() < word.untilMs) return null;
      const hit = entries.get(pictureOf(request));
      if (hit !== undefined && word !== undefined) return hit;
      const { body } = await origin.fetch(request);
      words.set(keyOf(request), { untilMs: body === null ? Date.now() + 10_000 : 0 });
      if (body !== null) entries.set(pictureOf(request), body);
      return body;
    },
    invalidate() {
      words.clear();
      entries.clear();
    },
  };
};

/** Nobody tells it anything: pictures have an end, and what the origin said about a caller has one only where use does not move it. */
const rememberingWords =
  (lifetime: (lifetimeMs: number) => number, isMoved: boolean): Open =>
  ({ origin, lifetimeMs }) => {
    const words = new Map<string, { untilMs: number }>();
    const entries = new Map<string, { readonly body: Uint8Array; readonly untilMs: number }>();
    return {
      async get(request) {
        const word = words.get(keyOf(request));
        const isKnown = word !== undefined && Date.now() < word.untilMs;
        if (isKnown && isMoved) word.untilMs = Date.now() + lifetime(lifetimeMs);
        const hit = entries.get(pictureOf(request));
        if (isKnown && hit !== undefined && Date.now() < hit.untilMs) return hit.body;
        const { body, maxAgeMs } = await origin.fetch(request);
        if (body === null) return null;
        words.set(keyOf(request), { untilMs: Date.now() + lifetime(lifetimeMs) });
        entries.set(pictureOf(request), { body, untilMs: Date.now() + maxAgeMs });
        return body;
      },
    };
  };

/** The caller is asked about, and the picture is fetched with the service's own credential. `words` holds what the origin says. */
const readingAfter =
  (words: (word: () => Promise<boolean>, request: Request) => Promise<boolean>): Open =>
  ({ origin }) => ({
    async get(request) {
      const isAllowed = await words(async () => (await origin.authorise(request)).allowed, request);
      return isAllowed ? (await origin.read(request)).body : null;
    },
  });

/** Who was allowed something once is allowed it for ever. */
const allowingForEver: Open = (env) => {
  const allowed = new Set<string>();
  const isAllowed = async (word: () => Promise<boolean>, request: Request): Promise<boolean> => {
    if (!allowed.has(keyOf(request)) && (await word())) allowed.add(keyOf(request));
    return allowed.has(keyOf(request));
  };
  return readingAfter(isAllowed)(env);
};

/** All that is asked for while a question about a camera is under way goes by what comes of it. */
const oneQuestion: Open = (env) => {
  const questions = new Map<string, Promise<boolean>>();
  return readingAfter((word, { camera }) => {
    const question = questions.get(camera) ?? word().finally(() => questions.delete(camera));
    questions.set(camera, question);
    return question;
  })(env);
};

const turns = async (): Promise<void> => {
  for (let left = 4; left > 0; left--) await Promise.resolve();
};

/** Every answer is put into one buffer, and goes out a little later. */
const scratch: Open = ({ origin }) => {
  const room = Buffer.alloc(65_536);
  return {
    async get(request) {
      const { body } = await origin.fetch(request);
      if (body === null) return null;
      room.set(body);
      await turns();
      return room.subarray(0, body.length);
    },
  };
};

/** There are as many buffers as there is room, used by turns; whoever finds a picture in one is given it a little later. */
const usedAgain: Open = ({ origin, capacity }) => {
  const rooms = Array.from({ length: capacity }, () => ({ key: '', bytes: Buffer.alloc(65_536), length: 0 }));
  let next = 0;
  return {
    async get(request) {
      const found = rooms.find(({ key }) => key === keyOf(request));
      if (found !== undefined) {
        const view = found.bytes.subarray(0, found.length);
        await turns();
        return view;
      }
      const { body } = await origin.fetch(request);
      if (body === null) return null;
      const room = rooms[next++ % capacity]!;
      room.bytes.set(body);
      Object.assign(room, { key: keyOf(request), length: body.length });
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
  [
    'a word of the origin from before a change, and not that requests share something',
    askingFirst((write) => write()),
    { world: ONE, operations: [begin(0), transfer(1), ask(1), release(0)] },
    'KH003/former',
    /^What the origin said about a caller before rights changed is used for what was stored, or fetched, after the change/,
  ],
  [
    'that a refusal ends, and not that nobody is ever asked about',
    turningAway,
    { world: ONE, operations: [ask(1), ask(0), advance(61_000), ask(1)] },
    'KH001/stranger',
    /^That the origin refused a caller is forgotten after some time/,
  ],
  [
    'the same, for a right that was withdrawn',
    turningAway,
    { world: ONE, operations: [share, unshare, ask(1), ask(0), advance(61_000), ask(1)] },
    'KH002/unshared',
    /^That the origin refused a caller is forgotten after some time/,
  ],
  [
    'what is written after a camera changed hands, and not that it stayed',
    writingLater,
    { world: ONE, operations: [ask(0), transfer(1), advance(61_000), ask(1)] },
    'KH003/successor',
    /^What was removed when a camera changed hands is there again some time later/,
  ],
  [
    'the same, for a caller who had it shared and owns it now',
    writingLater,
    { world: ONE, operations: [share, ask(1), unshare, transfer(1), advance(61_000), ask(1)] },
    'KH002/unshared',
    /^What was removed when a right was withdrawn is there again some time later/,
  ],
  [
    'a permission without an end, where nobody is told of the change',
    rememberingWords(() => Infinity, false),
    { world: ONE, operations: [share, ask(1), advance(61_000), unshare, ask(0), ask(1)] },
    'KH002/unshared',
    /^What the origin once said about a caller is used beyond the lifetime/,
  ],
  [
    'a permission that use prolongs, where nobody is told of the change',
    rememberingWords((lifetimeMs) => lifetimeMs, true),
    { world: ONE, operations: [share, ask(1), unshare, advance(40_000), ask(1), advance(40_000), ask(0), ask(1)] },
    'KH002/unshared',
    /^Whenever it is used, the lifetime of what the origin once said about a caller begins anew/,
  ],
  [
    'the same, where a camera has changed hands',
    rememberingWords(() => Infinity, false),
    { world: ONE, operations: [ask(0), advance(61_000), transfer(1), ask(1), ask(0)] },
    'KH003/former',
    /^What the origin once said about a caller is used beyond the lifetime.*changed hands/,
  ],
  [
    'a batch that closes its gaps, also where what goes to another one came before',
    batching,
    { world: { ...ONE, together: true }, operations: [begin(1), ask(0), transfer(1), release(1)] },
    'KH003/successor',
    /^On a connection, or in a batch/,
  ],
  [
    'that a refusal is not heeded, and not that nobody asked',
    readingAfter(async (word) => (await word()) || true),
    { world: ONE, operations: [ask(1)] },
    'KH001/stranger',
    /^The origin refuses this caller, who is given all the same/,
  ],
  [
    'a permission without an end, also where the picture is fetched anew',
    allowingForEver,
    { world: ONE, operations: [share, ask(1), advance(61_000), unshare, ask(1)] },
    'KH002/unshared',
    /^What the origin once said about a caller is used beyond the lifetime.*withdrawn/,
  ],
  [
    'the same, where a camera has changed hands',
    allowingForEver,
    { world: ONE, operations: [ask(0), advance(61_000), transfer(1), ask(0)] },
    'KH003/former',
    /^What the origin once said about a caller is used beyond the lifetime.*changed hands/,
  ],
  [
    'a word of the origin from before a change, also where the picture is fetched in another name',
    readingAfter((word) => word()),
    { world: ONE, operations: [begin(0), transfer(1), release(0), release(0)] },
    'KH003/former',
    /^What the origin said about a caller before rights changed is used/,
  ],
  [
    'a permission for all who ask in one turn',
    oneQuestion,
    { world: { ...ONE, together: true }, operations: [ask(0), ask(1)] },
    'KH001/stranger',
    /^A caller who waits for what the origin says about the rights of somebody else is let in/,
  ],
  [
    'a buffer that all answers pass through, also where all come in one turn',
    scratch,
    { world: { ...PLAIN_WORLD, together: true }, operations: [ask(0), ask(1, 1)] },
    'KH001/stranger',
    /another one puts its answer where both of them take it from/,
  ],
  [
    'a buffer that is used again, and not that something was joined',
    usedAgain,
    { world: { ...ONE, capacity: 1, together: true }, operations: [ask(0), transfer(1), ask(0), ask(1), ask(1)] },
    'KH003/former',
    /what is kept for one request is overwritten by what is fetched for another/,
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
