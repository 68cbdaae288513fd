import type { Capabilities } from './capabilities.ts';
import type { Environment, Hooks } from './function-subject.ts';
import { TargetFault } from './target.ts';
import { VirtualTime } from './virtual-time.ts';

/** The hooks that a cache may have; the first three say what it can be asked to do. */
export const HOOKS: readonly HookName[] = ['invalidate', 'restart', 'reconfigure', 'advance', 'fence', 'close'];

export type HookName = keyof Hooks;

type HookCapabilities = Pick<Capabilities, 'told' | 'purge' | 'restart' | 'configurations'>;

const CONFIGURATIONS = 2;

/**
 * What the hooks of a cache mean for what it can be asked to do. Where they are not declared, a cache is opened once, looked at,
 * and closed. Throws a {@link TargetFault} where it cannot be looked at.
 */
export function hookCapabilities(declared: readonly HookName[] | undefined, open: (env: Environment) => Hooks | Promise<Hooks>): HookCapabilities {
  if (declared !== undefined) return of((name) => declared.includes(name));
  const hooks = probe(open);
  return of((name) => hooks[name] !== undefined);
}

function of(has: (name: HookName) => boolean): HookCapabilities {
  const told = has('invalidate');
  return { told, purge: told, restart: has('restart'), configurations: has('reconfigure') ? CONFIGURATIONS : 1 };
}

function probe(open: (env: Environment) => Hooks | Promise<Hooks>): Hooks {
  const time = VirtualTime.install();
  try {
    const opened = open(ENVIRONMENT);
    if (opened instanceof Promise) {
      void closed(opened);
      throw new TargetFault(
        'open() returns a promise, so that the harness cannot see which hooks the cache has',
        "Declare them beside open(): hooks: ['invalidate'], or hooks: [] where there are none.",
      );
    }
    void closed(opened);
    return opened;
  } finally {
    time.close();
  }
}

/** A cache that cannot be closed says so again when the first program is over. */
async function closed(opened: Hooks | Promise<Hooks>): Promise<void> {
  try {
    await (await opened).close?.();
  } catch {
    // Told then, with its place.
  }
}

const unasked = (): Promise<never> => Promise.reject(new Error('Nobody has asked for anything: this cache was only opened to see which hooks it has.'));

const ENVIRONMENT: Environment = {
  origin: { authorise: unasked, fetch: unasked, read: unasked },
  clock: { now: () => 0 },
  capacity: 1,
  lifetimeMs: 60_000,
};
