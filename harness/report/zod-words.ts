import type { z } from 'zod';
import { bounded } from './escape.ts';
import { lookUp } from './look-up.ts';

/** What does not fit a schema, in words: `program.operations[3].camera should be a number, but is missing`. */
export function issueSentence(issue: z.core.$ZodIssue): string {
  const where = pathWords(issue.path);
  return `${where === '' ? 'the file' : where} ${complaint(issue)}`;
}

/** Such as `program.operations[3].camera`. */
function pathWords(path: readonly PropertyKey[]): string {
  return bounded(path.map((part, place) => (typeof part === 'number' ? `[${part}]` : `${place === 0 ? '' : '.'}${String(part)}`)).join(''), 120);
}

function complaint(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeComplaint(issue);
    case 'unrecognized_keys':
      return `holds ${issue.keys.slice(0, 3).map(quoted).join(', ')}, which does not belong there`;
    case 'invalid_value':
      return `should be ${issue.values.map((value) => quoted(String(value))).join(' or ')}`;
    case 'too_big':
      return `is ${issue.origin === 'number' || issue.origin === 'int' ? 'larger' : 'longer'} than ${issue.maximum}`;
    case 'too_small':
      return `is ${issue.origin === 'number' || issue.origin === 'int' ? 'smaller' : 'shorter'} than ${issue.minimum}`;
    case 'invalid_union':
      return 'is none of the known kinds';
    case 'invalid_format':
    case 'custom':
      return bounded(issue.message, 200);
    default:
      return `is not right: ${bounded(issue.message, 200)}`;
  }
}

const THINGS: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function typeComplaint(issue: z.core.$ZodIssueInvalidType): string {
  const wanted = lookUp(THINGS, issue.expected) ?? issue.expected;
  return issue.message.endsWith('received undefined') ? `should be ${wanted}, but is missing` : `should be ${wanted}, but is something else`;
}

function quoted(text: string): string {
  return `"${bounded(text, 60)}"`;
}
