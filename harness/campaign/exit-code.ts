import type { TargetReport } from '../report/document.ts';

/** What the process ends with. Scripts depend on these numbers: none ever changes its meaning. */
export const EXIT = {
  /** Everything that was checked holds. */
  holds: 0,
  leak: 1,
  /** The command line, the configuration or a file given is wrong; nothing was checked. */
  usage: 2,
  /** A target, or what it stands on, is at fault. */
  fault: 3,
  /** Nothing leaked, and that means too little. */
  inconclusive: 4,
  /** Ended by Ctrl-C, with what was found so far. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The code of the most serious verdict: a leak before a fault, a fault before an open question. */
export function exitCodeOf(reports: readonly TargetReport[]): ExitCode {
  if (reports.some((report) => report.verdict === 'violated')) return EXIT.leak;
  if (reports.some((report) => report.fault)) return EXIT.fault;
  return reports.every((report) => report.verdict === 'holds') ? EXIT.holds : EXIT.inconclusive;
}
