/** How much longer than the slowest of late an answer may take before its absence means something. */
const MARGIN = 3;
const LEAST_MS = 2;
const MOST_MS = 150;
/** What is left of an old maximum with each new measurement. */
const FADING = 0.9;

/**
 * How fast a server and this machine are at present. A call that waits inside a cache is told from one that is only slow by time alone
 * where the server has several workers: nobody else knows which of them has it. What is long enough depends on how busy the machine is.
 */
export class Pace {
  private slowestMs = LEAST_MS / MARGIN;

  /** Takes in how long something took that nothing held back. */
  note(ms: number): void {
    this.slowestMs = Math.max(ms, this.slowestMs * FADING);
  }

  /** After so long without any change, what has not come will not come by itself. */
  get patienceMs(): number {
    return Math.min(MOST_MS, Math.max(LEAST_MS, MARGIN * this.slowestMs));
  }
}
