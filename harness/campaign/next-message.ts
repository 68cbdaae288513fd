import type { ChildProcess } from 'node:child_process';
import type { Worker } from 'node:worker_threads';

/** The next message of a thread or a process. Rejects when it fails or ends instead; `ended` says so, given its exit code. */
export function nextMessage<T>(from: ChildProcess | Worker, ended: (code: number | null) => string): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      from.off('message', onMessage).off('error', onError).off('exit', onExit);
      end();
    };
    const onMessage = (message: T): void => settle(() => resolve(message));
    const onError = (error: unknown): void => settle(() => reject(error instanceof Error ? error : new Error(String(error))));
    const onExit = (code: number | null): void => settle(() => reject(new Error(ended(code))));
    from.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}
