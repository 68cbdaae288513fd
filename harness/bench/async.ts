import * as fc from 'fast-check';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import type { Call, Contact, Notice, Reply, Session } from '../../models/origin.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab } from '../run/lab.ts';
import { Stage } from '../run/stage.ts';
import type { Step } from '../run/step.ts';
import { alphabetOf } from '../search/alphabet.ts';
import { Random } from '../search/random.ts';
import { type Seat, seatOf } from '../search/seat.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import { FrameLedger } from '../targets/frame-bytes-ledger.ts';
import type { Subject, SubjectNotice } from '../targets/function-subject.ts';
import { functionTarget } from '../targets/function.ts';
import type { FrameReply } from '../targets/origin-api.ts';
import { bytesAnOperation, nanoseconds } from './clock.ts';
import { Coalescing } from './coalescing.ts';
import { Settled } from './settled.ts';
import { type Measured, type Turns, TURNS } from './subjects.ts';

const SEED = 1;

const target = functionTarget({ name: 'coalescing', open: (env) => new Coalescing(env) });

/** keyhole over the asynchronous cache: generated, played, judged, and a new cache for each program. `record`: with its full history. */
export async function asyncTurns(length: number, operations: number, record: boolean): Promise<Turns> {
  const loop = await loopOf(length, operations, record);
  return { turn: () => nanoseconds(() => loop(operations / TURNS)) };
}

/** What it allocates on the heap, in bytes an operation. */
export async function measureAsyncBytes(length: number, operations: number): Promise<Measured> {
  const loop = await loopOf(length, operations, false);
  return { bytes: await bytesAnOperation(() => loop(operations)) };
}

type Loop = (operations: number) => Promise<number>;

async function loopOf(length: number, operations: number, record: boolean): Promise<Loop> {
  const { capabilities } = target;
  const lab = new Lab(target, PROPERTIES);
  const seats = new Settled<Seat>(capabilities, (world) => seatOf(lab.stage(world, record), capabilities));
  const random = new Random(SEED);
  let index = 0;
  const loop: Loop = async (count) => {
    let done = 0;
    for (; done < count; index++) {
      const { stage, generator } = seats.at(index);
      random.seed(SEED, index);
      generator.generate(random, length);
      await lab.run(stage, generator.program, length);
      if (stage.breaches.length > 0) throw new Error('A subject that should hold has leaked: its figures would mean nothing.');
      done += length;
    }
    return done;
  };
  await loop(operations / 2);
  return loop;
}

/**
 * The same cache, judges and kinds of operations under `fc.scheduler` and a model-based run, as the documentation of fast-check
 * shows it: the calls of the origin go through `scheduleFunction`, commands set off requests and do not wait for the answers. The
 * scheduler writes down what each of its functions gave, so that bytes cost it dearly. `signalled`: it orders the same answers
 * without being given them, the fastest form that was found.
 */
export async function schedulerTurns(length: number, operations: number, signalled: boolean): Promise<Turns> {
  const stage = new Stage(PLAIN_WORLD, { terms: { told: true }, lifetimes: 'granted', properties: PROPERTIES, record: false });
  const capabilities: Capabilities = { ...target.capabilities, concurrent: false };
  const { blocks, operations: letters } = alphabetOf(PLAIN_WORLD, capabilities);
  const kinds = blocks.map(({ base, count }) => fc.nat({ max: count - 1 }).map((place) => new Played(stage.compile(letters[base + place]!))));
  const commands = fc.commands(kinds, { maxCommands: length, size: 'max' });
  let seed = SEED;
  const run: Loop = async (count) => {
    let done = 0;
    const property = fc.asyncProperty(fc.scheduler(), commands, async (scheduler, list) => {
      for (const _ of list) done++;
      stage.reset();
      const real = new Scheduled(stage, scheduler, signalled);
      await fc.scheduledModelRun(scheduler, () => ({ model: stage, real }), list);
      if (stage.breaches.length > 0 || stage.inFlight > 0) throw new Error('leaked, or never answered');
    });
    // A list is half as long as it may be, in the middle.
    await fc.assert(property, { numRuns: Math.ceil((2 * count) / length), seed: seed++ });
    return done;
  };
  await run(operations / 2);
  return { turn: () => nanoseconds(() => run(operations / TURNS)) };
}

class Played implements fc.AsyncCommand<Stage, Scheduled> {
  private readonly step: Step;

  constructor(step: Step) {
    this.step = step;
  }

  check(): boolean {
    return true;
  }

  async run(model: Stage, real: Scheduled): Promise<void> {
    model.play(this.step, real);
  }

  toString(): string {
    return this.step.operation.op;
  }
}

/** The cache behind a scheduler, with no more around it than it takes to judge its answers. */
class Scheduled implements Session {
  private readonly stage: Stage;
  private readonly ledger: FrameLedger;
  private readonly subject: Subject;
  private readonly calls = new Map<object, Call>();

  constructor(stage: Stage, scheduler: fc.Scheduler, signalled: boolean) {
    this.stage = stage;
    this.ledger = new FrameLedger(stage);
    const answer = async (request: object): Promise<FrameReply> => this.answer(request);
    const signal = async (request: object): Promise<FrameReply> => {
      const reply = this.answer(request);
      await scheduler.schedule(Promise.resolve());
      return reply;
    };
    const fetch = signalled ? signal : scheduler.scheduleFunction(answer);
    this.subject = new Coalescing({ origin: { fetch, read: fetch, authorise: none }, clock: { now: () => stage.now() }, capacity: 1, lifetimeMs: 0 });
  }

  ask(call: Call): void {
    const request = { ...call.request };
    this.calls.set(request, call);
    const given = this.subject.get(request, undefined as unknown as AbortSignal) as Promise<Uint8Array | null>;
    void given.then((bytes) => {
      if (bytes === null) this.stage.refused(call, 'refused');
      else this.stage.answered(call, this.ledger.find(bytes).frames[0]!, false);
    });
  }

  tell(notice: Notice): void {
    if (notice.kind !== 'advance') void this.subject.invalidate!(notice as SubjectNotice);
  }

  cancel(): void {}

  close(): void {}

  private answer(request: object): FrameReply {
    let given: FrameReply | undefined;
    const call = this.calls.get(request)!;
    const resume = (_call: Call, _contact: Contact, { frame, epoch, lifetimeMs }: Reply): void => {
      given =
        frame === null
          ? { status: 403, body: null, epoch, maxAgeMs: 0, headers: {} }
          : { status: 200, body: this.ledger.give(frame as Parameters<FrameLedger['give']>[0]), epoch, maxAgeMs: lifetimeMs, headers: {} };
    };
    this.stage.fetch(call, call.request.tier, { resume });
    return given!;
  }
}

const none = (): Promise<never> => Promise.reject(new Error('This cache asks for frames only.'));
