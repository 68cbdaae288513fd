import { drawSeed } from '../campaign/check-isolation.ts';
import { suggestion } from '../campaign/closest.ts';
import { EXIT, type ExitCode } from '../campaign/exit-code.ts';
import { writeWhole } from '../campaign/keep.ts';
import type { Proof } from '../campaign/protocol.ts';
import type { Ended } from '../campaign/supervise.ts';
import { toolOf } from '../campaign/tool.ts';
import { UsageProblem } from '../campaign/usage-problem.ts';
import { paintOf } from '../report/paint.ts';
import { grouped } from '../report/verdict.ts';
import { hang } from '../report/wrap.ts';
import { type Incident, incidents } from './built-in.ts';
import { Interrupts } from './interrupts.ts';
import { openSession } from './session.ts';
import type { Terminal } from './terminal.ts';

export interface SelftestFlags {
  /** A file, or `-` for standard output. */
  readonly json?: string | undefined;
  readonly seed?: number | undefined;
  /** How many seeds must find each planted bug, each on its own. */
  readonly seeds: number;
}

const HANG_MS = 60_000;

/** `keyhole selftest`: every planted bug must be found, be shrunk to its minimum, and be gone without its fault. */
export async function selftest(ids: readonly string[], flags: SelftestFlags, terminal: Terminal): Promise<ExitCode> {
  const chosen = await choose(ids);
  const seed = flags.seed ?? drawSeed();
  terminal.say(`keyhole ${toolOf().version} self-test: ${chosen.length} planted bugs, ${flags.seeds} seeds from ${seed}`);
  const table = new Table(chosen, terminal, flags.json === '-' ? terminal.write : terminal.print);
  const { supervisor } = await openSession({ config: null, hangMs: HANG_MS });
  const interrupts = new Interrupts(supervisor, (text) => terminal.say(text));
  const proofs: Proof[] = [];
  try {
    table.head();
    for (const incident of chosen) {
      if (interrupts.interrupted) break;
      const ended = await supervisor.run<'prove'>({ kind: 'prove', fixture: incident.id, seed, seeds: flags.seeds });
      const proof = proofFrom(ended, incident);
      proofs.push(proof);
      table.row(proof);
    }
  } finally {
    interrupts.close();
    await supervisor.close();
  }
  const failed = proofs.filter(({ problems }) => problems.length > 0);
  table.foot(proofs, failed);
  const json = `${JSON.stringify({ schema: 'keyhole.selftest/1', tool: toolOf(), seed, seeds: flags.seeds, fixtures: proofs }, null, 2)}\n`;
  if (flags.json === '-') terminal.print(json);
  else if (flags.json !== undefined) await writeWhole(flags.json, json);
  terminal.say(`Seed ${seed}. Again with: ${terminal.command} selftest --seed ${seed} --seeds ${flags.seeds}`);
  if (interrupts.interrupted) return EXIT.interrupted;
  return failed.length === 0 ? EXIT.holds : EXIT.fault;
}

async function choose(ids: readonly string[]): Promise<readonly Incident[]> {
  const all = await incidents();
  if (ids.length === 0) return all;
  const known = all.map(({ id }) => id);
  return ids.map((id) => {
    const found = all.find((incident) => incident.id === id);
    if (found === undefined)
      throw new UsageProblem([`There is no fixture "${id}".`, suggestion(id, known)].join(' ').trim(), `There are: ${known.join(', ')}.`);
    return found;
  });
}

function proofFrom(ended: Ended<Proof>, { id, class: mechanism, title, minimal }: Incident): Proof {
  switch (ended.how) {
    case 'done':
      return ended.result;
    case 'problem':
      throw new UsageProblem(ended.problem, ended.remedy);
    case 'fault':
    case 'died': {
      const why = ended.how === 'fault' ? ended.message : `its thread was lost (${ended.death}) ${ended.said}`;
      return {
        id,
        class: mechanism,
        title,
        found: false,
        operationsToFailure: null,
        size: null,
        minimalSize: minimal.size,
        certified: false,
        seconds: 0,
        twinHolds: false,
        problems: [why],
      };
    }
  }
}

/** The result of each planted bug, as soon as it is there. */
class Table {
  private readonly name: number;
  private readonly terminal: Terminal;
  private readonly out: (text: string) => void;

  constructor(chosen: readonly Incident[], terminal: Terminal, out: (text: string) => void) {
    this.terminal = terminal;
    this.out = out;
    this.name = Math.max(...chosen.map(({ id }) => id.length));
  }

  head(): void {
    this.line(['', 'CLASS', 'OPERATIONS', 'SIZE', 'TWIN', 'SECONDS'], 'FIXTURE');
  }

  row(proof: Proof): void {
    const { operationsToFailure: operations, size, minimalSize, certified, problems } = proof;
    const shrunk = size === null ? '-' : `${size}${size === minimalSize && certified ? '' : `/${minimalSize}`}`;
    this.line(
      [
        problems.length === 0 ? 'ok' : 'FAILS',
        proof.class,
        operations === null ? 'not found' : grouped(operations.median),
        shrunk,
        proof.twinHolds ? 'holds' : 'LEAKS',
        proof.seconds.toFixed(1),
      ],
      proof.id,
    );
    for (const problem of problems.slice(0, 3)) this.out(`${hang(problem, this.terminal.width, '      ').join('\n')}\n`);
  }

  foot(proofs: readonly Proof[], failed: readonly Proof[]): void {
    const operations = proofs.flatMap((proof) => proof.operationsToFailure ?? []);
    const median = middle(operations.map((one) => one.median));
    const said =
      failed.length === 0
        ? `All ${proofs.length} planted bugs were found from every seed and shrunk to their proven minimum; none of their twins leaks.`
        : `${failed.length} of ${proofs.length} planted bugs: not all is as it should be (${failed.map(({ id }) => id).join(', ')}).`;
    const legend =
      'OPERATIONS: until the search alone met the bug, median over the seeds. SIZE: operations of the shortest program that shows it. TWIN: the same cache without the bug.';
    this.out(`\n${hang(said, this.terminal.width, '').join('\n')}\n`);
    if (operations.length > 0)
      this.out(
        `${hang(`Operations to the first failure, median over the planted bugs: ${grouped(median)}; the worst 90th percentile: ${grouped(Math.max(...operations.map((one) => one.p90)))}.`, this.terminal.width, '').join('\n')}\n`,
      );
    this.out(`${hang(legend, this.terminal.width, '').join('\n')}\n`);
  }

  private line([mark, mechanism, operations, size, twin, seconds]: readonly string[], name: string): void {
    const paint = paintOf(this.terminal.colour);
    const shown = mark!.padEnd(5);
    const coloured = mark === '' ? shown : paint(mark === 'ok' ? 'green' : 'red', shown);
    this.out(
      `${coloured} ${name.padEnd(this.name)}  ${mechanism!.padEnd(5)}  ${operations!.padStart(10)}  ${size!.padStart(4)}  ${twin!.padEnd(5)}  ${seconds!.padStart(7)}\n`,
    );
  }
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length / 2) - 1)] ?? 0;
}
