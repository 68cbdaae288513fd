import { gzipSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Mark } from '../../models/domain/frame.ts';
import { PLAIN_WORLD, TIERS, type World } from '../../models/domain/world.ts';
import { ANY_COPY, markText } from './frame-bytes.ts';
import { Decoder } from './picture-decode.ts';
import { encodePicture } from './picture-encode.ts';
import { picturesWith } from './picture-frames.ts';
import { LAYOUTS, UNIT } from './picture-layout.ts';
import { SCENES } from './picture-scene.ts';

const RUN = 2 ** 40 - 12_345;
const WORLD: World = {
  ...PLAIN_WORLD,
  users: ['alice', 'bob', 'carol'],
  cameras: ['door', 'yard', 'nursery', '\u95e8'].map((id, index) => ({ id, owner: index % 3 })),
};
const DOOR: Mark = { camera: 0, epoch: 2, owner: 1, sequence: 7, tier: 'high', copy: 31 };
const YARD: Mark = { camera: 1, epoch: 0, owner: 0, sequence: 32_767, tier: 'high', copy: 32 };
const MARKS: readonly Mark[] = TIERS.flatMap((tier) => [
  { ...DOOR, tier },
  { ...YARD, tier },
  { camera: 2, epoch: 4095, owner: 2, sequence: 0, tier, copy: 0 },
  { camera: 3, epoch: 1, owner: 0, sequence: 1, tier, copy: 9 },
]);

const ENGINES = { sharp: picturesWith(new Decoder()), 'jpeg-js': picturesWith(new Decoder('jpeg-js')) };
const ENGINE_NAMES = ['sharp', 'jpeg-js'] as const;

function encoded(mark: Mark): Buffer {
  return encodePicture(mark, RUN, WORLD);
}

/** What is read of an answer of which nothing was given out as it is. */
function marksIn(answer: Uint8Array | string, engine: keyof typeof ENGINES = 'sharp'): unknown[] {
  return ENGINES[engine].read(answer, () => false).marks.map((mark) => without(mark, 'shrunkTo'));
}

/** The mark as pixels alone say it. */
function pixelsOf(mark: Mark): unknown {
  return { ...mark, run: RUN, copy: ANY_COPY };
}

function without(mark: object, field: string): object {
  return Object.fromEntries(Object.entries(mark).filter(([name]) => name !== field));
}

function scaled(bytes: Buffer, factor: number, tier: Mark['tier']): Sharp {
  return sharp(bytes).resize(Math.round(LAYOUTS[tier].columns * UNIT * factor));
}

/** Like the scale of a JPEG encoder: everything that can be made of a frame without making it illegible. */
const WAYS: Readonly<Record<string, (bytes: Buffer, tier: Mark['tier']) => Promise<Buffer>>> = {
  'quality 30': (bytes) => sharp(bytes).jpeg({ quality: 30 }).toBuffer(),
  'quality 10': (bytes) => sharp(bytes).jpeg({ quality: 10 }).toBuffer(),
  'a progressive JPEG': (bytes) => sharp(bytes).jpeg({ progressive: true }).toBuffer(),
  'full colour': (bytes) => sharp(bytes).jpeg({ chromaSubsampling: '4:4:4' }).toBuffer(),
  'half its size': (bytes, tier) =>
    scaled(bytes, 1 / 2, tier)
      .jpeg({ quality: 60 })
      .toBuffer(),
  'a third of its size, quality 30': (bytes, tier) =>
    scaled(bytes, 1 / 3, tier)
      .jpeg({ quality: 30 })
      .toBuffer(),
  'a quarter of its size': (bytes, tier) =>
    scaled(bytes, 1 / 4, tier)
      .jpeg({ quality: 80 })
      .toBuffer(),
  'quality 30, then a quarter of its size at quality 30': async (bytes, tier) =>
    scaled(await sharp(bytes).jpeg({ quality: 30 }).toBuffer(), 1 / 4, tier)
      .jpeg({ quality: 30 })
      .toBuffer(),
  'a grey quarter of its size, quality 30': (bytes, tier) =>
    scaled(bytes, 1 / 4, tier)
      .greyscale()
      .jpeg({ quality: 30 })
      .toBuffer(),
  'one and a half times its size': (bytes, tier) => scaled(bytes, 1.5, tier).jpeg({ quality: 50 }).toBuffer(),
  'a brighter picture': (bytes) => sharp(bytes).modulate({ brightness: 1.25 }).jpeg({ quality: 50 }).toBuffer(),
};

