import { createRequire, syncBuiltinESMExports } from 'node:module';
import { promisify } from 'node:util';
import { followClocks } from './virtual-time-clocks.ts';

/** What all timers of a session come from, and its time in ms since 1970. */
export interface Timers {
  readonly now: number;
  setTimeout(run: (value?: unknown) => void, ms?: number): unknown;
  setInterval(run: () => void, ms?: number): unknown;
  clearTimeout(timer: never): void;
  clearInterval(timer: never): void;
}

interface Options {
  readonly signal?: AbortSignal;
}

/** Whom the timers and clocks of Node follow; null leaves them as they are. */
let leader: Timers | null = null;

/** Makes the timers and the clocks of this process follow those given, or nobody. */
export function lead(timers: Timers | null): void {
  leader = timers;
}

type Callable = (...given: never[]) => unknown;

/**
 * Replaces the functions of Node once and for all by ones that pass on to the originals while nobody leads: importing modules bind them only
 * once, and a cache may keep them from before any session. So this has to come before it is imported.
 */
function follow(): void {
  const require = createRequire(import.meta.url);
  followClocks(() => leader?.now ?? null);
  followTimers(require('node:timers') as Record<string, Callable>);
  followPromises(require('node:timers/promises') as PromiseTimers);
  followSignals();
  syncBuiltinESMExports();
}

function followTimers(module: Record<string, Callable>): void {
  const { constructor: RealTimer } = sampleTimer();
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const original = module[name]!;
    const following = (...given: never[]): unknown => (leader === null ? original(...given) : Reflect.apply(leader[name], undefined, given));
    if (name === 'setTimeout') Object.defineProperty(following, promisify.custom, { value: sleep });
    Object.assign(module, { [name]: following });
    Object.assign(globalThis, { [name]: following });
  }
  for (const name of ['clearTimeout', 'clearInterval'] as const) {
    const original = module[name]!;
    // Timers from before a session are real ones.
    const following = (timer: never): unknown => (leader === null || (timer as unknown) instanceof RealTimer ? original(timer) : leader[name](timer));
    Object.assign(module, { [name]: following });
    Object.assign(globalThis, { [name]: following });
  }
}

function sampleTimer(): object {
  const timer = setTimeout(() => {}, 0);
  clearTimeout(timer);
  return timer;
}

function followSignals(): void {
  const original = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (ms) => {
    if (leader === null) return original(ms);
    const controller = new AbortController();
    leader.setTimeout(() => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')), ms);
    return controller.signal;
  };
}

interface PromiseTimers {
  setTimeout(ms?: number, value?: unknown, options?: Options): Promise<unknown>;
  setInterval(ms?: number, value?: unknown, options?: Options): AsyncIterable<unknown>;
  readonly scheduler: { wait(ms: number, options?: Options): Promise<unknown> };
}

let realSleep: PromiseTimers['setTimeout'];

function followPromises(module: PromiseTimers): void {
  const { setTimeout: originalTimeout, setInterval: originalInterval, scheduler } = module;
  const originalWait = scheduler.wait.bind(scheduler);
  realSleep = originalTimeout;
  module.setTimeout = sleep;
  module.setInterval = (ms, value, options) => (leader === null ? originalInterval(ms, value, options) : beats(ms, value, options));
  scheduler.wait = (ms, options) => (leader === null ? originalWait(ms, options) : sleep(ms, undefined, options));
}

/** What `setTimeout` of `node:timers/promises` does. */
function sleep(ms?: number, value?: unknown, options: Options = {}): Promise<unknown> {
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

follow();
