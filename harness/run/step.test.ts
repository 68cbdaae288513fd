import { describe, expect, it } from 'vitest';
import { OPERATION_KINDS, type Operation } from '../../models/domain/operation.ts';
import { requestIndex, requestsOf } from '../../models/domain/request.ts';
import { ANONYMOUS, PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { alphabetOf } from '../search/alphabet.ts';
import { IN_PROCESS } from '../targets/capabilities.ts';
import { CODE, Compiler } from './step.ts';

const WORLD: World = {
  ...PLAIN_WORLD,
  templates: [PLAIN_TEMPLATE, { ...PLAIN_TEMPLATE, tier: 'low', channel: 'hub' }, { ...PLAIN_TEMPLATE, credential: 'none', policy: 1 }],
  policies: [...PLAIN_WORLD.policies, { cacheControl: 'max-age=5', vary: '' }],
};
const LETTERS = alphabetOf(WORLD, { ...IN_PROCESS, configurations: 3 }).operations;

describe('a step', () => {
  const compiler = new Compiler(WORLD, 'http');

  it('has the code of its kind, and one shape for all kinds', () => {
    expect(OPERATION_KINDS.map((kind) => CODE[kind])).toEqual(OPERATION_KINDS.map((_, index) => index));
    const steps = LETTERS.map((letter) => compiler.compile(letter));
    expect(new Set(steps.map((step) => Object.keys(step).join())).size).toBe(1);
    expect(new Set(steps.map((step) => step.code)).size).toBe(OPERATION_KINDS.length);
    for (const [index, step] of steps.entries()) expect(OPERATION_KINDS[step.code]).toBe(LETTERS[index]!.op);
  });

  it('asks with the request of the table', () => {
    const table = requestsOf(WORLD);
    for (const letter of LETTERS) {
      if (!('template' in letter) || letter.template === undefined) continue;
      const step = compiler.compile(letter);
      const { user, camera, template } = letter;
      expect(step.request).toEqual(table[requestIndex(WORLD, user, camera, template)]);
      expect([step.user, step.camera, step.template]).toEqual([user, camera, template]);
      expect(step.request.user).toBe(user === ANONYMOUS ? '' : WORLD.users[user]);
      expect([step.tier, step.channel]).toEqual([step.request.tier, step.request.channel]);
      expect(step.lifetimeMs).toBe(template === 2 ? 5_000 : 60_000);
    }
  });

  it('tells what is asked apart by user, camera and template, and says which rendition it is', () => {
    const asks = LETTERS.filter((letter) => letter.op === 'request').map((letter) => compiler.compile(letter));
    const known = new Map(asks.map((step) => [step.asked, step.operation]));
    for (const step of asks) expect(known.get(step.asked)).toBe(step.operation);
    for (const step of asks)
      for (const other of asks) {
        expect(step.rendition === other.rendition).toBe(step.camera === other.camera && step.tier === other.tier);
        expect(step.rendition === other.otherRendition).toBe(step.camera === other.camera && step.tier !== other.tier);
      }
  });

  it("of a visitor's request is nobody's, whoever is named", () => {
    const named = compiler.compile({ op: 'request', user: 1, camera: 0, template: 2 });
    const nobody = compiler.compile({ op: 'request', user: ANONYMOUS, camera: 0, template: 2 });
    expect([named.user, named.asked, named.request]).toEqual([nobody.user, nobody.asked, nobody.request]);
    expect(named.user).toBe(ANONYMOUS);
  });

  it.each<[Operation, object]>([
    [
      { op: 'unshare', camera: 1, user: 0 },
      { kind: 'unshare', camera: 'yard', user: 'alice' },
    ],
    [
      { op: 'transfer', camera: 0, user: 1 },
      { kind: 'transfer', camera: 'door', user: 'bob' },
    ],
    [
      { op: 'purge', camera: 1 },
      { kind: 'purge', camera: 'yard', user: '' },
    ],
    [
      { op: 'unlink', user: 1, channel: 'hub' },
      { kind: 'unlink', camera: '', user: 'bob', channel: 'hub' },
    ],
    [
      { op: 'disable', channel: 'hub' },
      { kind: 'disable', camera: '', user: '', channel: 'hub' },
    ],
    [
      { op: 'advance', by: 500 },
      { kind: 'advance', by: 500 },
    ],
    [
      { op: 'reconfigure', to: 2 },
      { kind: 'reconfigure', to: 2 },
    ],
    [{ op: 'restart' }, { kind: 'restart', camera: '', user: '', channel: '', to: 0, by: 0 }],
  ])('of %j tells the cache in ids what it is about', (letter, notice) => {
    expect(compiler.compile(letter).notice).toMatchObject(notice);
  });
});
