// Real time, kept from before it was replaced (imports would follow): the harness waits for the event loop while all other clocks stand still.
const { setImmediate: nativeImmediate, setTimeout: nativeTimeout } = globalThis;

const milliseconds = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;

/** Real time in ms, from an arbitrary start: unmoved by virtual time. */
export const realNowMs: () => number = milliseconds;

/** Until no promise can go on by itself any more: the queues of microtasks and of `process.nextTick` are empty. */
export function drain(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => nativeImmediate(resolve));
}

/** Lets some real time pass. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => nativeTimeout(resolve, ms));
}
