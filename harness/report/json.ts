import type { ReportDocument, TargetReport, ViolationReport } from './document.ts';
import { escapeJson } from './escape.ts';

/** A violation without its evidence, which is a file of its own: `counterexample` names it. */
export type ViolationJson = Omit<ViolationReport, 'evidence'>;

export interface TargetJson extends Omit<TargetReport, 'violations'> {
  readonly violations: readonly ViolationJson[];
}

/** The machine form of a report. */
export interface ReportJson extends Omit<ReportDocument, 'targets'> {
  readonly targets: readonly TargetJson[];
}

/** The report for machines: always the same order of keys, 2 spaces, a line end at the end. */
export function jsonOf(document: ReportDocument): string {
  const { schema, tool, seed, targets, volatile } = document;
  const report: ReportJson = {
    schema,
    tool: { name: tool.name, version: tool.version },
    seed,
    targets: targets.map(targetJson),
    volatile: { startedAt: volatile.startedAt, seconds: volatile.seconds, node: volatile.node, platform: volatile.platform },
  };
  return `${escapeJson(JSON.stringify(report, null, 2))}\n`;
}

function targetJson(target: TargetReport): TargetJson {
  const { enumerated } = target;
  return {
    target: target.target,
    verdict: target.verdict,
    reason: target.reason,
    advice: target.advice,
    fault: target.fault,
    expected: target.expected,
    runs: target.runs,
    operations: target.operations,
    seconds: target.seconds,
    situations: byName(target.situations),
    missing: target.missing,
    violations: target.violations.map(violationJson),
    enumerated:
      enumerated === null
        ? null
        : { depth: enumerated.depth, programs: enumerated.programs, ...(enumerated.states === undefined ? {} : { states: enumerated.states }) },
    worth: target.worth,
    properties: target.properties.map(({ id, title, checked, note }) => ({ id, title, checked, note })),
    title: target.title,
    kind: target.kind,
    evidence: target.evidence,
  };
}

function violationJson(violation: ViolationReport): ViolationJson {
  const { decision, sentence, matters, indifferent } = violation.details;
  return {
    property: violation.property,
    title: violation.title,
    severity: violation.severity,
    shape: violation.shape,
    size: violation.size,
    certified: violation.certified,
    certificate: violation.certificate,
    reproduced: violation.reproduced,
    explanation: violation.explanation,
    details: { decision, sentence, matters, indifferent },
    counterexample: violation.counterexample,
  };
}

/** By name, so that the order does not depend on who counted. */
function byName(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
