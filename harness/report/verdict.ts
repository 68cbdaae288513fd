import { propertyOf } from '../../properties/index.ts';
import { SEVERITIES } from '../../properties/property.ts';
import type { ReportDocument, TargetReport, ViolationReport } from './document.ts';
import { bounded } from './escape.ts';
import { lookUp } from './look-up.ts';

export type Tone = 'bad' | 'unsure' | 'good';

/** The verdict on one target in words. */
export interface VerdictWords {
  /** One or two words for a table. */
  readonly word: string;
  readonly tone: Tone;
  /** How it compares with what was expected; empty where nothing was declared. */
  readonly expectation: string;
}

/** A broken rule of integrity: what came out is not what was asked for, but nobody saw what he must not see. */
const INTEGRITY: ReadonlySet<string> = new Set(['KH004']);
/** A broken rule of forgetting: what came out should be there no longer, but whoever saw it had a right to it. */
const FORGETTING: ReadonlySet<string> = new Set(['KH009', 'KH010']);

/** A broken rule of what stands beside a picture: whoever received it may have had a right to the picture itself. */
const BESIDE: ReadonlySet<string> = new Set(['KH007']);

/** The situation that a stored answer was handed out again. */
const HIT = 'hit';
/** The situation that somebody without a right asks for what was just given to somebody else: a chance to leak. */
const CHANCE = 'foreign-read-after-fill';

export function verdictWords(target: TargetReport): VerdictWords {
  const { word, tone } = wordOf(target);
  // A planted bug that was not found is bad news, however green its verdict.
  return { word, tone: target.expected === 'violated' && tone === 'good' ? 'bad' : tone, expectation: expectationOf(target) };
}

/** What the whole report says, in one sentence. */
export function headlineOf({ targets }: ReportDocument): string {
  const count = targets.length;
  if (count === 0) return 'Nothing was checked.';
  const leaking = targets.filter(isLeaking);
  const broken = targets.filter((target) => target.verdict === 'violated' && !isLeaking(target));
  const open = targets.filter((target) => target.verdict === 'inconclusive');
  const of = count === 1 ? nameOf(targets[0]!) : `of ${count} targets`;
  const isProof = targets.every((target) => target.expected !== null);
  const missed = targets.filter((target) => target.expected !== null && target.expected !== target.verdict);
  if (isProof && missed.length === 0) return allAsExpected(leaking.length + broken.length, count);
  if (isProof && missed.every((target) => target.expected === 'violated'))
    return `${missed.length} of ${count} targets did not do what was expected of ${missed.length === 1 ? 'it' : 'them'}.`;
  if (leaking.length > 0 && leaking.every(isInterfering))
    return `${count === 1 ? of : `${leaking.length} ${of}`} ${leaking.length === 1 ? 'lets' : 'let'} people learn something about what is not for them.`;
  if (leaking.length > 0 && leaking.every(isOfSessions))
    return `${count === 1 ? of : `${leaking.length} ${of}`} ${hands(count === 1 ? 1 : leaking.length)} people headers, cookies or tokens of the sessions of others.`;
  if (leaking.length > 0)
    return `${count === 1 ? of : `${leaking.length} ${of}`} ${hands(count === 1 ? 1 : leaking.length)} camera frames to people who must not see them.`;
  if (broken.length > 0 && broken.every(isKeeping))
    return `${count === 1 ? of : `${broken.length} ${of}`} ${hands(count === 1 ? 1 : broken.length)} out camera frames that were to be forgotten.`;
  if (broken.length > 0)
    return `${count === 1 ? of : `${broken.length} ${of}`} ${hands(count === 1 ? 1 : broken.length)} out other camera frames than were asked for.`;
  if (open.length > 0)
    return count === 1 ? `There is no verdict on ${of}.` : `No leak was found, but ${open.length} ${of} ${open.length === 1 ? 'has' : 'have'} no verdict.`;
  return count === 1 ? `No leak was found in ${of}.` : `No leak was found in any of ${count} targets.`;
}

/** The targets, those that need attention first: unexpected before expected, then leaks, faults, open questions, and what holds. */
export function byUrgency(targets: readonly TargetReport[]): TargetReport[] {
  return targets.toSorted((one, other) => urgency(one) - urgency(other));
}

/** The violations of a target, the most severe first. */
export function bySeverity(violations: readonly ViolationReport[]): ViolationReport[] {
  return violations.toSorted((one, other) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity));
}

/** How often a stored answer was handed out again, and how often that could have been a leak; `null` where it was not counted. */
export function chancesOf({ situations }: TargetReport): { readonly hits: number | null; readonly chances: number | null } {
  return { hits: counted(situations, HIT), chances: counted(situations, CHANCE) };
}

/** A target's name, safe to show. */
export function nameOf(target: TargetReport): string {
  return bounded(target.target, 60);
}

/** A whole number with thousands set apart: `12,345`. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

function wordOf(target: TargetReport): { word: string; tone: Tone } {
  if (target.verdict === 'violated') return { word: isLeaking(target) ? 'LEAKS' : isKeeping(target) ? 'KEEPS TOO LONG' : 'WRONG FRAME', tone: 'bad' };
  if (target.verdict === 'holds') return { word: 'NO LEAK FOUND', tone: 'good' };
  return { word: target.fault ? 'TARGET FAULT' : 'NO VERDICT', tone: 'unsure' };
}

function expectationOf({ expected, verdict }: TargetReport): string {
  if (expected === null) return '';
  if (expected === verdict) return 'as expected';
  return expected === 'violated' ? 'expected to leak' : 'expected to hold';
}

function isLeaking({ verdict, violations }: TargetReport): boolean {
  const breaksMore = ({ property }: ViolationReport): boolean => !INTEGRITY.has(property) && !FORGETTING.has(property);
  return verdict === 'violated' && (violations.length === 0 || violations.some(breaksMore));
}

/** No picture reached anybody whom it was not for, and what came with pictures did. */
function isOfSessions({ violations }: TargetReport): boolean {
  return violations.length > 0 && violations.every(({ property }) => BESIDE.has(property) || INTEGRITY.has(property) || FORGETTING.has(property));
}

function isKeeping({ violations }: TargetReport): boolean {
  return violations.length > 0 && violations.every(({ property }) => FORGETTING.has(property));
}

/** Nobody was seen to receive what is not for him, and what he observes depends on it all the same. */
function isInterfering({ violations }: TargetReport): boolean {
  return (
    violations.length > 0 &&
    violations.every(({ property }) => propertyOf(property)?.isCompared === true || INTEGRITY.has(property) || FORGETTING.has(property))
  );
}

function urgency(target: TargetReport): number {
  const place = target.verdict === 'violated' ? 0 : target.verdict === 'holds' ? 3 : target.fault ? 1 : 2;
  return target.expected === target.verdict ? place + 4 : place;
}

function hands(count: number): string {
  return count === 1 ? 'hands' : 'hand';
}

function allAsExpected(violated: number, count: number): string {
  return `All ${count} targets did what was expected of them: ${violated} ${violated === 1 ? 'breaks' : 'break'} a rule, ${count - violated} ${count - violated === 1 ? 'holds' : 'hold'}.`;
}

function counted(situations: Readonly<Record<string, number>>, name: string): number | null {
  return lookUp(situations, name) ?? null;
}
