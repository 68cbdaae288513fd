import { OPERATION_KINDS, type OperationKind } from '../../models/domain/operation.ts';
import { policyOf } from '../../models/domain/request.ts';
import { CHANNELS, type Template, type World } from '../../models/domain/world.ts';
import { httpLifetimeMs } from '../run/lifetime.ts';
import { advancesOf, type Alphabet, askedCount } from './alphabet.ts';
import { mix } from './random.ts';

/** The code of a kind of operation: its place in `OPERATION_KINDS`. */
export function kindCode(kind: OperationKind): number {
  return OPERATION_KINDS.indexOf(kind);
}

/** Kinds whose blocks are laid out by camera, then (for a transfer) by user. */
const CAMERA_KINDS: readonly number[] = (['capture', 'publish', 'unpublish', 'transfer', 'recreate', 'purge'] as const).map((kind) => kindCode(kind));

/** Kinds that speak of calls in flight: they stand behind all others. */
const IN_FLIGHT: ReadonlySet<OperationKind> = new Set(['begin', 'release', 'cancel']);

/** Where the operations of an alphabet stand, for those who pick them by number. Nothing here changes, but for the owners. */
export class Layout {
  /** The kinds that the alphabet has. */
  readonly kinds: readonly number[];
  /** By kind: where its block begins, and how many operations it holds. */
  readonly bases: Int32Array;
  readonly counts: Int32Array;
  /** By kind: how many operations concern one camera; 0 for kinds that are laid out otherwise. */
  readonly spans: Int32Array;
  readonly users: number;
  readonly cameras: number;
  readonly templates: number;
  readonly asks: number;
  /** How many operations, from the first on, speak of no call in flight. */
  readonly plain: number;
  /** By template: the place of its channel among those that can be switched off; 0 where it cannot. */
  readonly channels: Int32Array;
  /** By template: itself or the next one whose channel can be switched off, where there is one. */
  readonly switchable: Int32Array;
  /** By template: the one that asks for the same on plain terms, where there is one, else itself. */
  readonly plainly: Int32Array;
  /** By template: the place, among the steps of time, of one past the end of what it brings: a second where nothing may be kept, for a target that hears of nothing. */
  readonly ends: Int32Array;
  /** How many channels can be switched off. */
  readonly switched: number;
  readonly capacity: number;
  /** Whether answers are those of HTTP. */
  readonly http: boolean;
  /** Whether nobody says who he is, however he asks: then he sees what is public, and nothing else. */
  readonly anonymous: boolean;
  /** The owners as the transfers of a program leave them. */
  readonly owners: Int32Array;
  private readonly world: World;
  private readonly firstOwners: Int32Array;

  constructor(alphabet: Alphabet) {
    const { world, blocks } = alphabet;
    this.world = world;
    this.kinds = blocks.map(({ kind }) => kindCode(kind));
    this.bases = new Int32Array(OPERATION_KINDS.length);
    this.counts = new Int32Array(OPERATION_KINDS.length);
    this.spans = new Int32Array(OPERATION_KINDS.length);
    for (const { kind, base, count } of blocks) {
      this.bases[kindCode(kind)] = base;
      this.counts[kindCode(kind)] = count;
    }
    this.users = world.users.length;
    this.cameras = world.cameras.length;
    this.templates = world.templates.length;
    this.asks = askedCount(world);
    this.plain = blocks.reduce((sum, { kind, count }) => (IN_FLIGHT.has(kind) ? sum : sum + count), 0);
    for (const kind of CAMERA_KINDS) this.spans[kind] = this.counts[kind]! / this.cameras;
    this.switched = this.counts[kindCode('disable')]!;
    const switched = CHANNELS.filter((channel) => channel !== 'app' && world.templates.some((template) => template.channel === channel));
    const places = CHANNELS.map((channel) => switched.indexOf(channel));
    this.channels = Int32Array.from(world.templates, ({ channel }) => Math.max(0, places[CHANNELS.indexOf(channel)]!));
    this.switchable = Int32Array.from(world.templates, (_, from) => {
      const turned = world.templates.map((_template, step) => (from + step) % world.templates.length);
      return turned.find((template) => switched.includes(world.templates[template]!.channel)) ?? from;
    });
    this.plainly = Int32Array.from(world.templates, (template, place) => plainOf(world.templates, template) ?? place);
    // Where changes bind at once, nothing has to pass before one shows.
    const second = alphabet.http && !alphabet.told ? Math.max(0, advancesOf(world).indexOf(1000)) : 0;
    this.ends = Int32Array.from(world.templates, (_, place) => (httpLifetimeMs(policyOf(world, place).cacheControl) === 0 ? second : 0));
    this.capacity = world.capacity;
    this.http = alphabet.http;
    this.anonymous = world.templates.every(({ credential }) => credential === 'none');
    this.firstOwners = Int32Array.from(world.cameras, (camera) => camera.owner);
    this.owners = this.firstOwners.slice();
  }

  /** A number that tells worlds apart, mostly. */
  signature(): number {
    return signatureOf(JSON.stringify(this.world));
  }

  /** Back to the owners that a program starts with. */
  reset(): void {
    for (let camera = 0; camera < this.cameras; camera++) this.owners[camera] = this.firstOwners[camera]!;
  }

  /** The place of what is asked in blocks of requests, begins, cancels and releases. */
  asked(user: number, camera: number, template: number): number {
    return (user * this.cameras + camera) * this.templates + template;
  }
}

/** The place of the template that asks for the same by GET, for the whole, and without a condition. */
function plainOf(templates: readonly Template[], { channel, tier, credential, spelling }: Template): number | undefined {
  const place = templates.findIndex(
    (other) =>
      (other.method ?? 'GET') === 'GET' &&
      other.condition === undefined &&
      other.range !== true &&
      other.channel === channel &&
      other.tier === tier &&
      other.credential === credential &&
      other.spelling === spelling,
  );
  return place < 0 ? undefined : place;
}

function signatureOf(text: string): number {
  let signature = 0;
  for (let index = 0; index < text.length; index++) signature = mix(signature ^ text.charCodeAt(index));
  return signature;
}
