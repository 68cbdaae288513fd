/** A picture in memory: red, green and blue of each pixel from 0 to 255, row by row. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8ClampedArray;
}

type Point = readonly [x: number, y: number];
/** What is painted, in units of which a scene is 200 wide and 100 high, each over those before it. */
type Shape =
  | { readonly rect: readonly [x: number, y: number, width: number, height: number]; readonly colour: string; readonly below?: string }
  | { readonly oval: readonly [x: number, y: number, radiusX: number, radiusY: number]; readonly colour: string }
  | { readonly outline: readonly Point[]; readonly colour: string };

const WIDTH = 200;
const HEIGHT = 100;
/** Lines through a pixel along which it is looked at how much of it is covered. */
const LINES = 3;

/** What a camera of each name looks at. */
export const SCENES: Readonly<Record<string, readonly Shape[]>> = {
  door: [
    { rect: [0, 0, 200, 100], colour: '#b5533c', below: '#94402f' },
    ...bricks(),
    { rect: [0, 84, 200, 16], colour: '#8d8a86' },
    { rect: [66, 10, 68, 78], colour: '#efe6d5' },
    { rect: [72, 16, 56, 72], colour: '#1f5f4a' },
    { rect: [79, 23, 18, 26], colour: '#184b3a' },
    { rect: [103, 23, 18, 26], colour: '#184b3a' },
    { rect: [79, 55, 18, 26], colour: '#184b3a' },
    { rect: [103, 55, 18, 26], colour: '#184b3a' },
    { oval: [122, 53, 3, 3], colour: '#f4c542' },
    { rect: [60, 86, 80, 6], colour: '#5c5955' },
    { oval: [40, 26, 6, 8], colour: '#ffe9a3' },
    { rect: [154, 60, 22, 26], colour: '#c9743f' },
    { oval: [165, 52, 15, 14], colour: '#3f8f3c' },
  ],
  yard: [
    { rect: [0, 0, 200, 64], colour: '#6fb7ee', below: '#cfe8fa' },
    { oval: [170, 18, 11, 11], colour: '#ffd94a' },
    { oval: [52, 18, 20, 6], colour: '#ffffff' },
    { oval: [66, 14, 15, 7], colour: '#ffffff' },
    ...pickets(),
    { rect: [0, 62, 200, 38], colour: '#5fae3e', below: '#3d8a2b' },
    { rect: [36, 40, 9, 34], colour: '#7a4d2a' },
    { oval: [40, 32, 24, 19], colour: '#2f7d32' },
    { oval: [26, 38, 13, 11], colour: '#38903b' },
    {
      outline: [
        [112, 86],
        [120, 70],
        [160, 70],
        [168, 86],
      ],
      colour: '#d8d2c4',
    },
    { oval: [140, 74, 17, 6], colour: '#38a1d6' },
  ],
  hall: [
    { rect: [0, 0, 200, 100], colour: '#e8dcc3' },
    {
      outline: [
        [0, 0],
        [70, 28],
        [130, 28],
        [200, 0],
      ],
      colour: '#f7f2e6',
    },
    {
      outline: [
        [0, 100],
        [70, 72],
        [130, 72],
        [200, 100],
      ],
      colour: '#a06a3b',
    },
    {
      outline: [
        [84, 100],
        [93, 72],
        [107, 72],
        [116, 100],
      ],
      colour: '#b3202a',
    },
    {
      outline: [
        [0, 0],
        [70, 28],
        [70, 72],
        [0, 100],
      ],
      colour: '#d3c29c',
    },
    {
      outline: [
        [200, 0],
        [130, 28],
        [130, 72],
        [200, 100],
      ],
      colour: '#cbb88e',
    },
    { rect: [88, 38, 24, 34], colour: '#6b4226' },
    { oval: [107, 56, 1.6, 1.6], colour: '#f4c542' },
    {
      outline: [
        [20, 24],
        [44, 31],
        [44, 54],
        [20, 58],
      ],
      colour: '#3a6ea5',
    },
    {
      outline: [
        [156, 32],
        [180, 25],
        [180, 78],
        [156, 70],
      ],
      colour: '#6b4226',
    },
    { rect: [99, 14, 2, 12], colour: '#5c5955' },
    { oval: [100, 28, 9, 6], colour: '#ffdf7a' },
  ],
  attic: [
    { rect: [0, 0, 200, 100], colour: '#4a3426', below: '#6b4a33' },
    {
      outline: [
        [100, 2],
        [200, 76],
        [200, 100],
        [0, 100],
        [0, 76],
      ],
      colour: '#8c6444',
    },
    { rect: [0, 80, 200, 20], colour: '#5f4029' },
    {
      outline: [
        [96, 2],
        [104, 2],
        [104, 80],
        [96, 80],
      ],
      colour: '#4a3426',
    },
    { oval: [60, 48, 17, 17], colour: '#3a281b' },
    { oval: [60, 48, 14, 14], colour: '#a9d7f5' },
    { rect: [59, 34, 2, 28], colour: '#3a281b' },
    { rect: [46, 47, 28, 2], colour: '#3a281b' },
    { rect: [118, 56, 40, 30], colour: '#c89b5f' },
    { rect: [134, 56, 8, 30], colour: '#e8d3a4' },
    { rect: [126, 36, 26, 20], colour: '#b3854b' },
    { rect: [136, 36, 6, 20], colour: '#e8d3a4' },
    { rect: [20, 74, 30, 16], colour: '#7d2f36' },
  ],
  porch: [
    { rect: [0, 0, 200, 100], colour: '#f2a65a', below: '#7b4a9e' },
    { oval: [100, 52, 26, 26], colour: '#ffd23f' },
    {
      outline: [
        [0, 66],
        [46, 44],
        [90, 66],
        [140, 48],
        [200, 66],
        [200, 80],
        [0, 80],
      ],
      colour: '#4a2f63',
    },
    { rect: [0, 76, 200, 24], colour: '#b98a5b' },
    { rect: [0, 84, 200, 1.5], colour: '#8d633b' },
    { rect: [0, 92, 200, 1.5], colour: '#8d633b' },
    { rect: [0, 0, 200, 12], colour: '#fbf6ea' },
    { rect: [14, 12, 10, 66], colour: '#fbf6ea' },
    { rect: [176, 12, 10, 66], colour: '#fbf6ea' },
    { rect: [24, 60, 152, 3], colour: '#fbf6ea' },
    {
      outline: [
        [128, 94],
        [134, 58],
        [140, 58],
        [137, 78],
        [162, 78],
        [164, 94],
        [158, 94],
        [156, 85],
        [136, 85],
        [134, 94],
      ],
      colour: '#20324f',
    },
  ],
  cellar: [
    { rect: [0, 0, 200, 100], colour: '#3c4048', below: '#2a2d33' },
    { rect: [0, 80, 200, 20], colour: '#55524d' },
    { oval: [100, 84, 70, 40], colour: '#4d5058' },
    { rect: [0, 82, 200, 18], colour: '#5d5a55' },
    { rect: [99, 0, 2, 18], colour: '#15171a' },
    { oval: [100, 22, 6, 7], colour: '#fff3b0' },
    ...barrel(36),
    ...barrel(92),
    { rect: [134, 30, 56, 4], colour: '#8a6a44' },
    { rect: [134, 54, 56, 4], colour: '#8a6a44' },
    ...[138, 150, 162, 174].flatMap((x): Shape[] => [
      { rect: [x, 16, 8, 14], colour: '#2f7d4f' },
      { rect: [x, 40, 8, 14], colour: '#7d2f36' },
    ]),
  ],
  gate: [
    { rect: [0, 0, 200, 70], colour: '#9fc4d9', below: '#dfeaf0' },
    { rect: [0, 60, 200, 40], colour: '#7fa35a' },
    {
      outline: [
        [60, 100],
        [84, 60],
        [116, 60],
        [140, 100],
      ],
      colour: '#c7bda8',
    },
    { rect: [28, 18, 20, 70], colour: '#8f8a83' },
    { rect: [152, 18, 20, 70], colour: '#8f8a83' },
    { oval: [38, 14, 9, 9], colour: '#b9b3a8' },
    { oval: [162, 14, 9, 9], colour: '#b9b3a8' },
    { rect: [0, 50, 28, 38], colour: '#a89f92' },
    { rect: [172, 50, 28, 38], colour: '#a89f92' },
    ...Array.from({ length: 13 }, (_, bar): Shape => ({
      rect: [50 + 8 * bar, 32 - 8 * Math.sin((Math.PI * bar) / 12), 2.5, 54 + 8 * Math.sin((Math.PI * bar) / 12)],
      colour: '#1c1f24',
    })),
    { rect: [48, 42, 104, 3], colour: '#1c1f24' },
    { rect: [48, 78, 104, 3], colour: '#1c1f24' },
  ],
  shed: [
    { rect: [0, 0, 200, 100], colour: '#16233f', below: '#34507a' },
    { oval: [168, 20, 11, 11], colour: '#f3efd9' },
    { oval: [163, 17, 9, 9], colour: '#1b2a49' },
    { rect: [0, 78, 200, 22], colour: '#28462b' },
    { rect: [56, 42, 88, 46], colour: '#9a3b2e' },
    {
      outline: [
        [46, 44],
        [100, 12],
        [154, 44],
      ],
      colour: '#4b4f57',
    },
    { rect: [84, 52, 32, 36], colour: '#f0ece0' },
    { rect: [87, 55, 26, 33], colour: '#7d2c22' },
    {
      outline: [
        [87, 55],
        [90, 55],
        [113, 88],
        [110, 88],
      ],
      colour: '#f0ece0',
    },
    {
      outline: [
        [113, 55],
        [110, 55],
        [87, 88],
        [90, 88],
      ],
      colour: '#f0ece0',
    },
    { rect: [92, 28, 16, 11], colour: '#ffd86b' },
  ],
  nursery: [
    { rect: [0, 0, 200, 78], colour: '#f9d5e0' },
    ...Array.from({ length: 10 }, (_, stripe): Shape => ({ rect: [20 * stripe, 0, 8, 78], colour: '#fbe6ec' })),
    { rect: [0, 76, 200, 24], colour: '#e2c79f' },
    { rect: [20, 12, 40, 34], colour: '#ffffff' },
    { rect: [23, 15, 34, 28], colour: '#20366b' },
    { oval: [44, 25, 6, 6], colour: '#fff3b0' },
    { rect: [92, 52, 84, 8], colour: '#ffffff' },
    { rect: [92, 52, 5, 40], colour: '#ffffff' },
    { rect: [171, 52, 5, 40], colour: '#ffffff' },
    { rect: [92, 80, 84, 5], colour: '#ffffff' },
    { rect: [97, 70, 74, 10], colour: '#79b8e8' },
    ...Array.from({ length: 9 }, (_, bar): Shape => ({ rect: [101 + 8 * bar, 58, 2, 24], colour: '#ffffff' })),
    { rect: [133, 0, 1.5, 18], colour: '#8a8a8a' },
    { oval: [122, 26, 6, 6], colour: '#f2b134' },
    { oval: [134, 22, 6, 6], colour: '#4aa3a2' },
    { oval: [146, 26, 6, 6], colour: '#e4572e' },
    { oval: [52, 80, 12, 13], colour: '#a8743f' },
    { oval: [52, 64, 9, 8], colour: '#a8743f' },
    { oval: [44, 57, 4, 4], colour: '#a8743f' },
    { oval: [60, 57, 4, 4], colour: '#a8743f' },
  ],
};

