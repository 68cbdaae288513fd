import { describe, expect, it } from 'vitest';
import { type Operation, operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { ANONYMOUS, PLAIN_TEMPLATE, PLAIN_WORLD, type ResponsePolicy, type World } from '../../models/domain/world.ts';
import { type Capabilities, HTTP_EDGE, IN_PROCESS } from '../targets/capabilities.ts';
import { renamedByUse } from './rewrite.ts';
import type { Pass } from './shrink-pass.ts';
import { onePolicy, owners, plainCredentials, plainPolicies, visitors } from './shrink-policies.ts';
import { isSound } from './soundness.ts';

const HTTP: Capabilities = { ...IN_PROCESS, ...HTTP_EDGE };
const BY_TOKEN: ResponsePolicy = { cacheControl: 'public, max-age=60', vary: 'Authorization', session: true };
const FOR_ALL: ResponsePolicy = { cacheControl: 'public, max-age=60', vary: '' };
const BY_COOKIE: ResponsePolicy = { cacheControl: 'max-age=60', vary: 'Cookie' };
const HEAD = { ...PLAIN_TEMPLATE, method: 'HEAD' } as const;

/** Alice asks in the first way, Bob in the last. */
function asked(world: Partial<World>): Program {
  const whole: World = { ...PLAIN_WORLD, cameras: [PLAIN_WORLD.cameras[0]!], ...world };
  const last = whole.templates.length - 1;
  const user = whole.templates[last]!.credential === 'none' ? ANONYMOUS : 1;
  return {
    world: whole,
    operations: [operation({ op: 'request', user: 0, camera: 0, template: 0 }), operation({ op: 'request', user, camera: 0, template: last })],
  };
}

function proposed(propose: Pass['propose'], program: Program, capabilities: Capabilities): Program[] {
  const candidates = [...propose(program, capabilities)].filter((candidate) => candidate !== null).map((candidate) => renamedByUse(candidate));
  if (capabilities.lifetimes === 'http')
    for (const { world } of candidates) for (const { credential, policy } of world.templates) expect(isSound(credential, world.policies[policy]!)).toBe(true);
  return candidates;
}

describe('a plainer policy', () => {
  it('has the origin say no more than it must, where the cache does not read what it says', () => {
    const said = { ...PLAIN_WORLD.policies[0]!, validator: true, session: true } as const;
    const left = proposed(plainPolicies, asked({ policies: [said] }), IN_PROCESS).map(({ world }) => world.policies[0]!);
    expect(left.map(({ validator, session }) => [validator, session])).toEqual([
      [undefined, undefined],
      [true, undefined],
      [undefined, true],
    ]);
    expect(proposed(plainPolicies, asked({}), IN_PROCESS)).toEqual([]);
  });

  it('is the same for two ways of asking, where one is sound for both', () => {
    const templates = [PLAIN_TEMPLATE, { ...PLAIN_TEMPLATE, credential: 'none', policy: 1 }] as const;
    const united = proposed(onePolicy, asked({ templates, policies: [BY_TOKEN, FOR_ALL] }), HTTP);
    expect(united.length).toBeGreaterThan(0);
    for (const { world } of united) expect([world.policies.length, world.policies[0]!.session]).toEqual([1, true]);
    expect(proposed(onePolicy, asked({ policies: [BY_TOKEN] }), HTTP)).toEqual([]);
  });

  it('comes with a plainer credential, and is one for all who ask with it', () => {
    const templates = [PLAIN_TEMPLATE, HEAD].map((template) => ({ ...template, credential: 'cookie' as const }));
    const plainer = proposed(plainCredentials, asked({ templates, policies: [{ ...BY_COOKIE, session: true }] }), HTTP);
    expect(plainer.map(({ world }) => world.policies)).toContainEqual([BY_TOKEN]);
    for (const { world } of plainer) expect(world.templates.map(({ credential }) => credential)).toEqual(['bearer', 'bearer']);
  });
});

describe('a visitor', () => {
  it('asks in place of all who ask in one way, or of one of them, who may then be superfluous', () => {
    const candidates = proposed(visitors, asked({}), IN_PROCESS);
    expect(candidates.map(({ world, operations }) => [world.users.length, ...operations.map((letter) => ('user' in letter ? letter.user : null))])).toEqual([
      [1, ANONYMOUS, ANONYMOUS],
      [2, ANONYMOUS, 0],
      [1, 0, ANONYMOUS],
    ]);
    expect(proposed(visitors, asked({ policies: [BY_TOKEN] }), HTTP)).toHaveLength(3);
    expect(proposed(visitors, asked({}), { ...IN_PROCESS, credentials: ['bearer'] })).toEqual([]);
  });

  it('gives way to the owner, where something else can be done without then', () => {
    const templates = [{ ...PLAIN_TEMPLATE, credential: 'none' }] as const;
    const program = asked({ templates });
    const publish = operation({ op: 'publish', camera: 0 });
    const visited: Program = {
      world: program.world,
      operations: [publish, ...program.operations.map((letter) => operation({ ...letter, user: ANONYMOUS } as Operation))],
    };
    const candidates = proposed(owners, visited, IN_PROCESS);
    const left = candidates.find(({ operations }) => operations.length === 2 && operations[0]!.op === 'request');
    expect(left!.operations.map((letter) => ('user' in letter ? letter.user : null))).toEqual([0, ANONYMOUS]);
    expect(left!.world.templates.map(({ credential }) => credential)).toEqual(['bearer', 'none']);
    expect(proposed(owners, asked({}), IN_PROCESS)).toEqual([]);
    expect(proposed(owners, { ...visited, world: { ...visited.world, policies: [FOR_ALL] } }, HTTP).length).toBeGreaterThan(0);
  });
});
