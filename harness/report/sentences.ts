import type { Decision } from '../../models/domain/explanation.ts';
import { ANONYMOUS } from '../../models/domain/world.ts';
import { propertyOf } from '../../properties/index.ts';
import { breachOf } from './breach.ts';
import type { ReportDocument, TargetReport, ViolationReport } from './document.ts';
import { bounded } from './escape.ts';
import { lookUp } from './look-up.ts';
import { Scene } from './scene.ts';
import { storyOf } from './story.ts';
import { grouped } from './verdict.ts';

/** The longest sentence taken over from outside. */
const LONGEST = 1000;

/** What was enumerated, in a sentence. */
export function enumeratedSentence({ depth, programs, states }: NonNullable<TargetReport['enumerated']>): string {
  if (states === undefined) return `Tried completely: all ${grouped(programs)} programs of up to ${depth} operations in a small world.`;
  return (
    `Tried completely up to ${depth} operations in a small world: ${grouped(states)} different states, all that shorter programs come to, ` +
    `and everything that can be asked in each of them (${grouped(programs)} programs).`
  );
}

/** A violation in words, ready to be shown in any format. All texts are safe to show. */
export interface ViolationWords {
  /** What reached whom, and whose it was. */
  readonly headline: string;
  /** Why the caller must not have it. */
  readonly why: string;
  /** The rule that is broken: its id, title and severity. */
  readonly rule: string;
  /** What the rule says, for a reader who has not read the code. */
  readonly meaning: string;
  /** The decision of the cache that is at fault, in one sentence. */
  readonly cause: string;
  /** Parts of the program without which nothing leaks. */
  readonly matters: readonly string[];
  /** Parts that can be anything. */
  readonly indifferent: readonly string[];
  /** Whether anything shorter does it. */
  readonly certificate: string;
  /** Whether it came again. */
  readonly reproduced: string;
}

export function violationWords(violation: ViolationReport): ViolationWords {
  const story = storyOf(violation.evidence);
  const property = propertyOf(violation.property);
  const { matters, indifferent, sentence } = violation.details;
  return {
    headline: story.outcome?.headline ?? `${safe(violation.title)} was broken.`,
    why: (story.outcome?.isPeculiar === true ? null : whyOf(violation)) ?? story.outcome?.wrong ?? '',
    rule: `${safe(violation.property)} ${safe(violation.title)} (${violation.severity})`,
    meaning: property?.meaning ?? '',
    cause: safe(violation.explanation === '' ? sentence : violation.explanation),
    matters: matters.map(safe),
    indifferent: indifferent.map(safe),
    certificate: certificateOf(violation),
    reproduced: reproducedOf(violation.reproduced),
  };
}

/** Stands where a report is made again and the counterexample is no longer there. */
export const UNTOLD = 'What happened, step by step, cannot be told: the counterexample is not at hand.';

/** What the cache decided wrongly, as a heading. */
export const DECISION_WORDS: Readonly<Record<Decision, string>> = {
  key: 'what an answer is stored and found under',
  admit: 'whether an answer may be stored',
  join: 'who shares an answer that is on its way',
  serve: 'who may have a stored answer',
  fallback: 'what is handed out instead of what was asked for',
  invalidate: 'what is forgotten when rights change',
  headers: 'whose headers, cookies or tokens go out with an answer',
  buffer: 'which bytes make up an answer',
  connection: 'which request a reply belongs to',
  unknown: 'not known',
};

/** What there is to do where that which breaks the rule is meant so; empty where nothing is. */
export function meantSo({ property }: ViolationReport): string {
  return property === 'KH006'
    ? 'What is to hold several pictures (a grid, a list) is checked picture by picture: hand keyhole only the one that was asked for.'
    : '';
}

/** The command that replays a counterexample; `null` where no file was written. `command` is how keyhole is called. */
export function replayCommand(violation: ViolationReport, command: string): string | null {
  return violation.counterexample === '' ? null : `${command} replay ${shellWord(violation.counterexample)}`;
}

/** The last line of a report: what is needed to get the same result again. */
export function seedSentence({ seed, tool, volatile }: ReportDocument): string {
  return `Seed ${seed} (keyhole ${safe(tool.version)}, Node ${safe(volatile.node)}, ${safe(volatile.platform)}, ${safe(volatile.startedAt)}).`;
}

/** In the words of the property itself: `The caller, bob, was a stranger to the camera: ...`. */
function whyOf(violation: ViolationReport): string | null {
  const breach = breachOf(violation.evidence);
  if (breach === null) return null;
  const scene = new Scene(violation.evidence);
  const call = scene.calls.get(breach.call);
  const meaning = lookUp(propertyOf(breach.property)?.kinds ?? {}, breach.kind);
  if (call === undefined || meaning === undefined) return null;
  return `The caller${call.user === ANONYMOUS ? '' : `, ${scene.user(call.user)},`} was ${meaning}.`;
}

/** How long its story is: `2 steps`. */
export function stepsOf({ size }: ViolationReport): string {
  return `${size} ${size === 1 ? 'step' : 'steps'}`;
}

function certificateOf(violation: ViolationReport): string {
  const { certified, certificate } = violation;
  if (certificate !== '') return safe(certificate);
  const steps = stepsOf(violation);
  return certified ? `Nothing shorter than these ${steps} does it.` : `A shorter sequence than these ${steps} may exist.`;
}

function reproducedOf([times, of]: readonly [number, number]): string {
  if (of === 0) return 'It was not repeated.';
  const repeated = `Repeated ${of} ${of === 1 ? 'time' : 'times'}`;
  if (times === of) return `${repeated}, it came back every time.`;
  if (times === 0) return `${repeated}, it never came back: the target does not behave the same every time. What was seen was seen all the same.`;
  return `${repeated}, it came back ${times} ${times === 1 ? 'time' : 'times'}: the target does not behave the same every time.`;
}

function shellWord(path: string): string {
  const shown = bounded(path, LONGEST);
  return /^[\w./@:+-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`;
}

function safe(text: string): string {
  return bounded(text, LONGEST);
}
