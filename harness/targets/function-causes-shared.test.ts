import { describe, expect, it } from 'vitest';
import { type Operation, operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { ANONYMOUS, PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { explained } from './explained.laws.ts';
import type { Subject } from './function-subject.ts';
import type { FunctionOptions } from './function.ts';

// Caches in which one mistake shows in several ways, or only after something that a general sentence would leave out.

type Open = FunctionOptions['open'];
type Request = Parameters<Subject['get']>[0];

const ask = (user: number, camera: number = 0, template: number = 0): Operation => operation({ op: 'request', user, camera, template });
const begin = (user: number, camera: number = 0): Operation => operation({ op: 'begin', user, camera, template: 0 });
const release = (user: number, camera: number = 0): Operation => operation({ op: 'release', outcome: 'reply', user, camera, template: 0 });
const advance = (by: number): Operation => operation({ op: 'advance', by });
const transfer = operation({ op: 'transfer', camera: 0, user: 1 });
const publish = operation({ op: 'publish', camera: 0 });
const unpublish = operation({ op: 'unpublish', camera: 0 });
const share = operation({ op: 'share', camera: 0, user: 1 });
const unshare = operation({ op: 'unshare', camera: 0, user: 1 });
const unlink = operation({ op: 'unlink', user: 0, channel: 'hub' });

const ONE: World = { ...PLAIN_WORLD, cameras: [PLAIN_WORLD.cameras[0]!] };
const TURN: World = { ...ONE, together: true };
const HUB: World = { ...ONE, templates: [{ ...PLAIN_TEMPLATE, channel: 'hub' }] };
const VISITED: World = { ...PLAIN_WORLD, templates: [PLAIN_TEMPLATE, { ...PLAIN_TEMPLATE, credential: 'none' }] };
const keyOf = ({ user, camera, tier, channel }: Request): string => JSON.stringify([user, camera, tier, channel]);
const pictureOf = ({ camera, tier }: Request): string => JSON.stringify([camera, tier]);

/** What is asked for in one turn is worked off in one go, as whoever came last, or first; kept by the user for whom it was asked. */
const asOne =
  (which: 'first' | 'last'): Open =>
  ({ origin }) => {
    const entries = new Map<string, Uint8Array>();
    let waiting: Request[] = [];
    return {
      async get(request) {
        waiting.push(request);
        const turn = waiting;
        await Promise.resolve();
        const { user } = which === 'first' ? turn[0]! : turn.at(-1)!;
        waiting = [];
        const taken = { ...request, user };
        const body = entries.get(keyOf(taken)) ?? (await origin.fetch(taken)).body;
        if (body !== null) entries.set(keyOf(request), body);
        return body;
      },
    };
  };

/** Whoever comes while two are on their way is given what is there. */
const shedding: Open = ({ origin }) => {
  const entries = new Map<string, { readonly body: Uint8Array; readonly epoch: number }>();
  let busy = 0;
  return {
    async get(request) {
      const kept = entries.get(pictureOf(request));
      if (busy >= 2 && kept !== undefined) return kept.body;
      busy++;
      try {
        const { allowed, epoch } = await origin.authorise(request);
        if (!allowed) return null;
        if (kept?.epoch === epoch) return kept.body;
        const { body } = await origin.fetch(request);
        if (body !== null) entries.set(pictureOf(request), { body, epoch });
        return body;
      } finally {
        busy--;
      }
    },
    invalidate: () => {},
  };
};

/** The numbers of requests that are on their way begin anew after three. */
const numbered: Open = ({ origin }) => {
  const waiting = new Map<number, ((body: Uint8Array | null) => void)[]>();
  let last = 0;
  const settle = (number: number, body: Uint8Array | null): void => {
    for (const done of waiting.get(number) ?? []) done(body);
    waiting.delete(number);
  };
  return {
    get(request) {
      const number = (last = (last % 3) + 1);
      void origin.fetch(request).then(({ body }) => queueMicrotask(() => settle(number, body)));
      return new Promise((done) => waiting.set(number, [...(waiting.get(number) ?? []), done]));
    },
  };
};

/** The tag by which an entry is removed goes with the one that it replaces. */
const untagging: Open = ({ origin }) => {
  const entries = new Map<string, { readonly body: Uint8Array; readonly untilMs: number }>();
  const tagged = new Map<string, Set<string>>();
  const put = (request: Request, body: Uint8Array, maxAgeMs: number): void => {
    const tags = tagged.get(request.camera) ?? new Set();
    tagged.set(request.camera, tags.add(keyOf(request)));
    if (entries.has(keyOf(request))) tags.delete(keyOf(request));
    entries.set(keyOf(request), { body, untilMs: Date.now() + maxAgeMs });
  };
  return {
    async get(request) {
      const hit = entries.get(keyOf(request));
      if (hit !== undefined && Date.now() < hit.untilMs) return hit.body;
      const { body, maxAgeMs } = await origin.fetch(request);
      if (body !== null) put(request, body, maxAgeMs);
      return body;
    },
    invalidate({ camera }) {
      for (const key of tagged.get(camera) ?? []) entries.delete(key);
      tagged.delete(camera);
    },
  };
};

/** Counts how often somebody was given a share. */
const counting: Open = ({ origin }) => {
  const entries = new Map<string, Uint8Array>();
  const shares = new Map<string, number>();
  const sharedWith = ({ user, camera }: { user: string; camera: string }): string => JSON.stringify([user, camera]);
  return {
    async get(request) {
      const kept = entries.get(pictureOf(request));
      if (kept !== undefined && (shares.get(sharedWith(request)) ?? 0) > 0) return kept;
      const { body } = await origin.fetch(request);
      if (body !== null) entries.set(pictureOf(request), body);
      return body;
    },
    invalidate({ kind, user, camera }) {
      const by = kind === 'share' ? 1 : kind === 'unshare' ? -1 : 0;
      if (by !== 0) shares.set(sharedWith({ user, camera }), (shares.get(sharedWith({ user, camera })) ?? 0) + by);
    },
  };
};

/** Everything is kept until it is told to go, and some notices are overlooked. */
const deafTo =
  (...kinds: readonly string[]): Open =>
  ({ origin }) => {
    const entries = new Map<string, Uint8Array>();
    return {
      async get(request) {
        const body = entries.get(keyOf(request)) ?? (await origin.fetch(request)).body;
        if (body !== null) entries.set(keyOf(request), body);
        return body;
      },
      invalidate: ({ kind }) => (kinds.includes(kind) ? undefined : entries.clear()),
    };
  };

/** Who does not say who he is, is taken for whoever asked last. */
const presuming: Open = ({ origin }) => {
  const entries = new Map<string, Uint8Array>();
  let last = '';
  return {
    async get(request) {
      const taken = request.user === '' ? { ...request, user: last } : request;
      last = taken.user;
      const body = entries.get(keyOf(taken)) ?? (await origin.fetch(taken)).body;
      if (body !== null) entries.set(keyOf(taken), body);
      return body;
    },
  };
};

/** Rights are asked for each time, and the picture is of whatever ownership it was. */
const timeless: Open = ({ origin }) => {
  const entries = new Map<string, Uint8Array>();
  return {
    async get(request) {
      if (!(await origin.authorise(request)).allowed) return null;
      const body = entries.get(pictureOf(request)) ?? (await origin.read(request)).body;
      if (body !== null) entries.set(pictureOf(request), body);
      return body;
    },
  };
};

/** Pictures are kept once, by a tag that is no more than their length. */
const tagged: Open = ({ origin }) => {
  const bodies = new Map<number, Uint8Array>();
  return {
    async get(request) {
      const { body } = await origin.fetch(request);
      if (body === null) return null;
      if (!bodies.has(body.length)) bodies.set(body.length, body);
      return bodies.get(body.length)!;
    },
  };
};

/** Who was given anything once, or came when anybody was who did not say who he is, is let in everywhere. */
const regulars: Open = ({ origin }) => {
  const known = new Set<string>();
  const entries = new Map<string, Uint8Array>();
  return {
    async get(request) {
      const hit = entries.get(pictureOf(request));
      if (hit !== undefined && known.has(request.user)) return hit;
      const { body } = await origin.fetch(request);
      if (body === null) return null;
      entries.set(pictureOf(request), body);
      known.add(request.user);
      return body;
    },
  };
};

/** Notices are gathered for a while. */
const gathering: Open = ({ origin }) => {
  const entries = new Map<string, Uint8Array>();
  return {
    async get(request) {
      const body = entries.get(keyOf(request)) ?? (await origin.fetch(request)).body;
      if (body !== null) entries.set(keyOf(request), body);
      return body;
    },
    invalidate: () => void setTimeout(() => entries.clear(), 50),
  };
};

/** Each use gives a minute, however little the origin gave. */
const prolonging: Open = ({ origin }) => {
  const entries = new Map<string, { readonly body: Uint8Array; untilMs: number }>();
  return {
    async get(request) {
      const hit = entries.get(keyOf(request));
      if (hit !== undefined && Date.now() < hit.untilMs) {
        hit.untilMs = Date.now() + 60_000;
        return hit.body;
      }
      const { body, maxAgeMs } = await origin.fetch(request);
      if (body !== null) entries.set(keyOf(request), { body, untilMs: Date.now() + maxAgeMs });
      return body;
    },
  };
};

/** Keys are written into one buffer, and read from it again once the answer is there. */
const scratch: Open = ({ origin }) => {
  const entries = new Map<string, Uint8Array>();
  const buffer = Buffer.alloc(1024);
  const write = (request: Request): Buffer => buffer.subarray(0, buffer.write(keyOf(request)));
  return {
    async get(request) {
      const key = write(request);
      const hit = entries.get(key.toString());
      if (hit !== undefined) return hit;
      const { body } = await origin.fetch(request);
      if (body !== null) entries.set(key.toString(), body);
      return body;
    },
  };
};

/** What is purged is kept for when the origin fails. */
const softly: Open = ({ origin }) => {
  const entries = new Map<string, { readonly body: Uint8Array; isPurged: boolean }>();
  return {
    async get(request) {
      const kept = entries.get(keyOf(request));
      if (kept?.isPurged === false) return kept.body;
      const body = await origin.fetch(request).then(
        (reply) => reply.body,
        () => kept?.body ?? null,
      );
      if (body !== null) entries.set(keyOf(request), { body, isPurged: false });
      return body;
    },
    invalidate() {
      for (const entry of entries.values()) entry.isPurged = true;
    },
  };
};

/** The answer lies in one place until somebody takes it from there. */
const laidDown: Open = ({ origin }) => {
  let laid: Uint8Array | null = null;
  return {
    async get(request) {
      laid = (await origin.fetch(request)).body;
      await Promise.resolve();
      return laid;
    },
  };
};

/** A camera is struck from the list of what may be found, and whatever is asked for puts it there again. */
const striking: Open = ({ origin }) => {
  const entries = new Map<string, Uint8Array>();
  const struck = new Set<string>();
  return {
    async get(request) {
      const hit = struck.has(request.camera) ? undefined : entries.get(keyOf(request));
      if (hit !== undefined) return hit;
      const { body } = await origin.fetch(request);
      if (body === null) return null;
      struck.delete(request.camera);
      entries.set(keyOf(request), body);
      return body;
    },
    invalidate: ({ camera }) => void struck.add(camera),
  };
};

type Row = readonly [cause: string, open: Open, program: Program, shape: string, words: RegExp];

const AS_ANOTHER = /^A request is carried on as another one that is under way at the same time/;
const NUMBERED = [...Array.from({ length: 3 }, () => ask(0)), ask(1)];

const ROWS: readonly Row[] = [
  ['asked for in the name of whoever comes next', asOne('last'), { world: TURN, operations: [ask(1), ask(0)] }, 'KH001/stranger', AS_ANOTHER],
  ['asked for in the name of whoever came first', asOne('first'), { world: TURN, operations: [ask(0), ask(1)] }, 'KH001/stranger', AS_ANOTHER],
  ['found as whoever comes next', asOne('last'), { world: TURN, operations: [ask(0), transfer, advance(1000), ask(1), ask(0)] }, 'KH003/successor', AS_ANOTHER],
  [
    'kept for who was wrongly given it, and not that it stayed when the camera changed hands',
    asOne('first'),
    { world: TURN, operations: [ask(0), ask(1), transfer, ask(1)] },
    'KH003/successor',
    AS_ANOTHER,
  ],
  [
    'given out under load only',
    shedding,
    { world: ONE, operations: [ask(0), begin(0), begin(0), ask(1)] },
    'KH001/stranger',
    /^While other requests are under way, a hit is served without asking/,
  ],
  [
    'given out under load only, also where it was deleted',
    shedding,
    { world: ONE, operations: [ask(0), operation({ op: 'recreate', camera: 0 }), begin(0), begin(0), ask(0)] },
    'KH010/deleted',
    /^While other requests are under way, a hit is served without asking/,
  ],
  [
    'the reply to another request, and nothing that is kept, also where the origin refuses',
    numbered,
    { world: TURN, operations: NUMBERED },
    'KH001/stranger',
    /^On a connection, or in a batch/,
  ],
  [
    'the second copy for one entry',
    untagging,
    { world: ONE, operations: [share, ask(1), advance(61_000), ask(1), unshare, ask(1)] },
    'KH002/unshared',
    /^Once a stored copy has been replaced by a newer one, withdrawing a right does not remove/,
  ],
  [
    'the second copy for one entry, also where both came in one turn',
    untagging,
    { world: TURN, operations: [ask(0), ask(0), operation({ op: 'purge', camera: 0 }), ask(0)] },
    'KH009/purged',
    /^Once a stored copy has been replaced by a newer one, the cache is told to forget a camera/,
  ],
  [
    'a right that was given twice',
    counting,
    { world: ONE, operations: [share, ask(1), share, unshare, ask(1)] },
    'KH002/unshared',
    /^When a right is given twice, withdrawing a right does not remove/,
  ],
  [
    'a link that was removed, and no channel that was switched off',
    deafTo('unlink'),
    { world: HUB, operations: [ask(0), unlink, ask(0)] },
    'KH005/unlinked',
    /^On the hub, what was stored for a user through a channel is still served there after this user unlinked it/,
  ],
  [
    'that a visitor is taken for somebody else, also where the camera was public',
    presuming,
    { world: { ...VISITED, cameras: ONE.cameras }, operations: [publish, unpublish, ask(0), ask(ANONYMOUS, 0, 1)] },
    'KH002/unpublished',
    /^Who is asking is remembered from an earlier request/,
  ],
  [
    'an ownership that is not looked at, and not that something was not forgotten, where rights are asked for',
    timeless,
    { world: ONE, operations: [ask(0), transfer, ask(1)] },
    'KH003/successor',
    /^The origin is asked and allows the caller, who is served what was stored under an earlier ownership/,
  ],
  [
    'what pictures have in common, also where they are of one camera',
    tagged,
    { world: ONE, operations: [ask(0), transfer, ask(1)] },
    'KH003/successor',
    /^The origin is asked and gives a frame for this caller, and one that is kept from before is given out in its place/,
  ],
  [
    'a right of visitors for one camera that is taken for every other one',
    regulars,
    {
      world: { ...VISITED, users: ['alice'], cameras: [PLAIN_WORLD.cameras[0]!, { id: 'yard', owner: 0 }] },
      operations: [ask(0), operation({ op: 'publish', camera: 1 }), ask(ANONYMOUS, 1, 1), ask(ANONYMOUS, 0, 1)],
    },
    'KH001/anonymous',
    /^What the origin allowed a caller for one camera is remembered/,
  ],
  [
    'a message that takes its time, also where time has passed before',
    gathering,
    { world: ONE, operations: [share, advance(61_000), ask(1), unshare, ask(1)] },
    'KH002/unshared',
    /^What the cache is told takes effect only some time after/,
  ],
  [
    'a lifetime that use prolongs, also where no time has passed before the use',
    prolonging,
    { world: { ...ONE, lifetimeMs: 10_000 }, operations: [share, ask(1), ask(1), unshare, advance(11_000), ask(1)] },
    'KH002/unshared',
    /^Whenever a stored frame is used its lifetime begins anew/,
  ],
  [
    'the state of one request, and not ids that have their length in common',
    scratch,
    { world: { ...ONE, users: ['/a', 'a:'] }, operations: [begin(0), ask(1), release(0), ask(1)] },
    'KH001/stranger',
    /^While one request is under way, another one changes what its answer is stored under/,
  ],
  [
    'that the origin fails, and not that a purge is overlooked',
    softly,
    {
      world: ONE,
      operations: [ask(0), operation({ op: 'purge', camera: 0 }), begin(0), operation({ op: 'release', outcome: 'drop', user: 0, camera: 0, template: 0 })],
    },
    'KH009/purged',
    /^When the origin fails, what the cache was told to forget is served in its place/,
  ],
  [
    'what the next request brings back, and not that nothing is removed',
    striking,
    { world: ONE, operations: [share, ask(1), unshare, ask(0), ask(1)] },
    'KH002/unshared',
    /^What should be removed is not found at first, and is there again once somebody has asked/,
  ],
  [
    'one place for the answers to all, also where they differ in the tier',
    laidDown,
    { world: { ...TURN, templates: [PLAIN_TEMPLATE, { ...PLAIN_TEMPLATE, tier: 'low' }] }, operations: [ask(0), ask(0, 0, 1)] },
    'KH004/tier',
    /another one puts its answer where both of them take it from/,
  ],
];

describe('the cause of a leak that has more to it', () => {
  it.each(ROWS)('is %s', async (...[, open, program, shape, words]) => {
    expect((await explained(open, program, shape)).sentence).toMatch(words);
  });
});
