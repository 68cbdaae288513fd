import { describe, expect, it } from 'vitest';
import { defineConfig, isTarget } from './define.ts';
import { functionTarget } from './function.ts';

describe('defineConfig', () => {
  it('gives back what it is given', () => {
    const config = { targets: [functionTarget({ name: 'cache', open: () => ({ get: () => null }) })], seed: 1 };
    expect(defineConfig(config)).toBe(config);
  });
});

describe('isTarget', () => {
  it('knows targets by their brand, whichever copy of the package made them', () => {
    const made = functionTarget({ name: 'cache', open: () => ({ get: () => null }) });
    expect(isTarget(made)).toBe(true);
    expect(isTarget({ ...made, name: 'copy' })).toBe(true);
    expect(isTarget(Object.defineProperty({}, Symbol.for('keyhole.target'), { value: true }))).toBe(true);
    for (const other of [null, undefined, 'cache', {}, { name: 'cache', open() {} }]) expect(isTarget(other)).toBe(false);
  });
});
