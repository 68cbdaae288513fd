import { describe, expect, it } from 'vitest';
import { type Operation, operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { IN_PROCESS } from '../targets/capabilities.ts';
import type { Evaluate, Found } from './evaluate.ts';
import { shares, siblings } from './shrink-siblings.ts';
import { shrink } from './shrink.ts';

const ask = (camera: number, user = 0): Operation => operation({ op: 'request', user, camera, template: 0 });
const to = (configuration: number): Operation => operation({ op: 'reconfigure', to: configuration });
const RECREATE = operation({ op: 'recreate', camera: 0 });
const THREE = { ...IN_PROCESS, configurations: 3 };

const text = (letter: Operation): string =>
  Object.values(letter)
    .filter((value) => value !== undefined)
    .join(' ');
const tried = (operations: readonly Operation[]): string[] =>
  [...siblings({ world: PLAIN_WORLD, operations }, THREE)].map((candidate) => candidate!.operations.map(text).join(', '));

describe('siblings', () => {
  it('stand in the place of one of two operations of a kind, and the other is left out', () => {
    const candidates = tried([to(1), to(0), RECREATE, to(1)]);
    expect(candidates).toContain('reconfigure 1, recreate 0, reconfigure 0');
    expect(candidates).toContain('reconfigure 2, recreate 0, reconfigure 1');
    for (const candidate of candidates) expect(candidate.split(', ')).toHaveLength(3);
  });

  it('of a request are those that the program makes anyway, as long as they are few', () => {
    const candidates = tried([ask(0), ask(1), ask(0, 1)]);
    expect(new Set(candidates.flatMap((candidate) => candidate.split(', ')))).toEqual(new Set(['request 0 0 0', 'request 0 1 0', 'request 1 0 0']));
    expect(tried([ask(0), ask(1), ask(0, 1), ask(1, 1)])).not.toEqual([]);
    expect(tried([ask(0), ask(1), ask(0, 1), ask(1, 1), ask(0, 2)])).toEqual([]);
  });

  it('are tried in the place of nothing that overlaps, that stands alone, or that is part of a long program', () => {
    const begin = operation({ op: 'begin', user: 0, camera: 0, template: 0 });
    expect(tried([begin, operation({ op: 'begin', user: 1, camera: 0, template: 0 }), to(1), ask(0)])).toEqual([]);
    expect(tried(Array.from({ length: 11 }, (_, place) => to(place % 2)))).toEqual([]);
  });
});

describe('a share in the place of what was made public', () => {
  const change = (op: 'publish' | 'unpublish', camera: number): Operation => operation({ op, camera });

  it('is taken back where that was, with each user', () => {
    const operations = [change('publish', 0), ask(0, 1), change('unpublish', 0), ask(0, 1)];
    const candidates = [...shares({ world: PLAIN_WORLD, operations })].map((candidate) => candidate!.operations.map(text).join(', '));
    expect(candidates).toEqual(['share 0 0, request 1 0 0, unshare 0 0, request 1 0 0', 'share 1 0, request 1 0 0, unshare 1 0, request 1 0 0']);
  });

  it('leaves other cameras as they are, and programs in which nothing is public', () => {
    const [first] = shares({ world: PLAIN_WORLD, operations: [change('publish', 0), change('publish', 1)] });
    expect(first!.operations.map(({ op }) => op)).toEqual(['share', 'publish']);
    expect([...shares({ world: PLAIN_WORLD, operations: [ask(0), RECREATE] })]).toEqual([]);
  });
});

describe('shrinking', () => {
  const shrunkWith = async (operations: readonly Operation[], isBroken: (operations: readonly Operation[]) => boolean): Promise<string[]> => {
    const found: Found = { property: 'KH002', kind: 'unshared', instant: operations.length };
    const evaluate: Evaluate = (candidate) => (isBroken(candidate.operations) ? [{ ...found, instant: candidate.operations.length }] : []);
    const { program } = await shrink({ world: PLAIN_WORLD, operations }, found, evaluate, {
      budget: 2_000,
      capabilities: { ...IN_PROCESS, configurations: 2 },
    });
    return program.operations.map(text);
  };

  it('goes there once where it went there and back', async () => {
    // The cache comes back to a configuration that it was in before a camera was set up anew, out of another one.
    const comesBack = (operations: readonly Operation[]): boolean => {
      const place = operations.findIndex(({ op }) => op === 'recreate');
      const visited = [0, ...operations.slice(0, place).flatMap((letter) => (letter.op === 'reconfigure' ? [letter.to] : []))];
      const last = operations.at(-1);
      if (place < 0 || operations.filter(({ op }) => op === 'request').length < 4) return false;
      return last?.op === 'reconfigure' && last.to !== visited.at(-1) && visited.includes(last.to);
    };
    const asks = [ask(0), ask(0), ask(0), ask(0)];
    const shrunk = await shrunkWith([...asks, to(1), to(0), RECREATE, to(1)], comesBack);
    expect(shrunk.slice(4)).toEqual(['reconfigure 1', 'recreate 0', 'reconfigure 0']);
  });

  it('lets one share do what took a share and a time in public', async () => {
    // Somebody that the camera was ever shared with asks three times by right, and once without.
    const outlivesTheShare = (operations: readonly Operation[]): boolean => {
      let [isShared, isPublic, wasShared, asked] = [false, false, false, 0];
      for (const { op } of operations.slice(0, -1)) {
        if (op === 'share' || op === 'unshare') isShared = op === 'share';
        if (op === 'publish' || op === 'unpublish') isPublic = op === 'publish';
        if (op === 'request' && (isShared || isPublic)) asked++;
        wasShared ||= isShared;
      }
      return wasShared && asked >= 3 && !isShared && !isPublic && operations.at(-1)?.op === 'request';
    };
    const [share, unshare] = (['share', 'unshare'] as const).map((op) => operation({ op, camera: 0, user: 1 }));
    const [publish, unpublish] = (['publish', 'unpublish'] as const).map((op) => operation({ op, camera: 0 }));
    const asks = [ask(0, 1), ask(0, 1), ask(0, 1)];
    const shrunk = await shrunkWith([share!, unshare!, publish!, ...asks, unpublish!, ask(0, 1)], outlivesTheShare);
    expect(shrunk.map((letter) => letter.split(' ')[0])).toEqual(['share', 'request', 'request', 'request', 'unshare', 'request']);
  });
});
