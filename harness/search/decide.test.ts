import { describe, expect, it } from 'vitest';
import { operation, type Operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
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

  it('is the connection, where a HEAD is answered by the reply to another request', async () => {
    const world: World = { ...ONE, templates: [{ ...PLAIN_TEMPLATE, method: 'HEAD' }] };
    const [decision, sentence] = await explained(ONE_LINE, { world, operations: ABORTED }, 'KH008/unnamed');
    expect([decision, sentence]).toEqual(['connection', expect.stringContaining('the reply to one of them is given to another')]);
  });

  it('is the fetch that was joined, where headers come with the whole of its answer, and not what is stored', async () => {
    const [decision, sentence] = await explained(ONE_FETCH, { world: ONE, operations: [held('begin', 0), ask(1, 0), release] }, 'KH007/user');
    expect([decision, sentence]).toEqual(['join', expect.stringContaining('joins a fetch that is under way for somebody else')]);
  });

  it('is what is stored of headers, where another answer without a picture was kept', async () => {
    const share = operation({ op: 'share', camera: 0, user: 1 });
    const [decision, sentence] = await explained(REDIRECTS, { world: ONE, operations: [share, ask(0, 0), ask(1, 0)] }, 'KH007/user');
    expect([decision, sentence]).toEqual(['headers', expect.stringContaining('are stored with the answer')]);
  });
});
