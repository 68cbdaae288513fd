/** A small, fast stream of random numbers: xorshift32, seeded through a mixer so that neighbouring seeds differ at once. */
export class Random {
  private state = 1;

  constructor(seed: number, index = 0) {
    this.seed(seed, index);
  }

  /** Starts the stream of one program: it depends on the seed and the program's index alone, not on what ran before. */
  seed(seed: number, index: number): void {
    this.state = mix(mix(seed | 0) ^ Math.imul(index + 1, 0x9e3779b1)) | 1;
    this.next();
  }

  /** The next 32 bits, as a signed integer: an unsigned one would not fit into a small integer of the engine. */
  next(): number {
    let state = this.state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.state = state;
    return Math.imul(state, 0x2c1b3c6d);
  }

  /** An integer from 0 to `bound - 1`, for bounds up to 65,536: by multiplication, since division is slow. */
  below(bound: number): number {
    return ((this.next() >>> 16) * bound) >>> 16;
  }

  /** True with a chance of `numerator / 256`. */
  chance(numerator: number): boolean {
    return this.next() >>> 24 < numerator;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
}

/** Mixes the bits of a 32-bit integer: the finaliser of MurmurHash3. */
export function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
