import { crc32 } from 'node:zlib';
import type { Mark } from '../../models/domain/frame.ts';

/** What pixels say of a frame: all that makes its identity. Which copy it is, they do not say. */
export type PixelMark = Omit<Mark, 'copy'> & { readonly run: number };

/** Bytes of one code: 5 of the run, 5 of the frame, 4 of the check sum. */
export const CODE_BYTES = 14;

// The number of a frame is (((camera, owner), tier), epoch), sequence: 6 + 6 + 1 + 12 + 15 = 40 bits.
const CAMERAS = 2 ** 6;
const OWNERS = 2 ** 6;
const EPOCHS = 2 ** 12;
const SEQUENCES = 2 ** 15;
/** Runs that can be told apart. */
const RUNS = 2 ** 40;

const FIELD_BYTES = 5;
const CHECKED_BYTES = 2 * FIELD_BYTES;
/** The check sum of nothing: another form of the code begins with another one. */
const START = crc32('keyhole picture 1');

/** The code of a frame of a run. Throws a RangeError where a number does not fit. */
export function writeCode(frame: Omit<Mark, 'copy'>, run: number): Buffer {
  const { camera, owner, tier, epoch, sequence } = frame;
  if (camera >= CAMERAS || owner >= OWNERS || epoch >= EPOCHS || sequence >= SEQUENCES || run >= RUNS)
    throw new RangeError(`A frame does not fit its code: camera ${camera}, owner ${owner}, epoch ${epoch}, sequence ${sequence}, run ${run}`);
  const code = Buffer.alloc(CODE_BYTES);
  code.writeUIntBE(run, 0, FIELD_BYTES);
  code.writeUIntBE((((camera * OWNERS + owner) * 2 + Number(tier === 'low')) * EPOCHS + epoch) * SEQUENCES + sequence, FIELD_BYTES, FIELD_BYTES);
  code.writeUInt32BE(crc32(code.subarray(0, CHECKED_BYTES), START), CHECKED_BYTES);
  return code;
}

/** What a code says; `null` where it is none. Chance makes one of noise once in 2^32 times. */
export function readCode(code: Buffer): PixelMark | null {
  if (crc32(code.subarray(0, CHECKED_BYTES), START) !== code.readUInt32BE(CHECKED_BYTES)) return null;
  let rest = code.readUIntBE(FIELD_BYTES, FIELD_BYTES);
  const take = (count: number): number => {
    const part = rest % count;
    rest = (rest - part) / count;
    return part;
  };
  const sequence = take(SEQUENCES);
  const epoch = take(EPOCHS);
  const tier = take(2) === 1 ? 'low' : 'high';
  const owner = take(OWNERS);
  return { camera: rest, epoch, owner, sequence, tier, run: code.readUIntBE(0, FIELD_BYTES) };
}

/**
 * What a code is mixed with before it is painted, and after it was read, so that half of its cells are dark whatever it
 * says. Each place in a picture has its own, so that what cannot be read in one of them can be read in another.
 */
export function mixed(code: Buffer, tile: number): Buffer {
  const out = Buffer.allocUnsafe(CODE_BYTES);
  for (let place = 0; place < CODE_BYTES; place++) out[place] = code[place]! ^ MASKS[tile * CODE_BYTES + place]!;
  return out;
}

const TILES = 4;
/** The high bytes of a linear congruential generator (Numerical Recipes, ranqd1). */
const MASKS: Buffer = (() => {
  const masks = Buffer.alloc(TILES * CODE_BYTES);
  let state = 1;
  for (let place = 0; place < masks.length; place++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    masks[place] = state >>> 24;
  }
  return masks;
})();
