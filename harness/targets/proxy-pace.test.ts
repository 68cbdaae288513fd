import { describe, expect, it } from 'vitest';
import { Pace } from './proxy-pace.ts';

describe('the patience with calls that show no sign', () => {
  it('is short at first, grows at once with what is slow, and shrinks again', () => {
    const pace = new Pace();
    expect(pace.patienceMs).toBe(2);
    pace.note(20);
    expect(pace.patienceMs).toBe(60);
    for (let count = 0; count < 100; count++) pace.note(0.3);
    expect(pace.patienceMs).toBe(2);
  });

  it('is never longer than somebody would wait', () => {
    const pace = new Pace();
    pace.note(100_000);
    expect(pace.patienceMs).toBe(150);
  });
});
