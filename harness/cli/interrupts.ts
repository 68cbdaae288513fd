import type { Supervisor } from '../campaign/supervise.ts';

/** One key press can arrive more than once, from the terminal and from the process that started this one. */
const SAME_PRESS_MS = 300;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Hears Ctrl-C: the first asks for an end, the second ends what still runs. */
export class Interrupts {
  interrupted = false;
  private readonly supervisor: Supervisor;
  private readonly tell: (text: string) => void;
  private lastMs = Number.NEGATIVE_INFINITY;
  private readonly heard = (): void => this.press();

  constructor(supervisor: Supervisor, tell: (text: string) => void) {
    this.supervisor = supervisor;
    this.tell = tell;
    for (const signal of SIGNALS) process.on(signal, this.heard);
  }

  /** From now on a signal ends the process again. */
  close(): void {
    for (const signal of SIGNALS) process.removeListener(signal, this.heard);
  }

  private press(): void {
    const time = performance.now();
    if (time - this.lastMs < SAME_PRESS_MS) return;
    this.lastMs = time;
    if (this.interrupted) {
      this.supervisor.end('killed');
      return;
    }
    this.interrupted = true;
    this.tell('Stopping after the program that runs now. Ctrl-C again ends it at once.');
    this.supervisor.stop();
  }
}
