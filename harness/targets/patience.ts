/** Real time for what cannot be seen, such as a thread that computes. */
const LONG_MS = 1000;
const SHORT_MS = 20;
/** How often it is waited in vain for long, as for a caller whom a cache has forgotten, before it is done no more. */
const VAIN = 8;

/** The same where a timer of the target can help as well. */
const TIMERS_MS = 2;
const TIMERS_VAIN = 64;

/** How long one waits for a target in real time: what never came of waiting for long is not waited for again and again. */
export class Patience {
  private vain = 0;
  private vainWithTimers = 0;
  private wasRewarded = false;

  get ms(): number {
    return this.wasRewarded || this.vain < VAIN ? LONG_MS : SHORT_MS;
  }

  /** Before time is moved: a cache that only ever waits for its own timers need not be waited for. */
  get withTimersMs(): number {
    return this.wasRewarded || this.vainWithTimers < TIMERS_VAIN ? TIMERS_MS : 0;
  }

  /** It was waited, and something came of it or not. */
  waited(isRewarded: boolean, hasTimers: boolean): void {
    if (isRewarded) this.wasRewarded = true;
    else if (hasTimers) this.vainWithTimers++;
    else this.vain++;
  }
}
