import type { Progress } from '../campaign/api.ts';
import type { Onlooker } from '../campaign/campaign.ts';
import type { TargetReport } from '../report/document.ts';
import { visible } from '../report/escape.ts';
import { grouped, verdictWords } from '../report/verdict.ts';
import type { Terminal } from './terminal.ts';

/** A line is drawn again in this many ms, so that its clock goes on while nothing is heard; without a screen, a line is written. */
const INTERVAL_MS = { live: 250, lines: 10_000 };
/** Nothing heard for this long is worth saying, in s. */
const QUIET_S = 5;

const PHASES: Readonly<Record<Progress['phase'], string>> = {
  wiring: 'testing the wiring',
  corpus: 'replaying kept counterexamples',
  enumerate: 'trying all short programs',
  search: 'searching',
  shrink: 'shrinking what leaked',
  done: 'done',
};

/** Shows how far a check is: one line that is rewritten on a screen, a line now and then elsewhere. */
export class ProgressLine implements Onlooker {
  private readonly terminal: Terminal;
  private readonly started: number = performance.now();
  private readonly timer: NodeJS.Timeout;
  private latest: Progress | null = null;
  private heardAt: number = performance.now();
  private isShown = false;

  constructor(terminal: Terminal) {
    this.terminal = terminal;
    this.timer = setInterval(() => this.draw(), terminal.live ? INTERVAL_MS.live : INTERVAL_MS.lines);
  }

  progress(progress: Progress): void {
    this.latest = progress;
    this.heardAt = performance.now();
  }

  ended(report: TargetReport): void {
    this.latest = null;
    this.clear();
    const { word, expectation } = verdictWords(report);
    const verdict = `${word.toLowerCase()}${expectation === '' ? '' : ` (${expectation})`}`;
    this.terminal.say(`${report.target}: ${verdict}, ${grouped(report.runs)} programs, ${report.seconds.toFixed(1)} s`);
  }

  close(): void {
    clearInterval(this.timer);
    this.clear();
  }

  /** Takes the line off the screen. */
  clear(): void {
    if (this.isShown) this.terminal.write('\r\u001b[2K');
    this.isShown = false;
  }

  private draw(): void {
    if (this.latest === null) return;
    const { live, width, paint } = this.terminal;
    const line = this.lineOf(this.latest);
    if (!live) {
      this.terminal.say(line);
      return;
    }
    // A line that is wrapped by the screen could not be rewritten.
    this.terminal.write(`\r\u001b[2K${paint('dim', [...line].slice(0, width - 1).join(''))}`);
    this.isShown = true;
  }

  private lineOf({ target, phase, runs, of, violations }: Progress): string {
    const programs = of === 0 ? `${grouped(runs)} programs` : `${grouped(Math.min(runs, of))} of ${grouped(of)} programs`;
    const found = violations === 0 ? '' : `, ${violations} ${violations === 1 ? 'leak' : 'leaks'}`;
    const now = performance.now();
    const quiet = Math.floor((now - this.heardAt) / 1000);
    const silence = quiet < QUIET_S ? '' : ` (nothing heard for ${quiet} s)`;
    return visible(`${target}: ${PHASES[phase]}, ${programs}${found}, ${Math.round((now - this.started) / 1000)} s${silence}`);
  }
}
