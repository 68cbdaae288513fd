import { AsyncLocalStorage } from 'node:async_hooks';

type Storage = AsyncLocalStorage<unknown>;

/** What came into use since {@link watchStorages}. */
const used = new Set<Storage>();
let watching = false;

/**
 * Sees which `AsyncLocalStorage` comes into use from now on. Node keeps all of them until they are disabled and, up to Node 22, goes through the
 * whole list for each promise: with one that each session makes for itself, a check would become slower and slower. The methods are replaced
 * once and for all.
 */
export function watchStorages(): void {
  used.clear();
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
  if ((storage as Storage & { readonly enabled?: boolean }).enabled === false) used.add(storage);
}

/** Ends the use of all that came into use meanwhile: the session in which it did is over. It comes into use again with its next `run`. */
export function disableStorages(): void {
  for (const storage of used) storage.disable();
  used.clear();
}
