// Real time, kept from before it was replaced (imports would follow): the harness waits for the event loop while all other clocks stand still.
const { setImmediate: nativeImmediate, setTimeout: nativeTimeout, clearTimeout: nativeClear } = globalThis;
const { bigint: nanoseconds } = process.hrtime;

const milliseconds = (): number => Number(nanoseconds() / 1000n) / 1000;

/** Real time in ms, from an arbitrary start: unmoved by virtual time. */
export const realNowMs: () => number = milliseconds;

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => nativeImmediate(resolve));
}

/** A cache may have an immediate under way at any time, as one that polls: nobody waits for the end of that. */
const TURNS_MAX = 64;

/** Until what was begun at this moment has run: promises, ticks, and immediates with all that they set off. */
export async function finishMoment(): Promise<void> {
  for (let turns = 0; turns < TURNS_MAX; turns++) {
    await turn();
    if (!process.getActiveResourcesInfo().includes('Immediate')) return;
  }
}

/** Lets some real time pass. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => nativeTimeout(resolve, ms));
}

/** Waits for a promise for so much real time, then rejects with what `late` makes. */
export async function within<T>(ms: number, promised: T | Promise<T>, late: () => Error): Promise<T> {
  const ends: { timer?: ReturnType<typeof nativeTimeout> } = {};
  const over = new Promise<never>((_resolve, reject) => {
    ends.timer = nativeTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([promised, over]);
  } finally {
    nativeClear(ends.timer);
  }
}