const FORMATS: Readonly<Record<string, (bytes: Buffer, tier: Mark['tier']) => Promise<Buffer>>> = {
  PNG: (bytes) => sharp(bytes).png().toBuffer(),
  GIF: (bytes) => sharp(bytes).gif().toBuffer(),
  WebP: (bytes, tier) =>
    scaled(bytes, 1 / 4, tier)
      .webp({ quality: 30 })
      .toBuffer(),
  AVIF: (bytes) => sharp(bytes).avif({ quality: 40, effort: 0 }).toBuffer(),
};

/** Numbers that are the same every time: xorshift32. */
function noise(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let place = 0; place < length; place++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[place] = state;
  }
  return bytes;
}

/** A frame that somebody has encoded anew. */
const RECODED = await sharp(encoded(DOOR)).jpeg({ quality: 40 }).toBuffer();

describe('pictures', () => {
  it('say what they are, as text and as pixels', () => {
    for (const mark of MARKS) for (const engine of ENGINE_NAMES) expect(marksIn(encoded(mark), engine)).toEqual([{ ...mark, run: RUN }]);
  });

  it('are JPEG files that a strict decoder takes, of one length in each tier', async () => {
    for (const mark of MARKS) {
      const { columns, rows, bytes } = LAYOUTS[mark.tier];
      expect(encoded(mark)).toHaveLength(bytes);
      const { info } = await sharp(encoded(mark), { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true });
      expect(info).toMatchObject({ width: columns * UNIT, height: rows * UNIT, channels: 3 });
    }
  });

  it('stand in memory of their own', () => {
    const [one, other] = [encoded(DOOR), encoded(DOOR)];
    expect(one.buffer.byteLength).toBe(one.length);
    one.fill(0);
    expect(marksIn(other)).toEqual([{ ...DOOR, run: RUN }]);
  });

  it('have room for every scene with the most that can be written below it', () => {
    const ids = [...Object.keys(SCENES), '#@#@#@#@#@#@#@#@#@#@'];
    const world: World = { ...PLAIN_WORLD, users: ['@#%@#%@#%@#%@#%', '\u738b\u82b3'], cameras: ids.map((id) => ({ id, owner: 0 })) };
    for (const camera of ids.keys())
      for (const tier of TIERS)
        for (const owner of [0, 1]) {
          const mark: Mark = { camera, epoch: 4095, owner, sequence: 32_767, tier, copy: 9_999_999 };
          expect(marksIn(encodePicture(mark, RUN, world))).toEqual([{ ...mark, run: RUN }]);
        }
  });

  it('are guessed from their beginning', () => {
    const { sharp: codec } = ENGINES;
    expect(codec.peek(encoded(DOOR))).toBe(31);
    expect(codec.peek(noise(4096, 5))).toBe(-1);
    expect(codec.peek(new Uint8Array(30))).toBe(-1);
  });

  it('are refused where a number does not fit', () => {
    for (const change of [{ camera: 64 }, { owner: 64 }, { epoch: 4096 }, { sequence: 32_768 }])
      expect(() => encoded({ ...DOOR, ...change })).toThrow('does not fit');
  });
});

