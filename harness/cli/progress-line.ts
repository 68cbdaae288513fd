import type { Onlooker } from '../campaign/campaign.ts';
import type { Progress } from '../campaign/api.ts';
import type { TargetReport } from '../report/document.ts';
import { visible } from '../report/escape.ts';
import { grouped, verdictWords } from '../report/verdict.ts';
import type { Terminal } from './terminal.ts';

/** Without a screen, a line in this many ms. */
const INTERVAL_MS = 10_000;

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
  private shownAt: number = performance.now();
  private isShown = false;

  constructor(terminal: Terminal) {
    this.terminal = terminal;
  }

  progress(progress: Progress): void {
    const { live, width, paint } = this.terminal;
    const time = performance.now();
    if (!live && time - this.shownAt < INTERVAL_MS) return;
    this.shownAt = time;
    const line = this.lineOf(progress);
    if (!live) {
      this.terminal.say(line);
      return;
    }
    // A line that is wrapped by the screen could not be rewritten.
    this.terminal.write(`\r\u001b[2K${paint('dim', [...line].slice(0, width - 1).join(''))}`);
    this.isShown = true;
  }

  ended(report: TargetReport): void {
    this.clear();
    const { word, expectation } = verdictWords(report);
    const verdict = `${word.toLowerCase()}${expectation === '' ? '' : ` (${expectation})`}`;
    this.terminal.say(`${report.target}: ${verdict}, ${grouped(report.runs)} programs, ${report.seconds.toFixed(1)} s`);
  }

  /** Takes the line off the screen. */
  clear(): void {
    if (this.isShown) this.terminal.write('\r\u001b[2K');
    this.isShown = false;
  }

  private lineOf({ target, phase, runs, of, violations }: Progress): string {
    const programs = of === 0 ? `${grouped(runs)} programs` : `${grouped(Math.min(runs, of))} of ${grouped(of)} programs`;
    const found = violations === 0 ? '' : `, ${violations} ${violations === 1 ? 'leak' : 'leaks'}`;
    const seconds = Math.round((performance.now() - this.started) / 1000);
    return visible(`${target}: ${PHASES[phase]}, ${programs}${found}, ${seconds} s`);
  }
}
