import type { History } from '../../models/domain/history.ts';
import type { Program } from '../../models/domain/program.ts';
import type { Found, Leaks } from './evaluate.ts';
import type { Evidence } from './evidence.ts';
import { answersTo, askedBy, CHANGES, isSameRequest, operationsBetween } from './history-events.ts';

// What an explanation goes back to: an earlier leak of the same copy, or an earlier copy in its place.

/** Properties of the frame that a caller received, and may not have. */
const FOREIGN: ReadonlySet<string> = new Set(['KH001', 'KH002', 'KH003', 'KH005']);

/** The leak by which the caller had been given the very copy before; null where it was rightly given, or to somebody else. */
export function rootOf(history: History, { own, bringer }: Evidence): Found | null {
  if (!own || bringer === null) return null;
  const earlier = history.find((event) => event.event === 'violation' && event.call === bringer.call && FOREIGN.has(event.property));
  return earlier?.event === 'violation' ? { property: earlier.property, kind: earlier.kind, instant: earlier.at } : null;
}

export function upTo(history: History, { instant }: Found): History {
  return history.filter(({ at }) => at <= instant);
}

/** Of what a cache is told nothing. */
const QUIET: ReadonlySet<string> = new Set(['request', 'begin', 'release', 'cancel', 'advance', 'capture']);

/** Whether it takes an older copy for the same request, which was there before the one that leaks. */
export async function isRefilled({ world, operations }: Program, history: History, { own, bringer }: Evidence, leaks: Leaks): Promise<boolean> {
  if (!own || bringer === null) return false;
  const since = answersTo(history, ({ call }) => call === bringer.call)[0]?.at ?? bringer.at;
  const received = answersTo(history, (other) => isSameRequest(other, bringer) && other.at < bringer.at).filter(({ at }) => at <= since);
  const older = received.length === 0 ? undefined : askedBy(history, received.at(-1)!.call);
  // What a cache is told in between may have removed the older one.
  const isThere = older !== undefined && operations.slice(older.at, bringer.at - 1).every(({ op }) => QUIET.has(op));
  return isThere && operations[older.at - 1]!.op === 'request' && !(await leaks({ world, operations: operations.toSpliced(older.at - 1, 1) }));
}

/**
 * Whether what should have been removed is not there after the change until something is asked for, none of which is answered with it: without that,
 * nothing leaks.
 */
export async function isBroughtBack({ world, operations }: Program, history: History, { bringer, asked }: Evidence, leaks: Leaks): Promise<boolean> {
  if (bringer === null || operations.length !== asked.at || world.together === true) return false;
  const change = operationsBetween(history, CHANGES, bringer.at, asked.at)[0]?.at;
  if (change === undefined) return false;
  const since = operations.slice(change, -1);
  if (since.length === 0 || !since.every(({ op }) => op === 'request')) return false;
  return !(await leaks({ world, operations: [...operations.slice(0, change), ...operations.slice(-1)] }));
}
