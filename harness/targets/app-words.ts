import { TargetFault } from './target.ts';

/** A fault of what apps share with functions, in the words of who wrote an app: there, what makes the cache is called `build`. */
export function inWordsOfApps(fault: TargetFault): TargetFault {
  // What somebody else has said stays as it is.
  if (fault.cause !== undefined) return fault;
  return new TargetFault(said(fault.message), said(fault.remedy));
}

/** What functions do, and what apps do there. */
const WORDS: readonly (readonly [ofFunctions: string, ofApps: string])[] = [
  ['open()', 'build()'],
  ['Return the bytes', 'Answer with the bytes'],
  ['as text, base64 or JSON; or { status, body }.', 'as text, base64 or JSON.'],
  ['return null, or a status that says so.', 'answer with a status that says so; where the status does not, let the option `answer` say "refusal".'],
];

function said(text: string): string {
  return WORDS.reduce((sentence, [ofFunctions, ofApps]) => sentence.replaceAll(ofFunctions, ofApps), text);
}
