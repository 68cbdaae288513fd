import { describe, expect, it } from 'vitest';
import { jsonOf } from './json.ts';
import { sampleDocument, targetReport } from './sample-document.laws.ts';
import { reportSchema } from './schemas.ts';

describe('jsonOf', () => {
  const document = sampleDocument();
  const json = jsonOf(document);

  it('holds everything but the evidence, which is a file of its own', () => {
    const targets = document.targets.map((target) => ({
      ...target,
      violations: target.violations.map((violation) => ({ ...violation, evidence: undefined })),
    }));
    expect(JSON.parse(json)).toEqual({ ...document, targets });
    expect(json).not.toContain('"history"');
  });

  it('fits its own schema', () => {
    expect(reportSchema.safeParse(JSON.parse(json)).error).toBeUndefined();
  });

  it('has the promised order of keys, two spaces, and a line end at the end', () => {
    expect(Object.keys(JSON.parse(json) as object)).toEqual(['schema', 'tool', 'seed', 'targets', 'volatile']);
    expect(json.startsWith('{\n  "schema": "keyhole.report/1",\n')).toBe(true);
    expect(json.endsWith('}\n')).toBe(true);
  });

  it('does not depend on the order in which a document was put together', () => {
    const target = targetReport();
    const turned = Object.fromEntries(
      Object.entries({ ...target, situations: Object.fromEntries(Object.entries(target.situations).toReversed()) }).toReversed(),
    ) as unknown as typeof target;
    expect(Object.keys(turned)[0]).toBe('violations');
    expect(jsonOf(sampleDocument([turned]))).toBe(jsonOf(sampleDocument([target])));
  });

  it('is safe to print', () => {
    expect(jsonOf(sampleDocument([targetReport({ reason: '\u009b2J\u202e\u001b' })]))).toContain('"\\u009b2J\\u202e\\u001b"');
  });
});
