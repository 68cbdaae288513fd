import * as fc from 'fast-check';
import type { Operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import type { Session } from '../../models/origin.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { play } from '../run/run.ts';
import { Stage } from '../run/stage.ts';
import type { Step } from '../run/step.ts';
import { alphabetOf } from '../search/alphabet.ts';
import { type Capabilities, IN_PROCESS } from '../targets/capabilities.ts';
import { quiet, turnsOf } from './clock.ts';
import type { Measured } from './subjects.ts';

const SEED = 1;
const TURNS = 20;
/** As for the other opponents. */
const PLAIN: Capabilities = { ...IN_PROCESS, concurrent: false, channels: false, publish: false, credentials: ['bearer'] };

type Fields = Readonly<Record<string, unknown>>;

/** One kind of operation: its fields, the values that each takes, and the step of each combination. */
interface Kind {
  readonly names: readonly string[];
  readonly values: readonly (readonly unknown[])[];
  readonly steps: readonly (Step | undefined)[];
}

/**
 * The same operations, session and judges under a plain property: programs are an `fc.array` of `fc.oneof` of an `fc.record` for each
 * kind, of exactly this length, which a loop interprets. No commands, and so none of what they cost.
 */
export async function measureArray(open: (stage: Stage) => Session, length: number, operations: number): Promise<Measured> {
  const stage = new Stage(PLAIN_WORLD, { terms: { told: true }, lifetimes: 'granted', properties: PROPERTIES, record: false });
  const session = open(stage);
  const kinds = kindsOf(stage);
  const record = ([op, { names, values }]: [string, Kind]): fc.Arbitrary<Fields> =>
    fc.record({ op: fc.constant(op), ...Object.fromEntries(names.map((name, place) => [name, fc.constantFrom(...values[place]!)])) });
  const programs = fc.array(fc.oneof(...[...kinds].map(record)), { minLength: length, maxLength: length, size: 'max' });
  const steps: Step[] = [];
  let seed = SEED;
  const run = (): number => {
    const numRuns = Math.ceil(operations / TURNS / length);
    const property = fc.property(programs, (program) => {
      for (let place = 0; place < length; place++) steps[place] = stepOf(kinds, program[place]!);
      play(stage, session, steps, length);
      void session.close();
      if (stage.breaches.length > 0) throw new Error('leaked');
    });
    fc.assert(property, { numRuns, seed: seed++ });
    return numRuns * length;
  };
  for (let turn = 0; turn < TURNS / 4; turn++) run();
  return { array: quiet(await turnsOf(TURNS, run)) };
}

function kindsOf(stage: Stage): ReadonlyMap<string, Kind> {
  const { blocks, operations } = alphabetOf(stage.world, PLAIN);
  return new Map(blocks.map(({ kind, base, count }) => [kind, kindOf(stage, operations.slice(base, base + count))]));
}

function kindOf(stage: Stage, letters: readonly Operation[]): Kind {
  const names = Object.keys(letters[0]!).filter((name) => name !== 'op');
  const values = names.map((name) => [...new Set(letters.map((letter) => (letter as unknown as Fields)[name]))]);
  const steps: (Step | undefined)[] = [];
  for (const letter of letters) steps[placeOf(names, values, letter as unknown as Fields)] = stage.compile(letter);
  return { names, values, steps };
}

function stepOf(kinds: ReadonlyMap<string, Kind>, fields: Fields): Step {
  const { names, values, steps } = kinds.get(fields['op'] as string)!;
  const step = steps[placeOf(names, values, fields)];
  // A camera cannot be shared with its owner, and the like: fields that do not go together stand for some that do.
  return step ?? steps.find((other) => other !== undefined)!;
}

function placeOf(names: readonly string[], values: readonly (readonly unknown[])[], fields: Fields): number {
  let place = 0;
  for (let index = 0; index < names.length; index++) place = place * values[index]!.length + values[index]!.indexOf(fields[names[index]!]);
  return place;
}
