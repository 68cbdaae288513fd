import { OPERATION_KINDS, type OperationKind } from '../../models/domain/operation.ts';
import type { Layout } from './generate-layout.ts';
import { CHANNEL, GUEST, LONGEST, PAST_OWN, PLAINLY, RECONFIGURE, SWITCHABLE, THIRD } from './generate-roles.ts';
import { Stories } from './generate-stories.ts';
import { Random } from './random.ts';
import type { Tape } from './tape.ts';

/** Stories that are made up once for a world, and told again and again: making one up costs several times as much as telling it. */
const REPERTOIRE = 64;
/** Of 256 stories, how many are made up for the occasion: what is not in the repertoire has to come up too. */
const NEW = 1;

// Where those stand who play the roles of a step, each with what one of them amounts to in the alphabet: users first, in rows
// by stride; then a block for each camera and one for each template that a story may be about.
const ROW = 16;
const USERS = 3 * ROW;
const CAMERA_ROW = 8;
const BLOCK = 4 * CAMERA_ROW;
const CHANNELS = 16;
const ENDS = 24;

// A step of the repertoire is made ready: the place in the alphabet that does not depend on the cast, then where its roles stand.
const READY = 2;
const CAMERA_SHIFT = 6;
const TEMPLATE_SHIFT = 11;

/** Tells stories in which caches go wrong: gives users, cameras and templates to their roles, and steps to the operations of an alphabet. */
export class Hazards {
  private readonly tape: Tape<unknown>;
  private readonly layout: Layout;
  private readonly stories: Stories;
  private readonly kinds: readonly Strides[];
  /** Steps of the repertoire, made ready: a story that has not been told yet is null. Who owns its camera in the end. */
  private readonly repertoire: (Int32Array | null)[] = Array.from({ length: REPERTOIRE }, () => null);
  private readonly owners = new Int32Array(REPERTOIRE);
  private readonly signature: number;
  /** A story made up for the occasion. */
  private readonly fresh = new Int32Array(LONGEST * READY);
  private readonly cast: Int32Array;
  private camera = 0;
  private template = 0;

  constructor(tape: Tape<unknown>, layout: Layout, told: boolean) {
    this.tape = tape;
    this.layout = layout;
    this.stories = new Stories(layout, told);
    this.kinds = OPERATION_KINDS.map((kind, code) => stridesOf(layout, kind, code));
    this.cast = castOf(layout);
    this.signature = layout.signature();
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
    tape.write(0, layout.bases[RECONFIGURE]! + random.below(configurations - 1));
    return 1;
  }

  /** Tells one story into the program, from this place on; returns the place behind it. `bits`: random ones, of which it looks at the lowest 18. */
  tell(random: Random, bits: number, from: number): number {
    this.assign(random, bits >>> 16);
    if ((bits & 255) < NEW) {
      const length = this.makeUp(random);
      this.layout.owners[this.camera] = this.cast[ROW + this.stories.owner]!;
      return this.write(this.fresh, length, from);
    }
    const place = (bits >>> 8) & (REPERTOIRE - 1);
    const story = this.repertoire[place] ?? this.rehearse(place);
    this.layout.owners[this.camera] = this.cast[ROW + this.owners[place]!]!;
    return this.write(story, story.length, from);
  }

  /** Makes up a story of the repertoire, which depends on the world alone. */
  private rehearse(place: number): Int32Array {
    const story = this.fresh.slice(0, this.makeUp(new Random(place, this.signature)));
    this.repertoire[place] = story;
    this.owners[place] = this.stories.owner;
    return story;
  }

  /** Makes up a story and makes its steps ready; returns how many numbers they take. */
  private makeUp(random: Random): number {
    const { stories, kinds, fresh } = this;
    stories.draw(random);
    for (let index = 0; index < stories.length; index++) {
      const step = stories.steps[index]!;
      const { base, number, channelAt, userAt, cameraAt, templateAt } = kinds[step & 31]!;
      const which = (step >>> 15) & 15;
      fresh[index * READY] = base + (which >= CHANNEL ? 0 : which * number);
      fresh[index * READY + 1] =
        (userAt + ((step >>> 5) & 15)) |
        ((cameraAt + ((step >>> 9) & 7)) << CAMERA_SHIFT) |
        ((which === CHANNEL ? channelAt : which === PAST_OWN ? ENDS : templateAt + ((step >>> 12) & 7)) << TEMPLATE_SHIFT);
    }
    return stories.length * READY;
  }

