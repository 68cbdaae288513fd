import type { Situation } from '../../models/domain/situation.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { type Property, SEVERITIES } from '../../properties/property.ts';
import type { TargetReport, ViolationReport } from '../report/document.ts';
import { place, type Tally, tallyByName } from '../run/situations.ts';
import type { Enumeration } from '../search/enumerate.ts';
import { isComparable } from '../search/non-interference.ts';
import type { Mishaps, Target, TargetFault } from '../targets/target.ts';
import { adviceFor, JOINER_ADVICE, missingSituations } from './requirements.ts';

/** What a check has to show for itself. */
export interface Account {
  readonly target: Target;
  readonly tally: Tally;
  readonly runs: number;
  readonly operations: number;
  readonly seconds: number;
  /** Independent programs at the end of the search. */
  readonly tail: number;
  readonly enumerated: Enumeration | null;
  /** Programs that were run again with other pictures; null where that shows nothing on this target. */
  readonly compared: number | null;
  /** How often the target asked the origin on behalf of somebody who was not waiting for that picture, in whatever was run. */
  readonly strays: number;
  /** Requests that ended with an error of the target itself, in whatever was run. */
  readonly mishaps: Mishaps;
  readonly violations: readonly ViolationReport[];
  readonly fault: TargetFault | null;
  /** What is wrong with the wiring, or null. */
  readonly unwired: string | null;
  /** Properties that nobody could see broken, whatever the target does. */
  readonly unseen: readonly string[];
  readonly interrupted: boolean;
  /** Nothing but time was to end the search. */
  readonly isTimed: boolean;
  /** How many programs were asked for, and how many of them were run, where the time was over before; `null` otherwise. */
  readonly unmet: { readonly searched: number; readonly of: number } | null;
}

/** Gravest first, then shortest, then in the order of the registry: what a reader should see first. */
function byGravity(a: ViolationReport, b: ViolationReport): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || a.size - b.size || SHAPES.indexOf(a.shape) - SHAPES.indexOf(b.shape);
}

const SHAPES: readonly string[] = PROPERTIES.flatMap((property) => Object.keys(property.kinds).map((kind) => `${property.id}/${kind}`));

/** Turns the account of a check into its report. */
export function verdictOf(unsorted: Account): TargetReport {
  const account = { ...unsorted, violations: unsorted.violations.toSorted(byGravity) };
  const { target, tally, violations, fault } = account;
  const missing = missingSituations(target.capabilities, tally, account.unseen);
  const holds = violations.length === 0 && fault === null && account.unwired === null && missing.length === 0 && !account.interrupted && account.unmet === null;
  const verdict = violations.length > 0 ? 'violated' : holds ? 'holds' : 'inconclusive';
  return {
    target: target.name,
    title: target.title,
    kind: target.kind,
    evidence: target.evidence,
    verdict,
    reason: reasonOf(account, missing),
    advice: [...adviceOf(account, missing), ...strayAdvice(account), ...mishapAdvice(account)],
    fault: fault !== null,
    expected: null,
    runs: account.runs,
    operations: account.operations,
    seconds: account.seconds,
    situations: tallyByName(tally),
    missing,
    enumerated: account.enumerated === null ? null : enumeratedOf(account.enumerated),
    worth: holds ? worthOf(account.tail) : null,
    properties: PROPERTIES.map((property) => ({ id: property.id, title: property.title, ...checkedOf(property, account) })),
    violations,
  };
}

function enumeratedOf({ depth, programs, states }: Enumeration): TargetReport['enumerated'] {
  return states === undefined ? { depth, programs } : { depth, programs, states };
}

function reasonOf(account: Account, missing: readonly Situation[]): string {
  const { violations, fault } = account;
  if (violations.length > 0) {
    const [first] = violations;
    const more = violations.length === 1 ? '' : ` It was broken in ${violations.length - 1} other ${violations.length === 2 ? 'way' : 'ways'} as well.`;
    return `"${first!.title}" is broken by ${first!.size} ${first!.size === 1 ? 'operation' : 'operations'}. ${first!.explanation}${more}`;
  }
  if (fault !== null) return `The target is at fault: ${fault.message}`;
  if (account.unwired !== null) return account.unwired;
  if (account.interrupted) return `The check was interrupted after ${account.runs} programs; nothing had leaked until then.`;
  if (account.unmet !== null)
    return `The time was over before the programs that were asked for had been run: ${account.unmet.searched} of ${account.unmet.of}; nothing had leaked until then.`;
  if (missing.length > 0) return `Nothing leaked, but that means little: ${missing.join(', ')} never occurred in ${account.runs} programs.`;
  const holds = `Nothing leaked in ${account.runs} programs (${account.operations} operations), and everything that a leak needs was tried.`;
  if (!isKeepingNothing(account.tally)) return holds;
  const times = account.tally[place('joined')]!;
  return `${holds} The cache kept nothing: it only let callers share an answer that was under way, ${times} ${times === 1 ? 'time' : 'times'}, and that is all that this speaks of.`;
}

