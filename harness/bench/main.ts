import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureExhaustive } from './exhaustive.ts';
import { measureAblation, measureDetection } from './hunts.ts';
import { measureShrinking } from './shrinking.ts';
import type { Measured } from './subjects.ts';

/** What was measured of one subject at one length of program. Ratios are of medians, each subject in a process of its own. */
interface Throughput {
  readonly subject: string;
  readonly operationsPerProgram: number;
  readonly operationsPerSecond: number;
  /** What checking adds to a bare replay of the same programs, over one `lru-cache` get or set. */
  readonly checkingCostToLruCacheOp: number;
  /** Time of a bare replay over the time of a checked run: 1 would be checking for nothing. */
  readonly ratioToBareLoop: number;
  /** How many times the pace of `fc.commands` with the same judges. */
  readonly ratioToFcCommands: number;
  readonly bytesPerOperation: number;
}

const SUBJECTS = ['null', 'lru', 'tiered'] as const;
const LENGTHS = [8, 50, 500] as const;
const OPERATIONS = { null: 4_000_000, lru: 2_000_000, tiered: 2_000_000, commands: 100_000, 'lru-cache': 10_000_000 } as const;
/** What can be measured alone, with `--only`. */
const PARTS: readonly string[] = ['throughput', 'detection', 'ablation', 'shrinking', 'exhaustive'];
/** Goals of the design, checked here and never in a timed test. */
const GOALS = { cost: { 8: 1.2, 50: 0.5, 500: 0.5 }, commands: 5, bytes: 1 } as const;

const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string', multiple: true } } });
const parts = values.only ?? PARTS;
for (const part of parts) if (!PARTS.includes(part)) throw new Error(`There is no part ${part}: there are ${PARTS.join(', ')}.`);
const throughput = parts.includes('throughput') ? measureAll() : undefined;
if (throughput !== undefined) print(throughput);
const detection = parts.includes('detection') ? await measureDetection() : undefined;
const ablation = parts.includes('ablation') ? await measureAblation() : undefined;
const shrinking = parts.includes('shrinking') ? await measureShrinking() : undefined;
const exhaustive = parts.includes('exhaustive') ? await measureExhaustive() : undefined;
if (values.json !== undefined)
  writeFileSync(
    values.json,
    `${JSON.stringify({ schema: 'keyhole.bench/1', machine: machine(), throughput, detection, ablation, shrinking, exhaustive }, null, 2)}\n`,
  );

function measureAll(): Throughput[] {
  return SUBJECTS.flatMap((subject) =>
    LENGTHS.map((length) => {
      // The opponents are measured next to each subject, so that a machine whose pace drifts treats them alike.
      const { lruCache } = measure('lru-cache', '-', 0, OPERATIONS['lru-cache']);
      const { checked, bare, added, bytes } = measure('subject', subject, length, OPERATIONS[subject]);
      const { commands } = measure('commands', subject, length, OPERATIONS.commands);
      return {
        subject,
        operationsPerProgram: length,
        operationsPerSecond: Math.round(1e9 / checked!),
        checkingCostToLruCacheOp: round(added! / lruCache!),
        ratioToBareLoop: round(bare! / checked!),
        ratioToFcCommands: round(commands! / checked!),
        bytesPerOperation: round(bytes!),
      };
    }),
  );
}

function measure(what: string, subject: string, length: number, operations: number): Measured {
  const script = fileURLToPath(new URL('process.ts', import.meta.url));
  // A young generation that holds a whole round: what is measured is checking, not one pause of the collector more or less.
  const flags = ['--expose-gc', '--max-semi-space-size=512', '--min-semi-space-size=512', '--import', 'tsx'];
  return JSON.parse(execFileSync(process.execPath, [...flags, script, what, subject, `${length}`, `${operations}`], { encoding: 'utf8' })) as Measured;
}

function print(rows: readonly Throughput[]): void {
  const { model, cores, node } = machine();
  console.log(`${model}, ${cores} cores, Node ${node}\n`);
  console.log('subject  ops/program      ops/s  cost/lru-cache op  bare/checked  x fc.commands  bytes/op  goals');
  for (const row of rows) {
    const { subject, operationsPerProgram: length } = row;
    const missed = missedGoals(row);
    console.log(
      [
        subject.padEnd(7),
        `${length}`.padStart(13),
        row.operationsPerSecond.toLocaleString('en').padStart(11),
        row.checkingCostToLruCacheOp.toFixed(2).padStart(18),
        row.ratioToBareLoop.toFixed(2).padStart(13),
        row.ratioToFcCommands.toFixed(1).padStart(14),
        row.bytesPerOperation.toFixed(2).padStart(9),
        missed.length === 0 ? '  met' : `  missed: ${missed.join(', ')}`,
      ].join(''),
    );
  }
}

function missedGoals(row: Throughput): string[] {
  const missed: string[] = [];
  const limit = GOALS.cost[row.operationsPerProgram as keyof typeof GOALS.cost];
  if (row.checkingCostToLruCacheOp > limit) missed.push(`cost over ${limit}`);
  // Harness against harness: where a model takes most of the time, both opponents wait for the same model.
  if (row.subject === 'null' && row.ratioToFcCommands < GOALS.commands) missed.push(`under ${GOALS.commands} times fc.commands`);
  // What a model allocates is its own affair: only the session that does nothing shows what the harness does.
  if (row.subject === 'null' && row.bytesPerOperation >= GOALS.bytes) missed.push(`${GOALS.bytes} byte or more`);
  return missed;
}

function machine(): { model: string; cores: number; node: string } {
  const processors = cpus();
  return { model: processors[0]?.model.trim() ?? 'unknown processor', cores: processors.length, node: process.versions.node };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
