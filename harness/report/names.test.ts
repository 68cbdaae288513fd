import { describe, expect, it } from 'vitest';
import { namesOf } from './names.ts';

describe('namesOf', () => {
  it('leaves plain ids as they are', () => {
    expect(namesOf(['alice', 'bob', 'user_1', 'living-room'])).toEqual(['alice', 'bob', 'user_1', 'living-room']);
  });

  it('quotes what would not read as a name', () => {
    expect(namesOf(['a:b', '0', '...', 'the cache'])).toEqual(['"a:b"', '"0"', '"..."', '"the cache"']);
  });

  it('tells ids apart that look the same', () => {
    expect(namesOf(['caf\u00e9', 'cafe\u0301'])).toEqual(['"caf\\u{e9}"', '"cafe\\u{301}"']);
    expect(namesOf(['Kwik', '\u212awik'])).toEqual(['Kwik', '"\\u{212a}wik"']);
  });

  it('never gives two ids one name, even when only their middle differs', () => {
    const names = namesOf([`${'a'.repeat(50)}1${'a'.repeat(50)}`, `${'a'.repeat(50)}2${'a'.repeat(50)}`, 'a\u0000', 'a\\u{0}']);
    expect(new Set(names).size).toBe(4);
  });
});
