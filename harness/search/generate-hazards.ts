import { OPERATION_KINDS } from '../../models/domain/operation.ts';
import type { Layout } from './generate-layout.ts';
import { CHANNEL, GUEST, PLAINLY, RECONFIGURE, SWITCHABLE, THIRD } from './generate-roles.ts';
import { Stories } from './generate-stories.ts';
import { Random } from './random.ts';

/** Stories that are made up once for a world, and told again and again: making one up costs several times as much as telling it. */
const REPERTOIRE = 64;
/** Of 256 stories, how many are made up for the occasion: what is not in the repertoire has to come up too. */
const NEW = 24;

// Where the roles of a step stand among those who play them.
const CAMERAS = 16;
const TEMPLATES = 24;
const NUMBERS = 32;

/** Numbers a kind: where its block begins, and what one user, camera, template and number more amount to. */
const STRIDES = 5;

/** Where a program is written, and what is written for each operation of the alphabet. */
export interface Tape<Letter> {
  readonly program: Letter[];
  readonly letters: readonly Letter[];
}

/** Tells stories in which caches go wrong: gives users, cameras and templates to their roles, and steps to the operations of an alphabet. */
export class Hazards<Letter> {
  private readonly tape: Tape<Letter>;
  private readonly layout: Layout;
  private readonly stories: Stories;
  private readonly strides: Int32Array;
  /** Steps of the repertoire, one story after the other; where each begins; who owns its camera in the end. */
  private readonly steps: Int32Array;
  private readonly starts = new Int32Array(REPERTOIRE + 1);
  private readonly owners = new Int32Array(REPERTOIRE);
  /** Who plays which role. */
  private readonly cast = new Int32Array(48);
  private camera = 0;
  private template = 0;

  constructor(tape: Tape<Letter>, layout: Layout, told: boolean) {
    this.tape = tape;
    this.layout = layout;
    this.stories = new Stories(layout, told);
    this.strides = stridesOf(layout);
    const steps: number[] = [];
    const random = new Random(REPERTOIRE, layout.signature);
    for (let index = 0; index < REPERTOIRE; index++) {
      this.stories.draw(random);
      for (let step = 0; step < this.stories.length; step++) steps.push(this.stories.steps[step]!);
      this.starts[index + 1] = steps.length;
      this.owners[index] = this.stories.owner;
    }
    this.steps = Int32Array.from(steps);
    for (let number = 0; number < 8; number++) this.cast[NUMBERS + number] = number;
  }

  /** Begins another program. Returns how many operations were written. */
  begin(random: Random): number {
    const { layout, tape } = this;
    this.camera = random.below(layout.cameras);
    this.template = random.below(layout.templates);
    // What a cache does wrong in one of its configurations only should be met by every story.
    const configurations = layout.counts[RECONFIGURE]!;
    if (configurations === 0 || random.chance(128)) return 0;
    // The last of them goes back to the configuration that is there at the start.
    tape.program[0] = tape.letters[layout.bases[RECONFIGURE]! + random.below(configurations - 1)]!;
    return 1;
  }

  /** Tells one story into the program, from this place on; returns the place behind it. */
  tell(random: Random, from: number): number {
    const bits = random.next();
    this.assign(random, bits >>> 16);
    const { stories, layout, cast } = this;
    if ((bits & 255) < NEW) {
      stories.draw(random);
      this.write(stories.steps, 0, stories.length, from);
      layout.owners[this.camera] = cast[stories.owner]!;
      return from + stories.length;
    }
    const story = (bits >>> 8) & (REPERTOIRE - 1);
    const start = this.starts[story]!;
    const end = this.starts[story + 1]!;
    this.write(this.steps, start, end, from);
    layout.owners[this.camera] = cast[this.owners[story]!]!;
    return from + end - start;
  }

  /** Gives the roles to users, cameras and templates: half of the time to the camera and template of the last story. */
  private assign(random: Random, bits: number): void {
    const { layout, cast } = this;
    const { cameras, templates, users, owners } = layout;
    if ((bits & 1) === 0) {
      const more = random.next();
      this.camera = ((more & 0xffff) * cameras) >>> 16;
      this.template = ((more >>> 16) * templates) >>> 16;
    }
    for (let place = 0, camera = this.camera; place < cameras; place++) {
      cast[CAMERAS + place] = camera;
      cast[place] = owners[camera]!;
      camera = camera + 1 === cameras ? 0 : camera + 1;
    }
    for (let place = 0, template = this.template; place < templates; place++) {
      cast[TEMPLATES + place] = template;
      template = template + 1 === templates ? 0 : template + 1;
    }
    const switchable = layout.switchable[this.template]!;
    cast[TEMPLATES + SWITCHABLE] = switchable;
    cast[TEMPLATES + PLAINLY] = layout.plainly[this.template]!;
    cast[NUMBERS + CHANNEL] = layout.channels[switchable]!;
    // The two users next to the owner, one of them as the guest; of two users there is only one who is not the owner.
    const after = cast[0]! + 1 < users ? cast[0]! + 1 : 0;
    const before = cast[0]! > 0 ? cast[0]! - 1 : users - 1;
    const turned = (bits >>> 1) & 1;
    cast[GUEST + turned] = after;
    cast[THIRD - turned] = before;
  }

  /** Written without branches that a processor could not foresee. */
  private write(steps: Int32Array, start: number, end: number, from: number): void {
    const { cast, strides } = this;
    const { program, letters } = this.tape;
    for (let index = start, to = from; index < end; index++, to++) {
      const step = steps[index]!;
      const kind = (step & 31) * STRIDES;
      program[to] =
        letters[
          strides[kind]! +
            cast[(step >>> 5) & 15]! * strides[kind + 1]! +
            cast[CAMERAS + ((step >>> 9) & 7)]! * strides[kind + 2]! +
            cast[TEMPLATES + ((step >>> 12) & 7)]! * strides[kind + 3]! +
            cast[NUMBERS + ((step >>> 15) & 15)]! * strides[kind + 4]!
        ]!;
    }
  }
}

function stridesOf({ bases, counts, spans, users, cameras, templates, asks }: Layout): Int32Array {
  const strides = new Int32Array(OPERATION_KINDS.length * STRIDES);
  for (const [code, kind] of OPERATION_KINDS.entries()) strides.set([bases[code]!, ...stridesOfKind(code, kind)], code * STRIDES);
  return strides;

  function stridesOfKind(code: number, kind: (typeof OPERATION_KINDS)[number]): readonly number[] {
    switch (kind) {
      case 'request':
      case 'begin':
      case 'cancel':
        return [cameras * templates, templates, 1, 0];
      case 'release':
        return [cameras * templates, templates, 1, asks];
      case 'share':
      case 'unshare':
      case 'transfer':
        return [1, users, 0, 0];
      case 'link':
      case 'unlink':
        return [1, 0, 0, users];
      case 'advance':
      case 'reconfigure':
      case 'disable':
      case 'enable':
        return [0, 0, 0, counts[code]! > 0 ? 1 : 0];
      default:
        return [0, spans[code]! > 0 ? 1 : 0, 0, 0];
    }
  }
}
