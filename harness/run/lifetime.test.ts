import { describe, expect, it } from 'vitest';
import { PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { httpLifetimeMs, lifetimesOf } from './lifetime.ts';

describe('the lifetime that HTTP gives a response', () => {
  it.each([
    ['', 0],
    ['no-store', 0],
    ['public', 0],
    ['max-age=60', 60_000],
    ['private, max-age=60', 60_000],
    ['MAX-AGE = 60', 0],
    ['max-age="60"', 60_000],
    ['max-age=0', 0],
    ['s-maxage=10', 10_000],
    ['max-age=60, s-maxage=10', 10_000],
    ['max-age=10, s-maxage=60', 60_000],
    ['max-age=60, stale-while-revalidate=30', 90_000],
    ['stale-if-error=300, max-age=60', 360_000],
    ['NO-STORE, max-age=60', 0],
    ['no-cache, max-age=60', 0],
    ['must-revalidate, max-age=60, stale-while-revalidate=30', 90_000],
    ['proxy-revalidate, max-age=60, stale-if-error=300', 360_000],
    ['s-maxage=60, stale-if-error=300', 360_000],
    ['no-cache, max-age=60, stale-if-error=300', 0],
    ['private, max-age=60, stale-while-revalidate=30', 90_000],
    ['max-age=60, max-age=10', 0],
    ['max-age=60,stale-while-revalidate=30,stale-if-error=300', 360_000],
    ['x-max-age=60', 0],
    ['max-age=60s', 0],
    ['max-age=-1', 0],
    ['max-age=', 0],
    ['foo=max-age=60', 0],
  ])('of %j is %i ms', (value, ms) => {
    expect(httpLifetimeMs(value)).toBe(ms);
  });
});

describe('the lifetimes of a world', () => {
  const world: World = {
    ...PLAIN_WORLD,
    lifetimeMs: 10_000,
    templates: [PLAIN_TEMPLATE, { ...PLAIN_TEMPLATE, policy: 1 }, { ...PLAIN_TEMPLATE, tier: 'low' }],
    policies: [
      { cacheControl: 'max-age=60', vary: '' },
      { cacheControl: 's-maxage=5', vary: '' },
    ],
  };

  it('are one where the origin grants it', () => {
    expect([...lifetimesOf(world, 'granted')]).toEqual([10_000, 10_000, 10_000]);
  });

  it('are those of the policy of each template where HTTP says so', () => {
    expect([...lifetimesOf(world, 'http')]).toEqual([60_000, 5_000, 60_000]);
  });
});
