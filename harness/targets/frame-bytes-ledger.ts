import type { MarkedFrame } from '../../models/domain/authority.ts';
import { type Mark, renditionOf } from '../../models/domain/frame.ts';
import { listenerOf } from '../run/overheard.ts';
import type { Stage } from '../run/stage.ts';
import { ANY_COPY, type FrameCodec, type RunMark, textFrames } from './frame-bytes.ts';
import { newSessionNumber } from './session-number.ts';

/** What was found in an answer. */
export interface Found {
  /** Frames of this session, each once. */
  readonly frames: readonly MarkedFrame[];
  /** A mark that this session never gave out, if there was one. */
  readonly stray: RunMark | null;
  /** Whether there is no picture in it of which nothing can be said: one that cannot be read may show anything. */
  readonly isLegible: boolean;
  /** The first picture in it, as a file; `null` where there is none. The same frame gives the same file in every run. */
  readonly picture: (() => Uint8Array) | null;
}

/** A frame in memory. */
interface Lying {
  readonly owner: number;
  readonly bytes: Buffer;
}

/** Where memory is cut. */
const ALIGNED_BYTES = 8;
/** How much of a frame as text is left of it where something else begins: its last marks. */
const TAIL_BYTES = 112;

/** The frames that one session gave out as bytes, and the way back from bytes to frames. */
export class FrameLedger {
  readonly codec: FrameCodec;
  private readonly stage: Stage;
  private readonly isImage: boolean;
  /** The number that frames bear. */
  readonly session: number;
  /** By copy: the bytes as they were given out, which nobody else can change. */
  private readonly given: (Buffer | undefined)[] = [];
  /** What was given out last, and what was last before it of another owner. */
  private last: Lying | null = null;
  private other: Lying | null = null;

  /** `session`: the number that frames bear; one that no other session has where absent. */
  constructor(stage: Stage, codec: FrameCodec = textFrames, session?: number) {
    this.stage = stage;
    this.codec = codec;
    this.isImage = codec.contentType.startsWith('image/');
    this.session = listenerOf(stage)?.session ?? session ?? newSessionNumber();
  }

  /**
   * The bytes of a frame, for the cache to keep, change or throw away. As with what comes off a socket, they are part of a larger piece of
   * memory, in which the frame of somebody else, or the end of it, lies before them: a copy, so that nothing that is done to that memory hurts another frame.
   */
  give(frame: MarkedFrame): Buffer {
    const bytes = this.codec.encode(frame, this.session, this.stage.world);
    this.given[frame.copy] = bytes;
    const beside = this.beside(frame.owner);
    const from = this.isImage || beside === null ? 0 : beside.bytes.length - TAIL_BYTES;
    const start = beside === null ? ALIGNED_BYTES : Math.ceil((beside.bytes.length - from) / ALIGNED_BYTES) * ALIGNED_BYTES;
    const memory = Buffer.allocUnsafeSlow(start + bytes.length);
    memory.fill(0, start - ALIGNED_BYTES, start);
    beside?.bytes.copy(memory, 0, from);
    bytes.copy(memory, start);
    if (this.last?.owner !== frame.owner) this.other = this.last;
    this.last = { owner: frame.owner, bytes };
    return memory.subarray(start);
  }

  /** What lies beside the frame of an owner: if possible that of another one. */
  private beside(owner: number): Lying | null {
    return this.last?.owner === owner && this.other !== null ? this.other : this.last;
  }

  /** The session is over: what was kept of its frames can be used again. */
  close(): void {
    const { given, codec } = this;
    if (codec.free !== undefined) for (const kept of given) if (kept !== undefined) codec.free(kept);
    given.length = 0;
    this.last = null;
    this.other = null;
  }

  /** What is in an answer. Bytes that are exactly what was given out are recognised without reading all of them. */
  find(answer: Uint8Array | string): Found {
    if (typeof answer !== 'string') {
      const copy = this.codec.peek(answer);
      const kept = copy < 0 ? undefined : this.given[copy];
      if (kept !== undefined && kept.equals(answer)) return this.exactly(this.stage.frameOf(copy)!);
    }
    return this.read(answer);
  }

  private exactly(frame: MarkedFrame): Found {
    return { frames: [frame], stray: null, isLegible: true, picture: this.isImage ? this.pictureOf({ ...frame }) : null };
  }

  /** The number of the run is drawn: a history that showed it would differ each time. */
  private pictureOf(mark: Mark): () => Uint8Array {
    const { world } = this.stage;
    return () => this.codec.encode(mark, 0, world);
  }

  private read(answer: Uint8Array | string): Found {
    const { marks, picture, isLegible } = this.codec.read(answer, (copy, bytes) => this.isGiven(copy, bytes));
    const frames: MarkedFrame[] = [];
    let stray: RunMark | null = null;
    for (const mark of marks) {
      const frame = mark.run === this.session ? this.frameOf(mark) : undefined;
      if (frame === undefined) stray ??= mark;
      else if (mark.shrunkTo === undefined) frames.push(frame);
      else frames.push(renditionOf(frame, mark.shrunkTo));
    }
    return { frames, stray, isLegible, picture: picture === null ? null : () => picture };
  }

  private isGiven(copy: number, bytes: Uint8Array): boolean {
    const kept = copy < 0 ? undefined : this.given[copy];
    return kept !== undefined && kept.length <= bytes.length && kept.equals(bytes.subarray(0, kept.length));
  }

  /** The frame of a mark; of all copies that it may be, the one that lives longest, so that nobody is blamed for an older one. */
  private frameOf(mark: RunMark): MarkedFrame | undefined {
    if (mark.copy !== ANY_COPY) {
      const given = this.stage.frameOf(mark.copy);
      // Another session may have the same number: the same program, played before.
      return given !== undefined && isOf(mark, given) ? given : undefined;
    }
    let longest: MarkedFrame | undefined;
    for (const copy of this.given.keys()) {
      const frame = this.stage.frameOf(copy);
      if (frame !== undefined && this.given[copy] !== undefined && isOf(mark, frame) && frame.untilMs >= (longest?.untilMs ?? 0)) longest = frame;
    }
    return longest;
  }
}

function isOf(mark: Mark, frame: Mark): boolean {
  const { camera, epoch, owner, sequence, tier } = frame;
  return mark.camera === camera && mark.epoch === epoch && mark.owner === owner && mark.sequence === sequence && mark.tier === tier;
}
