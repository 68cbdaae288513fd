import type { Tier } from './world.ts';

/** A captured image as a cache may treat it: something opaque of a certain size. */
export interface Frame {
  readonly tier: Tier;
  /** The same picture in another tier, where a frame knows how to make it: as {@link renditionOf} gives it to caches. */
  scaled?(tier: Tier): Frame;
}

/** What a frame says about itself. The mark can be read back from the frame's own bytes. */
export interface Mark {
  /** Index into `World.cameras`. */
  readonly camera: number;
  /** Which ownership of the camera: 0 at first, one more with each transfer or re-creation. */
  readonly epoch: number;
  /** Index of the user who owned the camera in that epoch. */
  readonly owner: number;
  /** Which capture of that epoch, from 0. */
  readonly sequence: number;
  readonly tier: Tier;
  /** Which answer of the origin carried it, from 0: two answers with the same picture are still two copies. */
  readonly copy: number;
}

/** Relative size of a rendition, for caches that count bytes. */
export const TIER_BYTES: Readonly<Record<Tier, number>> = { high: 4, low: 1 };

/** The same picture in another tier, as a cache makes it that scales images itself. The mark survives scaling. */
export function renditionOf<F extends Frame>(frame: F, tier: Tier): F {
  return frame.scaled === undefined ? { ...frame, tier } : (frame.scaled(tier) as F);
}
