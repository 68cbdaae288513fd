import { derivedFaults } from '../../fixtures/derived/index.ts';

/** The ids of all derived changes, in their order. */
export function derivedIds(): readonly string[] {
  return derivedFaults().map(({ id }) => id);
}