function bricks(): Shape[] {
  const lines = Array.from({ length: 8 }, (_, row): Shape => ({ rect: [0, 10 * row + 9, 200, 1.2], colour: '#cf8a74' }));
  const joints = Array.from({ length: 64 }, (_, brick): Shape => ({
    rect: [25 * (brick % 8) + (brick & 8 ? 12 : 0), 10 * (brick >> 3), 1.2, 10],
    colour: '#cf8a74',
  }));
  return [...lines, ...joints];
}

function pickets(): Shape[] {
  const boards = Array.from({ length: 20 }, (_, board): Shape => {
    const x = 10 * board + 1;
    return {
      outline: [
        [x, 66],
        [x, 42],
        [x + 4, 37],
        [x + 8, 42],
        [x + 8, 66],
      ],
      colour: '#f4efe4',
    };
  });
  return [{ rect: [0, 46, 200, 3], colour: '#d8d0bf' }, { rect: [0, 58, 200, 3], colour: '#d8d0bf' }, ...boards];
}

function barrel(x: number): Shape[] {
  return [
    { oval: [x, 66, 24, 24], colour: '#8a5a2f' },
    { oval: [x, 66, 20, 20], colour: '#b07a45' },
    { rect: [x - 20, 64, 40, 1.5], colour: '#7a4d2a' },
    { oval: [x, 66, 3, 3], colour: '#4a2f1a' },
  ];
}

