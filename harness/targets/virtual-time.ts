import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { type Clock, createClock } from '@sinonjs/fake-timers';
import { type Around, keepsContext } from './function-storages.ts';
import { TargetFault } from './target.ts';
import { lead, sleep } from './virtual-time-modules.ts';
import { finishMoment } from './virtual-time-turns.ts';

/** The moment at which every session begins: 2020-01-02T00:00:00Z. */
export const START_MS: number = Date.UTC(2020, 0, 2);
/** How long the process seems to have run by then. Not 0: a cache may take a moment of 0 for "none". */
const UPTIME_MS = 10_000;
/** Calls of timers in one step of time, before it is taken for an endless loop. */
const LOOP_LIMIT = 1_000_000;

type Global = Pick<typeof globalThis, (typeof GLOBALS)[number]>;

const GLOBALS = ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const;

let clock: Clock | null = null;
let open: VirtualTime | null = null;

/**
 * The time of everything in this process, for as long as a session is open: `Date`, `performance.now`, `setTimeout` and
 * `setInterval`, also where they were taken from `node:timers` or `node:timers/promises`, or `performance` was kept from before.
 * `process.hrtime`, `process.nextTick`, `queueMicrotask` and `setImmediate` stay real: sockets and the harness live on them.
 */
export class VirtualTime {
  /** What timers that keep the context of whoever set them are run in. */
  around: Around = (run) => run();
  private readonly clock: Clock;
  private readonly real: Global;
  private readonly realDateNow: () => number;
  private readonly realPerformanceNow: PropertyDescriptor | undefined;

  private constructor() {
    this.clock = clock ??= newClock();
    const { Date, setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
    this.real = { Date, setTimeout, clearTimeout, setInterval, clearInterval };
    this.realDateNow = Date.now;
    this.realPerformanceNow = Object.getOwnPropertyDescriptor(performance, 'now');
    Date.now = () => this.clock.now;
    put(fakesFor(this.clock, this.real));
    Object.defineProperty(performance, 'now', { configurable: true, writable: true, value: () => UPTIME_MS + this.now() });
    lead(this.clock);
  }

  /** Puts virtual time in the place of real time. Throws where that was done already: one process has one time. */
  static install(): VirtualTime {
    if (open !== null) throw inUse();
    return (open = new VirtualTime());
  }

  /** Milliseconds since the session began. */
  now(): number {
    return this.clock.now - START_MS;
  }

  /** How many timers are set. */
  get timers(): number {
    return this.clock.countTimers();
  }

  /**
   * Moves time, once what was begun at this moment has run: a cache may set a timer a tick after it has answered. Timers run one after the
   * other, and what each sets off goes as far as it can before the next. Resolves to whether there were any. Rejects with what a timer throws.
   */
  async advance(byMs: number): Promise<boolean> {
    await finishMoment();
    const hasTimers = this.timers > 0;
    if (hasTimers) await this.step(byMs);
    else if (open === this) this.clock.tick(byMs);
    return hasTimers;
  }

  /** Real time again. Timers that are still set are forgotten. */
  close(): void {
    if (open !== this) return;
    open = null;
    lead(null);
    put(this.real);
    Date.now = this.realDateNow;
    if (this.realPerformanceNow !== undefined) Object.defineProperty(performance, 'now', this.realPerformanceNow);
    else delete (performance as { now?: unknown }).now;
    this.clock.reset();
  }

  private async step(byMs: number): Promise<void> {
    let arrived = false;
    this.clock.setTimeout(() => {
      arrived = true;
    }, byMs);
    while (!arrived && open === this) {
      this.clock.next();
      await finishMoment();
    }
  }
}

function inUse(): TargetFault {
  return new TargetFault(
    'virtual time is in use: another session of a target in this process is open',
    'Close one session before the next is opened: one process has one time.',
  );
}

function newClock(): Clock {
  const made = createClock(START_MS, LOOP_LIMIT);
  const around: Around = (run) => (open === null ? run() : open.around(run));
  made.setTimeout = keepsContext(made.setTimeout, around);
  made.setInterval = keepsContext(made.setInterval, around);
  Object.defineProperty(made.setTimeout, promisify.custom, { value: sleep });
  return made;
}

/** One by one: sessions are opened and closed by the thousand. */
function put({ Date, setTimeout, clearTimeout, setInterval, clearInterval }: Global): void {
  globalThis.Date = Date;
  globalThis.setTimeout = setTimeout;
  globalThis.clearTimeout = clearTimeout;
  globalThis.setInterval = setInterval;
  globalThis.clearInterval = clearInterval;
}

let faked: { readonly real: Global; readonly fakes: Global } | null = null;

/** The same as the last time, unless somebody has replaced real time meanwhile. */
function fakesFor(virtual: Clock, real: Global): Global {
  const isKnown = faked !== null && GLOBALS.every((name) => faked!.real[name] === real[name]);
  if (!isKnown) faked = { real, fakes: fakes(virtual, real) as unknown as Global };
  return faked!.fakes;
}

/** What stands in for the globals. Timers from before the session are the real ones, and are cleared as such. */
function fakes(virtual: Clock, real: Global): Record<keyof Global, unknown> {
  const isReal = (timer: unknown): boolean => timer instanceof RealTimer;
  return {
    Date: virtual.Date,
    setTimeout: virtual.setTimeout,
    setInterval: virtual.setInterval,
    clearTimeout: (timer: never) => (isReal(timer) ? real.clearTimeout(timer) : virtual.clearTimeout(timer)),
    clearInterval: (timer: never) => (isReal(timer) ? real.clearInterval(timer) : virtual.clearInterval(timer)),
  };
}

const sample = setTimeout(() => {}, 0);
clearTimeout(sample);
const RealTimer = sample.constructor as new () => unknown;
