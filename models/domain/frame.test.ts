import { describe, expect, it } from 'vitest';
import { type Frame, type Mark, renditionOf, TIER_BYTES } from './frame.ts';

describe('a rendition', () => {
  it('keeps the mark of the frame that it was made from, in the tier asked for', () => {
    const frame: Frame & Mark = { camera: 1, epoch: 2, owner: 0, sequence: 3, tier: 'high', copy: 4 };
    expect(renditionOf(frame, 'low')).toEqual({ ...frame, tier: 'low' });
    expect(frame.tier).toBe('high');
  });

  it('of the low tier is smaller', () => {
    expect(TIER_BYTES.low).toBeLessThan(TIER_BYTES.high);
  });
});
