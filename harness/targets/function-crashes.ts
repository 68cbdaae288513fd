const EVENTS = ['unhandledRejection', 'uncaughtException'] as const;

type Listener = (error: unknown) => void;

const NOBODY: readonly Listener[] = [];

/**
 * Hears of errors that nobody handles while a session is open: they would end the process, and they are the target's. Whoever
 * listened before does so again after `close()`.
 */
export class CrashWatch {
  private readonly heard: Listener;
  private readonly before: readonly (readonly Listener[])[];

  constructor(heard: Listener) {
    this.heard = heard;
    this.before = EVENTS.map((event) => taken(event));
    for (const event of EVENTS) process.on(event, heard);
  }

  close(): void {
    for (const [index, event] of EVENTS.entries()) {
      process.removeListener(event, this.heard);
      for (const listener of this.before[index]!) process.on(event, listener);
    }
  }
}

/** Takes away whoever listens to an event. Outside of a test runner that is mostly nobody. */
function taken(event: (typeof EVENTS)[number]): readonly Listener[] {
  if (process.listenerCount(event) === 0) return NOBODY;
  const before = process.rawListeners(event) as Listener[];
  process.removeAllListeners(event);
  return before;
}
