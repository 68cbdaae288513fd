import type { Tier } from '../../models/domain/world.ts';
import { isSet, LETTER_HEIGHT, LETTER_WIDTH } from './picture-font.ts';
import { coefficientsOf, flat, Interval, joined, type Steps, stepsOf } from './picture-jpeg.ts';
import { BITS, CAPTION_ROWS, CELLS_WIDE, INTERVAL_UNITS, LAYOUTS, UNIT } from './picture-layout.ts';
import { colourOf, paint, SCENES } from './picture-scene.ts';

// The parts of which pictures are put together, made when they are first needed: each a restart interval, or a row of them.

/** One for each owner: what frames his pictures. */
const OWNER_COLOURS = ['#2f6fed', '#f08a24', '#2fa84f', '#9b4de0', '#e0413a', '#13a3a3', '#e457a8', '#a89a1f'];

// Light of cells, from 0 to 255: far apart, and far enough from both ends that colour is not cut off.
const DARK = 44;
const LIGHT = 212;
const MIDDLE = 120;
const CAPTION_BACK = 34;
const CAPTION_LETTER = 240;
/** How strongly the frame is coloured. */
const STRENGTH = 0.75;
/** Captions kept. */
const CAPTIONS = 1024;

/** A caption: whose camera, in large letters; which one, and what else there is to say, in small ones. */
export interface Caption {
  readonly owner: string;
  readonly camera: string;
  readonly note: string;
}

/** All parts of the pictures of one tier. */
export class Parts {
  /** By owner's colour: what stands where there is no code. */
  private readonly edges = new Map<number, Buffer>();
  /** By owner's colour and eight bits. */
  private readonly cells = new Map<number, Buffer>();
  private readonly scenes = new Map<string, Buffer[]>();
  private readonly captions = new Map<string, Buffer[]>();
  private readonly letters = new Map<string, Int16Array[]>();
  private readonly steps: Steps;
  private readonly tier: Tier;

  constructor(tier: Tier) {
    this.tier = tier;
    this.steps = stepsOf(LAYOUTS[tier].quality);
  }

  edge(owner: number): Buffer {
    return known(this.edges, owner % OWNER_COLOURS.length, (colour) => this.plain(colour, () => MIDDLE));
  }

  /** An interval that says eight bits, row by row, the highest first: 1 is light. */
  code(owner: number, byte: number): Buffer {
    const colour = owner % OWNER_COLOURS.length;
    return known(this.cells, (colour << BITS) | byte, () => this.plain(colour, (cell) => ((byte >> (BITS - 1 - cell)) & 1 ? LIGHT : DARK)));
  }

  /** The rows of a scene, each a number of intervals. */
  scene(name: string): Buffer[] {
    return known(this.scenes, name, () => this.sceneRows(name));
  }

  /** The rows of a caption, each a number of intervals. */
  caption(owner: number, caption: Caption): Buffer[] {
    if (this.captions.size > CAPTIONS) this.captions.clear();
    const colour = owner % OWNER_COLOURS.length;
    return known(this.captions, `${colour} ${caption.owner}\n${caption.camera}\n${caption.note}`, () => this.captionRows(colour, caption));
  }

  /** An interval of plain cells. */
  private plain(colour: number, light: (cell: number) => number): Buffer {
    const { luma, chroma } = this.steps;
    const [blue, red] = chromaOf(colour);
    const interval = new Interval();
    for (let unit = 0; unit < INTERVAL_UNITS; unit++) {
      for (let block = 0; block < 4; block++) {
        const cell = (block >> 1) * CELLS_WIDE + 2 * unit + (block & 1);
        interval.plain(0, flat(light(cell), luma[0]!));
      }
      interval.plain(1, flat(blue, chroma[0]!));
      interval.plain(2, flat(red, chroma[0]!));
    }
    return interval.end();
  }

  private sceneRows(name: string): Buffer[] {
    const { columns, rows } = LAYOUTS[this.tier];
    const [across, down] = [columns - 2 * INTERVAL_UNITS, rows - 2 - CAPTION_ROWS];
    const { width, rgb } = paint(SCENES[name]!, across * UNIT, down * UNIT);
    const pixel: Pixels = (x, y) => {
      const at = 3 * (y * width + x);
      return [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!];
    };
    return Array.from({ length: down }, (_, row) => this.row(row + 1, (column) => this.unit((x, y) => pixel(column * UNIT + x, row * UNIT + y))));
  }