/** Whether no frame was given out later than at the moment at which it came in. */
function isKeepingNothing(tally: Tally): boolean {
  return tally[place('hit')] === 0;
}

function adviceOf({ fault, violations, unwired, unmet, isTimed, tally }: Account, missing: readonly Situation[]): string[] {
  if (fault !== null) return [fault.remedy];
  if (violations.length > 0) return [];
  if (unwired !== null) return [];
  const more = adviceFor(missing, isTimed);
  if (missing.length === 0 && isKeepingNothing(tally)) more.push(JOINER_ADVICE);
  if (unmet === null) return more;
  // What has not occurred yet may still do so: only what more programs would not change is worth a word of its own.
  const lasting = missing.filter((situation) => situation === 'frame-received' || situation === 'hit');
  return ['Give the check more time with --max-time, or fewer programs with --runs.', ...adviceFor(lasting, isTimed)];
}

/** No leak by itself, and nothing that a judge looks at: many caches refresh. To whoever did not expect it, it may be the cause of one. Beside a leak it would only stand in the way. */
function strayAdvice({ strays, violations }: Account): string[] {
  if (strays === 0 || violations.length > 0) return [];
  const times = strays === 1 ? 'once' : `${strays} times`;
  return [
    `Make sure that this is meant: ${times} the cache asked the origin for a picture on behalf of somebody who was not waiting for it, as happens when a cache refreshes by itself, goes on for a caller who has hung up, or changes requests on their way.`,
  ];
}

/** A cache that fails at every hit keeps nothing that anybody could see. Whoever throws where others refuse knows it. */
function mishapAdvice({ mishaps, violations, fault }: Account): string[] {
  if (mishaps.count === 0 || violations.length > 0 || fault !== null) return [];
  const requests = mishaps.count === 1 ? 'one request' : `${mishaps.count} requests`;
  return [`Make sure that this is meant: ${requests} ended with an error although the origin had refused nobody, the first with ${mishaps.first}.`];
}

/** The rule of three: with n independent programs and no leak, fewer than 3/n leak, at 95 % confidence (Hanley and Lippman-Hand, JAMA 1983). */
function worthOf(tail: number): string | null {
  if (tail === 0) return null;
  const share = 3 / tail;
  return `${tail} independent programs, no leak: at 95 % confidence fewer than ${share < 0.001 ? share.toExponential(1) : share.toFixed(3)} of such programs leak. It says nothing about what this generator cannot make.`;
}

interface Checked {
  readonly checked: boolean;
  readonly note: string;
}

function checkedOf(property: Property, { target, compared, unseen }: Account): Checked {
  const { capabilities } = target;
  if (unseen.includes(property.id)) return { checked: false, note: 'The server takes out, or answers itself, what the origin says of it in headers.' };
  if (property.isCompared === true) return comparedIn(target, compared);
  if (property.id === 'KH005' && !capabilities.channels) return { checked: false, note: 'The target declares no channels.' };
  if (property.id === 'KH005' && !capabilities.told) return { checked: false, note: 'The target is not told when a channel is switched off.' };
  if (property.id === 'KH002' && !capabilities.told)
    return capabilities.time
      ? { checked: true, note: 'The target is not told of revocations: they bind at the end of the lifetime that the origin gave.' }
      : { checked: false, note: 'The target is not told of revocations and its time cannot be moved.' };
  if (property.id === 'KH007' && !capabilities.http)
    return target.kind === 'app'
      ? {
          checked: true,
          note: 'Answers are searched for the tokens of other users, and cookies for the sessions that the application makes itself; the origin plants nothing of its own in them.',
        }
      : { checked: false, note: 'What the target answers has no headers.' };
  if (property.id === 'KH008' && !capabilities.http) return { checked: false, note: 'Nobody asks the target by HEAD, or with a condition.' };
  return { checked: true, note: '' };
}

/** What was compared, in words. */
function comparedIn(target: Target, compared: number | null): Checked {
  if (!isComparable(target)) return { checked: false, note: 'Only models and functions in this process are run twice.' };
  if (compared === null)
    return { checked: false, note: 'The target does not do the same twice, or what it answers does not come from the pictures of the origin.' };
  const times = `${compared} ${compared === 1 ? 'program was' : 'programs were'} run again for each of their callers, with other pictures in place of those that they may never see`;
  const alone = target.capabilities.partitioned ? ', and without all others' : '';
  return { checked: compared > 0, note: `${times}${alone}.` };
}
