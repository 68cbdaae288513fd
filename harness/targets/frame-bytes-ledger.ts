import { randomInt } from 'node:crypto';
import type { MarkedFrame } from '../../models/domain/authority.ts';
import type { Stage } from '../run/stage.ts';
import { type FrameCodec, type RunMark, textFrames } from './frame-bytes.ts';

/** What was found in an answer. */
export interface Found {
  /** Frames of this session, each once. */
  readonly frames: readonly MarkedFrame[];
  /** A mark that this session never gave out, if there was one. */
  readonly stray: RunMark | null;
}

/** Sessions have different numbers in all processes, so that a store that outlives one cannot pass its frames off as new. */
const PROCESS = randomInt(2 ** 24);
const SESSIONS = 2 ** 23;
let opened = 0;

/** The frames that one session gave out as bytes, and the way back from bytes to frames. */
export class FrameLedger {
  readonly codec: FrameCodec;
  private readonly stage: Stage;
  private readonly run: number;
  /** By copy: the bytes as they were given out, which nobody else can change. */
  private readonly given: Buffer[] = [];

  constructor(stage: Stage, codec: FrameCodec = textFrames) {
    this.stage = stage;
    this.codec = codec;
    this.run = PROCESS * SESSIONS + (opened++ % SESSIONS);
  }

  /** The bytes of a frame, for the cache to keep, change or throw away. */
  give(frame: MarkedFrame): Buffer {
    const kept = this.codec.encode(frame, this.run);
    this.given[frame.copy] = kept;
    const bytes = Buffer.allocUnsafeSlow(kept.length);
    kept.copy(bytes);
    return bytes;
  }

  /** What is in an answer. Bytes that are exactly what was given out are recognised without reading all of them. */
  find(answer: Uint8Array | string): Found {
    if (typeof answer !== 'string') {
      const copy = this.codec.peek(answer);
      const kept = copy < 0 ? undefined : this.given[copy];
      if (kept !== undefined && kept.equals(answer)) return { frames: [this.stage.frameOf(copy)!], stray: null };
    }
    return this.read(answer);
  }

  private read(answer: Uint8Array | string): Found {
    const frames: MarkedFrame[] = [];
    let stray: RunMark | null = null;
    for (const mark of this.codec.read(answer)) {
      const frame = mark.run === this.run ? this.stage.frameOf(mark.copy) : undefined;
      if (frame === undefined) stray ??= mark;
      else frames.push(frame);
    }
    return { frames, stray };
  }
}