describe('pixels', () => {
  it.each(Object.keys(WAYS))('can be read as %s', async (way) => {
    for (const mark of MARKS) {
      const changed = await WAYS[way]!(encoded(mark), mark.tier);
      for (const engine of ENGINE_NAMES) expect(marksIn(changed, engine)).toEqual([pixelsOf(mark)]);
    }
  });

  it.each(Object.keys(FORMATS))('can be read as %s where sharp is installed, and are not passed over where it is not', async (format) => {
    for (const mark of MARKS) {
      const changed = await FORMATS[format]!(encoded(mark), mark.tier);
      expect(marksIn(changed)).toEqual([pixelsOf(mark)]);
      expect(ENGINES['jpeg-js'].read(changed, () => false)).toMatchObject({ marks: [], isLegible: false });
    }
  });

  it('say which tier they were made into', async () => {
    const half = await scaled(encoded(DOOR), 1 / 2, 'high')
      .jpeg()
      .toBuffer();
    expect(ENGINES.sharp.read(half, () => false).marks).toEqual([{ ...DOOR, run: RUN, copy: ANY_COPY, shrunkTo: 'low' }]);
    const whole = await sharp(encoded(DOOR)).jpeg().toBuffer();
    expect(ENGINES.sharp.read(whole, () => false).marks[0]).not.toHaveProperty('shrunkTo');
  });

  it.each(['low', 'high'] as const)('show both owners when they are torn, tier %s', async (tier) => {
    const [door, yard] = [
      { ...DOOR, tier },
      { ...YARD, tier },
    ];
    const { columns, rows } = LAYOUTS[tier];
    const [width, height] = [columns * UNIT, rows * UNIT];
    const parts = [
      { width, height: height / 2, left: 0, top: height / 2 },
      { width: width / 2, height, left: width / 2, top: 0 },
      { width, height: Math.round(height / 5), left: 0, top: height - Math.round(height / 5) },
    ];
    for (const part of parts) {
      const input = await sharp(encoded(yard)).extract(part).png().toBuffer();
      const torn = await sharp(encoded(door))
        .composite([{ input, left: part.left, top: part.top }])
        .jpeg({ quality: 60 })
        .toBuffer();
      const quarter = await scaled(torn, 1 / 4, tier)
        .jpeg({ quality: 60 })
        .toBuffer();
      for (const answer of [torn, quarter])
        for (const engine of ENGINE_NAMES) {
          const marks = marksIn(answer, engine);
          expect(marks).toHaveLength(2);
          expect(marks).toEqual(expect.arrayContaining([pixelsOf(door), pixelsOf(yard)]));
        }
    }
  });

  it('are read beside the text of another frame', async () => {
    const answer = Buffer.concat([await sharp(encoded(YARD)).jpeg().toBuffer(), Buffer.from(markText(DOOR, RUN))]);
    expect(marksIn(answer)).toEqual([{ ...DOOR, run: RUN }, pixelsOf(YARD)]);
  });

  it('are not read where there are none', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const raw = { raw: { width: 160, height: 88, channels: 3 as const } };
      const file = await sharp(noise(160 * 88 * 3, seed), raw)
        .jpeg({ quality: 90 })
        .toBuffer();
      for (const engine of ENGINE_NAMES) expect(ENGINES[engine].read(file, () => false)).toMatchObject({ marks: [], isLegible: false });
    }
  });
});

