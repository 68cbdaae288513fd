import { describe, expect, it } from 'vitest';
import { comparable } from './determinism-comparable.ts';

const target = { target: 'lru', verdict: 'holds', seconds: 1.5, violations: [] };
const report = { schema: 'keyhole.report/1', seed: 7, targets: [target, { ...target, target: 'cdn' }], volatile: { seconds: 3 } };

function textOf(value: unknown): string {
  return comparable(JSON.stringify(value))
    .map((part) => part.join('\n'))
    .toSorted()
    .join('\n');
}

describe('what a seed decides', () => {
  it('leaves out what differs from run to run', () => {
    expect(textOf({ ...report, volatile: { seconds: 4 }, targets: [{ ...target, seconds: 9 }, report.targets[1]] })).toBe(textOf(report));
  });

  it('does not depend on the order of the targets', () => {
    expect(textOf({ ...report, targets: report.targets.toReversed() })).toBe(textOf(report));
  });

  it('holds everything else', () => {
    expect(textOf({ ...report, seed: 8 })).not.toBe(textOf(report));
    expect(textOf({ ...report, targets: [{ ...target, verdict: 'violated' }, report.targets[1]] })).not.toBe(textOf(report));
  });

  it('does not depend on the folder that counterexamples are written to', () => {
    const inFolder = (folder: string): unknown => ({ ...report, targets: [{ ...target, violations: [{ counterexample: `${folder}/ce-1.json` }] }] });
    expect(textOf(inFolder('/tmp/one'))).toBe(textOf(inFolder('two')));
  });
});
