import { createHash } from 'node:crypto';
import { unwrapped } from './frame-bytes-unwrap.ts';
import { ANY_COPY, copyAt, type FrameCodec, type IsGiven, marksIn, type Reading, type RunMark } from './frame-bytes.ts';
import type { PixelMark } from './picture-code.ts';
import { Decoder } from './picture-decode.ts';
import { COMMENT_AT, encodePicture } from './picture-encode.ts';
import { type PictureFile, picturesIn } from './picture-find.ts';
import { LAYOUTS, UNIT } from './picture-layout.ts';
import { isSame, readPixels } from './picture-read.ts';

/** Pictures whose content is remembered: a cache that changes pictures hands out the same one many times. */
const REMEMBERED = 512;
/** Pixels. Whatever is narrower is an icon beside a frame: no code could be read in it. */
const NARROWEST = 100;
/** Pixels. A picture of the tier `high` that is narrower has been made into one of the tier `low`. */
const NARROW = ((LAYOUTS.high.columns + LAYOUTS.low.columns) * UNIT) / 2;

/** What is in the pixels of one picture. */
interface Seen {
  readonly width: number;
  readonly marks: readonly PixelMark[];
}

/** Frames as JPEG pictures: a person sees whose they are, and their pixels say it whatever became of the file. */
export function picturesWith(decoder: Decoder): FrameCodec {
  const remembered = new Map<string, Seen>();
  const see = (file: PictureFile): Seen => {
    const key = createHash('sha256').update(file.bytes).digest('base64');
    let seen = remembered.get(key);
    if (seen === undefined) {
      const light = decoder.decode(file.bytes);
      seen = light === null ? { width: 0, marks: [] } : { width: light.width, marks: readPixels(light) };
      if (remembered.size === REMEMBERED) remembered.delete(remembered.keys().next().value!);
      remembered.set(key, seen);
    }
    return seen;
  };
  return {
    contentType: 'image/jpeg',
    encode: encodePicture,
    peek: (bytes) => copyAt(bytes, COMMENT_AT),
    read: (answer, isGiven) => read(unwrapped(answer), isGiven, see),
  };
}

/** Decodes with sharp where it is installed, else with jpeg-js. */
export const pictureFrames: FrameCodec = picturesWith(new Decoder());

function read(texts: readonly string[], isGiven: IsGiven, see: (file: PictureFile) => Seen): Reading {
  const marks = marksIn(texts);
  let picture: Buffer | null = null;
  let isLegible = true;
  for (const text of texts) {
    const { files, isAll } = picturesIn(text);
    isLegible &&= isAll;
    for (const file of files) {
      picture ??= file.bytes;
      if (isGiven(copyAt(file.bytes, COMMENT_AT), file.rest)) continue;
      const seen = see(file);
      for (const mark of seen.marks) add(marks, mark, seen.width);
      // Cut off, it shows less than it did: that is no reason to think that it shows something else.
      if (seen.marks.length === 0 && file.isWhole && (seen.width === 0 || seen.width >= NARROWEST)) isLegible = false;
    }
  }
  return { marks, picture, isLegible };
}

/** Adds what pixels say to what was said already, in a comment or in other pixels. */
function add(marks: RunMark[], pixels: PixelMark, width: number): void {
  const mark: RunMark = { ...pixels, copy: ANY_COPY, ...(pixels.tier === 'high' && width < NARROW ? { shrunkTo: 'low' } : {}) };
  const index = marks.findIndex((other) => isSame(other, mark));
  if (index < 0) marks.push(mark);
  else if (mark.shrunkTo !== undefined) marks[index] = { ...marks[index]!, shrunkTo: mark.shrunkTo };
}