/** Paints a scene. */
export function paint(scene: readonly Shape[], width: number, height: number): Raster {
  const raster: Raster = { width, height, rgb: new Uint8ClampedArray(3 * width * height) };
  for (const shape of scene) paintShape(shape, raster);
  return raster;
}

function paintShape(shape: Shape, { width, height, rgb }: Raster): void {
  const [top, bottom] = boundsOf(shape);
  const colour = colourOf(shape.colour);
  const below = 'below' in shape && shape.below !== undefined ? colourOf(shape.below) : colour;
  const first = Math.max(0, Math.floor((top * height) / HEIGHT));
  const covered = new Float64Array(width);
  for (let y = first; y < Math.min(height, (bottom * height) / HEIGHT); y++) {
    cover(shape, y, height, covered);
    const depth = ((y * HEIGHT) / height - top) / (bottom - top);
    const painted = colour.map((part, index) => part * (1 - depth) + below[index]! * depth);
    for (let x = 0; x < width; x++) {
      const share = covered[x]!;
      if (share === 0) continue;
      const at = 3 * (y * width + x);
      for (let part = 0; part < 3; part++) rgb[at + part] = rgb[at + part]! * (1 - share) + painted[part]! * share;
    }
  }
}

/** How much of each pixel of a row a shape covers, from 0 to 1. */
function cover(shape: Shape, y: number, height: number, covered: Float64Array): void {
  const width = covered.length;
  covered.fill(0);
  for (let line = 0; line < LINES; line++) {
    const [left, right] = spansAt(shape, ((y + (line + 0.5) / LINES) * HEIGHT) / height);
    for (let span = 0; span < left.length; span++) {
      const [from, to] = [Math.max(0, (left[span]! * width) / WIDTH), Math.min(width, (right[span]! * width) / WIDTH)];
      for (let x = Math.floor(from); x < to; x++) covered[x]! += (Math.min(to, x + 1) - Math.max(from, x)) / LINES;
    }
  }
}