  /** Gives the roles to users, cameras and templates: half of the time to the camera and template of the last story. */
  private assign(random: Random, bits: number): void {
    const { layout, cast } = this;
    const { cameras, users, owners } = layout;
    const more = random.next();
    const changes = (bits & 1) - 1;
    this.camera += ((((more & 0xffff) * cameras) >>> 16) - this.camera) & changes;
    this.template += ((((more >>> 16) * layout.templates) >>> 16) - this.template) & changes;
    const asked = layout.cameras * layout.templates;
    for (let place = 0, camera = this.camera; place < cameras; place++) {
      const owner = owners[camera]!;
      cast[ROW + place] = owner;
      cast[2 * ROW + place] = owner * asked;
      camera = camera + 1 === cameras ? 0 : camera + 1;
    }
    // The two users next to the owner, one of them as the guest; of two users there is only one who is not the owner.
    const owner = owners[this.camera]!;
    const after = owner + 1 < users ? owner + 1 : 0;
    const before = owner > 0 ? owner - 1 : users - 1;
    const turned = (bits >>> 1) & 1;
    cast[ROW + GUEST + turned] = after;
    cast[2 * ROW + GUEST + turned] = after * asked;
    cast[ROW + THIRD - turned] = before;
    cast[2 * ROW + THIRD - turned] = before * asked;
  }

  /** Writes steps that were made ready, and returns the place behind the last. Without branches that a processor could not foresee. */
  private write(steps: Int32Array, length: number, from: number): number {
    const { cast, layout, tape } = this;
    const cameraAt = USERS + this.camera * BLOCK;
    const templateAt = USERS + (layout.cameras + this.template) * BLOCK;
    let to = from;
    for (let index = 0; index < length; index += READY) {
      const roles = steps[index + 1]!;
      const letter = steps[index]! + cast[roles & 63]! + cast[cameraAt + ((roles >>> CAMERA_SHIFT) & 31)]! + cast[templateAt + (roles >>> TEMPLATE_SHIFT)]!;
      tape.write(to++, letter);
    }
    return to;
  }
}

/** How the block of a kind is laid out: where it begins, and in which rows of the cast its roles stand. */
interface Strides {
  readonly base: number;
  readonly number: number;
  readonly userAt: number;
  readonly cameraAt: number;
  readonly templateAt: number;
  readonly channelAt: number;
}

/** What one camera more may amount to; and one channel more. The place in these lists is the place of the row. */
function cameraStrides({ users, templates }: Layout): readonly number[] {
  return [0, 1, templates, users];
}

function channelStrides({ users }: Layout): readonly number[] {
  return [0, 1, users];
}

function stridesOf(layout: Layout, kind: OperationKind, code: number): Strides {
  const { bases, counts, spans, users, cameras, templates, asks } = layout;
  const [user, camera, template, number] = stridesOfKind();
  return {
    base: bases[code]!,
    number,
    userAt: [0, 1, cameras * templates].indexOf(user) * ROW,
    cameraAt: cameraStrides(layout).indexOf(camera) * CAMERA_ROW,
    templateAt: template * CAMERA_ROW,
    channelAt: CHANNELS + channelStrides(layout).indexOf(number),
  };

  /** What one user, camera, template and number more amount to. */
  function stridesOfKind(): readonly [number, number, number, number] {
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

/** The rows of users, which are filled for each story, and the blocks of all cameras and templates. Roles are counted on from a camera and a template. */
function castOf(layout: Layout): Int32Array {
  const { cameras, templates } = layout;
  const cast = new Int32Array(USERS + (cameras + templates) * BLOCK);
  for (let camera = 0; camera < cameras; camera++) {
    for (const [row, stride] of cameraStrides(layout).entries())
      for (let place = 0; place < Math.min(cameras, CAMERA_ROW); place++)
        cast[USERS + camera * BLOCK + row * CAMERA_ROW + place] = ((camera + place) % cameras) * stride;
  }
  for (let template = 0; template < templates; template++) {
    const at = USERS + (cameras + template) * BLOCK;
    for (let place = 0; place < Math.min(templates, CAMERA_ROW); place++) cast[at + CAMERA_ROW + place] = (template + place) % templates;
    const switchable = layout.switchable[template]!;
    cast[at + CAMERA_ROW + SWITCHABLE] = switchable;
    cast[at + CAMERA_ROW + PLAINLY] = layout.plainly[template]!;
    cast[at + ENDS] = layout.ends[template]!;
    for (const [row, stride] of channelStrides(layout).entries()) cast[at + CHANNELS + row] = layout.channels[switchable]! * stride;
  }
  return cast;
}
