import type { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';
import { sha256Hex } from './digest.ts';
import type { Counterexample } from './document.ts';
import { bounded } from './escape.ts';
import { jsonProblem, parseJson } from './parse-json.ts';
import { prettyJson } from './pretty-json.ts';
import { counterexampleSchema } from './schemas.ts';
import { shapeProblem } from './shape-limits.ts';
import { issueSentence } from './zod-words.ts';

/** A counterexample as a file. */
export interface CounterexampleFile {
  readonly value: Counterexample;
  /** `ce-` and the first 12 digits of the digest: the same finding gets the same name. */
  readonly name: string;
  readonly text: string;
}

export type CounterexampleRead =
  /** `edited`: the content is not what the digest was made of. */
  { readonly ok: true; readonly value: Counterexample; readonly edited: boolean } | { readonly ok: false; readonly problem: string; readonly remedy: string };

const SCHEMA = 'keyhole.counterexample/1';
/** Characters. The largest counterexample that can be written is smaller. */
const LONGEST_FILE = 10 * 1024 * 1024;

/** Seals a counterexample with its digest and writes it down. */
export function writeCounterexample(fields: Omit<Counterexample, 'schema' | 'digest'>): CounterexampleFile {
  const { tool, target, property, kind, explanation, seed, program, history } = fields;
  const content = { schema: SCHEMA, tool, target, property, kind, explanation, seed, program, history };
  const digest = digestOf(content);
  // Read back, so that the value is what everybody else will read: operations in memory have fields that are undefined.
  const value = JSON.parse(JSON.stringify({ ...content, digest })) as Counterexample;
  return { value, name: `ce-${digest.slice(0, 12)}.json`, text: prettyJson(value) };
}

/** Reads what claims to be a counterexample file. Never throws; a problem comes with what to do about it. */
export function readCounterexample(text: string): CounterexampleRead {
  if (text.length > LONGEST_FILE) return problem('The file is larger than 10 MB, and no counterexample is.', REMEDY_OTHER);
  const parsed = parseJson(text);
  if (!parsed.ok) return { ok: false, ...jsonProblem(parsed, text) };
  const tooLong = shapeProblem(parsed.value);
  return tooLong === null ? (schemaProblem(parsed.value) ?? validated(parsed.value)) : problem(tooLong, REMEDY_OTHER);
}

const REMEDY_OTHER = 'Give the path of a file that keyhole wrote: their names begin with "ce-".';
const REMEDY_AGAIN = 'Take the file as keyhole wrote it, or run the check again with the seed that the file names.';

function problem(said: string, remedy: string): CounterexampleRead {
  return { ok: false, problem: said, remedy };
}

function schemaProblem(value: unknown): CounterexampleRead | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return problem('The file is JSON, but it does not hold an object.', REMEDY_OTHER);
  const { schema, tool } = value as { schema?: unknown; tool?: { version?: unknown } };
  if (schema === SCHEMA) return null;
  if (schema === undefined) return problem('The file is JSON, but it has no "schema", so it is not a counterexample.', REMEDY_OTHER);
  if (typeof schema !== 'string') return problem('The "schema" of the file is not a text.', REMEDY_OTHER);
  const major = /^keyhole\.counterexample\/(\d{1,9})$/.exec(schema)?.[1];
  if (major !== undefined && Number(major) > 1) {
    const version = typeof tool?.version === 'string' ? ` (version ${bounded(tool.version, 40)})` : '';
    return problem(
      `The file was written by a newer keyhole${version}: its format is "${bounded(schema, 60)}", and this one reads "${SCHEMA}".`,
      'Update keyhole, then try again.',
    );
  }
  if (schema.startsWith('keyhole.report/'))
    return problem('The file is a report, not a counterexample.', 'Each violation in it names its counterexample file: give that one.');
  return problem(`The file says that it is "${bounded(schema, 60)}", not a counterexample.`, REMEDY_OTHER);
}

function validated(raw: unknown): CounterexampleRead {
  const result = counterexampleSchema.safeParse(raw);
  if (!result.success) return invalid(result.error.issues);
  const { digest, ...content } = result.data;
  return { ok: true, value: result.data, edited: digestOf(content) !== digest };
}

function invalid(issues: readonly z.core.$ZodIssue[]): CounterexampleRead {
  const more = issues.length === 1 ? '' : ` (and ${issues.length - 1} more like it)`;
  const isHistory = issues[0]!.path[0] === 'history';
  return problem(
    `The file is not a whole counterexample: ${issueSentence(issues[0]!)}${more}.`,
    isHistory ? 'If you edited the program by hand, set "history" to []: a replay makes a new one.' : REMEDY_AGAIN,
  );
}

function digestOf(content: object): string {
  return sha256Hex(canonicalJson(content));
}
