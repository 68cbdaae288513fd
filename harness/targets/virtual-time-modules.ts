import { createRequire, syncBuiltinESMExports } from 'node:module';
import { promisify } from 'node:util';

/** The two functions that all timers of a session come from. */
export interface Timers {
  setTimeout(run: (value?: unknown) => void, ms?: number): unknown;
  setInterval(run: () => void, ms?: number): unknown;
}

interface Options {
  readonly signal?: AbortSignal;
}

/** Whom the timers of Node's modules follow; null leaves them as they are. */
let leader: Timers | null = null;
let patched = false;

/**
 * Makes `node:timers` and `node:timers/promises` follow the timers given, or nobody. The functions of these modules are
 * replaced once and for all by ones that pass on to the originals while nobody leads: importing modules bind them only once.
 */
export function lead(timers: Timers | null): void {
  leader = timers;
  if (patched) return;
  patched = true;
  const require = createRequire(import.meta.url);
  patchTimers(require('node:timers') as Record<string, Callable>);
  patchPromises(require('node:timers/promises') as PromiseTimers);
  syncBuiltinESMExports();
}

type Callable = (...given: never[]) => unknown;

function patchTimers(module: Record<string, Callable>): void {
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const original = module[name]!;
    const following = (...given: never[]): unknown => (leader === null ? original(...given) : Reflect.apply(leader[name], undefined, given));
    if (name === 'setTimeout') Object.defineProperty(following, promisify.custom, { value: sleep });
    module[name] = following;
  }
  for (const name of ['clearTimeout', 'clearInterval'] as const) {
    const original = module[name]!;
    module[name] = (...given: never[]): unknown => (leader === null ? original(...given) : (globalThis[name] as Callable)(...given));
  }
}

interface PromiseTimers {
  setTimeout(ms?: number, value?: unknown, options?: Options): Promise<unknown>;
  setInterval(ms?: number, value?: unknown, options?: Options): AsyncIterable<unknown>;
  readonly scheduler: { wait(ms: number, options?: Options): Promise<unknown> };
}

let realSleep: PromiseTimers['setTimeout'];

function patchPromises(module: PromiseTimers): void {
  const { setTimeout: originalTimeout, setInterval: originalInterval, scheduler } = module;
  const originalWait = scheduler.wait.bind(scheduler);
  realSleep = originalTimeout;
  module.setTimeout = sleep;
  module.setInterval = (ms, value, options) => (leader === null ? originalInterval(ms, value, options) : beats(ms, value, options));
  scheduler.wait = (ms, options) => (leader === null ? originalWait(ms, options) : sleep(ms, undefined, options));
}

/** What `setTimeout` of `node:timers/promises` does. */
export function sleep(ms?: number, value?: unknown, options: Options = {}): Promise<unknown> {
  const timers = leader;
  if (timers === null) return realSleep(ms, value, options);
  return new Promise((resolve, reject) => {
    const { signal } = options;
    const abort = (): void => reject(signal!.reason as Error);
    if (signal?.aborted === true) return abort();
    signal?.addEventListener('abort', abort, { once: true });
    timers.setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve(value);
    }, ms);
  });
}

async function* beats(ms?: number, value?: unknown, options?: Options): AsyncGenerator {
  for (;;) yield await sleep(ms, value, options);
}
