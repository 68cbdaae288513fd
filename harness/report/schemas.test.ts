import { describe, expect, it } from 'vitest';
import { OPERATION_KINDS } from '../../models/domain/operation.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { jsonOf } from './json.ts';
import { operationSchema } from './program-schema.ts';
import { revokedCounterexample, sampleDocument, strangerCounterexample } from './sample-document.laws.ts';
import { counterexampleJsonSchema, counterexampleSchema, reportJsonSchema, reportSchema } from './schemas.ts';

const FIELDS = { user: 0, camera: 0, template: 0, outcome: 'reply', channel: 'hub', by: 1000, to: 1 };

/** The fields that each kind of operation has. */
const NEEDS: Readonly<Record<string, readonly (keyof typeof FIELDS)[]>> = {
  request: ['user', 'camera', 'template'],
  begin: ['user', 'camera', 'template'],
  cancel: ['user', 'camera', 'template'],
  release: ['user', 'camera', 'template', 'outcome'],
  share: ['user', 'camera'],
  unshare: ['user', 'camera'],
  transfer: ['user', 'camera'],
  link: ['user', 'channel'],
  unlink: ['user', 'channel'],
  disable: ['channel'],
  enable: ['channel'],
  advance: ['by'],
  reconfigure: ['to'],
  restart: [],
};

describe('operationSchema', () => {
  it.each(OPERATION_KINDS)('takes %s with its fields, no more and no fewer', (op) => {
    const needs = NEEDS[op] ?? ['camera'];
    const whole = { op, ...Object.fromEntries(needs.map((field) => [field, FIELDS[field]])) };
    expect(operationSchema.safeParse(whole).error).toBeUndefined();
    expect(operationSchema.safeParse({ ...whole, more: 1 }).success).toBe(false);
    for (const field of needs) expect(operationSchema.safeParse({ ...whole, [field]: undefined }).success).toBe(false);
  });

  it('refuses unknown kinds and absurd numbers', () => {
    for (const operation of [
      { op: 'explode' },
      { op: 'advance', by: 1e300 },
      { op: 'advance', by: 0.5 },
      { op: 'advance', by: -1 },
      { op: 'capture', camera: 1e9 },
    ])
      expect(operationSchema.safeParse(operation).success).toBe(false);
  });
});

describe('counterexampleSchema', () => {
  it('takes what keyhole writes', () => {
    for (const counterexample of [strangerCounterexample(), revokedCounterexample()])
      expect(counterexampleSchema.safeParse(counterexample).error).toBeUndefined();
  });

  it('has room for every property that there is', () => {
    for (const { id } of PROPERTIES) expect(counterexampleSchema.safeParse({ ...strangerCounterexample(), property: id }).success).toBe(true);
  });
});

describe('reportSchema', () => {
  it('refuses fields that a report does not have', () => {
    const report = JSON.parse(jsonOf(sampleDocument())) as object;
    expect(reportSchema.safeParse(report).success).toBe(true);
    expect(reportSchema.safeParse({ ...report, more: 1 }).success).toBe(false);
  });
});

describe('the JSON Schemas', () => {
  it('are closed, and name the format that they describe', () => {
    for (const schema of [reportJsonSchema(), counterexampleJsonSchema()]) {
      expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
      expect(schema.additionalProperties).toBe(false);
      expect(schema.properties!['schema']).toMatchObject({ const: schema.title });
      expect(schema.required).toEqual(Object.keys(schema.properties!));
    }
  });

  it('hold nothing but JSON', () => {
    const schema = counterexampleJsonSchema();
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });
});
