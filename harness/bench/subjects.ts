import * as fc from 'fast-check';
import { LRUCache } from 'lru-cache';
import type { World } from '../../models/domain/world.ts';
import type { Session } from '../../models/origin.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { play } from '../run/run.ts';
import { Stage } from '../run/stage.ts';
import type { Step } from '../run/step.ts';
import { alphabetOf } from '../search/alphabet.ts';
import { Generator } from '../search/generate.ts';
import { Seats } from '../search/portfolio.ts';
import { Random } from '../search/random.ts';
import { type Capabilities, IN_PROCESS } from '../targets/capabilities.ts';
import { REFERENCE_MODELS } from '../targets/reference.ts';
import { BareOrigin } from './bare.ts';
import { bytesAnOperation, median, nanoseconds, turnsOf } from './clock.ts';

/** What one process measured, in ns an operation unless said otherwise. */
export type Measured = Readonly<Record<string, number>>;

const NOTHING: Session = { ask: () => {}, cancel: () => {}, tell: () => {}, close: () => {} };
/** What the bare origin can answer for. */
const PLAIN: Capabilities = { ...IN_PROCESS, concurrent: false, channels: false, publish: false, credentials: ['bearer'] };
const SEED = 1;
/** Turns, each short beside the time for which a machine keeps its pace. */
const TURNS = 40;
const COMMAND_TURNS = 10;

/** Opens the subject's cache on a stage or on a bare origin. */
type Make = (stage: Stage) => Session;

function subjectOf(name: string): Make {
  if (name === 'null') return () => NOTHING;
  const target = REFERENCE_MODELS.find((model) => model.name === name);
  if (target === undefined) throw new Error(`There is no subject ${name}.`);
  return (stage) => target.open(stage) as Session;
}

interface Seat {
  readonly stage: Stage;
  readonly session: Session;
  readonly generator: Generator<Step>;
  readonly bare: BareOrigin;
  readonly bareSession: Session;
}

function seatsOf(make: Make): Seats<Seat> {
  return new Seats(SEED, PLAIN, (world) => seatOf(make, world));
}

function seatOf(make: Make, world: World): Seat {
  const stage = new Stage(world, { terms: { told: true }, lifetimes: 'granted', properties: PROPERTIES, record: false });
  const alphabet = alphabetOf(world, PLAIN);
  const bare = new BareOrigin(world);
  return {
    stage,
    session: make(stage),
    generator: new Generator(
      alphabet,
      alphabet.operations.map((letter) => stage.compile(letter)),
    ),
    bare,
    // The model asks whatever origin it was made with: a stage in name only.
    bareSession: make(bare as unknown as Stage),
  };
}

/** Programs from the portfolio's steady state: the first ones have a world each, which is its start and not its pace. */
const STEADY = 100_000;
/** Programs in which all worlds of the pool come up. */
const WORLDS = 65_536;

/** Generates, plays and judges operations in programs of `length`, going on where it stopped. Returns how many were done. */
function checkedLoop(seats: Seats<Seat>, length: number, operations: number, from: { index: number }): number {
  const random = new Random(SEED);
  let done = 0;
  let breaches = 0;
  for (; done < operations; from.index++) {
    const { index } = from;
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
}

/** The programs that a checked loop is about to play, from this index on. */
function premade(seats: Seats<Seat>, length: number, operations: number, start: number): Premade[] {
  const random = new Random(SEED);
  return Array.from({ length: Math.ceil(operations / length) }, (_, count) => {
    const seat = seats.at(start + count);
    random.seed(SEED, start + count);
    seat.generator.generate(random, length);
    return { seat, steps: seat.generator.program.slice(0, length) };
  });
}

interface Premade {
  readonly seat: Seat;
  readonly steps: readonly Step[];
}

function bareLoop(programs: readonly Premade[], length: number): number {
  for (const { seat, steps } of programs) {
    seat.bare.replay(seat.bareSession, steps, length);
    void seat.bareSession.close();
  }
  return programs.length * length;
}

/**
 * A subject, checked and bare, in many short turns over the very same programs: a machine whose pace drifts, or that others use,
 * slows both of a pair, and the median leaves out what falls on one alone. And the bytes that checking allocates.
 */
export async function measureSubject(name: string, length: number, operations: number): Promise<Measured> {
  const seats = seatsOf(subjectOf(name));
  const from = { index: STEADY };
  // Every world of the pool is there before anything is measured: making one is no part of the pace.
  for (let index = STEADY; index < STEADY + WORLDS; index += 32) seats.at(index);
  bareLoop(premade(seats, length, operations / 4, from.index), length);
  checkedLoop(seats, length, operations / 2, from);
  const checked: number[] = [];
  const bare: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const programs = premade(seats, length, operations / TURNS, from.index);
    checked.push(await nanoseconds(() => checkedLoop(seats, length, operations / TURNS, from)));
    bare.push(await nanoseconds(() => bareLoop(programs, length)));
  }
  const added = checked.map((time, turn) => time - bare[turn]!);
  const bytes = await bytesAnOperation(() => checkedLoop(seats, length, operations, from));
  return { checked: median(checked), bare: median(bare), added: median(added), bytes };
}

/** The same operations, sessions and judges under `fc.commands`, each kind a class of commands as its documentation shows. */
export async function measureCommands(name: string, length: number, operations: number): Promise<Measured> {
  const seats = seatsOf(subjectOf(name));
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

/** One `lru-cache` operation: get and set in equal parts, twice as many keys as fit. */
export async function measureLruCache(operations: number): Promise<Measured> {
  const cache = new LRUCache<string, object>({ max: 8 });
  const keys = Array.from({ length: 16 }, (_, index) => `key-${index}`);
  const value = {};
  const random = new Random(SEED);
  const each = operations / TURNS;
  const run = (): number => {
    for (let index = 0; index < each; index++) {
      const bits = random.next();
      const key = keys[(bits >>> 8) & 15]!;
      if ((bits & 0x10000) !== 0) cache.set(key, value);
      else cache.get(key);
    }
    return each;
  };
  await turnsOf(TURNS, run);
  return { lruCache: median(await turnsOf(TURNS, run)) };
}
