import { describe, expect, it } from 'vitest';
import { Patience } from './patience.ts';

describe('patience with a target', () => {
  it('ends where nothing ever comes of it', () => {
    const patience = new Patience();
    for (let time = 0; time < 7; time++) patience.waited(false, false);
    expect(patience.ms).toBe(1000);
    patience.waited(false, false);
    expect(patience.ms).toBe(20);
  });

  it('lasts where something came of it once', () => {
    const patience = new Patience();
    patience.waited(true, false);
    for (let time = 0; time < 20; time++) patience.waited(false, false);
    expect(patience.ms).toBe(1000);
  });

  it('comes back with what comes in a short time', () => {
    const patience = new Patience();
    for (let time = 0; time < 9; time++) patience.waited(false, false);
    patience.waited(true, false);
    expect(patience.ms).toBe(1000);
  });

  it('is not spent on a cache that only ever waits for its own timers', () => {
    const patience = new Patience();
    for (let time = 0; time < 63; time++) patience.waited(false, true);
    expect([patience.withTimersMs, patience.ms]).toEqual([2, 1000]);
    patience.waited(false, true);
    expect([patience.withTimersMs, patience.ms]).toEqual([0, 1000]);
    patience.waited(true, true);
    expect(patience.withTimersMs).toBe(2);
  });
});
