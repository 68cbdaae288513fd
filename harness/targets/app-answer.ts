import type { StageCall } from '../run/call.ts';
import type { Stage } from '../run/stage.ts';
import type { AppAnswer, Meaning } from './app-meaning.ts';
import type { Found, FrameLedger } from './frame-bytes-ledger.ts';
import { NOTHING, reportFound } from './function-answer.ts';

/** A header that is shorter holds no frame, in whatever form. */
const LONG_CHARACTERS = 100;

/**
 * Reports to the stage what a caller was given, and says whether that was a frame: also one in the page of a refusal, or in a header.
 * Throws a {@link TargetFault} where it cannot be read.
 */
export function reportAnswer(stage: Stage, ledger: FrameLedger, call: StageCall, given: { readonly answer: AppAnswer; readonly meaning: Meaning }): boolean {
  const { answer, meaning } = given;
  const body = answer.body.length === 0 ? null : answer.body;
  const found = withHeaders(body === null ? NOTHING : ledger.find(body), ledger, answer.headers);
  return reportFound(stage, call, { status: statusOf(answer.status, meaning), body, fallback: meaning === 'fallback' }, found);
}

function statusOf(status: number, meaning: Meaning): number {
  if (meaning === 'refusal') return Math.max(status, 400);
  return meaning === 'frame' ? 200 : status;
}

/** What was found in a body, with what is in headers that are long enough. */
export function withHeaders(found: Found, ledger: FrameLedger, headers: AppAnswer['headers']): Found {
  const frames = [...found.frames];
  let { stray } = found;
  for (const value of Object.values(headers).flat()) {
    if (value === undefined || value.length <= LONG_CHARACTERS) continue;
    const within = ledger.find(value);
    for (const frame of within.frames) if (!frames.includes(frame)) frames.push(frame);
    stray ??= within.stray;
  }
  return { ...found, frames, stray };
}
