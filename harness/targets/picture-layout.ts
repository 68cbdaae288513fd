import type { Tier } from '../../models/domain/world.ts';

/** Where things stand in a picture. All of it is counted in units of 16 x 16 pixels, the size of a JPEG's unit with halved colour (T.81, A.2). */
export interface Layout {
  readonly columns: number;
  readonly rows: number;
  /** JPEG quality, 1 to 100. */
  readonly quality: number;
  /** First column of the codes at the top and at the bottom: even. */
  readonly across: number;
  /** First row of the codes at the left and at the right. */
  readonly down: number;
  /** Bytes of a picture: all of a tier have as many, so that a length tells nobody apart. */
  readonly bytes: number;
}

export const LAYOUTS: Readonly<Record<Tier, Layout>> = {
  high: { columns: 40, rows: 22, quality: 50, across: 6, down: 4, bytes: 24_576 },
  low: { columns: 32, rows: 18, quality: 30, across: 2, down: 2, bytes: 16_384 },
};

/** Pixels of a unit, along each side. */
export const UNIT = 16;
/** Units between two restart markers: as wide as the codes at the sides, so that each code is a part of its own. */
export const INTERVAL_UNITS = 2;
/** Rows of units that hold the caption, above the code at the bottom. */
export const CAPTION_ROWS = 2;
/** Bits in one interval: two units of 2 x 2 cells. */
export const BITS = 8;
/** Cells in one interval, along each side. */
export const CELLS_WIDE = 4;
export const CELLS_HIGH = 2;

/** A code in a picture: the first interval, and the way to the next. In cells of half a unit. */
export interface Tile {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
}

/** The four codes of a picture: top, bottom, left, right. Whichever way a picture is torn in two, each half has one. */
export function tilesOf({ columns, rows, across, down }: Layout): Tile[] {
  const [right, bottom] = [2 * columns - CELLS_WIDE, 2 * rows - CELLS_HIGH];
  return [
    { x: 2 * across, y: 0, stepX: CELLS_WIDE, stepY: 0 },
    { x: 2 * across, y: bottom, stepX: CELLS_WIDE, stepY: 0 },
    { x: 0, y: 2 * down, stepX: 0, stepY: CELLS_HIGH },
    { x: right, y: 2 * down, stepX: 0, stepY: CELLS_HIGH },
  ];
}
