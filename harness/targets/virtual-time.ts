import { performance } from 'node:perf_hooks';
import { type Clock, createClock } from '@sinonjs/fake-timers';
import { type Around, keepsContext } from './function-storages.ts';
import { TargetFault } from './target.ts';
import { START_MS } from './virtual-time-clocks.ts';
import { lead } from './virtual-time-modules.ts';
import { finishMoment } from './virtual-time-turns.ts';

/** Calls of timers in one step of time, before it is taken for an endless loop. */
const LOOP_LIMIT = 1_000_000;

/** Timers that are run when a session is over: more than any package needs for what all of its caches share. */
const RUN_OUT_MAX = 64;

/** What the clock keeps of a timer. */
interface Timer {
  readonly type: string;
  readonly callAt: number;
}

const NO_TIMERS: ReadonlyMap<number, Timer> = new Map();

type Timing = Pick<typeof globalThis, 'setTimeout' | 'clearTimeout' | 'setInterval' | 'clearInterval'>;

/** What follows the time of a session, or the real one while none is open. */
const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
const FOLLOWING: Timing = { setTimeout, clearTimeout, setInterval, clearInterval };
const { now: followingNow } = performance;

let clock: Clock | null = null;
let open: VirtualTime | null = null;

/**
 * The time of everything in this process, for as long as a session is open: `Date`, `performance.now`, `process.hrtime`, `process.uptime`,
 * `setTimeout`, `setInterval` and `AbortSignal.timeout`, also where they were taken from a module, or kept from before.
 * `process.nextTick`, `queueMicrotask` and `setImmediate` stay real: sockets and the harness live on them.
 */
export class VirtualTime {
  /** What timers that keep the context of whoever set them are run in. */
  around: Around = (run) => run();
  private readonly clock: Clock;
  private readonly realDate: DateConstructor;
  /** Timers and a clock that somebody else has put into the place of those that follow. */
  private readonly others: Timing | null;
  private readonly otherNow: PropertyDescriptor | undefined;
  private readonly hasOtherNow: boolean;

  private constructor() {
    this.clock = clock ??= newClock();
    this.realDate = globalThis.Date;
    this.others = isFollowing(globalThis) ? null : timingOf(globalThis);
    this.hasOtherNow = performance.now !== followingNow;
    if (this.hasOtherNow) this.otherNow = Object.getOwnPropertyDescriptor(performance, 'now');
    globalThis.Date = this.clock.Date;
    if (this.others !== null) put(FOLLOWING);
    if (this.hasOtherNow) Object.defineProperty(performance, 'now', { configurable: true, writable: true, value: followingNow });
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

  /** In how many ms the next timer is due; infinity where none is set. */
  get dueMs(): number {
    let due = Number.POSITIVE_INFINITY;
    for (const { callAt } of this.set.values()) due = Math.min(due, callAt - this.clock.now);
    return due;
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

  /**
   * Lets the timers run that are still set, but for those that come again and again: a package may keep for all of its caches what a timer is to take
   * back. What they throw is of no matter any more. Returns whether there were any.
   */
  runOut(): boolean {
    for (const [id, { type }] of this.set) if (type === 'Interval') this.clock.clearInterval(id);
    if (this.timers === 0) return false;
    for (let count = 0; count < RUN_OUT_MAX && this.timers > 0; count++)
      try {
        this.clock.next();
      } catch {
        // The session is over.
      }
    return true;
  }

  /** Real time again. Timers that are still set are forgotten. */
  close(): void {
    if (open !== this) return;
    open = null;
    lead(null);
    globalThis.Date = this.realDate;
    if (this.others !== null) put(this.others);
    if (this.otherNow !== undefined) Object.defineProperty(performance, 'now', this.otherNow);
    else if (this.hasOtherNow) delete (performance as { now?: unknown }).now;
    this.clock.reset();
  }

  /** The timers that are set, by their number. */
  private get set(): ReadonlyMap<number, Timer> {
    return (this.clock as Clock & { readonly timers?: ReadonlyMap<number, Timer> }).timers ?? NO_TIMERS;
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
  return made;
}

function timingOf({ setTimeout: timeout, clearTimeout: clear, setInterval: interval, clearInterval: stop }: Timing): Timing {
  return { setTimeout: timeout, clearTimeout: clear, setInterval: interval, clearInterval: stop };
}

function isFollowing(timing: Timing): boolean {
  return (
    timing.setTimeout === FOLLOWING.setTimeout &&
    timing.clearTimeout === FOLLOWING.clearTimeout &&
    timing.setInterval === FOLLOWING.setInterval &&
    timing.clearInterval === FOLLOWING.clearInterval
  );
}

function put(timing: Timing): void {
  Object.assign(globalThis, timing);
}
