import { chmodSync, existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The time that caches on the wire live in, in ms since 1970. */
export interface WireClock {
  now(): number;
  /** Moves it. False where it cannot be moved. */
  advance(byMs: number): boolean;
}

/** Time as it is. */
export const REAL_CLOCK: WireClock = { now: () => Date.now(), advance: () => false };

const LIBRARY = 'libfaketime.so.1';
const LIBRARY_FOLDER = 'faketime';
const FILE = 'time';
/** Servers that were started by root and became somebody else have to read the file, whatever this process lets others read. */
const READABLE = 0o644;

/** Where libfaketime is on this machine, or null. `KEYHOLE_FAKETIME` names another file; one that is not there does without. */
export function faketimeLibrary(): string | null {
  const named = process.env['KEYHOLE_FAKETIME'];
  if (named !== undefined && named !== '') return existsSync(named) ? named : null;
  const folders = ['/usr/lib', '/usr/lib64', '/usr/local/lib'].flatMap((root) => [root, ...foldersIn(root)]);
  return folders.map((folder) => join(folder, LIBRARY_FOLDER, LIBRARY)).find((path) => existsSync(path)) ?? null;
}

function foldersIn(root: string): string[] {
  try {
    return readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name.includes('-linux-'))
      .map((entry) => join(root, entry.name));
  } catch {
    return [];
  }
}

/** The names of the variables that a server must hand on to its workers. */
export const FAKETIME_VARIABLES: readonly string[] = ['LD_PRELOAD', 'FAKETIME_TIMESTAMP_FILE', 'FAKETIME_NO_CACHE'];

/**
 * The clock of a server that runs under libfaketime. It stands still unless it is moved, so that lifetimes, locks and timeouts of the server
 * end when a program says so and never in between. libfaketime reads the file anew whenever the server asks for the time.
 */
export class FakeClock implements WireClock {
  private readonly path: string;
  private ms: number;

  constructor(directory: string) {
    this.path = join(directory, FILE);
    this.ms = Math.floor(Date.now() / 1000) * 1000;
    this.write();
  }

  /** What a server is started with. */
  environment(library: string): Record<string, string> {
    return { TZ: 'UTC', LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: this.path, FAKETIME_NO_CACHE: '1' };
  }

  now(): number {
    return this.ms;
  }

  advance(byMs: number): boolean {
    this.ms += byMs;
    this.write();
    return true;
  }

  private write(): void {
    // In the form that stops the clock (faketime(1), absolute dates). Replaced at once, since an empty file would mean the real time. The half
    // of a millisecond keeps what libfaketime computes in floating point from falling short of it.
    writeFileSync(`${this.path}.new`, `${new Date(this.ms).toISOString().slice(0, 23).replace('T', ' ')}5\n`);
    chmodSync(`${this.path}.new`, READABLE);
    renameSync(`${this.path}.new`, this.path);
  }
}
