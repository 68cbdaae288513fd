import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { readCounterexample } from '../report/counterexample-file.ts';
import type { Counterexample, ReportDocument, TargetReport, ViolationReport } from '../report/document.ts';
import type { ReportJson, ViolationJson } from '../report/json.ts';
import { jsonProblem, parseJson } from '../report/parse-json.ts';
import { reportSchema } from '../report/schemas.ts';
import { shapeProblem } from '../report/shape-limits.ts';
import { issueSentence } from '../report/zod-words.ts';
import { readText } from './read-text.ts';
import { UsageProblem } from './usage-problem.ts';

export interface ReadReport {
  readonly document: ReportDocument;
  /** What is missing from it, in words: counterexample files that are gone or are not what the report speaks of. */
  readonly gaps: readonly string[];
}

const SCHEMA = 'keyhole.report/1';
const REMEDY = 'Give a report.json that keyhole wrote, or the folder in which it lies.';

/** Reads a report and the counterexamples that it names. Throws a {@link UsageProblem}. */
export async function readReport(given: string, from: string): Promise<ReadReport> {
  const path = reportPath(given, from);
  const json = parsedReport(await readText(path), given);
  const gaps: string[] = [];
  const targets = await Promise.all(
    json.targets.map(async (target): Promise<TargetReport> => ({
      ...target,
      violations: await Promise.all(
        target.violations.map((violation) => withEvidence(violation, { json, target: target.target, folders: [from, dirname(path)], gaps })),
      ),
    })),
  );
  return { document: { ...json, targets }, gaps };
}

function reportPath(given: string, from: string): string {
  const absolute = resolve(from, given);
  if (!existsSync(absolute)) throw new UsageProblem(`There is no ${given}.`, REMEDY);
  const path = statSync(absolute).isDirectory() ? join(absolute, 'report.json') : absolute;
  if (!existsSync(path)) throw new UsageProblem(`There is no report.json in ${given}.`, REMEDY);
  return path;
}

function parsedReport(text: string, given: string): ReportJson {
  const value = parsedJson(text, given);
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (schema !== SCHEMA) throw new UsageProblem(otherSchema(schema, given), REMEDY);
  const tooLong = shapeProblem(value);
  if (tooLong !== null) throw new UsageProblem(`${given} is no report. ${tooLong}`, REMEDY);
  const result = reportSchema.safeParse(value);
  if (!result.success) throw new UsageProblem(`${given} is no whole report: ${issueSentence(result.error.issues[0]!)}.`, 'Take the file as keyhole wrote it.');
  return result.data;
}

function parsedJson(text: string, given: string): unknown {
  const parsed = parseJson(text);
  if (parsed.ok) return parsed.value;
  const { problem, remedy } = jsonProblem(parsed, text);
  throw new UsageProblem(`${given} cannot be read. ${problem}`, remedy);
}

function otherSchema(schema: unknown, given: string): string {
  const major = typeof schema === 'string' ? /^keyhole\.report\/(\d{1,9})$/.exec(schema)?.[1] : undefined;
  if (major !== undefined && Number(major) > 1) return `${given} was written by a newer keyhole (keyhole.report/${major}): update keyhole, then try again.`;
  if (typeof schema === 'string' && schema.startsWith('keyhole.counterexample/')) return `${given} is a counterexample, not a report: use "keyhole replay".`;
  return `${given} is JSON, but no report of keyhole.`;
}

interface Place {
  readonly json: ReportJson;
  readonly target: string;
  /** Where a counterexample may lie: where the command ran, or beside the report. */
  readonly folders: readonly string[];
  readonly gaps: string[];
}

async function withEvidence(violation: ViolationJson, place: Place): Promise<ViolationReport> {
  const { counterexample } = violation;
  const evidence = counterexample === '' ? null : await evidenceAt(counterexample, violation, place);
  return { ...violation, evidence: evidence ?? noEvidence(violation, place) };
}

async function evidenceAt(named: string, violation: ViolationJson, { target, folders, gaps }: Place): Promise<Counterexample | null> {
  const candidates = [resolve(folders[0]!, named), ...folders.map((folder) => join(folder, named.split('/').at(-1)!))];
  const path = candidates.find((candidate) => existsSync(candidate));
  if (path === undefined) {
    gaps.push(`The counterexample ${named} is not there: the report goes without its story.`);
    return null;
  }
  const read = readCounterexample(await readText(path));
  if (!read.ok) {
    gaps.push(`The counterexample ${named} cannot be used. ${read.problem}`);
    return null;
  }
  if (read.value.target !== target || `${read.value.property}/${read.value.kind}` !== violation.shape) {
    gaps.push(`The counterexample ${named} is of another finding than the one that the report names it for.`);
    return null;
  }
  if (read.edited) gaps.push(`The counterexample ${named} was edited: its story may not be what the run saw.`);
  return read.value;
}

/** Stands where the evidence is gone: it tells nothing, so that the report says only what it knows. */
function noEvidence({ property, shape, details }: ViolationJson, { json, target }: Place): Counterexample {
  return {
    schema: 'keyhole.counterexample/1',
    tool: json.tool,
    target,
    property,
    kind: shape.split('/')[1] ?? '',
    seed: json.seed,
    program: { world: PLAIN_WORLD, operations: [] },
    history: [],
    explanation: details,
    digest: '',
  };
}
