import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { World } from '../../models/domain/world.ts';
import type { Step } from '../run/step.ts';

const SESSIONS = 2 ** 20;
const PROCESS = randomInt(1, 2 ** 20);
let opened = 0;

/**
 * A number for a session that opens, below 2^40. Sessions have different ones in all processes: a cache may outlive the process that filled it,
 * and must not pass off as new what it kept of another session.
 */
export function newSessionNumber(): number {
  return PROCESS * SESSIONS + (opened++ % SESSIONS);
}

/** The number of a session that is opened for a program, or one that no other has where nobody says what is going to be played. */
export function sessionNumberFor(world: World, { steps, length = steps?.length ?? 0 }: Playing = {}): number {
  return steps === undefined ? newSessionNumber() : sessionNumberOf(world, steps, length);
}

interface Playing {
  readonly steps?: readonly Step[];
  readonly length?: number;
}

/** Larger than the numbers that are given out on purpose, such as that of all second runs. */
const FIRST = 2 ** 39;

/**
 * The number of a session in which so many steps are going to be played, below 2^40: the same whenever and wherever that program is, so that
 * frames have the same bytes; others have others, so that what a cache keeps of one session is noticed in the next.
 */
export function sessionNumberOf(world: World, steps: readonly Step[], length: number): number {
  let low = sumOf(world);
  let high = length;
  for (let place = 0; place < length; place++) {
    const sum = sumOf(steps[place]!.operation);
    low = mixed(low ^ sum);
    high = mixed((high + sum) ^ low);
  }
  return FIRST + (high >>> 25) * 2 ** 32 + (low >>> 0);
}

function mixed(bits: number): number {
  const once = Math.imul(bits ^ (bits >>> 15), 0x2c_1b_3c_6d);
  return Math.imul(once ^ (once >>> 12), 0x29_7a_2d_39) + 0x6d_2b_79_f5;
}

/** Worlds and operations are frozen, and used again and again. */
const SUMS = new WeakMap<object, number>();

function sumOf(value: object): number {
  let sum = SUMS.get(value);
  if (sum === undefined) SUMS.set(value, (sum = crc32(JSON.stringify(value, inOrder))));
  return sum;
}

/** In whatever order a file, or whoever made an object, names its fields. */
function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
