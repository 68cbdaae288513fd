import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';

type Storage = AsyncLocalStorage<unknown>;

/** What came into use since {@link watchStorages}. */
const used = new Set<Storage>();
let watching = false;
/** Whether anything has a context of its own since then. Without one, there is none to keep. */
let entered = false;

/**
 * Sees which `AsyncLocalStorage` comes into use from now on. Node keeps all of them until they are disabled and, up to Node 22, goes through the
 * whole list for each promise: with one that each session makes for itself, a check would become slower and slower. The methods are replaced
 * once and for all.
 */
export function watchStorages(): void {
  used.clear();
  entered = false;
  if (watching) return;
  watching = true;
  const storages: Storage = AsyncLocalStorage.prototype;
  const { run, enterWith } = storages;
  storages.run = function watched(this: Storage, ...given: Parameters<Storage['run']>): unknown {
    note(this);
    return Reflect.apply(run, this, given);
  } as Storage['run'];
  storages.enterWith = function watched(this: Storage, store: unknown): void {
    note(this);
    Reflect.apply(enterWith, this, [store]);
  };
}

/** `enabled` is there where Node keeps such a list. One that is in use already belongs to whoever has used it before. */
function note(storage: Storage): void {
  entered = true;
  if ((storage as Storage & { readonly enabled?: boolean }).enabled === false) used.add(storage);
}

/** Ends the use of all that came into use meanwhile: the session in which it did is over. It comes into use again with its next `run`. */
export function disableStorages(): void {
  for (const storage of used) storage.disable();
  used.clear();
}

/** Runs something within a context. */
export type Around = (run: () => unknown) => unknown;

/** What sets a timer, so that it runs in the context of whoever set it, as those of Node do, but for what `around` changes of that. */
export function keepsContext<Set extends (run: never, ms?: number, ...given: never[]) => unknown>(set: Set, around: Around): Set {
  const keeping = (run: unknown, ms?: number, ...given: never[]): unknown => set((entered ? bound(run, around) : run) as never, ms, ...given);
  return keeping as unknown as Set;
}

function bound(run: unknown, around: Around): unknown {
  if (typeof run !== 'function') return run;
  const here = new AsyncResource('Timeout');
  return (...given: unknown[]): unknown => here.runInAsyncScope(around, undefined, () => Reflect.apply(run, undefined, given) as unknown);
}
