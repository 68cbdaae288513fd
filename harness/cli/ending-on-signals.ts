import type { Crew } from '../selftest/crew.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A first Ctrl-C asks a crew for an end; what it has then is shown. From the second on the process ends. Returns how to stop listening. */
export function endingOnSignals(crew: Crew, tell: (text: string) => void): () => void {
  const heard = (): void => {
    tell('Stopping after what runs now. Ctrl-C again ends it at once.');
    crew.end();
    unheard();
  };
  const unheard = (): void => {
    for (const signal of SIGNALS) process.removeListener(signal, heard);
  };
  for (const signal of SIGNALS) process.on(signal, heard);
  return unheard;
}
