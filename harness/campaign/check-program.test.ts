import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { perViewer } from '../../models/lru.ts';
import { programs } from '../search/arbitrary.ts';
import { functionTarget } from '../targets/function.ts';
import { lookasideTarget } from '../targets/reference.ts';
import { checkProgram } from './check-program.ts';

const holding = lookasideTarget({ name: 'holding', title: 'every viewer has entries of his own' }, [perViewer]);
const leaky = functionTarget({
  name: 'leaky',
  open({ origin }) {
    const frames = new Map<string, Uint8Array>();
    return {
      async get({ camera, ...request }) {
        const reply = frames.has(camera) ? null : await origin.fetch({ camera, ...request });
        if (reply?.status === 200) frames.set(camera, reply.body);
        return frames.get(camera) ?? null;
      },
    };
  },
});
const ask = (user: number): Program['operations'][number] => operation({ op: 'request', user, camera: 0, template: 0 });
const LEAK: Program = { world: PLAIN_WORLD, operations: [ask(0), ask(1)] };

describe('checkProgram', () => {
  it('resolves where a program breaks nothing', async () => {
    await expect(checkProgram(holding, LEAK)).resolves.toBeUndefined();
    await expect(checkProgram(leaky, { ...LEAK, operations: [ask(1), ask(0)] })).resolves.toBeUndefined();
  });

  it('rejects with what is broken and in which step', async () => {
    await expect(checkProgram(leaky, LEAK)).rejects.toThrow(/^leaky leaks: .* \(KH001\/stranger\), in step 2$/);
  });

  it('rejects a program that the target cannot be asked', async () => {
    const disable: Program = { ...LEAK, operations: [operation({ op: 'disable', channel: 'hub' })] };
    await expect(checkProgram(leaky, disable)).rejects.toThrow('leaky does not support the operation "disable". Make programs for it');
  });

  it('lets fast-check find a leak and shrink it to two requests', async () => {
    const property = fc.asyncProperty(programs({ capabilities: leaky.capabilities }), (program) => checkProgram(leaky, program));
    const { failed, counterexample } = await fc.check(property, { seed: 1, endOnFailure: false });
    expect(failed).toBe(true);
    expect(counterexample![0].operations.map(({ op }) => op)).toEqual(['request', 'request']);
  });
});
