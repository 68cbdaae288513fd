import { AsyncLocalStorage } from 'node:async_hooks';
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
