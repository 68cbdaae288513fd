import * as fc from 'fast-check';
import { LRUCache } from 'lru-cache';
import type { Session } from '../../models/origin.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { play } from '../run/run.ts';
import { Stage } from '../run/stage.ts';
import type { Step } from '../run/step.ts';
import { alphabetOf } from '../search/alphabet.ts';
import { Random } from '../search/random.ts';
import { type Seat, seatOf } from '../search/seat.ts';
import { type Capabilities, IN_PROCESS } from '../targets/capabilities.ts';
import { BareOrigin } from './bare.ts';
import { bytesAnOperation, median, nanoseconds, turnsOf } from './clock.ts';
import { opener } from './open.ts';
import { Settled } from './settled.ts';

/** What one process measured, in ns an operation unless said otherwise. */
export type Measured = Readonly<Record<string, number>>;

/** What the bare origin can answer for. */
const PLAIN: Capabilities = { ...IN_PROCESS, concurrent: false, channels: false, publish: false, credentials: ['bearer'] };
const SEED = 1;
/** Turns, each short beside the time for which a machine keeps its pace. */
export const TURNS = 40;
const COMMAND_TURNS = 10;

interface Occupied extends Seat {
  readonly session: Session;
}

function seatsOf(name: string): Settled<Occupied> {
  const open = opener(name);
  return new Settled(PLAIN, (world) => {
    const stage = new Stage(world, { terms: { told: true }, lifetimes: 'granted', properties: PROPERTIES, record: false });
    return { ...seatOf(stage, PLAIN), session: open(stage) };
  });
}

/** What takes turns with others, in a process of its own each: one turn more, in ns an operation. */
export interface Turns {
  turn(): Promise<number>;
}

/** Generates, plays and judges programs of `length`, each turn going on where the last one stopped. */
export function checkedTurns(name: string, length: number, operations: number): Turns {
  const run = checkedLoop(name, length, operations);
  return { turn: () => nanoseconds(() => run(operations / TURNS)) };
}

/** The bytes that checking one operation allocates. */
export async function measureBytes(name: string, length: number, operations: number): Promise<Measured> {
  const run = checkedLoop(name, length, operations);
  return { bytes: await bytesAnOperation(() => run(operations)) };
}

/** Warm, and back at the first program. */
function checkedLoop(name: string, length: number, operations: number): (count: number) => number {
  const seats = seatsOf(name);
  const random = new Random(SEED);
  let index = 0;
  const run = (count: number): number => {
    let done = 0;
    let breaches = 0;
    for (; done < count; index++) {
      const seat = seats.at(index);
      random.seed(SEED, index);
      seat.generator.generate(random, length);
      play(seat.stage, seat.session, seat.generator.program, length);
      void seat.session.close();
      breaches += seat.stage.breaches.length;
      done += length;
    }
    if (breaches > 0) throw new Error('A subject that should hold has leaked: its figures would mean nothing.');
    return done;
  };
  run(operations / 2);
  index = 0;
  return run;
}

/** Replays the very same programs, made beforehand, to an origin that judges nothing. */
export function bareTurns(name: string, length: number, operations: number): Turns {
  const open = opener(name);
  const seats = new Settled(PLAIN, (world) => {
    const bare = new BareOrigin(world);
    const stage = new Stage(world, { terms: { told: true }, lifetimes: 'granted', properties: [], record: false });
    // The model asks whatever origin it was made with: a stage in name only.
    return { bare, session: open(bare as unknown as Stage), generator: seatOf(stage, PLAIN).generator };
  });
  const random = new Random(SEED);
  let index = 0;
  const premade = (count: number): (() => number) => {
    const programs = Array.from({ length: Math.ceil(count / length) }, () => {
      const { bare, session, generator } = seats.at(index);
      random.seed(SEED, index++);
      generator.generate(random, length);
      return { bare, session, steps: generator.program.slice(0, length) };
    });
    return () => {
      for (const { bare, session, steps } of programs) {
        bare.replay(session, steps, length);
        void session.close();
      }
      return programs.length * length;
    };
  };
  premade(operations / 4)();
  index = 0;
  return { turn: () => nanoseconds(premade(operations / TURNS)) };
}

/** The same operations, sessions and judges under `fc.commands`, each kind a class of commands as its documentation shows. */
export async function measureCommands(name: string, length: number, operations: number): Promise<Measured> {
  const seats = seatsOf(name);
  const seat = seats.at(0);
  const alphabet = alphabetOf(seat.stage.world, PLAIN);
  const kinds = alphabet.blocks.map((block) =>
    fc.nat({ max: block.count - 1 }).map((place) => new Played(seat.stage.compile(alphabet.operations[block.base + place]!))),
  );
  const commands = fc.commands(kinds, { maxCommands: length, size: 'max' });
  let done = 0;
  const run = (): number => {
    const before = done;
    fc.assert(
      fc.property(commands, (list) => {
        seat.stage.reset();
        for (const _ of list) done++;
        fc.modelRun(() => ({ model: seat.stage, real: seat.session }), list);
        void seat.session.close();
        if (seat.stage.breaches.length > 0) throw new Error('leaked');
      }),
      { numRuns: Math.ceil((2 * operations) / length / COMMAND_TURNS), seed: SEED },
    );
    return done - before;
  };
  run();
  return { commands: median(await turnsOf(COMMAND_TURNS, run)) };
}

class Played implements fc.Command<Stage, Session> {
  private readonly step: Step;

  constructor(step: Step) {
    this.step = step;
  }

  check(): boolean {
    return true;
  }

  run(model: Stage, real: Session): void {
    model.play(this.step, real);
  }

  toString(): string {
    return JSON.stringify(this.step.operation);
  }
}

/** `lru-cache` operations: get and set in equal parts, twice as many keys as fit. */
export function lruCacheTurns(operations: number): Turns {
  const cache = new LRUCache<string, object>({ max: 8 });
  const keys = Array.from({ length: 16 }, (_, index) => `key-${index}`);
  const value = {};
  const random = new Random(SEED);
  const run = (count: number): number => {
    for (let index = 0; index < count; index++) {
      const bits = random.next();
      const key = keys[(bits >>> 8) & 15]!;
      if ((bits & 0x10000) !== 0) cache.set(key, value);
      else cache.get(key);
    }
    return count;
  };
  for (let turn = 0; turn < TURNS; turn++) run(operations / TURNS);
  return { turn: () => nanoseconds(() => run(operations / TURNS)) };
}
