import { describe, expect, it } from 'vitest';
import type { Frame } from '../../models/domain/frame.ts';
import { operation, type Operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import type { Request } from '../../models/domain/request.ts';
import { ANONYMOUS, PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { Lookaside } from '../../models/lookaside.ts';
import { sharedEntries } from '../../models/lru.ts';
import { type Call, type Contact, NO_PARTY, type Reply, type Session, type Sink } from '../../models/origin.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab, type Outcome } from '../run/lab.ts';
import { HTTP_EDGE } from '../targets/capabilities.ts';
import { modelTarget } from '../targets/model.ts';
import { lookasideTarget } from '../targets/reference.ts';
import type { Target } from '../targets/target.ts';
import { explain } from './explain.ts';

const ask = (user: number, camera: number, template: number = 0): Operation => operation({ op: 'request', user, camera, template });

/** Frames are kept by camera, and rights by user: who was let in once is let in everywhere. */
const REMEMBERS: Target = modelTarget({
  name: 'remembers',
  title: '',
  make(origin, sink, { capacity }): Session {
    const allowed = new Set<string>();
    const policy = {
      ...sharedEntries,
      admit: (request: { user: string }): boolean => {
        allowed.add(request.user);
        return true;
      },
      serve: (request: { user: string }): 'serve' | 'ask' => (allowed.has(request.user) ? 'serve' : 'ask'),
    };
    const cache = new Lookaside(origin, sink, { policies: [policy], capacity, limit: 'count', renditions: 'fetched' });
    return {
      ask: (call) => cache.ask(call),
      cancel: (call) => cache.cancel(call),
      tell: (notice) => cache.tell(notice),
      resume: () => {},
      close() {
        allowed.clear();
        cache.close();
      },
    } as Session;
  },
});

/** Asks nobody at a hit, and keeps everything. */
const ASKS_NOBODY: Target = lookasideTarget({ name: 'asks-nobody', title: '' }, [{ ...sharedEntries, serve: () => 'serve', invalidate: () => false }]);

/** What stands between callers and the origin: it is told of a request, and later of the reply to it, and answers whom it likes. */
function between(
  name: string,
  make: (sink: Sink, world: World) => { ask(call: Call, fetch: () => void): void; cancel?(call: Call): void; replied(call: Call, reply: Reply): void },
): Target {
  return modelTarget({
    name,
    title: '',
    capabilities: HTTP_EDGE,
    make(origin, sink, world): Session {
      let front = make(sink, world);
      const waiting = { resume: (call: Call, _contact: Contact, reply: Reply): void => front.replied(call, reply) };
      return {
        ask: (call) => front.ask(call, () => origin.fetch(call, 'high', waiting)),
        cancel: (call) => front.cancel?.(call),
        tell: () => {},
        close: () => void (front = make(sink, world)),
      };
    },
  });
}

/** The whole of a reply, as a caller asked for it. */
function give(sink: Sink, call: Call, { frame, party, status }: Reply): void {
  if (frame === null) return sink.refused(call, status);
  if (party !== NO_PARTY) sink.header(call, party);
  if (call.request.method === 'HEAD') sink.described(call, null);
  else sink.answered(call, frame, false);
}

/** Replies go to who waits longest, and who goes away waits no more. */
const ONE_LINE = between('one-line', (sink) => {
  let line: Call[] = [];
  return {
    ask(call, fetch) {
      line.push(call);
      fetch();
    },
    cancel: (call) => void (line = line.filter((other) => other !== call)),
    replied(_call, reply) {
      const next = line.shift();
      if (next !== undefined) give(sink, next, reply);
    },
  };
});

/** Whoever comes while something is under way waits for it. */
const ONE_FETCH = between('one-fetch', (sink) => {
  const waiting: Call[] = [];
  return {
    ask(call, fetch) {
      if (waiting.push(call) === 1) fetch();
    },
    replied(_call, reply) {
      for (const call of waiting.splice(0)) give(sink, call, reply);
    },
  };
});

/** What comes for who went away stays on the connection, and is taken for the reply to whoever comes next. */
const LEFT_OVER = between('left-over', (sink) => {
  const gone = new Set<Call>();
  const left: Reply[] = [];
  return {
    ask(call, fetch) {
      const reply = left.shift();
      if (reply !== undefined) give(sink, call, reply);
      if (reply !== undefined) gone.add(call);
      fetch();
    },
    cancel: (call) => void gone.add(call),
    replied(call, reply) {
      if (gone.delete(call)) left.push({ ...reply });
      else give(sink, call, reply);
    },
  };
});

/** Instead of a picture, callers are sent to another place, with a token; where to is kept. */
const REDIRECTS = between('redirects', (sink, { users }) => {
  let kept = NO_PARTY;
  return {
    ask: (_call, fetch) => fetch(),
    replied(call, { frame, status }) {
      if (frame !== null) {
        if (kept === NO_PARTY) kept = users.indexOf(call.request.user);
        sink.header(call, kept);
      }
      sink.refused(call, status === 'ok' ? 'refused' : status);
    },
  };
});

/** An entry for each caller, for as long as the origin says; what it has confirmed stays for ten minutes, and a HEAD has entries of its own. */
const revalidating = (keyOf: (request: Request) => string, isNamed: boolean = true, leastMs: number = 0): Target =>
  modelTarget({
    name: 'revalidating',
    title: '',
    capabilities: { ...HTTP_EDGE, told: false },
    make(origin, sink): Session {
      const entries = new Map<string, { readonly frame: Frame; untilMs: number }>();
      const answer = (call: Call, frame: Frame): void =>
        call.request.method === 'HEAD' ? sink.described(call, isNamed ? frame : null) : sink.answered(call, frame, false);
      const resume = (call: Call, _contact: Contact, { status, frame, lifetimeMs }: Reply): void => {
        const kept = entries.get(keyOf(call.request));
        if (status === 'unchanged' && kept !== undefined) kept.untilMs = origin.now() + 600_000;
        else if (frame !== null) entries.set(keyOf(call.request), { frame, untilMs: origin.now() + Math.max(lifetimeMs, leastMs) });
        const given = frame ?? kept?.frame ?? null;
        if (given === null || (status !== 'ok' && status !== 'unchanged')) sink.refused(call, status);
        else answer(call, given);
      };
      return {
        ask(call) {
          const kept = entries.get(keyOf(call.request));
          if (kept === undefined) origin.fetch(call, 'high', { resume });
          else if (origin.now() < kept.untilMs) answer(call, kept.frame);
          else origin.revalidate(call, 'high', kept.frame, { resume });
        },
        cancel: () => {},
        tell: () => {},
        close: () => entries.clear(),
      };
    },
  });

async function explained(target: Target, program: Program, shape: string): Promise<[string, string]> {
  const lab = new Lab(target, PROPERTIES);
  const outcome = lab.try(program, { record: true }) as Outcome;
  const breach = outcome.breaches.find(({ property, kind }) => `${property}/${kind}` === shape)!;
  const evaluate = (changed: Program): Outcome['breaches'] => (lab.try(changed) as Outcome).breaches;
  const { decision, sentence } = await explain(program, breach, outcome.history, { evaluate, capabilities: target.capabilities });
  return [decision, sentence];
}

describe('the decision at fault', () => {
  it('is the check, where a right to one camera is taken for all', async () => {
    const [decision, sentence] = await explained(REMEMBERS, { world: PLAIN_WORLD, operations: [ask(0, 0), ask(1, 1), ask(1, 0)] }, 'KH001/stranger');
    expect(decision).toBe('serve');
    expect(sentence).toContain('allowed a caller for one camera is remembered');
  });

  it('is the check, and not the change of owner, where a visitor is served who has no right under anybody', async () => {
    const world: World = { ...PLAIN_WORLD, templates: [PLAIN_TEMPLATE, { ...PLAIN_TEMPLATE, credential: 'none' }] };
    const operations = [ask(0, 0), operation({ op: 'transfer', camera: 0, user: 1 }), ask(ANONYMOUS, 0, 1)];
    const [decision, sentence] = await explained(ASKS_NOBODY, { world, operations }, 'KH001/anonymous');
    expect(decision).toBe('serve');
    expect(sentence).toContain('without asking whether this caller may see the camera');
  });

  const ONE: World = { ...PLAIN_WORLD, policies: [{ cacheControl: 'public, max-age=60', vary: 'Authorization', validator: true, session: true }] };
  const held = (op: 'begin' | 'cancel', user: number): Operation => operation({ op, user, camera: 0, template: 0 });
  const release = operation({ op: 'release', outcome: 'reply', user: 0, camera: 0, template: 0 });
  const ABORTED = [held('begin', 0), held('begin', 1), held('cancel', 0), release];

  it('is the connection, where headers come with the reply to another request', async () => {
    const [decision, sentence] = await explained(ONE_LINE, { world: ONE, operations: ABORTED }, 'KH007/user');
    expect([decision, sentence]).toEqual(['connection', expect.stringContaining('the reply to one of them is given to another')]);
  });

  it('is the connection, where what comes is the reply to a caller who had gone, and nothing that is stored', async () => {
    const operations = [held('begin', 0), held('cancel', 0), release, ask(1, 1)];
    const [decision, sentence] = await explained(LEFT_OVER, { world: { ...PLAIN_WORLD, policies: ONE.policies }, operations }, 'KH001/stranger');
    expect([decision, sentence]).toEqual(['connection', expect.stringContaining('the reply to one of them is given to another')]);
  });

  it('is the connection, where a HEAD is answered by the reply to another request', async () => {
    const world: World = { ...ONE, templates: [{ ...PLAIN_TEMPLATE, method: 'HEAD' }] };
    const [decision, sentence] = await explained(ONE_LINE, { world, operations: ABORTED }, 'KH008/unnamed');
    expect([decision, sentence]).toEqual(['connection', expect.stringContaining('the reply to one of them is given to another')]);
  });

  it('is the fetch that was joined, where headers come with the whole of its answer, and not what is stored', async () => {
    const [decision, sentence] = await explained(ONE_FETCH, { world: ONE, operations: [held('begin', 0), ask(1, 0), release] }, 'KH007/user');
    expect([decision, sentence]).toEqual(['join', expect.stringContaining('joins a fetch that is under way for somebody else')]);
  });

  const share = operation({ op: 'share', camera: 0, user: 1 });

  it('is that what the origin has confirmed is served for too long, and not that use prolongs it', async () => {
    const [unshare, minute] = [operation({ op: 'unshare', camera: 0, user: 1 }), operation({ op: 'advance', by: 61_000 })];
    const operations = [share, ask(1, 0), minute, ask(1, 0), unshare, minute, ask(1, 0)];
    const keyed = revalidating(({ user, camera, method }) => JSON.stringify([user, camera, method]));
    const [decision, sentence] = await explained(keyed, { world: ONE, operations }, 'KH002/unshared');
    expect([decision, sentence]).toEqual(['serve', expect.stringMatching(/^After the origin has said that a stored frame is unchanged, it is served beyond/)]);
  });

  it('is a lifetime that the cache gives itself where the origin gave none', async () => {
    const world: World = { ...ONE, policies: [{ cacheControl: '', vary: 'Authorization' }] };
    const operations = [share, ask(1, 0), operation({ op: 'unshare', camera: 0, user: 1 }), operation({ op: 'advance', by: 61_000 }), ask(1, 0)];
    const guessing = revalidating(({ user, camera }) => JSON.stringify([user, camera]), true, 120_000);
    const [decision, sentence] = await explained(guessing, { world, operations }, 'KH002/unshared');
    expect([decision, sentence]).toEqual(['serve', expect.stringMatching(/^A stored frame is served on although the origin gave it no lifetime, to a user/)]);
  });

  it.each(['KH008/validator', 'KH008/unnamed'])('is what a HEAD is found under, where only another HEAD had brought it in: %s', async (shape) => {
    const world: World = { ...ONE, templates: [{ ...PLAIN_TEMPLATE, method: 'HEAD' }] };
    const keyless = revalidating(({ user, camera, method }) => JSON.stringify([method === 'HEAD' ? '' : user, camera, method]), shape.endsWith('validator'));
    const [decision, sentence] = await explained(keyless, { world, operations: [ask(0, 0), ask(1, 0)] }, shape);
    expect([decision, sentence]).toEqual(['key', 'For HEAD, the entry is served to a request that differs in a header named by its Vary.']);
  });

  it('is what is stored of headers, where another answer without a picture was kept', async () => {
    const [decision, sentence] = await explained(REDIRECTS, { world: ONE, operations: [share, ask(0, 0), ask(1, 0)] }, 'KH007/user');
    expect([decision, sentence]).toEqual(['headers', expect.stringContaining('are stored with the answer')]);
  });
});
