import jpeg from 'jpeg-js';
import { describe, expect, it } from 'vitest';
import { Decoder } from './picture-decode.ts';

/** A small picture, lighter to the right. */
const SMALL = jpeg.encode({ width: 32, height: 16, data: Buffer.from(Array.from({ length: 32 * 16 * 4 }, (_, at) => 8 * (Math.floor(at / 4) % 32))) }, 90).data;

/** A picture of 4 million pixels in many scans, each of which says in six bytes that nothing changes: a hundred thousand are a minute of work for whoever believes them. */
function scans(count: number): Buffer {
  const table = (kind: number, symbol: number): Buffer => Buffer.from([0xff, 0xc4, 0, 20, kind, 1, ...Array.from({ length: 15 }, () => 0), symbol]);
  const frame = Buffer.from([0xff, 0xc2, 0, 11, 8, 0x08, 0, 0x08, 0, 1, 1, 0x11, 0]);
  const steps = Buffer.concat([Buffer.from([0xff, 0xdb, 0, 67, 0]), Buffer.alloc(64, 1)]);
  // A run of blocks without coefficients, of the greatest length that there is, as often as the picture takes it.
  const scan = Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0x00, 1, 63, 0, 0x55, 0x54, 0xaa, 0xa9, 0x55, 0x57]);
  return Buffer.concat([Buffer.from([0xff, 0xd8]), steps, frame, table(0x10, 0xe0), ...Array.from({ length: count }, () => scan), Buffer.from([0xff, 0xd9])]);
}

describe('Decoder', () => {
  it.each(['best', 'jpeg-js'] as const)('gives the light of a picture: %s', (engine) => {
    const decoder = new Decoder(engine);
    const { width, height, light } = decoder.decode(SMALL)!;
    expect([width, height, light.length]).toEqual([32, 16, 512]);
    for (let x = 0; x < 32; x++) expect(Math.abs(light[x]! - 8 * x)).toBeLessThan(12);
    decoder.close();
  });

  it.each(['best', 'jpeg-js'] as const)('gives nothing where there is no picture: %s', (engine) => {
    const decoder = new Decoder(engine);
    for (const file of [new Uint8Array(), Buffer.from('no picture'), Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(20_000_000)])
      expect(decoder.decode(file)).toBeNull();
    expect(decoder.decode(SMALL)).not.toBeNull();
    decoder.close();
  });

  it('gives up a picture that takes too long, and starts anew', () => {
    const decoder = new Decoder('jpeg-js', 100);
    expect(decoder.decode(scans(10))).toMatchObject({ width: 2048, height: 2048 });
    expect(decoder.decode(scans(100_000))).toBeNull();
    expect(decoder.decode(SMALL)).not.toBeNull();
    decoder.close();
  });

  it('leaves the bytes as they are', () => {
    const decoder = new Decoder('jpeg-js');
    const file = Buffer.from(SMALL);
    decoder.decode(file);
    expect(file).toEqual(SMALL);
    decoder.close();
  });
});
