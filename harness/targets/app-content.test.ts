import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { contentOf } from './app-content.ts';

const PAGE = Buffer.from('<h1>Front door</h1>'.repeat(200));

describe('contentOf', () => {
  it.each([
    ['gzip', gzipSync(PAGE)],
    ['X-GZIP', gzipSync(PAGE)],
    ['deflate', deflateSync(PAGE)],
    ['deflate', deflateRawSync(PAGE)],
    ['br', brotliCompressSync(PAGE)],
    ['gzip, br', brotliCompressSync(gzipSync(PAGE))],
    ['identity', PAGE],
  ])('undoes %s', (coding, body) => {
    expect(contentOf(body, { 'content-encoding': coding }).equals(PAGE)).toBe(true);
  });

  it('leaves an answer as it is that names no coding', () => {
    const body = gzipSync(PAGE);
    expect(contentOf(body, {})).toBe(body);
  });

  it('undoes a stream that breaks off as far as it goes', () => {
    for (const [coding, body] of [
      ['gzip', gzipSync(PAGE)],
      ['deflate', deflateSync(PAGE)],
      ['br', brotliCompressSync(PAGE)],
    ] as const) {
      const content = contentOf(body.subarray(0, -3), { 'content-encoding': coding });
      expect(content.length).toBeGreaterThan(0);
      expect(PAGE.subarray(0, content.length).equals(content)).toBe(true);
    }
  });

  it('leaves as it is what is not what it says, and what swells without measure', () => {
    for (const coding of ['gzip', 'deflate', 'br']) expect(contentOf(PAGE, { 'content-encoding': coding })).toBe(PAGE);
    const bomb = gzipSync(Buffer.alloc((1 << 26) + 1));
    expect(contentOf(bomb, { 'content-encoding': 'gzip' })).toBe(bomb);
    expect(contentOf(Buffer.alloc(0), { 'content-encoding': 'br' })).toHaveLength(0);
  });
});
