import type { History } from '../../models/domain/history.ts';
import type { Operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import type { World } from '../../models/domain/world.ts';
import type { Property } from '../../properties/property.ts';
import { type AsyncSession, type Mishaps, NO_MISHAPS, type OpenOptions, type Target, TargetFault, withMore } from '../targets/target.ts';
import { Guest } from './lab-guest.ts';
import { playAsync } from './run-async.ts';
import { compile, play } from './run.ts';
import { type Breach, Stage, type StageOptions } from './stage.ts';
import type { Step } from './step.ts';

/** What one run of one program came to. */
export interface Outcome {
  readonly breaches: readonly Breach[];
  /** Empty unless the run was recorded. */
  readonly history: History;
}

export interface TryOptions {
  readonly record?: boolean;
  readonly tripwire?: boolean;
}

const KEPT_STAGES = 8;
/** Worlds of which it is kept on which stage they are played. */
const KEPT_GUESTS = 64;

/** Where programs are tried against one target, one after the other, each against a cache that is new. */
export class Lab {
  readonly target: Target;
  /** How often the target asked the origin, in all runs together, on behalf of somebody who was not waiting for that picture. */
  strays = 0;
  /** Requests that ended with an error of the target itself, in all runs together. */
  mishaps: Mishaps = NO_MISHAPS;
  private readonly properties: readonly Property[];
  /** Stages of the worlds tried last: a program and its neighbours mostly share one. */
  private readonly stages = new Map<World, Stage>();
  private readonly guests = new Map<World, Guest>();

  constructor(target: Target, properties: readonly Property[]) {
    this.target = target;
    this.properties = properties;
  }

  /** A new stage for a world, on the terms of the target. */
  stage(world: World, record = false): Stage {
    const { told, lifetimes } = this.target.capabilities;
    return new Stage(world, { terms: { told }, lifetimes, properties: this.properties, record } satisfies StageOptions);
  }

  /** Runs one program. A synchronous target answers at once, so that nothing has to be awaited. */
  try(program: Program, options: TryOptions = {}): Outcome | Promise<Outcome> {
    const { world, operations } = program;
    const { stage, steps } = options.record ? ownPlace(this.stage(world, true), operations) : this.place(world, operations);
    const done = this.run(stage, steps, operations.length, options);
    const outcome = (): Outcome => ({ breaches: [...stage.breaches], history: stage.history ?? [] });
    return done === undefined ? outcome() : done.then(outcome);
  }

  /** Plays steps on a stage; the stage holds what came of it. */
  run(stage: Stage, steps: readonly Step[], length: number, options: TryOptions = {}): void | Promise<void> {
    const opening: OpenOptions = { tripwire: options.tripwire ?? false, steps, length };
    const session = this.open(stage, opening);
    if (session instanceof Promise) return this.runAsync(stage, session, steps, length);
    let fault: TargetFault | null = null;
    try {
      play(stage, session, steps, length);
    } catch (error) {
      fault = thrown(this.target, error);
    }
    const closing = session.close();
    if (fault !== null) throw fault;
    return closing instanceof Promise ? closing : undefined;
  }

  private async runAsync(stage: Stage, opening: Promise<AsyncSession>, steps: readonly Step[], length: number): Promise<void> {
    try {
      const session = await opening;
      try {
        await playAsync(stage, session, steps, length);
      } finally {
        this.strays += session.strays ?? 0;
        this.mishaps = withMore(this.mishaps, session.mishaps ?? NO_MISHAPS);
        await session.close();
      }
    } catch (error) {
      throw thrown(this.target, error);
    }
  }

  private open(stage: Stage, opening: OpenOptions): ReturnType<Target['open']> {
    try {
      return this.target.open(stage, opening);
    } catch (error) {
      throw thrown(this.target, error);
    }
  }

  /** Where a program is played: on the stage of its world, or as a guest on that of a wider one that is there already. */
  private place(world: World, operations: readonly Operation[]): Place {
    const known = this.stages.get(world);
    if (known !== undefined) return ownPlace(known, operations);
    const guest = this.target.kind === 'model' ? this.guest(world) : null;
    if (guest !== null) return { stage: guest.stage, steps: guest.compile(operations) };
    const stage = this.stage(world);
    keep(this.stages, world, stage, KEPT_STAGES);
    return ownPlace(stage, operations);
  }

  private guest(world: World): Guest | null {
    let guest = this.guests.get(world) ?? null;
    if (guest !== null) return guest;
    for (const stage of this.stages.values()) if ((guest = Guest.at(stage, world)) !== null) break;
    if (guest !== null) keep(this.guests, world, guest, KEPT_GUESTS);
    return guest;
  }
}

interface Place {
  readonly stage: Stage;
  readonly steps: readonly Step[];
}

function ownPlace(stage: Stage, operations: readonly Operation[]): Place {
  return { stage, steps: compile(stage, operations) };
}

/** Keeps the latest, so many of them. */
function keep<Key, Value>(kept: Map<Key, Value>, key: Key, value: Value, most: number): void {
  if (kept.size === most) kept.delete(kept.keys().next().value!);
  kept.set(key, value);
}

function thrown(target: Target, error: unknown): TargetFault {
  if (error instanceof TargetFault) return error;
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const where = error instanceof Error ? (error.stack?.split('\n').find((line) => line.trim().startsWith('at ')) ?? '').trim() : '';
  const fault = new TargetFault(`${target.name} threw: ${said}${where === '' ? '' : ` (${where})`}`, 'Find out why. A cache that cannot answer must refuse.');
  fault.cause = error;
  return fault;
}
