import * as fc from 'fast-check';
import type { Asked, Operation, Outcome } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { ANONYMOUS, type World } from '../../models/domain/world.ts';
import { type Capabilities, IN_PROCESS } from '../targets/capabilities.ts';
import { alphabetOf } from './alphabet.ts';
import { Generator } from './generate.ts';
import { Random } from './random.ts';
import { renamedByUse } from './rewrite.ts';
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
 * as well as a generated one, and what fails prints as a story, with its JSON to paste as the last line. A pasted program has to be
 * run once more for that: what it shrinks to first is itself.
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
    const generator = new Generator(alphabet, (letter) => letter);
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
  // fast-check hands a pasted program over only once it has failed, and prints it as it was pasted if nothing simpler fails.
  if (!fc.hasToStringMethod(program)) yield new fc.Value(printable(program), undefined);
  for (const simpler of beginningsOf(program)) yield new fc.Value(printable(simpler), undefined);
  for (const simpler of simplerPrograms(program, capabilities)) yield new fc.Value(printable(simpler), undefined);
}

/** Shorter and shorter cuts from the end. The passes that follow keep the last operation: in a check, programs end where they fail. */
function* beginningsOf({ world, operations }: Program): Iterable<Program> {
  for (let cut = operations.length >> 1; cut > 0; cut >>= 1) yield renamedByUse({ world, operations: operations.slice(0, operations.length - cut) });
}

/** A program that fast-check prints as a story. */
function printable(program: Program): Program {
  return Object.defineProperty({ ...program }, fc.toStringMethod, { value: () => textOf(program), enumerable: false });
}

function textOf({ world, operations }: Program): string {
  const users = world.users.map((id) => JSON.stringify(id)).join(', ');
  const cameras = world.cameras.map(({ id, owner }) => `${JSON.stringify(id)} of ${userOf(world, owner)}`).join(', ');
  const steps = operations.map((letter, index) => `  ${index + 1}. ${stepText(world, letter)}`);
  return [`users ${users}; cameras ${cameras}; room for ${world.capacity}`, ...steps, JSON.stringify({ world, operations })].join('\n');
}

function stepText(world: World, letter: Operation): string {
  switch (letter.op) {
    case 'request':
      return askText(world, letter);
    case 'begin':
      return `${askText(world, letter)}; the origin holds its answer back`;
    case 'release':
      return `the origin ${RELEASED[letter.outcome]} what it held back: ${askText(world, letter)}`;
    case 'cancel':
      return `${userOf(world, letter.user)} no longer waits: ${askText(world, letter)}`;
    case 'share':
      return `${cameraOf(world, letter)} is shared with ${userOf(world, letter.user)}`;
    case 'unshare':
      return `${cameraOf(world, letter)} is no longer shared with ${userOf(world, letter.user)}`;
    case 'publish':
      return `${cameraOf(world, letter)} is made public`;
    case 'unpublish':
      return `${cameraOf(world, letter)} is made private`;
    case 'transfer':
      return `${cameraOf(world, letter)} is handed over to ${userOf(world, letter.user)}`;
    case 'recreate':
      return `${cameraOf(world, letter)} is deleted and made again`;
    case 'capture':
      return `${cameraOf(world, letter)} takes a new frame`;
    case 'purge':
      return `the cache is told to forget ${cameraOf(world, letter)}`;
    case 'link':
    case 'unlink':
      return `${userOf(world, letter.user)} ${letter.op}s the ${letter.channel}`;
    case 'disable':
    case 'enable':
      return `the ${letter.channel} is switched ${letter.op === 'disable' ? 'off' : 'on'} for everybody`;
    case 'advance':
      return `${letter.by} ms pass`;
    case 'restart':
      return 'the cache is restarted';
    case 'reconfigure':
      return `the cache is put under configuration ${letter.to}`;
  }
}

const RELEASED: Readonly<Record<Outcome, string>> = { reply: 'answers', refuse: 'refuses', error: 'fails at', drop: 'breaks the connection of' };

function askText(world: World, { user, camera, template }: Asked): string {
  const { channel, tier, credential } = world.templates[template]!;
  return `${userOf(world, user)} asks for ${JSON.stringify(world.cameras[camera]!.id)} (${channel}, ${tier}, ${credential})`;
}

/** As it is spelled: ids may attack keys. */
function userOf(world: World, user: number): string {
  return user === ANONYMOUS ? 'anonymous' : JSON.stringify(world.users[user]);
}

function cameraOf(world: World, { camera }: { readonly camera: number }): string {
  return JSON.stringify(world.cameras[camera]!.id);
}
