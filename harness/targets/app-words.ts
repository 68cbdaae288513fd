import { TargetFault } from './target.ts';

/** A fault of what apps share with functions, in the words of who wrote an app: there, what makes the cache is called `build`. */
export function inWordsOfApps(fault: TargetFault): TargetFault {
  // What somebody else has said stays as it is.
  if (fault.cause !== undefined) return fault;
  return new TargetFault(said(fault.message), said(fault.remedy));
}

function said(text: string): string {
  return text.replaceAll('open()', 'build()');
}
