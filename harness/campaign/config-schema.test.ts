import { describe, expect, it } from 'vitest';
import { functionTarget } from '../targets/function.ts';
import { validateConfig } from './config-schema.ts';

const target = functionTarget({ name: 'one', open: () => ({ get: () => null }) });

function problems(config: unknown): readonly string[] {
  const result = validateConfig(config);
  return result.ok ? [] : result.problems;
}

describe('validateConfig', () => {
  it('takes a whole configuration, with the very targets in it', () => {
    const result = validateConfig({ targets: [target], seed: -1, runs: 10, maxTimeMs: 1000, corpus: 'kept' });
    expect(result.ok && result.config.targets?.[0]).toBe(target);
  });

  it('knows a target of another copy of keyhole by its brand', () => {
    const other = Object.defineProperty({ name: 'other' }, Symbol.for('keyhole.target'), { value: true });
    expect(problems({ targets: [other] })).toEqual([]);
  });

  it.each([
    [{ targets: [target], run: 5 }, 'run: there is no such setting. Did you mean "runs"?'],
    [{ targets: [target], colours: true }, 'colours: there is no such setting. There are targets, seed, runs, maxTimeMs, corpus.'],
    [{ targets: [target], runs: 'many' }, 'runs: expected a whole number from 1, such as 5000, found the text "many"'],
    [{ targets: [target], seed: 1.5 }, 'seed: expected a whole number of 32 bits, such as 12345, found 1.5'],
    [{ targets: [] }, 'targets: expected a list of at least one target, found an empty list'],
    [{ targets: target }, 'targets: expected a list of at least one target, found an object with'],
    [
      { targets: [{ name: 'x' }] },
      'targets[0]: expected a target made by functionTarget, appTarget, clientTarget, proxyTarget or modelTarget, found an object with "name"',
    ],
    [{ targets: [() => target] }, 'found a function: was it meant to be called?'],
    [{ targets: [Promise.resolve(target)] }, 'found a promise: put "await" before it'],
    [{ targets: [target, target] }, 'targets[1]: expected a name of its own, found "one", which is the name of targets[0]'],
    [[target], 'expected an object with targets, found a list of 1'],
    [undefined, 'expected an object with targets, found nothing'],
  ])('says what is wrong with %j', (config, problem) => {
    expect(problems(config)).toEqual([expect.stringContaining(problem)]);
  });

  it('names every problem at once', () => {
    expect(problems({ targets: [5], runs: 0, sed: 1 })).toHaveLength(3);
  });
});
