import type { Mark } from '../../models/domain/frame.ts';
import type { Tier, World } from '../../models/domain/world.ts';
import { unwrapped } from './frame-bytes-unwrap.ts';
import { isSealed, sealed } from './sealed-text.ts';

/** A mark as it was read from bytes: `run` tells the sessions apart in which frames were made. */
export interface RunMark extends Mark {
  readonly run: number;
  /** The tier that it looks like now, where somebody has made it smaller. */
  readonly shrunkTo?: Tier;
}

/** The copy of a mark that does not say which copy it is: all that was left of it are pixels. */
export const ANY_COPY = -1;

/** What was read in an answer. */
export interface Reading {
  /** Every mark, each once. */
  readonly marks: readonly RunMark[];
  /** The first picture in it, as a file; `null` where there is none. */
  readonly picture: Uint8Array | null;
  /** Whether there is no picture in it of which nothing can be said. */
  readonly isLegible: boolean;
}

/** Whether bytes begin with exactly what was given out as this copy. */
export type IsGiven = (copy: number, bytes: Uint8Array) => boolean;

/** Turns frames into bytes that say themselves what they are, and reads it back from whatever became of them. */
export interface FrameCodec {
  readonly contentType: string;
  /** The bytes of a frame of this run: memory of its own, never a slice of a shared pool. */
  encode(frame: Mark, run: number, world: World): Buffer;
  /** Takes back what `encode` made and nobody looks at any more: it may be given out again. */
  free?(bytes: Buffer): void;
  /** The copy that the first bytes say they are, or -1: a guess that saves reading everything, and that has to be verified. */
  peek(bytes: Uint8Array): number;
  /** Everything that can be read anywhere in it. What was given out as it is need not be read again. */
  read(answer: Uint8Array | string, isGiven: IsGiven): Reading;
}

/** A mark and the spaces that fill it up to one length. */
const TILE_BYTES = 56;
/** A cell: the mark twice, then bytes that are not text in any encoding. */
const CELL_BYTES = 256;
const CELLS: Readonly<Record<Tier, number>> = { high: 8, low: 2 };
const MARKS_A_CELL = 2;

const MARK = /KH1\.([0-9a-z]{1,10})\.(\d{1,3})\.(\d{1,5})\.(\d{1,3})\.(\d{1,6})\.([hl])\.(\d{1,7})\.[0-9a-f]{8}\./g;

const BLANKS: Readonly<Record<Tier, Buffer>> = { high: blank('high'), low: blank('low') };

/** Everything but the marks. The binary between them is not UTF-8, so that careless handling of strings shows. */
function blank(tier: Tier): Buffer {
  const bytes = Buffer.alloc(CELLS[tier] * CELL_BYTES + MARKS_A_CELL * TILE_BYTES, ' ');
  for (let cell = 0; cell < CELLS[tier]; cell++)
    for (let place = MARKS_A_CELL * TILE_BYTES; place < CELL_BYTES; place++) bytes[cell * CELL_BYTES + place] = (place * 151 + cell) | 0x80;
  return bytes;
}

let lastRun = -1;
let lastText = '';

/** The number of a run as it stands in marks: mostly that of the mark before. */
function runText(run: number): string {
  if (run !== lastRun) {
    lastRun = run;
    lastText = run.toString(36);
  }
  return lastText;
}

/** A mark as text: at most 55 characters. Throws a RangeError where it would be longer. */
export function markText(frame: Mark, run: number): string {
  const { camera, epoch, owner, sequence, tier, copy } = frame;
  const text = sealed(`KH1.${runText(run)}.${camera}.${epoch}.${owner}.${sequence}.${tier === 'high' ? 'h' : 'l'}.${copy}.`);
  if (text.length >= TILE_BYTES) throw new RangeError(`A mark of ${text.length} characters does not fit its tile: ${text}`);
  return text;
}

/** The bytes of a frame: about 2 KB in the high tier, about 600 in the low one. `run` is an integer from 0 to 2^48 - 1. */
export function encodeFrame(frame: Mark, run: number): Buffer {
  const bytes = SPARE[frame.tier].pop() ?? blankCopy(BLANKS[frame.tier]);
  bytes.write(markText(frame, run).padEnd(TILE_BYTES), 0, 'latin1');
  bytes.copyWithin(TILE_BYTES, 0, TILE_BYTES);
  for (let cell = CELL_BYTES; cell < bytes.length; cell += CELL_BYTES) bytes.copyWithin(cell, 0, MARKS_A_CELL * TILE_BYTES);
  return bytes;
}

/** Frames of which nobody looks at the bytes any more: to make new memory takes longer than all else that is done for a frame. */
const SPARE: Readonly<Record<Tier, Buffer[]>> = { high: [], low: [] };
const SPARE_MAX = 256;

function free(bytes: Buffer): void {
  const spare = bytes.length === BLANKS.high.length ? SPARE.high : SPARE.low;
  if (spare.length < SPARE_MAX) spare.push(bytes);
}

function blankCopy(blanks: Buffer): Buffer {
  const bytes = Buffer.allocUnsafeSlow(blanks.length);
  blanks.copy(bytes);
  return bytes;
}

/**
 * Every mark in an answer, each once, in the order in which they stand there. Marks are also found in what became of the
 * bytes on their way through strings: UTF-8 or Latin-1 text, JSON, base64, hexadecimal, lists of numbers, gzip.
 */
export function readMarks(answer: Uint8Array | string): RunMark[] {
  return marksIn(unwrapped(answer));
}

/** Every mark in texts that have been unwrapped. */
export function marksIn(texts: readonly string[]): RunMark[] {
  const found = new Map<string, RunMark>();
  for (const text of texts) collect(text, found);
  return [...found.values()];
}

function collect(text: string, found: Map<string, RunMark>): void {
  if (!text.includes('KH1.')) return;
  for (const match of text.matchAll(MARK)) {
    const [said] = match;
    // Random bytes hardly ever make a text of this form, let alone with its seal.
    if (!found.has(said) && isSealed(said)) found.set(said, markOf(match));
  }
}

function markOf(match: RegExpExecArray): RunMark {
  const [, run, camera, epoch, owner, sequence, tier, copy] = match;
  return {
    run: Number.parseInt(run!, 36),
    camera: Number(camera),
    epoch: Number(epoch),
    owner: Number(owner),
    sequence: Number(sequence),
    tier: tier === 'h' ? 'high' : 'low',
    copy: Number(copy),
  };
}

/** The copy that a mark at this place says it is, or -1. */
export function copyAt(bytes: Uint8Array, place: number): number {
  if (bytes.length < place + TILE_BYTES || bytes[place] !== 0x4b) return -1;
  // It stands after the seventh dot.
  let at = place;
  for (let dots = 0; dots < 7; at++) {
    if (at === place + TILE_BYTES) return -1;
    if (bytes[at] === DOT) dots++;
  }
  let copy = 0;
  for (; at < place + TILE_BYTES && bytes[at] !== DOT; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 9) return -1;
    copy = copy * 10 + digit;
  }
  return copy;
}

const DOT = 0x2e;

/** Frames as tiles of text between blocks of binary. */
export const textFrames: FrameCodec = {
  contentType: 'application/octet-stream',
  encode: encodeFrame,
  peek: (bytes) => copyAt(bytes, 0),
  free,
  read: (answer) => ({ marks: readMarks(answer), picture: null, isLegible: true }),
};