describe('pictures in an answer', () => {
  it.each([
    ['text of one character a byte', (bytes: Buffer) => bytes.toString('latin1')],
    ['base64', (bytes: Buffer) => bytes.toString('base64')],
    ['a data URL in JSON', (bytes: Buffer) => JSON.stringify({ image: `data:image/jpeg;base64,${bytes.toString('base64')}` })],
    ['JSON that escapes slashes', (bytes: Buffer) => JSON.stringify({ image: bytes.toString('base64') }).replaceAll('/', '\\/')],
    ['base64 in lines', (bytes: Buffer) => bytes.toString('base64').replaceAll(/.{76}/g, '$&\r\n')],
    ['base64 in lines in JSON', (bytes: Buffer) => JSON.stringify({ image: bytes.toString('base64').replaceAll(/.{64}/g, '$&\n') })],
    ['a Buffer in JSON', (bytes: Buffer) => JSON.stringify({ image: bytes })],
    ['gzip', (bytes: Buffer) => gzipSync(bytes)],
    [
      'a part of a multipart body',
      (bytes: Buffer) => Buffer.concat([Buffer.from('--x\r\nContent-Type: image/jpeg\r\n\r\n'), bytes, Buffer.from('\r\n--x--\r\n')]),
    ],
  ])('are found in %s', (_name, wrap) => {
    for (const engine of ENGINE_NAMES) expect(marksIn(wrap(RECODED), engine)).toEqual([pixelsOf(DOOR)]);
  });

  it('are all found, one after the other', async () => {
    const yard = await sharp(encoded(YARD)).jpeg({ quality: 40 }).toBuffer();
    const { marks, picture } = ENGINES.sharp.read(Buffer.concat([RECODED, yard, RECODED]), () => false);
    expect(marks).toEqual([pixelsOf(DOOR), pixelsOf(YARD)]);
    expect(picture).toEqual(RECODED);
  });

  it('are decoded once, however often they come', () => {
    let decoded = 0;
    const decoder = new Decoder();
    const decode = (file: Uint8Array): ReturnType<Decoder['decode']> => {
      decoded++;
      return decoder.decode(file);
    };
    const codec = picturesWith(Object.assign(new Decoder(), { decode }));
    for (let time = 0; time < 3; time++) expect(codec.read(RECODED, () => false).marks).toHaveLength(1);
    expect(decoded).toBe(1);
  });

  it('are not decoded where they are as they were given out', () => {
    const codec = picturesWith(Object.assign(new Decoder(), { decode: () => expect.unreachable('decoded') }));
    const given = encoded(DOOR);
    const isGiven = (copy: number, bytes: Uint8Array): boolean => copy === DOOR.copy && given.equals(bytes.subarray(0, given.length));
    const json = JSON.stringify({ image: given.toString('base64') });
    expect(codec.read(json, isGiven)).toMatchObject({ marks: [{ ...DOOR, run: RUN }], isLegible: true });
  });

  it('may be icons', async () => {
    const icon = await sharp({ create: { width: 32, height: 32, channels: 3, background: '#abc' } })
      .png()
      .toBuffer();
    expect(ENGINES.sharp.read(Buffer.concat([RECODED, icon]), () => false).isLegible).toBe(true);
    const logo = await sharp({ create: { width: 320, height: 200, channels: 3, background: '#abc' } })
      .png()
      .toBuffer();
    expect(ENGINES.sharp.read(Buffer.concat([RECODED, logo]), () => false).isLegible).toBe(false);
  });

  it('may be cut off, and still show nobody else', async () => {
    for (const whole of [encoded(DOOR), RECODED, await sharp(encoded(DOOR)).jpeg({ progressive: true }).toBuffer()])
      for (const share of [0.02, 0.1, 0.5, 0.75, 0.95])
        for (const engine of ENGINE_NAMES) {
          const { marks, isLegible } = ENGINES[engine].read(whole.subarray(0, Math.floor(whole.length * share)), () => false);
          expect(isLegible).toBe(true);
          for (const mark of marks) expect(without(mark, 'copy')).toEqual(without({ ...DOOR, run: RUN }, 'copy'));
        }
    // The code at the top is all that is needed.
    expect(marksIn(RECODED.subarray(0, RECODED.length >> 1))).toEqual([pixelsOf(DOOR)]);
  });

  it('show both owners when their bytes are torn', async () => {
    const [door, yard] = [encoded(DOOR), encoded(YARD)];
    for (const share of [0.1, 0.5, 0.9]) {
      const at = Math.floor(door.length * share);
      for (const engine of ENGINE_NAMES)
        expect(marksIn(Buffer.concat([door.subarray(0, at), yard.subarray(at)]), engine)).toEqual([
          { ...DOOR, run: RUN },
          { ...YARD, run: RUN },
        ]);
    }
  });
});

describe('hostile bytes', () => {
  it('are read without harm', () => {
    const whole = encoded(DOOR);
    for (let seed = 1; seed <= 60; seed++) {
      const bytes = Buffer.from(whole);
      const places = noise(40, seed);
      // In the header, where lengths and sizes stand, and in the scan.
      for (let hit = 0; hit < 10; hit++)
        bytes[hit < 5 ? 90 + (places.readUInt16BE(4 * hit) % 600) : places.readUInt16BE(4 * hit) % bytes.length] = places[4 * hit + 2]!;
      for (const engine of ENGINE_NAMES) for (const mark of marksIn(bytes, engine)) expect([{ ...DOOR, run: RUN }, pixelsOf(DOOR)]).toContainEqual(mark);
    }
  });

  it('may promise more pixels than there is memory', () => {
    const bytes = Buffer.from(encoded(DOOR));
    const size = bytes.indexOf(Buffer.from([0xff, 0xc0])) + 5;
    bytes.writeUInt32BE(0xff_dc_ff_dc, size);
    for (const engine of ENGINE_NAMES) expect(ENGINES[engine].read(bytes, () => false)).toMatchObject({ marks: [{ ...DOOR, run: RUN }], isLegible: false });
  });

  it('may look like more pictures than anybody sends', () => {
    const bytes = Buffer.from('\xff\xd8\xff'.repeat(5000), 'latin1');
    expect(ENGINES.sharp.read(bytes, () => false)).toMatchObject({ marks: [], isLegible: false });
  });
});
