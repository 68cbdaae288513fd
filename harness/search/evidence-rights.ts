import { answersTo, contactOf, isChanged, isSameRequest, isSameView, operationsBetween } from './history-events.ts';
import type { Leak } from './leak.ts';

/** What the origin had said about the rights of the caller before. */
export interface SaidBefore {
  /** The origin allowed the caller when it was asked before a change, and the copy came in after that change. */
  readonly allowedTooEarly: boolean;
  /** The origin refused the caller when the same was asked last, and time has passed since. */
  readonly refusedBefore: boolean;
  /** The caller received something of this camera between two steps of time: what is remembered of his right may have been prolonged by that. */
  readonly usedBetween: boolean;
}

export function saidBefore(leak: Leak): SaidBefore {
  return { allowedTooEarly: isAllowedTooEarly(leak), refusedBefore: isRefusedBefore(leak), usedBetween: isUsedBetween(leak) };
}

function isAllowedTooEarly({ history, mine, asked, since }: Leak): boolean {
  const word = mine.findLast((event) => event.event === 'origin' && event.contact === 'authorise');
  const contact = contactOf(history, asked.call, 'authorise');
  return word?.event === 'origin' && word.status === 'ok' && contact !== undefined && isChanged(history, contact.at, since);
}

const STEPS: ReadonlySet<string> = new Set(['advance']);

function isRefusedBefore({ history, asked }: Leak): boolean {
  const last = history.findLast((event) => event.event === 'asked' && event.at < asked.at && isSameRequest(event, asked));
  if (last?.event !== 'asked' || operationsBetween(history, STEPS, last.at, asked.at).length === 0) return false;
  const isTurnedAway = history.some((event) => event.event === 'refused' && event.call === last.call);
  return isTurnedAway && history.some((event) => event.event === 'origin' && event.call === last.call && event.status === 'refused');
}

function isUsedBetween({ history, asked }: Leak): boolean {
  const received = answersTo(history, (other) => other.at < asked.at && isSameView(other, asked));
  const steps = operationsBetween(history, STEPS, received[0]?.at ?? asked.at, asked.at);
  return received.some(({ at }) => steps.some((step) => step.at < at) && steps.some((step) => step.at > at));
}
