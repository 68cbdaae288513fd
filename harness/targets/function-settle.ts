import type { Stage } from '../run/stage.ts';
import type { Patience } from './patience.ts';
import { TargetFault } from './target.ts';
import { pause, realNowMs, turn } from './virtual-time-turns.ts';

/** What a session shows of itself, so that one can see whether it has come to rest. */
export interface Moving {
  readonly stage: Stage;
  /** Every caller has been answered, no hook is running and nothing went wrong. */
  isIdle(): boolean;
  /** Whether nothing but promises moves, so that idleness is all that there is to see. */
  readonly quick: boolean;
  /** What was sent and has not arrived, as on a socket: it surely comes. */
  onTheWay(): number;
  /** Hooks that have been called and have not returned. */
  hooks(): number;
  /** Changes with everything that happens. */
  stamp(): number;
  /** In how many ms of virtual time the next timer is due; infinity where none is set. */
  dueMs(): number;
  /** Moves virtual time. */
  elapse(byMs: number): Promise<unknown>;
  /** Resolves when time that is being let pass has done so, to whether that may have set anything off; null where none is. */
  passing(): Promise<boolean> | null;
  /** Resolves when whatever was sent out before it has had its effect. */
  readonly fence?: (() => Promise<void>) | undefined;
  /** Throws what went wrong meanwhile. */
  check(): void;
}

/** This many turns of the event loop without a change mean rest. */
const QUIET_TURNS = 2;
const CHANGES_MAX = 10_000;
/** Real time after which what was sent is lost. */
const LOST_MS = 10_000;
/** Real time for a hook that is not waited for any longer than it takes. */
const HOOK_MS = 50;
const NUDGE_MS = 1000;
const NUDGES = 5;
/** Virtual time that is let go by for those who wait, in ms. */
const HELPFUL_MS = NUDGES * NUDGE_MS;
/** Real time that is given before a call is taken for one that is never answered. */
const LAST_MS = 1000;

const SOON = Promise.resolve();

/** Waits until nothing moves any more in one session. */
export class Settling {
  private readonly moving: Moving;
  private readonly patience: Patience;
  /** The stamp at which real time was spent in vain. */
  private waitedAt = -1;
  /** The stamp at which rest was seen: without a change there is no need to look again. */
  private restedAt = 0;

  private look: () => void = () => {};
  // Made once a session, and not once an operation.
  private readonly arm = (): void => {
    process.nextTick(this.look);
  };

  constructor(moving: Moving, patience: Patience) {
    this.moving = moving;
    this.patience = patience;
  }

  /**
   * Resolves when every call is answered, held at the origin, or waits inside the cache. Mostly that is so as soon as no promise
   * can go on by itself: that way is kept short, since it is gone after each operation.
   */
  settle(): Promise<void> {
    return new Promise((resolve, reject) => {
      process.nextTick(() => {
        if (this.isSettled()) resolve();
        else this.settleSlowly().then(resolve, reject);
      });
    });
  }

  /** Gives real time once more to what cannot be seen. Resolves to whether anything came of it. */
  linger(): Promise<boolean> {
    const { moving } = this;
    const stamp = moving.stamp();
    return this.until(() => moving.stamp() !== stamp, LAST_MS);
  }

  /** Resolves when no hook is running any more, without a look at what hooks have set off: as {@link settle} where one does not come back by itself. */
  async settleHook(): Promise<void> {
    const { moving } = this;
    await turn();
    moving.check();
    // What it waits for may be held back by the origin, or be time.
    await this.until(() => moving.hooks() === 0 || moving.stage.held.length > 0 || moving.dueMs() <= HELPFUL_MS, HOOK_MS);
    if (moving.hooks() > 0) await this.settle();
  }

  /** Calls back as soon as no promise can go on by itself any more: when the queues of microtasks and of ticks are empty. */
  whenDrained(look: () => void): void {
    this.look = look;
    // A tick comes after all microtasks only where it is asked for by one.
    void SOON.then(this.arm);
  }

