import type { WireClock } from './faketime.ts';
import type { Plant } from './proxy-plant.ts';
import type { Rest } from './proxy-rest.ts';
import type { Exchange, Traffic } from './proxy-traffic.ts';

interface WalkOptions {
  readonly plant: Pick<Plant, 'clock' | 'workers' | 'leaveWorkers'>;
  readonly traffic: Traffic;
  readonly rest: Rest;
  /** How often the server looks whether those who wait inside it may go on; 0 where it does not, or nobody knows. */
  readonly pollMs: number;
}

/**
 * Callers who ask while others are under way do so at moments of their own: so much later each, by the server's clock, within one second.
 * A process that is due in so much of the server's time looks up after as much real time, although its clock stands still: it must be long
 * enough for the server to be seen asleep before.
 */
const STAGGER_MS = 10;
const STAGGERED_MS = 900;
const SECOND_MS = 1000;
/** Whoever waits for so long may be due together with others: at the moment at which the lock that they wait for ends by itself. */
const CROWDED_MS = 4_000;

/** A new session begins with a second: nothing that is asked in it at moments of its own then comes to lie in the next one. */
export function beginSecond(clock: WireClock): void {
  const past = clock.now() % SECOND_MS;
  if (past > 0) clock.advance(SECOND_MS - past);
}

/** Lets a caller ask at another moment than those before him, so that what waits inside the server is not woken all at once. */
export function stagger(clock: WireClock): void {
  if (clock.now() % SECOND_MS < STAGGERED_MS) clock.advance(STAGGER_MS);
}

/**
 * Moves the time of a server step by step, as long as calls wait inside it: from one moment at which somebody may go on to the next. Whoever
 * is due is woken, and what comes of it is over before the next one is. Which process has whom, and how fast it is, then makes no difference.
 */
export async function walk(byMs: number, options: WalkOptions): Promise<void> {
  const { plant, traffic, pollMs } = options;
  const { clock } = plant;
  const end = clock.now() + byMs;
  while (pollMs > 0 && traffic.unexplained().length > 0) {
    const now = clock.now();
    const isCrowded = [...traffic.open].some(({ askedAtMs }) => now - askedAtMs > CROWDED_MS);
    const next = nextPoll(isCrowded ? traffic.open : traffic.unexplained(), now, pollMs);
    if (next >= end) break;
    await move(next - now, options, () => traffic.unexplained().filter(({ askedAtMs }) => isCrowded || (next - askedAtMs) % pollMs === 0));
  }
  await move(end - clock.now(), options, () => [...traffic.open]);
}

/** Moves time at once, and wakes those who are due. */
async function move(byMs: number, { plant, traffic, rest }: WalkOptions, due: () => readonly Exchange[]): Promise<void> {
  const { workers, clock } = plant;
  if (traffic.open.size === 0 && (workers === null || workers.count === 1)) clock.advance(byMs);
  else if (workers !== null && (await workers.stop())) {
    try {
      clock.advance(byMs);
      for (let index = 0; index < workers.count; index++) {
        workers.go(index);
        if (index < workers.count - 1) await rest.doze();
      }
    } finally {
      workers.go();
    }
  } else {
    plant.leaveWorkers();
    clock.advance(byMs);
    for (const exchange of due()) {
      // It may have been woken together with another one, and be over.
      if (!traffic.open.has(exchange)) continue;
      exchange.lane.poke();
      await rest.doze();
    }
  }
  // Only now is what they asked of the origin answered: none of those who were due at this moment finds what another one was given.
  await rest.pause();
}

/** When the next of those who asked looks again whether it may go on. */
function nextPoll(exchanges: Iterable<Exchange>, nowMs: number, pollMs: number): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { askedAtMs } of exchanges) next = Math.min(next, nowMs + pollMs - ((nowMs - askedAtMs) % pollMs));
  return next;
}
