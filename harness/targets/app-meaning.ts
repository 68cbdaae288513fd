import { failed } from './function-host.ts';
import type { FrameReply } from './origin-api.ts';
import { TargetFault } from './target.ts';

/** What an app answered, as its client has it. */
export interface AppAnswer {
  readonly status: number;
  /** Header fields by their lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** With the codings undone that `content-encoding` names. Empty where nothing came. */
  readonly body: NonNullable<FrameReply['body']>;
}

/**
 * What an answer is meant to be: a `frame`; a `fallback`, which says openly that its frame is not the one that was asked for; a `refusal`,
 * whatever its status. Where it is `undefined`, the status says whether it is a refusal.
 */
export type Meaning = 'frame' | 'fallback' | 'refusal' | undefined;

const MEANINGS: readonly unknown[] = ['frame', 'fallback', 'refusal', undefined] satisfies readonly Meaning[];

/** What the app says that an answer means. Throws a {@link TargetFault} where it throws, or says nothing that is known. */
export function meaningOf(answer: AppAnswer, ask: ((answer: AppAnswer) => Meaning) | undefined): Meaning {
  let said: unknown;
  try {
    said = ask?.(answer);
  } catch (error) {
    throw failed('answer() threw', error);
  }
  if (MEANINGS.includes(said)) return said as Meaning;
  throw new TargetFault(
    `answer() returned ${said instanceof Promise ? 'a promise' : (JSON.stringify(said) ?? typeof said)}`,
    "Return 'frame', 'fallback' or 'refusal'; undefined where the status says what the answer is.",
  );
}
