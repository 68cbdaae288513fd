/**
 * Makes Node begin a new slab for small buffers, and empties it: in the last one lie pieces of earlier sessions, which a cache that gives out
 * all of a slab would give out with it. `Buffer.from` and `Buffer.allocUnsafe` cut what is smaller than half a slab out of it.
 */
export function beginSlab(): void {
  const half = (Buffer.poolSize >>> 1) - 1;
  // However much of the old one is left: it does not hold both of them and another one.
  Buffer.allocUnsafe(half);
  Buffer.allocUnsafe(half);
  new Uint8Array(Buffer.allocUnsafe(1).buffer).fill(0);
}
