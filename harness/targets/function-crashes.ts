const EVENTS = ['unhandledRejection', 'uncaughtException'] as const;

type Listener = (error: unknown) => void;

/**
 * Hears of errors that nobody handles while a session is open: they would end the process, and they are the target's. Whoever
 * listened before does so again after `close()`.
 */
export class CrashWatch {
  private readonly heard: Listener;
  private readonly before: readonly (readonly Listener[])[];

  constructor(heard: Listener) {
    this.heard = heard;
    this.before = EVENTS.map((event) => process.rawListeners(event as 'uncaughtException') as Listener[]);
    for (const event of EVENTS) {
      process.removeAllListeners(event);
      process.on(event, heard);
    }
  }

  close(): void {
    for (const [index, event] of EVENTS.entries()) {
      process.removeListener(event, this.heard);
      for (const listener of this.before[index]!) process.on(event, listener);
    }
  }
}
