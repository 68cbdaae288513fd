import { z } from 'zod';
import type { Explanation } from '../../models/domain/explanation.ts';
import type { HistoryEvent } from '../../models/domain/history.ts';
import { agreed } from './agreed.ts';
import type { Counterexample, Tool } from './document.ts';
import type { ReportJson } from './json.ts';
import { index, LONGEST_LIST, LONGEST_TEXT, operationSchema, programSchema, tier } from './program-schema.ts';
import { danglingIn } from './references.ts';

/** A program of the longest kind makes about ten events a step. */
const LONGEST_HISTORY = 10 * LONGEST_LIST;

const text = z.string().max(LONGEST_TEXT);
const name = z.string().min(1).max(256);
const count = z.int().min(0);
const seed = z
  .int()
  .min(-(2 ** 31))
  .max(2 ** 32 - 1);
const digest = z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 digest in hex');
const propertyId = z.string().regex(/^KH\d{3,6}$/, 'is not the id of a property, such as KH001');
const texts = z.array(text).max(LONGEST_LIST);

const tool: z.ZodType<Tool> = agreed<Tool>()(z.strictObject({ name: z.literal('keyhole'), version: name }));

const explanation: z.ZodType<Explanation> = agreed<Explanation>()(
  z.strictObject({
    decision: z.enum(['key', 'admit', 'join', 'serve', 'fallback', 'invalidate', 'headers', 'buffer', 'connection', 'unknown']),
    sentence: text,
    matters: texts,
    indifferent: texts,
  }),
);

const moment = { at: index, ms: count };
const contact = z.enum(['authorise', 'fetch']);
const call = count.max(LONGEST_HISTORY);
/** -1: on behalf of no call. */
const callOrNone = z.int().min(-1).max(LONGEST_HISTORY);
const errand = z.strictObject({ user: z.int().min(-1).max(LONGEST_LIST).nullable(), camera: index });
const mark = z.strictObject({ camera: index, epoch: index, owner: index, sequence: index, tier, copy: call });

/** 96 KB as base64, and what stands before it. No SVG, and nothing else that could hold markup or ask for something. */
const LONGEST_PICTURE = 128 * 1024 + 32;
const picture = z
  .string()
  .max(LONGEST_PICTURE)
  .regex(/^data:image\/(?:jpeg|png|webp|gif|avif);base64,[A-Za-z0-9+/]+={0,2}$/, 'is not a picture as a data URL');

const event: z.ZodType<HistoryEvent> = agreed<HistoryEvent>()(
  z.discriminatedUnion('event', [
    z.strictObject({ ...moment, event: z.literal('operation'), operation: operationSchema }),
    z.strictObject({ ...moment, event: z.literal('asked'), call, user: z.int().min(-1).max(LONGEST_LIST), camera: index, template: index }),
    z.strictObject({ ...moment, event: z.literal('contact'), call: callOrNone, contact, held: z.boolean(), of: errand.optional() }),
    z.strictObject({ ...moment, event: z.literal('origin'), call: callOrNone, contact, status: name }),
    z.strictObject({ ...moment, event: z.literal('answered'), call, frame: mark, fallback: z.boolean() }),
    z.strictObject({ ...moment, event: z.literal('described'), call, frame: mark.nullable() }),
    z.strictObject({ ...moment, event: z.literal('header'), call, party: z.int().min(-LONGEST_HISTORY).max(LONGEST_LIST) }),
    z.strictObject({ ...moment, event: z.literal('refused'), call, status: name }),
    z.strictObject({ ...moment, event: z.literal('shown'), call, picture }),
    z.strictObject({ ...moment, event: z.literal('cancelled'), call }),
    z.strictObject({
      ...moment,
      event: z.literal('otherwise'),
      call,
      instead: z.enum(['answered', 'refused', 'described', 'header', 'contact', 'nothing', 'unlike']),
    }),
    z.strictObject({ ...moment, event: z.literal('violation'), call, property: propertyId, kind: name }),
  ]),
);

/** A counterexample file, `keyhole.counterexample/1`: its shape, its bounds, and that no index points to nothing. */
export const counterexampleSchema: z.ZodType<Counterexample> = agreed<Counterexample>()(
  z.strictObject({
    schema: z.literal('keyhole.counterexample/1'),
    tool,
    target: name,
    property: propertyId,
    kind: name,
    explanation,
    seed,
    program: programSchema,
    history: z.array(event).max(LONGEST_HISTORY),
    digest,
  }),
).superRefine((value, context) => {
  for (const { path, message } of danglingIn(value)) context.addIssue({ code: 'custom', path: [...path], message });
});

const violation = z.strictObject({
  property: propertyId,
  title: text,
  severity: z.enum(['critical', 'high', 'medium']),
  shape: text,
  size: count,
  certified: z.boolean(),
  certificate: text,
  reproduced: z.tuple([count, count]),
  explanation: text,
  details: explanation,
  counterexample: text,
});

const target = z.strictObject({
  target: name,
  title: text,
  kind: name,
  evidence: text,
  verdict: z.enum(['holds', 'violated', 'inconclusive']),
  reason: text,
  advice: texts,
  fault: z.boolean(),
  expected: z.enum(['holds', 'violated']).nullable(),
  runs: count,
  operations: count,
  seconds: z.number().min(0),
  situations: z.record(z.string().max(256), count),
  missing: texts,
  enumerated: z.strictObject({ depth: count, programs: count, states: count.optional() }).nullable(),
  worth: text.nullable(),
  properties: z.array(z.strictObject({ id: propertyId, title: text, checked: z.boolean(), note: text })).max(LONGEST_LIST),
  violations: z.array(violation).max(LONGEST_LIST),
});

/** The machine form of a report, `keyhole.report/1`. */
export const reportSchema: z.ZodType<ReportJson> = agreed<ReportJson>()(
  z.strictObject({
    schema: z.literal('keyhole.report/1'),
    tool,
    seed,
    targets: z.array(target).max(LONGEST_LIST),
    volatile: z.strictObject({ startedAt: text, seconds: z.number().min(0), node: text, platform: text }),
  }),
);

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The shape and the bounds of `keyhole.report/1` as JSON Schema. */
export function reportJsonSchema(): JsonSchema {
  return { title: 'keyhole.report/1', ...z.toJSONSchema(reportSchema) };
}

/** The shape and the bounds of `keyhole.counterexample/1` as JSON Schema. That no index points to nothing cannot be said there. */
export function counterexampleJsonSchema(): JsonSchema {
  return { title: 'keyhole.counterexample/1', ...z.toJSONSchema(counterexampleSchema) };
}
