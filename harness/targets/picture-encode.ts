import type { Mark } from '../../models/domain/frame.ts';
import type { Tier, World } from '../../models/domain/world.ts';
import { markText } from './frame-bytes.ts';
import { mixed, writeCode } from './picture-code.ts';
import { drawable, shortened } from './picture-font.ts';
import { headerOf, restartBefore, segment } from './picture-jpeg.ts';
import { CAPTION_ROWS, INTERVAL_UNITS, LAYOUTS, type Layout } from './picture-layout.ts';
import { Parts } from './picture-parts.ts';
import { SCENES } from './picture-scene.ts';

/** Letters of an owner's name: they are twice as large as the others. */
const OWNER_LETTERS: Readonly<Record<Tier, number>> = { high: 10, low: 8 };
/** Bytes before the text of the comment: start of image, the segment of JFIF, the marker and the length of the comment. */
export const COMMENT_AT = 24;
/** Bytes of a comment, and of each repetition behind the end. */
const COMMENT_BYTES = 60;
/** How often the mark stands at the very end. */
const REPEATED = 4;

const START = Buffer.concat([Buffer.from([0xff, 0xd8]), segment(0xe0, Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1'))]);
const COMMENT = 0xfe;
const END = Buffer.from([0xff, 0xd9]);

interface Kit {
  readonly layout: Layout;
  readonly parts: Parts;
  readonly header: Buffer;
  /** Where pictures are put together before their length is known. */
  readonly desk: Buffer;
  /** Memory of pictures that are no longer needed: to free as much again and again would take longer than to draw. */
  readonly shelf: Buffer[];
}

const KITS: Readonly<Record<Tier, Kit>> = { high: kitOf('high'), low: kitOf('low') };

function kitOf(tier: Tier): Kit {
  const layout = LAYOUTS[tier];
  const header = Buffer.concat([START, segment(COMMENT, Buffer.alloc(COMMENT_BYTES, ' ')), headerOf(layout)]);
  return { layout, parts: new Parts(tier), header, desk: Buffer.alloc(2 * layout.bytes), shelf: [] };
}

/**
 * A frame as a JPEG: its scene, whose it is in letters and colour, its code at all four sides, and its mark as text in a
 * comment and behind the end, where no viewer looks. Throws a RangeError where a number does not fit the code.
 */
export function encodePicture(frame: Mark, run: number, world: World): Buffer {
  const { layout } = KITS[frame.tier];
  const text = Buffer.from(markText(frame, run).padEnd(COMMENT_BYTES), 'latin1');
  const bytes = Buffer.allocUnsafeSlow(layout.bytes);
  pictureOf({ frame, run, world }).copy(bytes);
  text.copy(bytes, COMMENT_AT);
  for (let repeated = 1; repeated <= REPEATED; repeated++) text.copy(bytes, layout.bytes - repeated * COMMENT_BYTES);
  return bytes;
}

/** Pictures of the last run, by what they show. */
const RECENT = new Map<string, Buffer>();
const RECENT_MAX = 64;
let recentRun = -1;
let recentWorld: World | null = null;

/** A picture with room for the text of its copy. Copies differ in nothing else, and there may be many. */
function pictureOf(shown: Shown): Buffer {
  const { run, world } = shown;
  if (run !== recentRun || world !== recentWorld || RECENT.size === RECENT_MAX) forget();
  recentRun = run;
  recentWorld = world;
  const { camera, epoch, owner, sequence, tier } = shown.frame;
  const key = `${camera} ${epoch} ${owner} ${sequence} ${tier}`;
  let picture = RECENT.get(key);
  if (picture === undefined) {
    picture = drawn(shown);
    RECENT.set(key, picture);
  }
  return picture;
}

function forget(): void {
  for (const picture of RECENT.values()) KITS[picture.length === LAYOUTS.high.bytes ? 'high' : 'low'].shelf.push(picture);
  RECENT.clear();
}

/** Puts a picture together. */
function drawn(shown: Shown): Buffer {
  const { layout, header, desk, shelf } = KITS[shown.frame.tier];
  const bytes = shelf.pop() ?? Buffer.allocUnsafeSlow(layout.bytes);
  const from = header.copy(bytes);
  const scan = scanInto(desk, KITS[shown.frame.tier], shown);
  const end = from + scan;
  if (end > layout.bytes - REPEATED * COMMENT_BYTES) throw new RangeError(`A picture of ${end} bytes is larger than its tier allows`);
  desk.copy(bytes, from, 0, scan);
  return bytes.fill(' ', end);
}

interface Shown {
  readonly frame: Mark;
  readonly run: number;
  readonly world: World;
}

/** Puts the scan together, interval by interval, and ends the image. Returns how many bytes that were. */
function scanInto(desk: Buffer, { layout, parts }: Kit, shown: Shown): number {
  const { frame } = shown;
  const intervals = layout.columns / INTERVAL_UNITS;
  const edge = parts.edge(frame.owner);
  const codes = codesOf(shown);
  let length = 0;
  let count = 0;
  const put = (part: Buffer, holds = 1): void => {
    if (count > 0) length += restartBefore(count).copy(desk, length);
    length += part.copy(desk, length);
    count += holds;
  };
  const cells = (byte: number | undefined): void => put(byte === undefined ? edge : parts.code(frame.owner, byte));
  const across = (code: Buffer): void => {
    for (let interval = 0; interval < intervals; interval++) cells(code[interval - layout.across / INTERVAL_UNITS]);
  };
  across(codes[0]!);
  for (const [index, row] of middleOf(parts, layout, shown).entries()) {
    const place = index + 1 - layout.down;
    cells(codes[2]![place]);
    put(row, intervals - 2);
    cells(codes[3]![place]);
  }
  across(codes[1]!);
  return length + END.copy(desk, length);
}

function codesOf({ frame, run }: Shown): Buffer[] {
  const code = writeCode(frame, run);
  return [0, 1, 2, 3].map((tile) => mixed(code, tile));
}

/** The rows between the codes at the top and at the bottom. */
function middleOf(parts: Parts, { columns }: Layout, { frame, world }: Shown): Buffer[] {
  const { owner, camera, epoch, sequence, tier } = frame;
  const { users, cameras, scenes } = castOf(world);
  const name = shortened(users[owner]!, OWNER_LETTERS[tier]);
  const room = columns - 2 * INTERVAL_UNITS - CAPTION_ROWS * name.length - 2;
  const note = epoch === 0 ? `#${sequence}` : `EPOCH ${epoch} #${sequence}`;
  const caption = parts.caption(owner, { owner: name, camera: shortened(cameras[camera]!, room), note: note.length > room ? `#${sequence}` : note });
  return [...parts.scene(scenes[camera]!), ...caption];
}

/** What is shown of a world. */
interface Cast {
  /** Names in letters that can be drawn. */
  readonly users: readonly string[];
  readonly cameras: readonly string[];
  /** Of each camera. */
  readonly scenes: readonly string[];
}

const CASTS = new WeakMap<World, Cast>();

function castOf(world: World): Cast {
  let cast = CASTS.get(world);
  if (cast === undefined) {
    const ids = world.cameras.map(({ id }) => id);
    const users = world.users.map((user, index) => drawable(user, `USER ${index}`));
    cast = { users, cameras: ids.map((id, index) => drawable(id, `CAMERA ${index}`)), scenes: scenesOf(ids) };
    CASTS.set(world, cast);
  }
  return cast;
}

/** The scene of each camera: the one of its name, else one that no camera of its world has, as long as there are some. */
function scenesOf(ids: readonly string[]): string[] {
  const names = Object.keys(SCENES);
  const free = names.filter((name) => !ids.includes(name));
  let next = 0;
  return ids.map((id) => (names.includes(id) ? id : (free[next++ % free.length] ?? names[0]!)));
}
