import { CODE_BYTES, mixed, type PixelMark, readCode } from './picture-code.ts';
import type { Light } from './picture-decode.ts';
import { BITS, CELLS_HIGH, CELLS_WIDE, LAYOUTS, type Layout, type Tile, tilesOf } from './picture-layout.ts';

const CELLS = CODE_BYTES * BITS;
/** Places looked at in a cell, along each side, and the part of the cell that they are spread over. */
const PLACES = 4;
const CORE = 0.5;

/** The frames of which a picture shows a code, each once. However large the picture is now, the codes are where they were in proportion. */
export function readPixels(picture: Light): PixelMark[] {
  const found: PixelMark[] = [];
  for (const layout of Object.values(LAYOUTS))
    for (const mark of readLayout(picture, layout)) if (!found.some((other) => isSame(mark, other))) found.push(mark);
  return found;
}

function readLayout(picture: Light, layout: Layout): PixelMark[] {
  const marks: PixelMark[] = [];
  for (const [index, tile] of tilesOf(layout).entries()) {
    const mark = readCode(mixed(bitsOf(cellsOf(picture, layout, tile)), index));
    if (mark !== null) marks.push(mark);
  }
  return marks;
}

/** The light of each cell of a code. */
function cellsOf(picture: Light, layout: Layout, { x, y, stepX, stepY }: Tile): Float64Array {
  const [width, height] = [picture.width / (2 * layout.columns), picture.height / (2 * layout.rows)];
  const cells = new Float64Array(CELLS);
  for (let cell = 0; cell < CELLS; cell++) {
    const interval = Math.floor(cell / BITS);
    const column = x + interval * stepX + (cell % CELLS_WIDE);
    const row = y + interval * stepY + (Math.floor(cell / CELLS_WIDE) % CELLS_HIGH);
    let sum = 0;
    for (let place = 0; place < PLACES * PLACES; place++) {
      const [insideX, insideY] = [inside(place % PLACES), inside(Math.floor(place / PLACES))];
      sum += lightAt(picture, (column + insideX) * width - 0.5, (row + insideY) * height - 0.5);
    }
    cells[cell] = sum / PLACES ** 2;
  }
  return cells;
}

function inside(place: number): number {
  return 0.5 + CORE * ((place + 0.5) / PLACES - 0.5);
}

/** The light between the middles of pixels. */
function lightAt({ width, height, light }: Light, x: number, y: number): number {
  const [left, top] = [clamp(Math.floor(x), width - 1), clamp(Math.floor(y), height - 1)];
  const [right, bottom] = [clamp(left + 1, width - 1), clamp(top + 1, height - 1)];
  const [shareX, shareY] = [Math.min(1, Math.max(0, x - left)), Math.min(1, Math.max(0, y - top))];
  const above = light[top * width + left]! * (1 - shareX) + light[top * width + right]! * shareX;
  const below = light[bottom * width + left]! * (1 - shareX) + light[bottom * width + right]! * shareX;
  return above * (1 - shareY) + below * shareY;
}

function clamp(value: number, max: number): number {
  return Math.min(max, Math.max(0, value));
}

/** Light or dark, cell by cell: the border lies halfway between the mean of the lighter half and that of the darker one. */
function bitsOf(cells: Float64Array): Buffer {
  const sorted = cells.toSorted();
  const border = (mean(sorted.subarray(0, CELLS / 2)) + mean(sorted.subarray(CELLS / 2))) / 2;
  const code = Buffer.alloc(CODE_BYTES);
  for (let cell = 0; cell < CELLS; cell++) if (cells[cell]! > border) code[Math.floor(cell / BITS)]! |= 1 << (BITS - 1 - (cell % BITS));
  return code;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Whether two marks are of the same frame. */
export function isSame(a: PixelMark, b: PixelMark): boolean {
  return a.run === b.run && a.camera === b.camera && a.epoch === b.epoch && a.owner === b.owner && a.sequence === b.sequence && a.tier === b.tier;
}
