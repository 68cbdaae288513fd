import { propertyOf } from '../../properties/index.ts';
import { writeCounterexample } from '../report/counterexample-file.ts';
import type { TargetReport, ViolationReport } from '../report/document.ts';
import type { Sighted } from './api.ts';
import type { TargetInfo } from './protocol.ts';
import { toolOf } from './tool.ts';

/** The report of a target of which nothing was seen. */
export function emptyReport({ name, title, kind, evidence }: TargetInfo, reason: string): TargetReport {
  return {
    target: name,
    title,
    kind,
    evidence,
    verdict: 'inconclusive',
    reason,
    advice: [],
    fault: false,
    expected: null,
    runs: 0,
    operations: 0,
    seconds: 0,
    situations: {},
    missing: [],
    enumerated: null,
    worth: null,
    properties: [],
    violations: [],
  };
}

/** What was seen until a check ended before its time, with the reason why it ended. A leak that was seen stays one. */
export function endedEarly(seen: TargetReport, why: { readonly reason: string; readonly advice: readonly string[]; readonly fault: boolean }): TargetReport {
  const { reason, advice, fault } = why;
  const { violations } = seen;
  if (violations.length === 0) return { ...seen, verdict: 'inconclusive', reason, advice, fault, worth: null };
  const [first] = violations;
  const leak = `${first!.title} is broken in ${first!.size} operations: ${first!.explanation}`;
  return { ...seen, verdict: 'violated', reason: `${leak} ${reason}`, advice: [`Besides, the check ended early. ${reason}`, ...advice], fault, worth: null };
}

/** A failure as it was found: neither shrunk nor explained, since the thread that found it is gone. */
export function unshrunk({ program, breach }: Sighted, target: string, seed: number): ViolationReport {
  const { title, severity } = propertyOf(breach.property)!;
  const explanation = { decision: 'unknown', sentence: 'The check ended before the cause was looked for.', matters: [], indifferent: [] } as const;
  const { property, kind } = breach;
  return {
    property,
    title,
    severity,
    shape: `${property}/${kind}`,
    size: program.operations.length,
    certified: false,
    certificate: 'it is written down as it was found.',
    reproduced: [0, 0],
    explanation: explanation.sentence,
    details: explanation,
    counterexample: '',
    evidence: writeCounterexample({ tool: toolOf(), target, property, kind, seed, program, history: [], explanation }).value,
  };
}
