import { describe, expect, it } from 'vitest';
import { placeOf } from './function-thrown.ts';

const thrown = (...stack: string[]): Error => Object.assign(new Error('boom'), { stack: ['Error: boom', ...stack].join('\n') });

describe('the place of an error', () => {
  it('is where it was thrown, seen from the working directory', () => {
    expect(placeOf(new Error('here'))).toMatch(/harness\/targets\/function-thrown\.test\.ts:\d+:\d+/);
    const here = process.cwd();
    expect(placeOf(thrown(`    at Object.get (${here}/cache.ts:12:5)`))).toBe('Object.get (cache.ts:12:5)');
    expect(placeOf(thrown(`    at async get (file://${here}/my%20cache.ts:12:5)`))).toBe('get (my cache.ts:12:5)');
    expect(placeOf(thrown(`    at ${here}/cache.ts:12:5`))).toBe('cache.ts:12:5');
  });

  it('is the first one outside of Node and the harness', () => {
    const harness = `${process.cwd()}/harness/targets`;
    const stack = ['    at new Promise (<anonymous>)', '    at node:internal/timers:581:17', `    at run (${harness}/function-session.ts:1:1)`];
    expect(placeOf(thrown(...stack, `    at get (${process.cwd()}/cache.ts:3:1)`))).toBe('get (cache.ts:3:1)');
    expect(placeOf(thrown(...stack))).toBeNull();
  });

  it.each([['a text'], [{ stack: 1 }], [new Error('x', { cause: 1 }).message], [0]])('is unknown where nothing says it: %s', (error) => {
    expect(placeOf(error)).toBeNull();
  });
});
