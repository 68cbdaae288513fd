import { describe, expect, it } from 'vitest';
import { Lookaside } from '../../models/lookaside.ts';
import { perViewer } from '../../models/lru.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { type AppEnvironment, appTarget } from './app.ts';
import { type Law, targetConformance } from './conformance.ts';
import type { Environment, Subject } from './function-subject.ts';
import { functionTarget } from './function.ts';
import { modelTarget } from './model.ts';
import type { Target } from './target.ts';

/** A correct cache: an entry for each caller, emptied when anything changes, and never filled late. */
function correct({ origin }: Environment): Subject {
  const cache = new Map<string, Buffer>();
  let changes = 0;
  return {
    async get({ user, camera, tier, channel }) {
      const key = JSON.stringify([user, camera, tier, channel]);
      const hit = cache.get(key);
      if (hit !== undefined) return hit;
      const before = changes;
      const reply = await origin.fetch({ user, camera, tier, channel });
      if (reply.status === 200 && changes === before) cache.set(key, reply.body);
      return reply.body;
    },
    invalidate() {
      changes++;
      cache.clear();
    },
  };
}

const subject = (open: (env: Environment) => Subject): Target => functionTarget({ name: 'conforming', open });
const app = (build: (env: AppEnvironment) => Subject, capabilities = {}): Target =>
  appTarget({
    name: 'conforming',
    capabilities,
    build: (env) => {
      const cache = build(env);
      return {
        ...cache,
        async handler(incoming, response) {
          const body = await cache.get(env.requestOf(incoming) as never, new AbortController().signal);
          response.writeHead(body === null ? 403 : 200).end(body);
        },
      };
    },
  });

const shared = new Map<string, Buffer>();
const BROKEN: Record<string, (env: Environment) => Subject> = {
  throws: () => ({ get: () => Promise.reject(new Error('broken')) }),
  'returns garbage': () => ({ get: () => 'garbage' }),
  'never answers': () => ({ get: () => new Promise(() => {}) }),
  'keeps state between sessions': ({ origin }) => ({
    async get({ user, camera }) {
      const hit = shared.get(user);
      if (hit !== undefined) return hit;
      const { body } = await origin.fetch({ user, camera, tier: 'high', channel: 'app' });
      if (body !== null) shared.set(user, body);
      return body;
    },
  }),
};

function brokenBy(make: (open: (env: Environment) => Subject) => Target): Record<string, () => Target> {
  shared.clear();
  return Object.fromEntries(Object.entries(BROKEN).map(([wrong, open]) => [wrong, () => make(open)]));
}

function holds(kind: string, laws: readonly Law[]): void {
  describe(`a ${kind} target`, () => {
    it.each(laws.map((law) => ({ name: law.name, law })))('$name', async ({ law }) => {
      await expect(law.check()).resolves.toBeUndefined();
    });
  });
}

const model = (): Target =>
  modelTarget({
    name: 'conforming',
    title: 'a model',
    make: (origin, sink, { capacity }) => new Lookaside(origin, sink, { policies: [perViewer], capacity, limit: 'count', renditions: 'fetched' }),
  });

holds('model', targetConformance({ correct: model, properties: PROPERTIES }));
holds('function', targetConformance({ correct: () => subject(correct), broken: brokenBy(subject), properties: PROPERTIES }));
holds('app', targetConformance({ correct: () => app(correct), broken: brokenBy(app), properties: PROPERTIES }));

describe('targetConformance', () => {
  it('does not hold for a cache that leaks, or stores nothing', async () => {
    const laws = (target: () => Target, name: string): Promise<void> =>
      targetConformance({ correct: target, properties: PROPERTIES })
        .find((law) => law.name === name)!
        .check();
    const careless = (): Target =>
      subject(({ origin }) => {
        const cache = new Map<string, Buffer>();
        return {
          async get(request) {
            const { body } = cache.has(request.camera) ? { body: cache.get(request.camera)! } : await origin.fetch(request);
            if (body !== null) cache.set(request.camera, body);
            return body;
          },
        };
      });
    await expect(laws(careless, 'shows the judges what callers receive')).rejects.toThrow('Expected values to be strictly deep-equal');
    const uncached = (): Target => subject(({ origin }) => ({ get: async (request) => (await origin.fetch(request)).body }));
    await expect(laws(uncached, 'stores what it fetched, and opens empty')).rejects.toThrow('not fetched again');
  });
});
