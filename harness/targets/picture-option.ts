import { type FrameCodec, textFrames } from './frame-bytes.ts';
import { pictureFrames } from './picture-frames.ts';

/** What the frames of an origin are made of. */
export type Frames = 'picture' | 'text';

const CODECS: Readonly<Record<Frames, FrameCodec>> = { picture: pictureFrames, text: textFrames };

/**
 * Text where nothing else is asked for.
 * @internal
 */
export function codecFor(frames: Frames = 'text'): FrameCodec {
  return CODECS[frames];
}
