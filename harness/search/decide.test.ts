import { describe, expect, it } from 'vitest';
import { operation, type Operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { ANONYMOUS, PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { Lookaside } from '../../models/lookaside.ts';
import { sharedEntries } from '../../models/lru.ts';
import type { Session } from '../../models/origin.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab, type Outcome } from '../run/lab.ts';
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
});