  private captionRows(colour: number, { owner, camera, note }: Caption): Buffer[] {
    const { columns, rows } = LAYOUTS[this.tier];
    const across = columns - 2 * INTERVAL_UNITS;
    const large = 2 * owner.length;
    return Array.from({ length: CAPTION_ROWS }, (_, row) => {
      const small = `${row === 0 ? camera : note} `.padStart(across - large);
      return this.row(rows - 1 - CAPTION_ROWS + row, (column) =>
        column < large ? this.letter(owner[column >> 1]!, 2, [column & 1, row], colour) : this.letter(small[column - large]!, 1, [0, 0], colour),
      );
    });
  }

  /** A unit of a letter that is `scale` units wide and high: the part of it that is told. */
  private letter(letter: string, scale: number, [partX, partY]: readonly [number, number], colour: number): Int16Array[] {
    return known(this.letters, `${letter}${scale}${partX}${partY}${colour}`, () => {
      const [blue, red] = chromaOf(colour);
      return this.unit((x, y) => {
        const isInk = hasInk(letter, (partX * UNIT + x) / scale, (partY * UNIT + y) / scale);
        return rgbOf(isInk ? CAPTION_LETTER : CAPTION_BACK, isInk ? 128 : blue, isInk ? 128 : red);
      });
    });
  }

  /** A row between the codes at the sides. */
  private row(row: number, unitAt: (column: number) => Int16Array[]): Buffer {
    const { columns } = LAYOUTS[this.tier];
    const intervals: Buffer[] = [];
    for (let column = 0; column < columns - 2 * INTERVAL_UNITS; column += INTERVAL_UNITS) {
      const interval = new Interval();
      for (let unit = 0; unit < INTERVAL_UNITS; unit++)
        for (const [block, coefficients] of unitAt(column + unit).entries()) interval.block(Math.max(0, block - 3), coefficients);
      intervals.push(interval.end());
    }
    return joined(intervals, (row * columns) / INTERVAL_UNITS + 1);
  }

  /** The six blocks of a unit: four of light, two of colour at half the resolution. */
  private unit(pixel: Pixels): Int16Array[] {
    const planes = Array.from({ length: 6 }, () => new Float64Array(64));
    for (let y = 0; y < UNIT; y++)
      for (let x = 0; x < UNIT; x++) {
        const [light, blue, red] = yccOf(pixel(x, y));
        planes[(y >> 3) * 2 + (x >> 3)]![(y & 7) * 8 + (x & 7)] = light - 128;
        const half = (y >> 1) * 8 + (x >> 1);
        planes[4]![half]! += (blue - 128) / 4;
        planes[5]![half]! += (red - 128) / 4;
      }
    return planes.map((samples, plane) => coefficientsOf(samples, plane < 4 ? this.steps.luma : this.steps.chroma));
  }
}

type Colour = readonly [number, number, number];
type Pixels = (x: number, y: number) => Colour;

/** Margins of a letter in its unit, in pixels, the pixels from point to point, and what a stroke is wider than that. */
const [MARGIN_X, MARGIN_Y, POINT, BOLD] = [2, 1, 2, 1];

function hasInk(letter: string, x: number, y: number): boolean {
  return isPoint(letter, x, y) || isPoint(letter, x - BOLD, y);
}

function isPoint(letter: string, x: number, y: number): boolean {
  const [pointX, pointY] = [Math.floor((x - MARGIN_X) / POINT), Math.floor((y - MARGIN_Y) / POINT)];
  return pointX >= 0 && pointX < LETTER_WIDTH && pointY >= 0 && pointY < LETTER_HEIGHT && isSet(letter, pointX, pointY);
}

/** Blue and red difference of the colour of a frame. */
function chromaOf(colour: number): [number, number] {
  const [, blue, red] = yccOf(colourOf(OWNER_COLOURS[colour]!));
  return [128 + (blue - 128) * STRENGTH, 128 + (red - 128) * STRENGTH];
}

/** JFIF's light and colour differences. */
function yccOf([red, green, blue]: Colour): [number, number, number] {
  const light = 0.299 * red + 0.587 * green + 0.114 * blue;
  return [light, 128 + (blue - light) / 1.772, 128 + (red - light) / 1.402];
}

function rgbOf(light: number, blue: number, red: number): [number, number, number] {
  const [b, r] = [blue - 128, red - 128];
  return [light + 1.402 * r, light - 0.344_136 * b - 0.714_136 * r, light + 1.772 * b];
}

function known<K, V>(map: Map<K, V>, key: K, make: (key: K) => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make(key);
    map.set(key, value);
  }
  return value;
}
