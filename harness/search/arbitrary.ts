import * as fc from 'fast-check';
import type { Operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { ANONYMOUS, type World } from '../../models/domain/world.ts';
import { type Capabilities, IN_PROCESS } from '../targets/capabilities.ts';
import { alphabetOf } from './alphabet.ts';
import { Generator } from './generate.ts';
import { Random } from './random.ts';
import { simplerPrograms } from './shrink.ts';
import { drawWorld } from './worlds.ts';

export interface ProgramsOptions {
  /** The world of all programs; a new one is drawn for each where absent. */
  readonly world?: World;
  /** What the programs may ask of a cache, where it differs from an in-process cache that can do everything. */
  readonly capabilities?: Partial<Capabilities>;
  /** Number of operations; the portfolio mixes short, middling and long programs where absent. */
  readonly length?: number;
}

/**
 * Programs as an arbitrary of fast-check: what `keyhole check` searches with, for anyone's `fc.assert`. A pasted program shrinks
 * as well as a generated one, and a failing one prints as a list of steps.
 */
export function programs(options: ProgramsOptions = {}): fc.Arbitrary<Program> {
  return new ProgramArbitrary(options);
}

class ProgramArbitrary extends fc.Arbitrary<Program> {
  private readonly options: ProgramsOptions;
  private readonly capabilities: Capabilities;

  constructor(options: ProgramsOptions) {
    super();
    this.options = options;
    this.capabilities = { ...IN_PROCESS, ...options.capabilities };
  }

  override generate(mrng: fc.Random): fc.Value<Program> {
    const random = new Random(mrng.nextInt(-0x80000000, 0x7fffffff), 0);
    const world = this.options.world ?? drawWorld(random, this.capabilities);
    const alphabet = alphabetOf(world, this.capabilities);
    const generator = new Generator(alphabet, alphabet.operations);
    const length = generator.generate(random, this.options.length);
    return new fc.Value(printable({ world, operations: generator.program.slice(0, length) }), undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is Program {
    return typeof value === 'object' && value !== null && 'world' in value && 'operations' in value && Array.isArray(value.operations);
  }

  override shrink(value: Program): fc.Stream<fc.Value<Program>> {
    return fc.stream(valuesOf(value, this.capabilities)[Symbol.iterator]() as IterableIterator<fc.Value<Program>>);
  }
}

function* valuesOf(program: Program, capabilities: Capabilities): Iterable<fc.Value<Program>> {
  for (const simpler of simplerPrograms(program, capabilities)) yield new fc.Value(printable(simpler), undefined);
}

/** A program that fast-check prints as a list of steps. */
function printable(program: Program): Program {
  return Object.defineProperty({ ...program }, fc.toStringMethod, { value: () => textOf(program), enumerable: false });
}

function textOf({ world, operations }: Program): string {
  const users = world.users.map((id) => JSON.stringify(id)).join(', ');
  const cameras = world.cameras.map(({ id, owner }) => `${JSON.stringify(id)} of ${JSON.stringify(world.users[owner])}`).join(', ');
  const steps = operations.map((letter, index) => `  ${index + 1}. ${stepText(world, letter)}`);
  return [`users ${users}; cameras ${cameras}; room for ${world.capacity}`, ...steps, JSON.stringify({ world, operations })].join('\n');
}

function stepText(world: World, letter: Operation): string {
  const { op, user, camera, template, ...rest } = letter as Operation & { user?: number; camera?: number; template?: number };
  const words: string[] = [op];
  if (user !== undefined) words.push(user === ANONYMOUS ? 'anonymous' : JSON.stringify(world.users[user]));
  if (camera !== undefined) words.push(JSON.stringify(world.cameras[camera]!.id));
  if (template !== undefined) {
    const { channel, tier, credential } = world.templates[template]!;
    words.push(`${channel}/${tier}/${credential}`);
  }
  for (const value of Object.values(rest)) if (value !== undefined) words.push(String(value));
  return words.join(' ');
}
