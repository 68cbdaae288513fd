import { describe, expect, it } from 'vitest';
import { type Operation, operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { Memory } from './shrink-memory.ts';

const ask = (user: number): Operation => operation({ op: 'request', user, camera: 0, template: 0 });
const copied = ({ world, operations }: Program): Program => ({
  world: JSON.parse(JSON.stringify(world)) as World,
  operations: operations.map((letter) => operation(JSON.parse(JSON.stringify(letter)) as Operation)),
});

describe('the memory of shrinking', () => {
  it('gives equal programs one key, and makes them of the same parts', () => {
    const memory = new Memory<string>();
    const program: Program = { world: PLAIN_WORLD, operations: [ask(0), ask(1), ask(0)] };
    const first = memory.kept(program);
    const again = memory.kept(copied(program));
    expect(first.program).toEqual(program);
    expect(again.key).toBe(first.key);
    expect(again.program.world).toBe(first.program.world);
    for (const [index, letter] of again.program.operations.entries()) expect(letter).toBe(first.program.operations[index]);
  });

  it('tells programs apart that differ in one thing', () => {
    const { users, cameras, policies } = PLAIN_WORLD;
    const worlds: Partial<World>[] = [
      {},
      { users: ['alice', 'bobby'] },
      // What could be taken for the end of one id and the beginning of the next.
      { users: ['alice\n3 bob', 'x'] },
      { users: ['alice', '3 bob\nx'] },
      { cameras: [cameras[0]!, { ...cameras[1]!, owner: 0 }] },
      { cameras: [cameras[0]!, { id: 'hall', owner: 1 }] },
      { cameras: [cameras[0]!, { id: 'yard1', owner: 0 }] },
      { templates: [{ ...PLAIN_TEMPLATE, method: 'HEAD' }] },
      { templates: [{ ...PLAIN_TEMPLATE, condition: 'own' }] },
      { templates: [{ ...PLAIN_TEMPLATE, range: true }] },
      { policies: [{ ...policies[0]!, session: true }] },
      { policies: [{ ...policies[0]!, validator: true }] },
      { policies: [{ ...policies[0]!, vary: 'Cookie' }] },
      { policies: [policies[0]!, policies[0]!] },
      { capacity: 26 },
      { lifetimeMs: 1 },
    ];
    const memory = new Memory<string>();
    const programs = [
      ...worlds.map((world): Program => ({ world: { ...PLAIN_WORLD, ...world }, operations: [ask(0)] })),
      { world: PLAIN_WORLD, operations: [] },
      { world: PLAIN_WORLD, operations: [ask(1)] },
      { world: PLAIN_WORLD, operations: [ask(0), ask(0)] },
      { world: PLAIN_WORLD, operations: [operation({ op: 'advance', by: 1 })] },
      { world: PLAIN_WORLD, operations: [operation({ op: 'reconfigure', to: 1 })] },
      { world: { ...PLAIN_WORLD, users: [...users] }, operations: [operation({ op: 'disable', channel: 'hub' })] },
    ];
    expect(new Set(programs.map((program) => memory.kept(program).key)).size).toBe(programs.length);
  });

  it('knows what a program led to, and puts first what paid', () => {
    const memory = new Memory<string>();
    const { key } = memory.kept({ world: PLAIN_WORLD, operations: [ask(0)] });
    expect(memory.recall(key)).toBeUndefined();
    memory.learn(key, { name: 'two' }, null);
    expect(memory.recall(key)).toBeNull();
    memory.learn(key, { name: 'three' }, 'somewhere');
    expect(memory.recall(key)).toBe('somewhere');
    expect(memory.score).toEqual({ three: 1 });
    expect(memory.ordered([{ name: 'one' }, { name: 'two' }, { name: 'three' }]).map(({ name }) => name)).toEqual(['one', 'three', 'two']);
  });
});
