import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Mark } from '../../models/domain/frame.ts';
import { encodeFrame, readMarks, textFrames } from './frame-bytes.ts';

const RUN = 2 ** 47 + 12_345;
const DOOR: Mark = { camera: 0, epoch: 2, owner: 1, sequence: 7, tier: 'high', copy: 31 };
const YARD: Mark = { camera: 1, epoch: 0, owner: 0, sequence: 0, tier: 'low', copy: 32 };

/** What may stand between two pieces of base64. */
const JOINTS: Readonly<Record<string, string>> = {
  spaces: ' ',
  'ends of lines': '\r\n',
  'indented lines': '\n        ',
  'escaped ends of lines': String.raw`\r\n`,
  'quotes and commas': '","',
  'quotes that are escaped': String.raw`\",\"`,
  'a plus': `" +\n  "`,
};

/** A stream of bytes that is the same every time: xorshift32. */
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

describe('frame bytes', () => {
  it('say what they are', () => {
    for (const mark of [DOOR, YARD]) expect(readMarks(encodeFrame(mark, RUN))).toEqual([{ ...mark, run: RUN }]);
  });

  it('are about 2 KB in the high tier and 600 B in the low one, and not UTF-8', () => {
    expect(encodeFrame(DOOR, RUN).length).toBe(2160);
    expect(encodeFrame(YARD, RUN).length).toBe(624);
    for (const mark of [DOOR, YARD]) expect(() => new TextDecoder('utf-8', { fatal: true }).decode(encodeFrame(mark, RUN))).toThrow('not valid');
  });

  it('stand in memory of their own', () => {
    expect(encodeFrame(DOOR, RUN).buffer.byteLength).toBe(2160);
  });

  it.each([
    ['UTF-8 text', (bytes: Buffer) => bytes.toString('utf8')],
    ['bytes of mangled UTF-8 text', (bytes: Buffer) => Buffer.from(bytes.toString('utf8'))],
    ['Latin-1 text', (bytes: Buffer) => bytes.toString('latin1')],
    ['ASCII text', (bytes: Buffer) => bytes.toString('ascii')],
    ['UTF-16 bytes', (bytes: Buffer) => Buffer.from(bytes.toString('latin1'), 'utf16le')],
    ['base64', (bytes: Buffer) => bytes.toString('base64')],
    ['base64url', (bytes: Buffer) => bytes.toString('base64url')],
    ['base64 with something glued on', (bytes: Buffer) => `x${bytes.toString('base64')}`],
    ['hexadecimal', (bytes: Buffer) => bytes.toString('hex')],
    ['hexadecimal with something glued on', (bytes: Buffer) => `a${bytes.toString('hex')}`],
    ['a data URL in JSON', (bytes: Buffer) => JSON.stringify({ image: `data:image/x;base64,${bytes.toString('base64')}` })],
    ['Latin-1 in JSON', (bytes: Buffer) => JSON.stringify({ image: bytes.toString('latin1') })],
    ['a Buffer in JSON', (bytes: Buffer) => JSON.stringify({ image: bytes })],
    ['a list of numbers', (bytes: Buffer) => new Uint8Array(bytes).toString()],
    ['base64 of JSON with base64', (bytes: Buffer) => Buffer.from(JSON.stringify([bytes.toString('base64')])).toString('base64')],
    ['gzip', (bytes: Buffer) => gzipSync(bytes)],
    ['gzip that breaks off', (bytes: Buffer) => gzipSync(bytes).subarray(0, -4)],
    ...[0, 1, 6, 9].map((level): [string, (bytes: Buffer) => Buffer] => [`zlib of level ${level}`, (bytes) => deflateSync(bytes, { level })]),
    [
      'base64 within JSON within zlib within base64 within a page',
      (bytes: Buffer) => `<script>S="${deflateSync(JSON.stringify({ last: bytes.toString('base64') })).toString('base64')}"</script>`,
    ],
    ['a Uint8Array in JSON', (bytes: Buffer) => JSON.stringify({ image: new Uint8Array(bytes) })],
    ['a Uint8Array in JSON that is set out in lines', (bytes: Buffer) => JSON.stringify({ image: new Uint8Array(bytes) }, null, 8)],
    ['a Uint8Array in JSON within JSON', (bytes: Buffer) => JSON.stringify(JSON.stringify({ image: new Uint8Array(bytes) }))],
    ...[19, 40, 76].flatMap((length) =>
      Object.entries(JOINTS).map(([name, joint]): [string, (bytes: Buffer) => string] => [
        `base64 in pieces of ${length} characters with ${name} between them`,
        (bytes) =>
          `<img src="data:image/x;base64,${bytes
            .toString('base64')
            .match(new RegExp(`.{1,${length}}`, 'g'))!
            .join(joint)}">`,
      ]),
    ),
    ['the first quarter', (bytes: Buffer) => bytes.subarray(0, bytes.length >> 2)],
    ['the last quarter', (bytes: Buffer) => bytes.subarray(3 * (bytes.length >> 2))],
    ['text behind other text', (bytes: Buffer) => Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), bytes])],
  ])('can be read as %s', (_name, wrap) => {
    for (const mark of [DOOR, YARD]) expect(readMarks(wrap(encodeFrame(mark, RUN)))).toEqual([{ ...mark, run: RUN }]);
  });

  it('show both marks when they are torn', () => {
    const [door, yard] = [encodeFrame(DOOR, RUN), encodeFrame({ ...YARD, tier: 'high' }, RUN)];
    const torn = Buffer.concat([door.subarray(0, 1080), yard.subarray(1080)]);
    expect(readMarks(torn)).toEqual([
      { ...DOOR, run: RUN },
      { ...YARD, tier: 'high', run: RUN },
    ]);
    expect(readMarks(torn.toString('base64'))).toHaveLength(2);
  });

  it('are not read where there are none', () => {
    for (let seed = 1; seed <= 200; seed++) expect(readMarks(noise(4096, seed))).toEqual([]);
    for (const text of ['', 'KH1.', 'KH1.a.0.0.0.0.h.0.00000000.', '{"error":"forbidden"}']) expect(readMarks(text)).toEqual([]);
  });

  it('are not read when any character of every mark was changed', () => {
    const text = readText(encodeFrame(DOOR, RUN));
    for (let place = 0; place < text.length; place++) {
      const changed = `${text.slice(0, place)}${text[place] === '1' ? '2' : '1'}${text.slice(place + 1)}`;
      expect(readMarks(changed)).toEqual([]);
    }
  });

  it.each([
    ['base64', 'A'.repeat(1 << 20)],
    ['pieces of base64', 'AAAAAAAAAAAAAAAA '.repeat(1 << 16)],
    ['backslashes', '\\'.repeat(1 << 20)],
    ['quotes', '"'.repeat(1 << 20)],
    ['digits', '1'.repeat(1 << 20)],
    ['blanks', ' '.repeat(1 << 20)],
    ['numbered members', '"1":1 '.repeat(1 << 17)],
    ['numbered members that break off', '"1":1,"2":2,x'.repeat(1 << 16)],
    ['commas', '1,'.repeat(1 << 19)],
    ['a stream that swells', deflateSync(Buffer.alloc(1 << 25))],
    ['streams that swell', Array.from({ length: 64 }, () => deflateSync(Buffer.alloc(1 << 22)).toString('base64')).join('!')],
  ])('are looked for in a megabyte of %s, and that ends', (_name, hostile) => {
    expect(readMarks(hostile)).toEqual([]);
  });

  it('are looked for in more text than a regular expression can take at once', () => {
    for (const text of ['A'.repeat(14_000_000), JSON.stringify(Buffer.alloc(9_000_000))]) expect(readMarks(text)).toEqual([]);
  });

  it('are guessed from the first mark', () => {
    expect(textFrames.peek(encodeFrame(DOOR, RUN))).toBe(31);
    expect(textFrames.peek(noise(4096, 5))).toBe(-1);
    expect(textFrames.peek(new Uint8Array(3))).toBe(-1);
  });
});

/** The text of one mark. */
function readText(bytes: Buffer): string {
  const text = bytes.toString('latin1', 0, 56);
  return text.slice(0, text.lastIndexOf('.') + 1);
}
