import type { Operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab } from '../run/lab.ts';
import { compile } from '../run/run.ts';
import { alphabetOf } from '../search/alphabet.ts';
import { enumerateStates } from '../search/enumerate-states.ts';
import { enumerate, type Enumeration } from '../search/enumerate.ts';
import { statesOf } from '../search/fingerprint.ts';
import { soundPolicies } from '../search/soundness.ts';
import { REFERENCE_MODELS } from '../targets/reference.ts';
import type { Target } from '../targets/target.ts';
import { apart } from './apart.ts';
import { median } from './clock.ts';
import type { Measured } from './subjects.ts';

/** What it takes to try everything up to a depth in the plainest world, users and cameras up to renaming. */
export interface Exhaustive {
  readonly subject: string;
  readonly depth: number;
  /** Programs that were judged. */
  readonly programs: number;
  /** Different states that were gone on from; null where it went on from every program. */
  readonly states: number | null;
  /** Median wall time, of what a process has done before. */
  readonly milliseconds: number;
  /** The same of the first time in a process, where it was measured: a check does it once. */
  readonly firstMilliseconds: number | null;
}

const BY_PROGRAMS = 3;
const BY_STATES = [3, 4, 5] as const;
const ROUNDS = 3;
const GOAL_MS = 50;

export async function measureExhaustive(): Promise<Exhaustive[]> {
  const rows: Exhaustive[] = [];
  console.log('');
  for (const target of REFERENCE_MODELS) {
    rows.push(await measured(target, BY_PROGRAMS, false));
    for (const depth of BY_STATES) if (statesOf(new Lab(target, PROPERTIES), stageOf(target)) !== null) rows.push(await measured(target, depth, true));
  }
  for (const row of rows) print(row);
  return rows;
}

/** What a check spends on it, which does it once: the very first time in a process that has compiled nothing yet, in ms. */
export async function measureFirst(name: string): Promise<Measured> {
  const target = REFERENCE_MODELS.find((model) => model.name === name);
  if (target === undefined) throw new Error(`There is no subject ${name}.`);
  const started = performance.now();
  await walk(target, BY_PROGRAMS, false);
  return { milliseconds: performance.now() - started };
}

async function measured(target: Target, depth: number, byStates: boolean): Promise<Exhaustive> {
  const times: number[] = [];
  let walked: Enumeration | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    walked = await walk(target, depth, byStates);
    times.push(performance.now() - started);
  }
  const { programs, states = null } = walked!;
  const first = depth === BY_PROGRAMS && !byStates ? median(Array.from({ length: ROUNDS }, () => apart('first', target.name)['milliseconds']!)) : null;
  return { subject: target.name, depth, programs, states, milliseconds: tenths(median(times)), firstMilliseconds: first === null ? null : tenths(first) };
}

function walk(target: Target, depth: number, byStates: boolean): Promise<Enumeration> {
  const lab = new Lab(target, PROPERTIES);
  const stage = stageOf(target);
  const alphabet = alphabetOf(stage.world, { ...target.capabilities, restart: false, purge: false });
  const visit = (operations: readonly Operation[]): boolean => {
    const steps = compile(stage, operations);
    void lab.run(stage, steps, steps.length);
    if (stage.breaches.length > 0) throw new Error(`${target.name} should hold and has leaked: its figures would mean nothing.`);
    return true;
  };
  const options = { depth, budget: Number.POSITIVE_INFINITY };
  return byStates ? enumerateStates(alphabet, options, { visit, state: statesOf(lab, stage)! }) : enumerate(alphabet, options, visit);
}

function print({ subject, depth, programs, states, milliseconds, firstMilliseconds }: Exhaustive): void {
  const from = states === null ? '' : ` from ${states.toLocaleString('en')} states`;
  const cold = firstMilliseconds === null ? '' : `, ${firstMilliseconds} ms the first time in a process`;
  const goal = firstMilliseconds === null ? '' : `  ${missed(milliseconds, firstMilliseconds)}`;
  console.log(`${subject.padEnd(16)} depth ${depth}: ${programs.toLocaleString('en')} programs${from}, ${milliseconds} ms${cold}${goal}`);
}

function missed(warm: number, first: number): string {
  if (first <= GOAL_MS) return 'met';
  return warm <= GOAL_MS ? `met once it is compiled, missed before: over ${GOAL_MS} ms` : `missed: over ${GOAL_MS} ms`;
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

function stageOf(target: Target): ReturnType<Lab['stage']> {
  return new Lab(target, PROPERTIES).stage(worldOf(target));
}

function worldOf({ capabilities }: Target): World {
  return capabilities.lifetimes === 'http' ? { ...PLAIN_WORLD, policies: [soundPolicies('bearer')[0]!] } : PLAIN_WORLD;
}
