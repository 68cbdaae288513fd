import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Program } from '../../models/domain/program.ts';
import { sharedEntries } from '../../models/lru.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab } from '../run/lab.ts';
import { lookasideTarget } from '../targets/reference.ts';
import { programs } from './arbitrary.ts';

const leaky = lookasideTarget({ name: 'leaky', title: 'rights are checked on a miss only' }, [{ ...sharedEntries, serve: () => 'serve' }]);
const lab = new Lab(leaky, PROPERTIES);

function holds(program: Program): boolean {
  const outcome = lab.try(program);
  if (outcome instanceof Promise) throw new Error('a model answers at once');
  return outcome.breaches.every((breach) => breach.property !== 'KH001');
}

function operationsOf({ counterexample }: { counterexample: readonly Program[] | null }): Program['operations'] {
  return counterexample?.[0]?.operations ?? [];
}

describe('programs', () => {
  it('finds a leak under fc.assert and shrinks it to two requests', () => {
    const details = fc.check(fc.property(programs(), holds), { seed: 7 });
    expect(details.failed).toBe(true);
    expect(operationsOf(details).map((letter) => letter.op)).toEqual(['request', 'request']);
  });

  it('shrinks a pasted program as well', () => {
    const long = fc.sample(programs({ length: 60 }), { seed: 3, numRuns: 20 }).find((program) => !holds(program))!;
    const pasted = JSON.parse(JSON.stringify(long)) as Program;
    const details = fc.check(fc.property(programs(), holds), { examples: [[pasted]], seed: 1, numRuns: 1 });
    expect(operationsOf(details)).toHaveLength(2);
  });

  it('prints a pasted program as a story, also where nothing simpler fails', () => {
    const pasted = JSON.stringify(fc.sample(programs({ length: 2 }), { seed: 1, numRuns: 1 })[0]);
    const examples: [Program][] = [[JSON.parse(pasted) as Program]];
    const details = fc.check(
      fc.property(programs(), (program) => JSON.stringify(program) !== pasted),
      { examples, seed: 1, numRuns: 1 },
    );
    expect([details.failed, details.numShrinks]).toEqual([true, 1]);
    expect(fc.defaultReportMessage(details)).toMatch(/Counterexample: \[users .*\n {2}1\. .*\n {2}2\. /);
    expect(JSON.stringify(details.counterexample)).toBe(`[${pasted}]`);
  });

  it('leaves out what comes after the failure', () => {
    const details = Array.from({ length: 40 }, (_, seed) => fc.check(fc.property(programs(), holds), { seed })).filter(({ failed }) => failed);
    expect(details.length).toBeGreaterThan(20);
    for (const found of details) expect(operationsOf(found).map((letter) => letter.op)).toEqual(['request', 'request']);
  });

  it('takes a program without context for one of its own, and nothing else', () => {
    const [program] = fc.sample(programs({ length: 3 }), { seed: 1, numRuns: 1 });
    const pasted: unknown = JSON.parse(JSON.stringify(program));
    expect(programs().canShrinkWithoutContext(pasted)).toBe(true);
    expect([...programs().shrink(pasted as Program, undefined)].length).toBeGreaterThan(0);
    for (const other of [null, 7, [], {}, { world: {} }]) expect(programs().canShrinkWithoutContext(other)).toBe(false);
  });

  it('prints as a story, with the program to paste as its last line', () => {
    const [program] = fc.sample(programs({ length: 2 }), { seed: 1, numRuns: 1 });
    const text = fc.stringify(program);
    expect(text).toMatch(/^users .*\n {2}1\. .*\n {2}2\. /);
    expect(JSON.parse(text.split('\n').at(-1)!)).toEqual(JSON.parse(JSON.stringify(program)));
  });

  it('has words for every operation, with ids as they are spelled', () => {
    const steps = fc.sample(programs({ length: 60 }), { seed: 1, numRuns: 60 }).flatMap((program) => fc.stringify(program).split('\n').slice(1, -1));
    for (const words of [
      'asks for',
      'holds its answer back',
      'what it held back',
      'no longer waits',
      'is shared with',
      'made public',
      'handed over',
      'ms pass',
    ])
      expect(steps.some((step) => step.includes(words))).toBe(true);
    expect(steps.filter((step) => /(?<!")undefined|\[object/.test(step))).toEqual([]);
  });

  it('gives the same programs for the same seed', () => {
    const draw = (): string => JSON.stringify(fc.sample(programs(), { seed: 11, numRuns: 5 }));
    expect(draw()).toBe(draw());
  });
});
