import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as moduleTimeout } from 'node:timers';
import { describe, expect, it } from 'vitest';
import { operation } from '../../models/domain/operation.ts';
import type { Request } from '../../models/domain/request.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab } from '../run/lab.ts';
import { functionTarget, type FunctionOptions } from './function.ts';

type Storage = AsyncLocalStorage<Request>;

/** Knows the caller from a storage alone, by `run` or by `enterWith`. */
const storing =
  (make: () => Storage, enters: boolean = false): FunctionOptions['open'] =>
  ({ origin }) => {
    const storage = make();
    const answer = async (): Promise<Uint8Array | null> => {
      await Promise.resolve();
      return (await origin.fetch(storage.getStore()!)).body;
    };
    return {
      get(request) {
        if (!enters) return storage.run(request, answer);
        storage.enterWith(request);
        return answer();
      },
    };
  };

const ask = operation({ op: 'request', user: 0, camera: 0, template: 0 });

async function said(open: FunctionOptions['open']): Promise<string[]> {
  const lab = new Lab(functionTarget({ name: 'storing', open }), PROPERTIES);
  const { history } = await lab.try({ world: PLAIN_WORLD, operations: [ask, ask] }, { record: true });
  return history.flatMap(({ event }) => (event === 'answered' || event === 'refused' ? [event] : []));
}

/** Absent where Node keeps no list of storages in use. */
const isInUse = (storage: Storage): boolean => (storage as Storage & { enabled?: boolean }).enabled === true;

/** Answers from a timer, which knows the caller from a storage alone. */
const byTimer =
  (storage: Storage, sets: (run: () => void) => unknown): FunctionOptions['open'] =>
  ({ origin }) => ({
    get: (request) =>
      storage.run(request, async () => {
        await new Promise<void>((resolve) => sets(resolve));
        return new Promise<Uint8Array | null>((resolve, reject) => {
          sets(() => void origin.fetch(storage.getStore()!).then(({ body }) => resolve(body), reject));
        });
      }),
  });

describe('a timer of virtual time', () => {
  it.each([
    ['setTimeout', (run: () => void) => setTimeout(run, 10)],
    ['setTimeout of node:timers', (run: () => void) => moduleTimeout(run, 10)],
    [
      'setInterval',
      (run: () => void) => {
        const beat = setInterval(() => {
          clearInterval(beat);
          run();
        }, 10);
      },
    ],
  ])('runs in the context of whoever set it: %s', async (_name, sets) => {
    expect(await said(byTimer(new AsyncLocalStorage(), sets))).toEqual(['answered', 'answered']);
  });

  it('is given its arguments, in a context too', async () => {
    const given: unknown[] = [];
    const open: FunctionOptions['open'] = ({ origin }) => ({
      get: (request) =>
        new AsyncLocalStorage().run('here', async () => {
          await new Promise<void>((resolve) => {
            setTimeout(
              (...all: unknown[]) => {
                given.push(...all);
                resolve();
              },
              1,
              'one',
              2,
            );
          });
          return (await origin.fetch(request)).body;
        }),
    });
    expect(await said(open)).toEqual(['answered', 'answered']);
    expect(given.slice(0, 2)).toEqual(['one', 2]);
  });
});

describe('an AsyncLocalStorage that a cache makes for itself', () => {
  it.each([false, true])('works as ever, and is out of use when the session is over (enterWith: %s)', async (enters) => {
    const made: Storage[] = [];
    const make = (): Storage => {
      made.push(new AsyncLocalStorage());
      return made.at(-1)!;
    };
    for (let session = 0; session < 3; session++) expect(await said(storing(make, enters))).toEqual(['answered', 'answered']);
    expect(made.length).toBeGreaterThanOrEqual(3);
    expect(made.filter(isInUse)).toEqual([]);
  });

  it('comes into use again in the next session where it outlives the first', async () => {
    const storage: Storage = new AsyncLocalStorage();
    for (let session = 0; session < 3; session++) expect(await said(storing(() => storage))).toEqual(['answered', 'answered']);
    expect(isInUse(storage)).toBe(false);
  });

  it('stays in use where it was before', async () => {
    const storage = new AsyncLocalStorage<string>();
    await storage.run('kept', async () => {
      expect(await said(storing(() => new AsyncLocalStorage()))).toEqual(['answered', 'answered']);
      expect(storage.getStore()).toBe('kept');
    });
    storage.disable();
  });
});
