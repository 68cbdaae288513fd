import { describe, expect, it } from 'vitest';
import { type Operation, operation, OPERATION_KINDS, type OperationKind } from './operation.ts';

/** One of each kind: the compiler sees to it that none is missing. */
const ONE_OF_EACH: { readonly [K in OperationKind]: Operation & { readonly op: K } } = {
  capture: { op: 'capture', camera: 0 },
  request: { op: 'request', user: 0, camera: 1, template: 0 },
  begin: { op: 'begin', user: 0, camera: 1, template: 0 },
  release: { op: 'release', outcome: 'reply', user: 0, camera: 1, template: 0 },
  cancel: { op: 'cancel', user: 0, camera: 1, template: 0 },
  share: { op: 'share', camera: 0, user: 1 },
  unshare: { op: 'unshare', camera: 0, user: 1 },
  publish: { op: 'publish', camera: 0 },
  unpublish: { op: 'unpublish', camera: 0 },
  transfer: { op: 'transfer', camera: 0, user: 1 },
  recreate: { op: 'recreate', camera: 0 },
  link: { op: 'link', user: 0, channel: 'hub' },
  unlink: { op: 'unlink', user: 0, channel: 'hub' },
  disable: { op: 'disable', channel: 'hub' },
  enable: { op: 'enable', channel: 'hub' },
  purge: { op: 'purge', camera: 0 },
  advance: { op: 'advance', by: 1000 },
  restart: { op: 'restart' },
  reconfigure: { op: 'reconfigure', to: 1 },
};

const LETTERS: readonly Operation[] = Object.values(ONE_OF_EACH);

describe('operations', () => {
  it('are of the kinds in the list, each once, simplest first', () => {
    expect(OPERATION_KINDS.toSorted()).toEqual(Object.keys(ONE_OF_EACH).toSorted());
    expect(OPERATION_KINDS[0]).toBe('request');
    expect(OPERATION_KINDS.slice(-3)).toEqual(['begin', 'release', 'cancel']);
  });

  it('are frozen', () => {
    for (const letter of LETTERS) expect(Object.isFrozen(operation(letter))).toBe(true);
  });

  it('have the same fields in the same order, whatever their kind', () => {
    const shapes = new Set(LETTERS.map((letter) => Object.keys(operation(letter)).join()));
    expect(shapes.size).toBe(1);
  });

  it('are the JSON that they were made of', () => {
    for (const letter of LETTERS) {
      const again = JSON.parse(JSON.stringify(operation(letter))) as Operation;
      expect(again).toStrictEqual(letter);
      expect(JSON.stringify(operation(again))).toBe(JSON.stringify(operation(letter)));
    }
  });

  it('are copied by what they say, not by the order in which it is said', () => {
    const one = operation({ op: 'share', camera: 1, user: 0 });
    const other = operation({ user: 0, camera: 1, op: 'share' });
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
  });
});
