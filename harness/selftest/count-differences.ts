import type { Decisions } from '../../fixtures/derived/base.ts';

/** How often each decision was made, and how often the changed policy came out otherwise than its base on the same question. */
export interface Differences {
  asked: number;
  differed: number;
}

/** The changed policy; each of its decisions is compared with what its base would have said. */
export function comparing(wrong: Decisions, right: Decisions, decision: string, seen: Differences): Decisions {
  const decide = wrong[decision] as (...given: unknown[]) => unknown;
  const before = right[decision] as (...given: unknown[]) => unknown;
  const compared = (...given: unknown[]): unknown => {
    const result = decide(...given);
    seen.asked++;
    // Keys are compared too: one that is another text for the same thing differs here and nowhere else.
    if (result !== before(...given)) seen.differed++;
    return result;
  };
  return { ...wrong, [decision]: compared };
}
