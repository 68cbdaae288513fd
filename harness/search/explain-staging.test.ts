import { describe, expect, it } from 'vitest';
import { type Operation, operation, type Outcome } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { ANONYMOUS, PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { explained } from '../targets/explained.laws.ts';
import type { FunctionOptions } from '../targets/function.ts';
import { inTurn } from './explain-staging.ts';

// Caches as strangers wrote them, of whose leaks the plainest sentence was not true.

type Open = FunctionOptions['open'];
type Asked = Readonly<Record<'user' | 'camera' | 'tier' | 'channel', string>>;

const ask = (user: number, camera: number = 0, template: number = 0): Operation => operation({ op: 'request', user, camera, template });
const begin = (user: number, camera: number = 0): Operation => operation({ op: 'begin', user, camera, template: 0 });
const release = (user: number, outcome: Outcome = 'reply'): Operation => operation({ op: 'release', outcome, user, camera: 0, template: 0 });
const advance = (by: number): Operation => operation({ op: 'advance', by });
const cancel = operation({ op: 'cancel', user: 1, camera: 0, template: 0 });
const recreate = operation({ op: 'recreate', camera: 0 });
const transfer = (user: number): Operation => operation({ op: 'transfer', camera: 0, user });

const ONE: World = { ...PLAIN_WORLD, cameras: [PLAIN_WORLD.cameras[0]!] };
const keyOf = ({ user, camera, tier, channel }: Asked): string => JSON.stringify([user, camera, tier, channel]);
const pictureOf = ({ camera, tier }: Asked): string => JSON.stringify([camera, tier]);

/** Keeps for each caller what he received, and never looks at the clock. */
const forEver: Open = ({ origin }) => {
  const entries = new Map<string, Uint8Array>();
  return {
    async get(request) {
      const hit = entries.get(keyOf(request));
      if (hit !== undefined) return hit;
      const { body } = await origin.fetch(request);
      if (body !== null) entries.set(keyOf(request), body);
      return body;
    },
  };
};

/** Keeps for each caller what he received, and is told; the other side of it is written a second later, whatever has been removed by then. */
const writtenBehind: Open = ({ origin, clock }) => {
  const near = new Map<string, Uint8Array>();
  const far = new Map<string, Uint8Array>();
  let queue: { readonly key: string; readonly body: Uint8Array; readonly dueMs: number }[] = [];
  return {
    async get(request) {
      const key = keyOf(request);
      for (const write of queue) if (write.dueMs <= clock.now()) far.set(write.key, write.body);
      queue = queue.filter(({ dueMs }) => dueMs > clock.now());
      const hit = near.get(key) ?? far.get(key);
      if (hit !== undefined) return hit;
      const { body } = await origin.fetch(request);
      if (body === null) return null;
      near.set(key, body);
      queue.push({ key, body, dueMs: clock.now() + 1000 });
      return body;
    },
    invalidate() {
      near.clear();
      far.clear();
    },
  };
};

/** Asks about each caller; when the origin failed, it spares it for ten seconds. */
const breaker: Open = ({ origin, clock }) => {
  const frames = new Map<string, Uint8Array>();
  let until = 0;
  return {
    async get(request) {
      if (clock.now() >= until) {
        try {
          if (!(await origin.authorise(request)).allowed) return null;
        } catch {
          until = clock.now() + 10_000;
          return null;
        }
      }
      const hit = frames.get(pictureOf(request));
      if (hit !== undefined) return hit;
      const { body } = await origin.fetch(request);
      if (body !== null) frames.set(pictureOf(request), body);
      return body;
    },
  };
};

/** One load at a time for each caller; when its first caller goes, the others are given the last picture that anybody had. */
const deserted: Open = ({ origin }) => {
  const last = new Map<string, Uint8Array>();
  const flights = new Map<string, Promise<Uint8Array | null>>();
  return {
    async get(request, signal) {
      const key = keyOf(request);
      const flight =
        flights.get(key) ??
        new Promise<Uint8Array | null>((resolve, reject) => {
          signal.addEventListener('abort', () => reject(new DOMException('gone', 'AbortError')));
          origin.fetch(request).then(({ body }) => {
            if (body !== null) last.set(pictureOf(request), body);
            resolve(body);
          }, reject);
        }).finally(() => flights.delete(key));
      flights.set(key, flight);
      return flight.catch(() => (signal.aborted ? null : (last.get(pictureOf(request)) ?? null)));
    },
  };
};

/** Who has seen a camera is noted by its answer, and struck off when the cache is told: an answer that comes after that notes him again. */
const noted: Open = ({ origin }) => {
  const viewers = new Set<string>();
  const frames = new Map<string, Uint8Array>();
  return {
    async get(request) {
      const hit = viewers.has(request.user) ? frames.get(pictureOf(request)) : undefined;
      if (hit !== undefined) return hit;
      const { body } = await origin.fetch(request);
      if (body === null) return null;
      viewers.add(request.user);
      frames.set(pictureOf(request), body);
      return body;
    },
    invalidate() {
      viewers.clear();
      frames.clear();
    },
  };
};

/** Asks about each caller. The third hit puts what it finds into the place of what was stored last. */
const moved: Open = ({ origin }) => {
  const frames = new Map<string, Uint8Array>();
  let hits = 0;
  return {
    async get(request) {
      if (!(await origin.authorise(request)).allowed) return null;
      const hit = frames.get(pictureOf(request));
      if (hit !== undefined) {
        if (++hits === 2) for (const key of frames.keys()) frames.set(key, hit);
        return hit;
      }
      const { body } = await origin.fetch(request);
      if (body !== null) frames.set(pictureOf(request), body);
      return body;
    },
  };
};

/** Callers are spread over four stores by the sum of the letters of their ids, and in a store nobody asks who stored what. */
const spread: Open = ({ origin }) => {
  const stores = Array.from({ length: 4 }, () => new Map<string, Uint8Array>());
  return {
    async get(request) {
      const sum = [...request.user].reduce((total, letter) => total + letter.charCodeAt(0), 0);
      const store = stores[sum % stores.length]!;
      const hit = store.get(pictureOf(request));
      if (hit !== undefined) return hit;
      const { body } = await origin.fetch(request);
      if (body !== null) store.set(pictureOf(request), body);
      return body;
    },
  };
};

type Row = readonly [cause: string, open: Open, program: Program, shape: string, words: RegExp];

const ROWS: readonly Row[] = [
  [
    'the lifetime, where nobody tells the cache that a camera was deleted',
    forEver,
    { world: ONE, operations: [ask(0), advance(61_000), recreate, ask(0)] },
    'KH010/deleted',
    /^A stored frame is served beyond the lifetime .*, after its camera was deleted\.$/,
  ],
  [
    'a write that was waiting, after a camera was deleted',
    writtenBehind,
    { world: ONE, operations: [ask(0), recreate, advance(1000), ask(0)] },
    'KH010/deleted',
    /^What was removed when a camera was deleted is there again/,
  ],
  [
    'a failure of the origin before, and not that requests overlap',
    breaker,
    { world: ONE, operations: [ask(0), begin(1), release(1, 'error'), ask(1)] },
    'KH001/stranger',
    /^After the origin has failed, it is not asked/,
  ],
  [
    'that a caller goes away, and not that requests overlap',
    deserted,
    { world: ONE, operations: [begin(1), ask(1), ask(0), cancel] },
    'KH001/stranger',
    /^When the caller goes away for whom the origin is asked/,
  ],
  [
    'an answer that comes too late, where a right comes with it',
    noted,
    { world: ONE, operations: [begin(0), transfer(1), release(0), ask(1), ask(0)] },
    'KH003/former',
    /^What was fetched before rights changed is stored after the change/,
  ],
  [
    'a place that is taken, where both cameras were given out rightly before',
    moved,
    { world: PLAIN_WORLD, operations: [ask(0), ask(1, 1), ask(0), ask(0), ask(1, 1)] },
    'KH001/stranger',
    /^What is kept for one request comes into the place of what is kept for another/,
  ],
  [
    'a hash, and no delimiter that stands in an id by chance',
    spread,
    { world: { ...ONE, users: ['a:b', 'e:b'] }, operations: [ask(0), ask(1)] },
    'KH001/stranger',
    /joined, cut, hashed or rewritten/,
  ],
];

describe('the cause of a leak', () => {
  it.each(ROWS)('is %s', async (...[, open, program, shape, words]) => {
    expect((await explained(open, program, shape)).sentence).toMatch(words);
  });

  it('has nothing to do with anonymous requests where any user without rights of his own would be served as well', async () => {
    const world: World = { ...ONE, templates: [{ ...PLAIN_TEMPLATE, credential: 'none' }] };
    const [publish, unpublish] = [operation({ op: 'publish', camera: 0 }), operation({ op: 'unpublish', camera: 0 })];
    const program = { world, operations: [publish, ask(ANONYMOUS), unpublish, advance(61_000), ask(ANONYMOUS)] };
    const { sentence, matters } = await explained(forEver, program, 'KH002/unpublished');
    expect(sentence).toMatch(/^A stored frame is served beyond the lifetime/);
    expect(matters).not.toContain('credential none');
  });

  it('writes out what is not plain in the ids that it takes', async () => {
    const byForm: Open = (environment) => {
      const subject = forEver(environment) as { get(request: Asked, signal: AbortSignal): Promise<Uint8Array | null> };
      const own = new Map<string, Uint8Array>();
      return {
        async get(request, signal) {
          const key = request.user.normalize('NFKC');
          const hit = own.get(key) ?? (await subject.get(request, signal));
          if (hit !== null) own.set(key, hit);
          return hit;
        },
      };
    };
    const world: World = { ...ONE, users: ['\u212a', 'K'] };
    const { matters } = await explained(byForm, { world, operations: [ask(0), ask(1)] }, 'KH001/stranger');
    expect(matters).toContain('the ids "\\u{212a}", "K", "door"');
  });
});

describe('requests in turn', () => {
  it('fail and are given up as before, each by itself', () => {
    const operations = [begin(0), begin(0), release(0, 'error'), release(0), cancel, begin(1), cancel, ask(1)];
    const turns = inTurn({ world: { ...ONE, together: true }, operations });
    expect(turns.operations).toEqual([begin(0), release(0, 'error'), ask(0), begin(1), cancel, cancel, ask(1)]);
    expect(turns.world.together).toBeUndefined();
  });
});
