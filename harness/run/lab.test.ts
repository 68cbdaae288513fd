import { describe, expect, it } from 'vitest';
import { type Operation, operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { sharedEntries } from '../../models/lru.ts';
import type { Session } from '../../models/origin.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { modelTarget } from '../targets/model.ts';
import { lookasideTarget, REFERENCE_MODELS } from '../targets/reference.ts';
import { type AsyncSession, type Target, TargetFault } from '../targets/target.ts';
import { Lab, type Outcome } from './lab.ts';

const LEAKY = lookasideTarget({ name: 'leaky', title: 'Rights are checked on a miss only' }, [{ ...sharedEntries, serve: () => 'serve' }]);
const ask = (user: number, camera: number): Operation => operation({ op: 'request', user, camera, template: 0 });
const LEAK = { world: PLAIN_WORLD, operations: [ask(0, 0), ask(1, 0)] };
const SAFE = { world: PLAIN_WORLD, operations: [ask(1, 0), ask(1, 0)] };

describe('a lab', () => {
  it('answers at once for a synchronous target, and says what was broken', () => {
    const lab = new Lab(LEAKY, PROPERTIES);
    expect(lab.try(LEAK)).toEqual({ breaches: [{ property: 'KH001', kind: 'stranger', instant: 2, call: 1 }], history: [] });
    expect(lab.try(SAFE)).toEqual({ breaches: [], history: [] });
  });

  it('tries each program against a cache that is new', () => {
    const lab = new Lab(LEAKY, PROPERTIES);
    const first = lab.try({ world: PLAIN_WORLD, operations: [ask(0, 0)] }) as Outcome;
    const then = lab.try({ world: PLAIN_WORLD, operations: [ask(1, 0)] }) as Outcome;
    expect([first.breaches, then.breaches]).toEqual([[], []]);
  });

  it('keeps what it said when the next program is run', () => {
    const lab = new Lab(LEAKY, PROPERTIES);
    const outcome = lab.try(LEAK, { record: true }) as Outcome;
    const before = JSON.stringify(outcome);
    void lab.try(SAFE, { record: true });
    void lab.try(LEAK);
    expect(JSON.stringify(outcome)).toBe(before);
    expect(outcome.history.length).toBeGreaterThan(0);
  });

  it('knows many worlds, and mixes none of them up', () => {
    const lab = new Lab(LEAKY, PROPERTIES);
    const worlds = Array.from({ length: 20 }, (_, number) => ({ ...PLAIN_WORLD, users: [`one ${number}`, `two ${number}`] }));
    for (let round = 0; round < 3; round++) for (const world of worlds) expect((lab.try({ ...LEAK, world }) as Outcome).breaches).toHaveLength(1);
  });

  it('sets up no stage for a world that is part of one that it knows, unless the cache might tell the difference', () => {
    const part = { ...PLAIN_WORLD, users: ['alice'], cameras: [PLAIN_WORLD.cameras[0]!] };
    const opened = (target: Target): number => {
      const stages = new Set<unknown>();
      const open: Target['open'] = (stage, opening) => {
        stages.add(stage);
        return target.open(stage, opening);
      };
      const seen: Target = { ...target, open };
      const lab = new Lab(seen, PROPERTIES);
      void lab.try(LEAK);
      expect((lab.try({ world: part, operations: [ask(0, 0), ask(0, 0)] }) as Outcome).breaches).toEqual([]);
      return stages.size;
    };
    expect(opened(LEAKY)).toBe(1);
    expect(opened({ ...LEAKY, kind: 'function' })).toBe(2);
  });

  it('writes nothing down that only happens because the cache is closed', () => {
    const lab = new Lab(REFERENCE_MODELS[0]!, PROPERTIES);
    const begin = (user: number): Operation => operation({ op: 'begin', user, camera: 0, template: 0 });
    const { history } = lab.try({ world: PLAIN_WORLD, operations: [begin(0), begin(1)] }, { record: true }) as Outcome;
    expect(history.map(({ event }) => event)).toEqual(['operation', 'asked', 'contact', 'operation', 'asked']);
  });

  it('closes the session, also of a target that throws, which is at fault', () => {
    let closed = 0;
    const broken = modelTarget({
      name: 'broken',
      title: 'Throws',
      make: (): Session => ({
        ask: () => {
          throw new RangeError('no room');
        },
        cancel: () => {},
        tell: () => {},
        close: () => {
          closed++;
        },
      }),
    });
    const lab = new Lab(broken, PROPERTIES);
    expect(() => lab.try(SAFE)).toThrow(TargetFault);
    expect(() => lab.try(SAFE)).toThrow(/broken threw: RangeError: no room \(at .*lab\.test\.ts/);
    expect(closed).toBe(2);
  });

  it('waits for a target that answers later', async () => {
    const later: Target = {
      ...LEAKY,
      open: async (stage, options): Promise<AsyncSession> => {
        const session = LEAKY.open(stage, options) as Session;
        return { ask: (call) => session.ask(call), cancel: () => {}, tell: () => {}, close: () => session.close(), settle: async () => {} };
      },
    };
    const pending = new Lab(later, PROPERTIES).try(LEAK, { record: true });
    expect(pending).toBeInstanceOf(Promise);
    expect((await pending).breaches).toMatchObject([{ property: 'KH001', instant: 2 }]);
  });

  it('gives everybody the first frame when the tripwire is on', () => {
    const lab = new Lab(REFERENCE_MODELS[0]!, PROPERTIES);
    expect((lab.try(LEAK) as Outcome).breaches).toEqual([]);
    expect((lab.try(LEAK, { tripwire: true }) as Outcome).breaches).toMatchObject([{ property: 'KH001', kind: 'stranger' }]);
    expect((lab.try(LEAK) as Outcome).breaches, 'and only then').toEqual([]);
  });
});
