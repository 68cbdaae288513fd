import { describe, expect, it } from 'vitest';
import { hang, wrap } from './wrap.ts';

describe('wrap', () => {
  it('breaks at spaces and never makes a line too long', () => {
    const lines = wrap('alice asks for camera door and bob receives it', 12);
    expect(lines).toEqual(['alice asks', 'for camera', 'door and bob', 'receives it']);
  });

  it('does not tear a number from its word', () => {
    expect(wrap('comes out in step 12.', 19)).toEqual(['comes out in', 'step 12.']);
  });

  it('cuts a word that is longer than a line', () => {
    expect(wrap('x'.repeat(25), 10)).toEqual(['x'.repeat(10), 'x'.repeat(10), 'x'.repeat(5)]);
  });

  it('writes control characters out', () => {
    expect(wrap('a\nb\u001b[2J', 40)).toEqual(['a\\nb\\u{1b}[2J']);
  });
});

describe('hang', () => {
  it('sets later lines under the first', () => {
    expect(hang('one two three', 14, '  - ')).toEqual(['  - one two', '    three']);
  });
});