  /** Whether there is nothing more to wait for. Only to be asked when no promise can go on by itself. */
  isSettled(): boolean {
    const { moving } = this;
    return moving.fence === undefined && moving.isIdle() && (moving.quick || moving.stamp() === this.restedAt);
  }

  private async settleSlowly(): Promise<void> {
    const { moving } = this;
    if ((await moving.passing()) === false && this.isSettled()) return;
    for (let nudges = 0; ;) {
      await this.rest();
      if (moving.hooks() > 0) nudges = await this.await(nudges);
      else if (moving.isIdle() || moving.stage.held.length > 0 || !(await this.wait())) break;
    }
    this.restedAt = moving.stamp();
  }

  /** Turns of the event loop until nothing changes any more. */
  private async rest(): Promise<void> {
    const { moving } = this;
    let changes = 0;
    let lostAt = Number.POSITIVE_INFINITY;
    for (let quiet = 0; quiet < QUIET_TURNS;) {
      const before = moving.stamp();
      await turn();
      await moving.fence?.();
      moving.check();
      const changed = moving.stamp() !== before;
      if (changed && ++changes === CHANGES_MAX) throw restless();
      quiet = changed || moving.onTheWay() > 0 ? 0 : quiet + 1;
      if (changed) lostAt = Number.POSITIVE_INFINITY;
      else if (quiet === 0) lostAt = Math.min(lostAt, realNowMs() + LOST_MS);
      if (lostAt < realNowMs()) throw lost();
    }
  }

  /**
   * A hook has not returned. What it was told only binds from then on, so that nothing may be asked before: it may be waiting for
   * loads that the origin holds back, or for time to pass.
   */
  private async await(nudges: number): Promise<number> {
    const { moving } = this;
    if (moving.stage.releaseAll() > 0 || (await this.wait())) return nudges;
    if (nudges === NUDGES) throw unreturned();
    moving.stage.elapse(NUDGE_MS);
    await moving.elapse(NUDGE_MS);
    return nudges + 1;
  }

  /** Gives real time to what cannot be seen. False when nothing came of it, or did not the last time and nothing has changed since. */
  private async wait(): Promise<boolean> {
    const { moving } = this;
    const stamp = moving.stamp();
    if (stamp === this.waitedAt) return false;
    // A timer that is only due after all that time is no help.
    const hasTimers = moving.dueMs() <= HELPFUL_MS;
    const isRewarded = await this.until(() => moving.stamp() !== stamp, hasTimers ? this.patience.withTimersMs : this.patience.ms);
    this.patience.waited(isRewarded, hasTimers);
    if (!isRewarded) this.waitedAt = stamp;
    return isRewarded;
  }

  /** Gives real time until something is so, and no more than that. Resolves to whether it is. */
  private async until(isSo: () => boolean, ms: number): Promise<boolean> {
    const end = realNowMs() + ms;
    while (!isSo()) {
      if (realNowMs() >= end) return false;
      await pause(1);
      this.moving.check();
    }
    return true;
  }
}

function restless(): TargetFault {
  return new TargetFault(
    `the cache does not come to rest: ${CHANGES_MAX} turns of the event loop brought something new`,
    'Look for a retry without an end or a pause, or a refresh that starts itself anew.',
  );
}

function lost(): TargetFault {
  return new TargetFault(
    `a request or an answer was sent and has not arrived after ${LOST_MS / 1000} s`,
    'Look for what keeps the event loop busy, or stops reading from a socket.',
  );
}

function unreturned(): TargetFault {
  return new TargetFault(
    `a hook (invalidate, restart, reconfigure or advance) was called and never returned, although ${NUDGES} s of virtual time went by`,
    'Look for a promise that never settles. What a hook was told binds from the moment it returns.',
  );
}
