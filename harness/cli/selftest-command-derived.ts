import { availableParallelism } from 'node:os';
import { drawSeed } from '../campaign/check-isolation.ts';
import { EXIT, type ExitCode } from '../campaign/exit-code.ts';
import { writeWhole } from '../campaign/keep.ts';
import { toolOf } from '../campaign/tool.ts';
import { grouped } from '../report/verdict.ts';
import { hang } from '../report/wrap.ts';
import { Crew } from '../selftest/crew.ts';
import { derivedIds } from '../selftest/derived-ids.ts';
import type { Judged } from '../selftest/judge-derived.ts';
import { endingOnSignals } from './ending-on-signals.ts';
import type { Terminal } from './terminal.ts';

export interface DerivedFlags {
  /** A file, or `-` for standard output. */
  readonly json?: string | undefined;
  readonly seed?: number | undefined;
  /** Operations that the search may take for each fault. */
  readonly operations: number;
  /** Programs over which a survivor is compared with its base. */
  readonly programs: number;
}

/** Of the faults that are none in disguise, this share must be found. */
const GOAL = 0.99;

/** `keyhole selftest --derived`: every fault that follows from the policies by rule must be found, and no harmless change may be accused. */
export async function selftestDerived(ids: readonly string[], flags: DerivedFlags, terminal: Terminal): Promise<ExitCode> {
  const seed = flags.seed ?? drawSeed();
  const { operations, programs } = flags;
  const chosen = derivedIds().filter((id) => ids.length === 0 || ids.some((start) => id.startsWith(start)));
  const crew = new Crew(availableParallelism());
  terminal.say(`keyhole ${toolOf().version} self-test: ${chosen.length} derived changes, seed ${seed}, ${crew.size} threads`);
  const out = flags.json === '-' ? terminal.write : terminal.print;
  const judged: Judged[] = [];
  const unheard = endingOnSignals(crew, (text) => terminal.say(text));
  try {
    await crew.run(
      chosen.map((id) => ({ kind: 'derived', id, seed, operations, programs }) as const),
      (one) => {
        judged.push(one);
        if (judged.length % 100 === 0) terminal.say(`${judged.length} of ${chosen.length}`);
      },
    );
  } finally {
    unheard();
  }
  const place = new Map(chosen.map((id, index) => [id, index]));
  judged.sort((one, other) => place.get(one.id)! - place.get(other.id)!);
  const verdict = summaryOf(judged);
  print(judged, verdict, (text, indent = '') => out(`${hang(text, terminal.width, indent).join('\n')}\n`));
  const json = `${JSON.stringify({ schema: 'keyhole.derived/1', tool: toolOf(), seed, operations, programs, summary: verdict, faults: judged }, null, 2)}\n`;
  if (flags.json === '-') terminal.print(json);
  else if (flags.json !== undefined) await writeWhole(flags.json, json);
  terminal.say(`Seed ${seed}. Again with: ${terminal.command} selftest --derived --seed ${seed} --operations ${operations} --programs ${programs}`);
  if (crew.isEnding) return EXIT.interrupted;
  return verdict.killRate >= GOAL && verdict.falselyAccused === 0 && verdict.failed === 0 ? EXIT.holds : EXIT.fault;
}

interface Summary {
  readonly faults: number;
  readonly killed: number;
  readonly equivalent: number;
  readonly alive: number;
  /** Changed caches that threw, harmless ones included. */
  readonly failed: number;
  /** Killed, of those that are not equivalent. */
  readonly killRate: number;
  readonly harmless: number;
  /** Harmless changes that were reported all the same. */
  readonly falselyAccused: number;
  readonly medianOperations: number | null;
  readonly p90Operations: number | null;
}

function summaryOf(judged: readonly Judged[]): Summary {
  const faults = judged.filter(({ expected }) => expected === 'leaks');
  const count = (fate: Judged['fate']): number => faults.filter((one) => one.fate === fate).length;
  const [killed, equivalent, alive] = [count('killed'), count('equivalent'), count('alive')];
  const operations = faults.flatMap((one) => one.operations ?? []).toSorted((one, other) => one - other);
  const at = (share: number): number | null => operations[Math.max(0, Math.ceil(share * operations.length) - 1)] ?? null;
  return {
    faults: faults.length,
    killed,
    equivalent,
    alive,
    failed: judged.filter(({ fate }) => fate === 'failed').length,
    killRate: killed + alive === 0 ? 1 : killed / (killed + alive),
    harmless: judged.length - faults.length,
    falselyAccused: judged.filter(({ expected, fate }) => expected === 'harmless' && fate === 'killed').length,
    medianOperations: at(0.5),
    p90Operations: at(0.9),
  };
}

function print(judged: readonly Judged[], summary: Summary, say: (text: string, indent?: string) => void): void {
  const bases = [...new Set(judged.map(({ base }) => base))];
  const width = Math.max('BASE'.length, ...bases.map((base) => base.length));
  say(`${'BASE'.padEnd(width)}  FAULTS  KILLED  EQUIVALENT  ALIVE  HARMLESS`);
  for (const base of bases) {
    const { faults, killed, equivalent, alive, harmless } = summaryOf(judged.filter((one) => one.base === base));
    say(
      `${base.padEnd(width)}  ${`${faults}`.padStart(6)}  ${`${killed}`.padStart(6)}  ${`${equivalent}`.padStart(10)}  ${`${alive}`.padStart(5)}  ${`${harmless}`.padStart(8)}`,
    );
  }
  for (const one of judged) {
    if (one.fate === 'alive') {
      say(`alive: ${one.id}`);
      say(`  ${one.title}. ${one.sentence}`, '  ');
    }
    if (one.fate === 'failed') say(`FAILED: ${one.id}: ${one.sentence}`, '  ');
    if (one.expected === 'harmless' && one.fate === 'killed') say(`FALSE ALARM: ${one.id}: ${one.shape} after ${grouped(one.operations!)} operations`);
  }
  const { killed, alive, equivalent, killRate, medianOperations, p90Operations, harmless, falselyAccused } = summary;
  say(
    `${grouped(killed)} of ${grouped(killed + alive)} faults that are none in disguise were found by the search alone: ${(100 * killRate).toFixed(1)} %. ${grouped(equivalent)} more never did anything that their base does not do.`,
  );
  if (medianOperations !== null) say(`Operations to the first leak: median ${grouped(medianOperations)}, 90th percentile ${grouped(p90Operations!)}.`);
  say(`${grouped(harmless)} changes took away what their base does not rest on; ${falselyAccused === 0 ? 'none' : grouped(falselyAccused)} of them reported.`);
}
