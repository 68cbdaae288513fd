import type { Judge, Property } from './property.ts';

/** Nothing is seen in one run: what breaks this rule is a difference between two. */
const judge: Judge = {};

/** KH011: what a caller observes does not depend on what is not for him. */
export const nonInterference: Property = {
  id: 'KH011',
  title: 'Non-interference',
  severity: 'high',
  meaning:
    'A program is run a second time with other pictures, sessions and validators in place of those that a caller may never see, under the same keys and ' +
    'in the same sizes. All that this caller observes stays the same: what is given, word for word, and whether the origin is asked.',
  source: 'Goguen and Meseguer, Security Policies and Security Models, 1982; Harnik, Pinkas and Shulman-Peleg on deduplication shared by users, 2010.',
  blind:
    'What others do, as long as their pictures play no part in it; real time; differences in a target that does not do the same twice; programs in which a ' +
    'mark shows a leak already, which is told as that leak alone.',
  kinds: {
    answer: 'given an answer that changes with pictures that were never open to this caller',
    hit: 'answered from the cache or not, depending on pictures that were never open to this caller',
    company: 'answered otherwise than if nobody else had been there, by a cache that is said to keep its users apart',
  },
  isCompared: true,
  begin: () => judge,
};
