import { describe, expect, it } from 'vitest';
import { digestOf } from './function-digest.ts';

describe('the digest of an answer', () => {
  it.each([
    ['bytes', Buffer.from('one'), Buffer.from('two')],
    ['texts', 'one', 'two'],
    ['a body', { status: 200, body: Buffer.from('one') }, { status: 200, body: Buffer.from('two') }],
    ['a status', { status: 403 }, { status: 404 }],
    ['what lies beside the body', { body: 'one', headers: { etag: '"a"' } }, { body: 'one', headers: { etag: '"b"' } }],
    ['headers', { headers: new Headers({ etag: '"a"' }) }, { headers: new Headers({ etag: '"b"' }) }],
    ['maps', new Map([['a', 1]]), new Map([['a', 2]])],
    ['where one text ends and the next begins', ['ab', 'c'], ['a', 'bc']],
    ['nothing and an empty text', null, ''],
    ['a number and its text', 1, '1'],
  ])('tells %s apart', (_what, one, other) => {
    expect(digestOf(one)).toBe(digestOf(one));
    expect(digestOf(one)).not.toBe(digestOf(other));
  });

  it('is of bytes, not of the memory that they lie in', () => {
    const pool = Buffer.from('xxonexx');
    expect(digestOf(pool.subarray(2, 5))).toBe(digestOf(Buffer.from('one')));
    expect(digestOf(new Uint8Array(Buffer.from('one')).buffer)).toBe(digestOf(Buffer.from('one')));
  });

  it('comes to an end where an answer holds itself, and reads nothing that can be read only once', () => {
    const knot: { self?: object } = {};
    knot.self = knot;
    expect(digestOf(knot)).toBe(digestOf(knot));
    const once = [1, 2][Symbol.iterator]();
    digestOf({ body: once });
    expect([...once]).toEqual([1, 2]);
  });
});
