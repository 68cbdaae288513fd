import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClock, FAKETIME_VARIABLES, faketimeLibrary } from './faketime.ts';

describe('the clock of a server under libfaketime', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keyhole-test-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    vi.unstubAllEnvs();
  });

  it('stands still until it is moved, and says so in the file that libfaketime reads', () => {
    const clock = new FakeClock(folder);
    const start = clock.now();
    expect(start % 1000).toBe(0);
    const read = (): string => readFileSync(clock.environment('lib')['FAKETIME_TIMESTAMP_FILE']!, 'utf8');
    // Without an @ before it, libfaketime takes a date for a time that stands still.
    expect(read()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}5\n$/);
    expect(Date.parse(`${read().trim().replace(' ', 'T')}Z`)).toBe(start);
    expect(clock.advance(61_000)).toBe(true);
    expect(clock.now()).toBe(start + 61_000);
    expect(Date.parse(`${read().trim().replace(' ', 'T')}Z`)).toBe(start + 61_000);
    clock.advance(7);
    expect(Date.parse(`${read().trim().replace(' ', 'T')}Z`)).toBe(start + 61_007);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('can be read by everybody, whatever else this process lets others read', () => {
    const before = process.umask(0o077);
    try {
      const path = new FakeClock(folder).environment('lib')['FAKETIME_TIMESTAMP_FILE']!;
      expect(statSync(path).mode & 0o777).toBe(0o644);
    } finally {
      process.umask(before);
    }
  });

  it('names all that a server has to hand on to its workers', () => {
    expect(new FakeClock(folder).environment('lib')).toMatchObject({ LD_PRELOAD: 'lib', TZ: 'UTC' });
    expect(
      Object.keys(new FakeClock(folder).environment('lib'))
        .filter((name) => name !== 'TZ')
        .toSorted(),
    ).toEqual([...FAKETIME_VARIABLES].toSorted());
  });

  it('is looked for where the environment says, and only there', () => {
    vi.stubEnv('KEYHOLE_FAKETIME', join(folder, 'libfaketime.so.1'));
    expect(faketimeLibrary()).toBeNull();
    vi.stubEnv('KEYHOLE_FAKETIME', folder);
    expect(faketimeLibrary()).toBe(folder);
  });
});
