import { describe, expect, it } from 'vitest';
import { type Operation, operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab } from '../run/lab.ts';
import { cleanPrototypes } from './function-prototypes.ts';
import { functionTarget, type FunctionOptions } from './function.ts';

/** A table for each user, in plain objects. */
const plainObjects: FunctionOptions['open'] = ({ origin }) => {
  const tables: Record<string, Record<string, Uint8Array>> = {};
  return {
    async get(request) {
      const table = (tables[request.user] ??= {});
      const kept = table[`of ${request.camera}`];
      if (kept !== undefined) return kept;
      const { body } = await origin.fetch(request);
      if (body !== null) table[`of ${request.camera}`] = body;
      return body;
    },
  };
};

const ask = (user: number): Operation => operation({ op: 'request', user, camera: 0, template: 0 });
const naming = (...users: string[]): World => ({ ...PLAIN_WORLD, users });

describe('a cache that writes on what all objects lead to', () => {
  it.each(['__proto__', 'constructor', 'toString'])('does the same each time, and leaves nothing behind: %s', async (id) => {
    const lab = new Lab(functionTarget({ name: 'plain-objects', open: plainObjects }), PROPERTIES);
    const shapes: string[][] = [];
    for (let time = 0; time < 3; time++) {
      const { breaches } = await lab.try({ world: naming(id, 'bob'), operations: [ask(0), ask(1)] });
      shapes.push(breaches.map(({ property, kind }) => `${property}/${kind}`));
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect([Object, Object.prototype.toString].flatMap((shared) => Object.keys(shared))).toEqual([]);
    }
    expect(shapes).toEqual(Array.from({ length: 3 }, () => (id === '__proto__' ? ['KH001/stranger'] : [])));
  });

  it('has nothing else taken away', () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    cleanPrototypes();
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  });
});
