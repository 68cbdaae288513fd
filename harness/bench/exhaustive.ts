import type { Operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab } from '../run/lab.ts';
import { compile } from '../run/run.ts';
import { alphabetOf } from '../search/alphabet.ts';
import { enumerateStates } from '../search/enumerate-states.ts';
import { enumerate } from '../search/enumerate.ts';
import { statesOf } from '../search/fingerprint.ts';
import { soundPolicies } from '../search/soundness.ts';
import { REFERENCE_MODELS } from '../targets/reference.ts';
import type { Target } from '../targets/target.ts';

/** What it takes to try everything up to a depth in the plainest world, users and cameras up to renaming. */
export interface Exhaustive {
  readonly subject: string;
  readonly depth: number;
  /** Programs that were judged. */
  readonly programs: number;
  /** Different states that were gone on from; null where it went on from every program. */
  readonly states: number | null;
  /** Median wall time. */
  readonly milliseconds: number;
}

const BY_PROGRAMS = 3;
const BY_STATES = [3, 4, 5] as const;
const ROUNDS = 3;

export async function measureExhaustive(): Promise<Exhaustive[]> {
  const rows: Exhaustive[] = [];
  for (const target of REFERENCE_MODELS) {
    rows.push(await measured(target, BY_PROGRAMS, false));
    for (const depth of BY_STATES) if (statesOf(new Lab(target, PROPERTIES), stageOf(target)) !== null) rows.push(await measured(target, depth, true));
  }
  for (const { subject, depth, programs, states, milliseconds } of rows)
    console.log(
      `${subject.padEnd(16)} depth ${depth}: ${programs.toLocaleString('en')} programs${states === null ? '' : ` from ${states.toLocaleString('en')} states`}, ${milliseconds} ms`,
    );
  return rows;
}

async function measured(target: Target, depth: number, byStates: boolean): Promise<Exhaustive> {
  const times: number[] = [];
  let programs = 0;
  let states: number | null = null;
  for (let round = 0; round < ROUNDS; round++) {
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
    const state = statesOf(lab, stage)!;
    const started = performance.now();
    const walked = byStates ? await enumerateStates(alphabet, options, { visit, state }) : await enumerate(alphabet, options, visit);
    times.push(performance.now() - started);
    programs = walked.programs;
    states = walked.states ?? null;
  }
  return { subject: target.name, depth, programs, states, milliseconds: Math.round(times.toSorted((a, b) => a - b)[ROUNDS >> 1]! * 10) / 10 };
}

function stageOf(target: Target): ReturnType<Lab['stage']> {
  return new Lab(target, PROPERTIES).stage(worldOf(target));
}

function worldOf({ capabilities }: Target): World {
  return capabilities.lifetimes === 'http' ? { ...PLAIN_WORLD, policies: [soundPolicies('bearer')[0]!] } : PLAIN_WORLD;
}
