import { describe, expect, it } from 'vitest';
import { Patience } from './patience.ts';

describe('patience with a target', () => {
  it('ends where nothing ever comes of it', () => {
    const patience = new Patience();
    for (let time = 0; time < 7; time++) patience.waited(false);
    expect(patience.ms).toBe(1000);
    patience.waited(false);
    expect(patience.ms).toBe(20);
  });

  it('lasts where something came of it once', () => {
    const patience = new Patience();
    patience.waited(true);
    for (let time = 0; time < 20; time++) patience.waited(false);
    expect(patience.ms).toBe(1000);
  });

  it('comes back with what comes in a short time', () => {
    const patience = new Patience();
    for (let time = 0; time < 9; time++) patience.waited(false);
    patience.waited(true);
    expect(patience.ms).toBe(1000);
  });
});
