import {
  isBackAgain,
  isJoinedTooLate,
  isMissedByRemoval,
  isMixedUp,
  isOfOlderOwnership,
  isOnlyWhenBusy,
  isOverwritten,
  isTorn,
  isWithoutOrigin,
} from './decide-signs.ts';
import { blame, type Decided, servedBeyond } from './decisions.ts';
import type { Evidence } from './evidence.ts';
import type { Tried } from './tried.ts';

/** What should have been forgotten was given out: it was deleted, or a purge was to remove it. */
export function decideRetained(property: 'KH009' | 'KH010', evidence: Evidence, tried: Tried): Decided {
  const isPurged = property === 'KH009';
  if (isOnlyWhenBusy(evidence, tried)) return blame('serve', 'busy');
  if (tried.deferred) return blame('invalidate', 'deferred');
  if (isTorn(evidence)) return blame('buffer', 'torn');
  if (!isPurged && evidence.joined && isJoinedTooLate(evidence)) return blame('join', 'deleted');
  if (evidence.lateFill) return isPurged ? blame('invalidate', 'purged') : blame('admit', 'late');
  if (tried.told && evidence.afterFailure && tried.failure) return blame('fallback', 'failedForgotten');
  if (evidence.leftAlone && isWithoutOrigin(evidence)) return blame('fallback', 'leftAlone');
  if (isOverwritten(evidence, tried)) return blame('buffer', 'overwritten');
  if (isMixedUp(evidence, tried)) return blame('buffer', 'mixedUp');
  if (tried.ids && isMissedByRemoval(evidence)) return blame('invalidate', 'notFound');
  if (!isPurged && tried.overlap && tried.late) return blame('admit', 'late');
  return isPurged ? purged(evidence) : deleted(evidence, tried);
}

function purged(evidence: Evidence): Decided {
  if (isBackAgain(evidence)) return blame('invalidate', 'backAfterPurge');
  return evidence.own && !evidence.beside ? blame('invalidate', 'deaf') : blame('invalidate', 'purged');
}

function deleted(evidence: Evidence, tried: Tried): Decided {
  if (isBackAgain(evidence) && tried.told) return blame('invalidate', 'backAfterDeletion');
  if (isOfOlderOwnership(evidence)) return blame('key', 'ownership');
  // Nobody tells it that a camera was deleted: what it may not do is to go on when the lifetime is over.
  return tried.told ? blame('invalidate', 'deleted') : servedBeyond(evidence, 'after its camera was deleted');
}
