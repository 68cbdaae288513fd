import type { Evidence } from './evidence.ts';
import type { Tried } from './tried.ts';

// What rules of several families look for.

/** Where a whole entry was written over before, that is what is to be said. */
export function isTorn({ torn, overwritten }: Evidence): boolean {
  return torn && !overwritten;
}

/** The same request was answered rightly before; that it now gets what came in for another one is no matter of keys where that was of another kind. */
export function isOverwritten({ overwritten, mixedUp, sameCamera, sameTier, unrelated }: Evidence, { crowded, alone, slotted }: Tried): boolean {
  if (overwritten) return !sameCamera || !sameTier || (slotted ?? (unrelated || crowded));
  return mixedUp === 'after' && !alone && !(sameCamera && sameTier);
}

/** What is asked for had been given out rightly, and one key for two would have given out something else then. */
export function isMixedUp({ mixedUp, sameCamera, sameTier }: Evidence, { alone }: Tried): boolean {
  return mixedUp !== null && !alone && !(sameCamera && sameTier);
}

/** The copy came in for this very caller and this very camera: no two keys had to become equal for him to find it, it is the removal that missed it. */
export function isMissedByRemoval({ own, changedSince }: Evidence): boolean {
  return own && changedSince;
}

/** What was asked for the caller before something took his right away was joined by him after it. */
export function isJoinedTooLate({ joinedOwn, joinedLate, sameCamera }: Evidence): boolean {
  return joinedOwn && joinedLate && sameCamera;
}

/** The origin had no part in it. */
export function isWithoutOrigin({ authorised, fetched }: Evidence): boolean {
  return authorised === 'not asked' && !fetched;
}

/** The origin spoke of the present ownership, and the frame is of an earlier one. */
export function isOfOlderOwnership({ authorised, olderOwnership }: Evidence): boolean {
  return authorised === 'allowed' && olderOwnership;
}

/** Nothing that could be left out stands in a shrunk program: where time has to pass after the removal, something comes of it. */
export function isBackAgain({ waited, operations }: Evidence): boolean {
  return waited && operations.has('advance');
}

/** What is kept goes out to whoever asks for it while other requests are under way, and not otherwise. */
export function isOnlyWhenBusy({ busy, sameCamera, sameTier }: Evidence, { overlap, late }: Tried): boolean {
  return busy && overlap && !late && sameCamera && sameTier;
}
