import type { Layout } from './picture-layout.ts';
import { INTERVAL_UNITS, UNIT } from './picture-layout.ts';

// A writer of baseline JPEG (ITU-T T.81): just enough for pictures that are put together from parts made before.

/** The order in which coefficients are written, as places in an 8 x 8 block (T.81, figure A.6). */
const ZIGZAG: readonly number[] = zigzag();

/** Quantisation at quality 50 (T.81, annex K.1), row by row. */
const LUMA_STEPS = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103,
  77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
const CHROMA_STEPS: readonly number[] = chromaSteps();

const END_OF_BLOCK = 0x00;
const SIXTEEN_ZEROS = 0xf0;

/** Codes by length, 1 to 16 bits, as in T.81, tables K.3 and K.5. */
const DC_LENGTHS = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const AC_LENGTHS = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125];
const DC_SYMBOLS: readonly number[] = Array.from({ length: 12 }, (_, size) => size);
const AC_SYMBOLS: readonly number[] = acSymbols();

/** How coefficients of one quality are rounded. */
export interface Steps {
  readonly luma: readonly number[];
  readonly chroma: readonly number[];
}

/** The steps of a JPEG quality from 1 to 100, scaled as libjpeg does. */
export function stepsOf(quality: number): Steps {
  const scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  const scaled = (steps: readonly number[]): number[] => steps.map((step) => Math.min(255, Math.max(1, Math.floor((step * scale + 50) / 100))));
  return { luma: scaled(LUMA_STEPS), chroma: scaled(CHROMA_STEPS) };
}

/** Everything before the scan, but for the marker that starts the file and the segment that tells JFIF. */
export function headerOf({ columns, rows, quality }: Layout): Buffer {
  const { luma, chroma } = stepsOf(quality);
  const [width, height] = [columns * UNIT, rows * UNIT];
  return Buffer.concat([
    segment(0xdb, [0, ...ZIGZAG.map((place) => luma[place]!), 1, ...ZIGZAG.map((place) => chroma[place]!)]),
    // Three components; the first is twice as fine as the others in both directions.
    segment(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]),
    segment(0xc4, [0x00, ...DC_LENGTHS, ...DC_SYMBOLS, 0x10, ...AC_LENGTHS, ...AC_SYMBOLS]),
    segment(0xdd, [0, INTERVAL_UNITS]),
    segment(0xda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
  ]);
}

/** A marker with its parameters. */
export function segment(marker: number, content: readonly number[] | Buffer): Buffer {
  const length = content.length + 2;
  return Buffer.concat([Buffer.from([0xff, marker, length >> 8, length & 255]), Buffer.from(content)]);
}

/** The coefficients of 8 x 8 samples from -128 to 127, rounded, in zigzag order. */
export function coefficientsOf(samples: Float64Array, steps: readonly number[]): Int16Array {
  const rounded = new Int16Array(64);
  if (samples.every((sample) => sample === samples[0])) {
    rounded[0] = flat(samples[0]! + 128, steps[0]!);
    return rounded;
  }
  const half = new Float64Array(64);
  for (let row = 0; row < 8; row++)
    for (let u = 0; u < 8; u++) {
      let sum = 0;
      for (let x = 0; x < 8; x++) sum += samples[8 * row + x]! * COSINES[8 * u + x]!;
      half[8 * row + u] = sum;
    }
  for (let place = 0; place < 64; place++) {
    const at = ZIGZAG[place]!;
    const [u, v] = [at & 7, at >> 3];
    let sum = 0;
    for (let y = 0; y < 8; y++) sum += half[8 * y + u]! * COSINES[8 * v + y]!;
    rounded[place] = Math.round(sum / steps[at]!);
  }
  return rounded;
}

/** The first coefficient of a block that has one value all over. */
export function flat(value: number, step: number): number {
  return Math.round(((value - 128) * 8) / step);
}

