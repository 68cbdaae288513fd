import { describe, expect, it } from 'vitest';
import { countArgument, seedArgument, timeArgument } from './arguments.ts';

describe('timeArgument', () => {
  it.each([
    ['30', 30_000],
    ['30s', 30_000],
    ['2m', 120_000],
    ['1.5m', 90_000],
    ['500ms', 500],
    ['1h', 3_600_000],
  ])('reads %s as %i ms', (text, ms) => {
    expect(timeArgument(text)).toBe(ms);
  });

  it.each(['', '0', '-5', '5x', 's', '1e3', 'Infinity', '9999h', '2 m 3'])('refuses "%s"', (text) => {
    expect(() => timeArgument(text)).toThrow('Expected a time');
  });
});

describe('seedArgument', () => {
  it('reads every number of 32 bits, signed or not', () => {
    expect([seedArgument('0'), seedArgument('4294967295'), seedArgument('-2147483648')]).toEqual([0, 4_294_967_295, -2_147_483_648]);
  });

  it.each(['', 'abc', '1.5', '4294967296', '0x10', '1e3'])('refuses "%s"', (text) => {
    expect(() => seedArgument(text)).toThrow('32 bits');
  });
});

describe('countArgument', () => {
  it('refuses none', () => {
    expect(() => countArgument('0')).toThrow('from 1');
    expect(countArgument('1')).toBe(1);
  });
});