/** Where a line enters a shape and where it leaves it. */
function spansAt(shape: Shape, y: number): [left: readonly number[], right: readonly number[]] {
  if ('rect' in shape) {
    const [left, top, width, height] = shape.rect;
    return y >= top && y < top + height ? [[left], [left + width]] : [[], []];
  }
  if ('oval' in shape) {
    const [x, middle, radiusX, radiusY] = shape.oval;
    const rest = 1 - ((y - middle) / radiusY) ** 2;
    return rest > 0 ? [[x - radiusX * Math.sqrt(rest)], [x + radiusX * Math.sqrt(rest)]] : [[], []];
  }
  const crossings = crossingsOf(shape.outline, y);
  return [crossings.filter((_, index) => index % 2 === 0), crossings.filter((_, index) => index % 2 === 1)];
}

function crossingsOf(outline: readonly Point[], y: number): number[] {
  const crossings: number[] = [];
  for (const [index, [ax, ay]] of outline.entries()) {
    const [bx, by] = outline[(index + 1) % outline.length]!;
    if (ay > y !== by > y) crossings.push(ax + ((y - ay) / (by - ay)) * (bx - ax));
  }
  return crossings.toSorted((one, other) => one - other);
}

function boundsOf(shape: Shape): [top: number, bottom: number] {
  if ('rect' in shape) return [shape.rect[1], shape.rect[1] + shape.rect[3]];
  if ('oval' in shape) return [shape.oval[1] - shape.oval[3], shape.oval[1] + shape.oval[3]];
  const ys = shape.outline.map(([, y]) => y);
  return [Math.min(...ys), Math.max(...ys)];
}

/** Red, green and blue of `#rrggbb`. */
export function colourOf(text: string): [number, number, number] {
  const number = Number.parseInt(text.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}
