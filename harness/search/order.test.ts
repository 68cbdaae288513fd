import { describe, expect, it } from 'vitest';
import { type Operation, operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { IN_PROCESS } from '../targets/capabilities.ts';
import { alphabetOf } from './alphabet.ts';
import { Generator } from './generate.ts';
import { compareRanks, oddities, rankOf } from './order.ts';
import { numberedWorld } from './portfolio.ts';
import { Random } from './random.ts';

const ask: Operation = operation({ op: 'request', user: 0, camera: 0, template: 0 });
const begin: Operation = operation({ op: 'begin', user: 0, camera: 0, template: 0 });
const release = (outcome: 'reply' | 'refuse' | 'error' | 'drop'): Operation => operation({ op: 'release', user: 0, camera: 0, template: 0, outcome });

const program = (operations: readonly Operation[], world: Partial<World> = {}): Program => ({ world: { ...PLAIN_WORLD, ...world }, operations });
const isSimpler = (one: Program, other: Program): boolean => compareRanks(rankOf(one), rankOf(other)) < 0;

describe('a program is simpler', () => {
  const wide: Partial<World> = { users: ['alice', 'bob', 'carol'] };

  it.each<[string, Program, Program]>([
    ['with fewer operations, whatever they are', program([release('drop')], wide), program([ask, ask])],
    ['with fewer users', program([ask]), program([ask], wide)],
    ['with fewer cameras', program([ask], { cameras: [PLAIN_WORLD.cameras[0]!] }), program([ask])],
    ['with fewer templates', program([ask]), program([ask], { templates: [PLAIN_TEMPLATE, PLAIN_TEMPLATE] })],
    ['with fewer policies', program([ask]), program([ask], { policies: [...PLAIN_WORLD.policies, { cacheControl: '', vary: '' }] })],
    ['with plainer templates', program([ask]), program([ask], { templates: [{ ...PLAIN_TEMPLATE, tier: 'low' }] })],
    ['with the plain capacity', program([ask]), program([ask], { capacity: 1 })],
    ['with the plain lifetime', program([ask]), program([ask], { lifetimeMs: 10_000 })],
    ['with plain users', program([ask]), program([ask], { users: ['a', 'ab'] })],
    ['with plain users in their order', program([ask]), program([ask], { users: ['bob', 'alice'] })],
    ['with plain cameras', program([ask]), program([ask], { cameras: PLAIN_WORLD.cameras.map((camera, index) => ({ ...camera, id: `c${index}` })) })],
    ['with a request instead of one that overlaps', program([ask]), program([begin])],
    [
      'with a share instead of a change of owner',
      program([operation({ op: 'share', camera: 0, user: 1 })]),
      program([operation({ op: 'transfer', camera: 0, user: 1 })]),
    ],
    ['with a reply instead of a failure', program([release('reply')]), program([release('refuse')])],
    ['with one failure instead of another', program([release('error')]), program([release('drop')])],
    ['with the first user', program([ask]), program([operation({ op: 'request', user: 1, camera: 0, template: 0 })])],
    ['with the first camera', program([ask]), program([operation({ op: 'request', user: 0, camera: 1, template: 0 })])],
  ])('%s', (_name, simple, odd) => {
    expect([isSimpler(simple, odd), isSimpler(odd, simple)]).toEqual([true, false]);
  });

  it('never than itself, and in one order throughout', () => {
    const programs = Array.from({ length: 120 }, (_, number): Program => {
      const world = numberedWorld(5, number, IN_PROCESS);
      const alphabet = alphabetOf(world, IN_PROCESS);
      const generator = new Generator(alphabet, (letter) => letter);
      return { world, operations: generator.program.slice(0, generator.generate(new Random(5, number), 1 + (number % 4))) };
    });
    const ranks = programs.map((each) => rankOf(each));
    expect(new Set(ranks.map((rank) => rank.length)).size).toBe(1);
    for (const one of ranks) {
      expect(compareRanks(one, [...one])).toBe(0);
      for (const other of ranks) expect(Math.sign(compareRanks(one, other))).toBe(0 - Math.sign(compareRanks(other, one)));
    }
    const sorted = ranks.toSorted(compareRanks);
    for (let at = 1; at < sorted.length; at++)
      for (let later = at; later < sorted.length; later += 17) expect(compareRanks(sorted[at - 1]!, sorted[later]!)).toBeLessThanOrEqual(0);
  });
});

describe('an odd template', () => {
  it('is counted by the attributes that are not plain', () => {
    expect(oddities(PLAIN_TEMPLATE)).toBe(0);
    expect(oddities({ ...PLAIN_TEMPLATE, policy: 3 })).toBe(0);
    expect(oddities({ channel: 'hub', tier: 'low', credential: 'none', spelling: 'query', policy: 0 })).toBe(4);
  });
});
