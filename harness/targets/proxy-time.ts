import type { WireClock } from './faketime.ts';
import { pause } from './virtual-time-turns.ts';
import type { WireAnswer } from './wire-answer.ts';

/** Real time, which passes by itself. In milliseconds. */
export interface RealTime {
  now(): number;
  pause(ms: number): Promise<void>;
}

/** What is needed to see whether a server lives in the time of a clock. */
export interface Observed {
  readonly clock: WireClock;
  /** By default that of this process. */
  readonly real?: RealTime;
  readonly origin: {
    /** A path that nobody asked for before, the answer to which may be kept for a minute. */
    lastingPath(): string;
    /** How often the origin was asked for it. */
    timesAsked(path: string): number;
  };
  /** Asks the server. Null where there was no whole answer. */
  ask(path: string, headers: Readonly<Record<string, string>>): Promise<WireAnswer | null>;
}

/** How a path is asked for: by nobody, and by somebody, since there are caches that keep only for those who say who they are. */
const ASKING: readonly Readonly<Record<string, string>>[] = [{}, { authorization: 'Bearer keyhole' }];
/** How often something is asked for until it is kept: a cache may store an answer a moment after it was given. */
const TRIES = 4;
const PAUSE_MS = 10;
/** Past the lifetime of what is kept; and far past it, for caches that keep for longer than they were told to. */
const MOVES_MS: readonly number[] = [61_000, 86_400_000];
const SECOND_MS = 1000;
/** Longest real time until a move shows. */
const SHOWS_MS = 500;

const REAL_TIME: RealTime = { now: () => performance.now(), pause };

/**
 * Whether a server whose answers do not show its own time is seen to live in the time of the clock: what it keeps has to be asked for
 * anew, or to name an age, when the clock was moved and no real time has passed that could be the reason. False where nothing can be seen,
 * also because the server keeps nothing.
 */
export async function isSeenToMove(observed: Observed): Promise<boolean> {
  const { real = REAL_TIME } = observed;
  for (const headers of ASKING) {
    const since = real.now();
    const path = await kept(observed, headers);
    if (path !== null) return ages(observed, { path, since }, headers);
  }
  return false;
}

/** A path that the server answers without asking the origin; null where it always asks. */
async function kept({ origin, ask, real = REAL_TIME }: Observed, headers: Readonly<Record<string, string>>): Promise<string | null> {
  const path = origin.lastingPath();
  for (let tries = 1; tries <= TRIES; tries++) {
    const times = origin.timesAsked(path);
    const answer = await ask(path, headers);
    if (times > 0 && answer?.status === 200 && origin.timesAsked(path) === times) return path;
    await real.pause(tries * PAUSE_MS);
  }
  return null;
}

/** Whether something that was first asked for at a moment of the real time gets older by the clock. */
async function ages(observed: Observed, { path, since }: { path: string; since: number }, headers: Readonly<Record<string, string>>): Promise<boolean> {
  const { origin, clock, ask, real = REAL_TIME } = observed;
  const times = origin.timesAsked(path);
  let movedMs = 0;
  for (const byMs of MOVES_MS) {
    const from = real.now();
    clock.advance(byMs);
    movedMs += byMs;
    do {
      const answer = await ask(path, headers);
      if (Number(answer?.headers['age'] ?? 0) * SECOND_MS >= movedMs - SECOND_MS) return true;
      // An old answer may be given out once more, while a new one is fetched behind it.
      if (origin.timesAsked(path) > times) return keepsFor(Math.ceil(real.now() - since) + 1, observed, headers);
      await real.pause(PAUSE_MS);
    } while (real.now() - from < SHOWS_MS);
  }
  return false;
}

/** Whether the server keeps something for so much real time at the least: else what it asked for anew had not aged by the clock. */
async function keepsFor(ms: number, observed: Observed, headers: Readonly<Record<string, string>>): Promise<boolean> {
  const path = await kept(observed, headers);
  if (path === null) return false;
  const times = observed.origin.timesAsked(path);
  await (observed.real ?? REAL_TIME).pause(ms);
  return (await observed.ask(path, headers)) !== null && observed.origin.timesAsked(path) === times;
}