const COSINES: Float64Array = (() => {
  const table = new Float64Array(64);
  for (let u = 0; u < 8; u++) for (let x = 0; x < 8; x++) table[8 * u + x] = (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
  return table;
})();

const RESTART = 0xd0;

/** Intervals one after the other, with the markers between them; `first` is the number of the first of them in its picture, from 0. */
export function joined(intervals: readonly Buffer[], first: number): Buffer {
  return Buffer.concat(intervals.flatMap((interval, index) => (index === 0 ? [interval] : [restartBefore(first + index), interval])));
}

/** The marker before an interval. */
export function restartBefore(interval: number): Buffer {
  return RESTARTS[(interval - 1) & 7]!;
}

const RESTARTS: readonly Buffer[] = Array.from({ length: 8 }, (_, number) => Buffer.from([0xff, RESTART + number]));

interface Code {
  readonly bits: number;
  readonly length: number;
}

const DC_CODES = codesOf(DC_LENGTHS, DC_SYMBOLS);
const AC_CODES = codesOf(AC_LENGTHS, AC_SYMBOLS);

/** One restart interval: blocks as bits. It stands on nothing that came before it. */
export class Interval {
  private readonly bytes: number[] = [];
  private kept = 0;
  private length = 0;
  private readonly before = [0, 0, 0];

  /** Writes a block of a component: 0 for light, 1 and 2 for colour. */
  block(component: number, coefficients: Int16Array): void {
    this.dc(component, coefficients[0]!);
    let zeros = 0;
    for (let place = 1; place < 64; place++) {
      const value = coefficients[place]!;
      if (value === 0) {
        zeros++;
        continue;
      }
      for (; zeros > 15; zeros -= 16) this.symbol(AC_CODES, SIXTEEN_ZEROS);
      const size = sizeOf(value);
      this.symbol(AC_CODES, (zeros << 4) | size);
      this.value(value, size);
      zeros = 0;
    }
    if (zeros > 0) this.symbol(AC_CODES, END_OF_BLOCK);
  }

  /** Writes a block that has one value all over, given by its first coefficient. */
  plain(component: number, dc: number): void {
    this.dc(component, dc);
    this.symbol(AC_CODES, END_OF_BLOCK);
  }

  /** What was written, filled up with ones to whole bytes. */
  end(): Buffer {
    if (this.length > 0) this.put(2 ** (8 - this.length) - 1, 8 - this.length);
    return Buffer.from(this.bytes);
  }

  private dc(component: number, value: number): void {
    const difference = value - this.before[component]!;
    this.before[component] = value;
    const size = sizeOf(difference);
    this.symbol(DC_CODES, size);
    this.value(difference, size);
  }

  private symbol(codes: readonly Code[], symbol: number): void {
    const { bits, length } = codes[symbol]!;
    this.put(bits, length);
  }

  /** Negative values are written as one less, without the sign (T.81, F.1.2.1). */
  private value(value: number, size: number): void {
    if (size > 0) this.put(value < 0 ? value + 2 ** size - 1 : value, size);
  }

  private put(bits: number, length: number): void {
    this.kept = (this.kept << length) | bits;
    for (this.length += length; this.length >= 8; this.length -= 8) {
      const byte = (this.kept >>> (this.length - 8)) & 255;
      this.bytes.push(byte);
      // A byte of ones would begin a marker.
      if (byte === 255) this.bytes.push(0);
    }
    this.kept &= 255;
  }
}

function sizeOf(value: number): number {
  return 32 - Math.clz32(Math.abs(value));
}

/** Codes by symbol, each length counting on from the one before (T.81, annex C). */
function codesOf(lengths: readonly number[], symbols: readonly number[]): Code[] {
  const codes: Code[] = [];
  let bits = 0;
  let next = 0;
  for (const [index, count] of lengths.entries()) {
    for (let made = 0; made < count; made++) codes[symbols[next++]!] = { bits: bits++, length: index + 1 };
    bits *= 2;
  }
  return codes;
}

/** Runs of zeros with the size of what follows, the likeliest first. */
function acSymbols(): number[] {
  const symbols: number[] = [];
  for (let zeros = 0; zeros < 16; zeros++) for (let size = 1; size <= 10; size++) symbols.push((zeros << 4) | size);
  const likeliness = (symbol: number): number => (symbol >> 4) + 2 * (symbol & 15);
  return [END_OF_BLOCK, ...symbols.toSorted((a, b) => likeliness(a) - likeliness(b)), SIXTEEN_ZEROS];
}

function zigzag(): number[] {
  const order: number[] = [];
  for (let sum = 0; sum < 15; sum++)
    for (let step = 0; step < 8; step++) {
      const [row, column] = sum % 2 === 0 ? [sum - step, step] : [step, sum - step];
      if (row >= 0 && row < 8 && column >= 0 && column < 8) order.push(8 * row + column);
    }
  return order;
}

function chromaSteps(): number[] {
  const steps = Array.from({ length: 64 }, () => 99);
  for (const [row, values] of [
    [17, 18, 24, 47],
    [18, 21, 26, 66],
    [24, 26, 56, 99],
    [47, 66, 99, 99],
  ].entries())
    for (const [column, value] of values.entries()) steps[8 * row + column] = value;
  return steps;
}
