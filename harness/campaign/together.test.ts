import { describe, expect, it } from 'vitest';
import type { Request } from '../../models/domain/request.ts';
import { storyOf } from '../report/story.ts';
import { functionTarget } from '../targets/function.ts';
import type { OriginApi } from '../targets/origin-api.ts';
import { checkTarget } from './check.ts';

interface Asked {
  readonly request: Request;
  readonly answer: (frame: Uint8Array | null) => void;
}

/** Puts together what is asked for in one turn, as batch loaders do, and hands the answers out by place. `order`: what the batch is loaded in. */
function batching(origin: OriginApi, order: (batch: readonly Asked[]) => readonly Asked[]): { get(request: Request): Promise<Uint8Array | null> } {
  let batch: Asked[] = [];
  const load = async (asked: readonly Asked[]): Promise<void> => {
    const loaded = await Promise.allSettled(order(asked).map(({ request }) => origin.fetch(request)));
    for (const [place, { answer }] of asked.entries()) {
      const reply = loaded[place]!;
      answer(reply.status === 'fulfilled' && reply.value.status === 200 ? reply.value.body : null);
    }
  };
  return {
    get: (request) =>
      new Promise((answer) => {
        if (batch.push({ request, answer }) > 1) return;
        queueMicrotask(() => {
          const asked = batch;
          batch = [];
          void load(asked);
        });
      }),
  };
}

const byCamera = (batch: readonly Asked[]): readonly Asked[] => batch.toSorted((one, other) => (one.request.camera < other.request.camera ? -1 : 1));

describe('requests that come in one turn', () => {
  it('show what a batch confuses, in two operations', async () => {
    const target = functionTarget({ name: 'sorted batches', open: ({ origin }) => batching(origin, byCamera) });
    const { violations } = await checkTarget(target, { seed: 1, runs: 200 });
    const found = violations.find(({ shape }) => shape === 'KH001/stranger');
    expect(found).toMatchObject({ size: 2, certified: true, reproduced: [3, 3] });
    expect(found!.evidence.program.world).toMatchObject({ together: true });
    expect(JSON.stringify(storyOf(found!.evidence))).toContain('in the same turn, step 2 follows');
    expect(found!.details).toMatchObject({ decision: 'connection', matters: expect.arrayContaining(['requests in one turn of the event loop']) as unknown });
  });

  it('show nothing where a batch is in order', async () => {
    const target = functionTarget({ name: 'batches', open: ({ origin }) => batching(origin, (batch) => batch) });
    expect((await checkTarget(target, { seed: 1, runs: 200 })).violations).toEqual([]);
  });

  it('come one by one in the counterexample of a cache that leaks anyway', async () => {
    const open = ({ origin }: { readonly origin: OriginApi }) => {
      const frames = new Map<string, Uint8Array>();
      return {
        async get(request: Request): Promise<Uint8Array | null> {
          const kept = frames.get(request.camera);
          if (kept !== undefined) return kept;
          const reply = await origin.fetch(request);
          if (reply.status === 200) frames.set(request.camera, reply.body);
          return reply.status === 200 ? reply.body : null;
        },
      };
    };
    const { violations } = await checkTarget(functionTarget({ name: 'by camera', open }), { seed: 1, runs: 200, enumerate: false });
    expect(violations.length).toBeGreaterThan(0);
    for (const { evidence } of violations) expect(evidence.program.world.together).toBeUndefined();
  });
});
