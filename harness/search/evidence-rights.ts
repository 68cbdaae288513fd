import { answersTo, askedBy, contactOf, isAllowance, isChanged, isSameRequest, isSameView, operationsBetween } from './history-events.ts';
import type { Leak } from './leak.ts';

/** What the origin had said about the rights of the caller before. */
export interface SaidBefore {
  /** The origin allowed the caller when it was asked before a change, and the copy came in after that change. */
  readonly allowedTooEarly: boolean;
  /** The origin refused the caller when the same was asked last, and time has passed since. */
  readonly refusedBefore: boolean;
  /** The origin was asked about the caller at an earlier request for this camera, and allowed what may not be seen any more. */
  readonly allowedOnce: boolean;
  /** Nothing was asked about this caller; somebody else whom the origin had allowed was still waiting when this request came in the same turn. */
  readonly letInAtOnce: boolean;
  /** The caller received something of this camera between two steps of time: what is remembered of the right may have been prolonged by that. */
  readonly usedBetween: boolean;
}

export function saidBefore(leak: Leak): SaidBefore {
  return {
    allowedTooEarly: isAllowedTooEarly(leak),
    refusedBefore: isRefusedBefore(leak),
    allowedOnce: isAllowedOnce(leak),
    letInAtOnce: isLetInAtOnce(leak),
    usedBetween: isUsedBetween(leak),
  };
}

function isAllowedTooEarly({ history, mine, asked, since }: Leak): boolean {
  const word = mine.findLast((event) => event.event === 'origin' && event.contact === 'authorise');
  const contact = contactOf(history, asked.call, 'authorise');
  return word !== undefined && isAllowance(word) && contact !== undefined && isChanged(history, contact.at, since);
}

function isAllowedOnce({ history, asked }: Leak): boolean {
  return history.some((event) => {
    if (!isAllowance(event) || event.at >= asked.at) return false;
    const other = askedBy(history, event.call);
    return other !== undefined && isSameView(other, asked) && isChanged(history, event.at, asked.at);
  });
}

/** Whether the origin had allowed an earlier call of somebody else for the same camera, which came in one turn with this one and had no answer yet. */
function isLetInAtOnce({ program, history, mine, asked, answered }: Leak): boolean {
  if (program.world.together !== true || mine.some((event) => event.event === 'origin' && event.contact === 'authorise')) return false;
  return history.slice(0, Math.max(0, history.indexOf(answered))).some((event) => {
    if (!isAllowance(event)) return false;
    const other = askedBy(history, event.call);
    const isOver = history.some((end) => (end.event === 'answered' || end.event === 'refused') && end.call === event.call && end.at < asked.at);
    return other !== undefined && !isOver && other.at < asked.at && other.user !== asked.user && other.camera === asked.camera;
  });
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
