import { describe, expect, it } from 'vitest';
import { operation, type Operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { explained } from './explained.laws.ts';
import type { FunctionOptions } from './function.ts';

const ask = (user: number): Operation => operation({ op: 'request', user, camera: 0, template: 0 });
const world: World = { ...PLAIN_WORLD, cameras: [PLAIN_WORLD.cameras[0]!] };

/** A sorted table, as in a database: what is looked for is whatever comes at or after the key. */
const sorted: FunctionOptions['open'] = ({ origin }) => {
  const rows: (readonly [string, Uint8Array])[] = [];
  return {
    async get({ user, camera, ...rest }) {
      const key = JSON.stringify([camera, user]);
      const found = rows.toSorted(([one], [other]) => (one < other ? -1 : 1)).find(([other]) => other >= key);
      if (found !== undefined) return found[1];
      const { body } = await origin.fetch({ user, camera, ...rest });
      if (body !== null) rows.push([key, body]);
      return body;
    },
  };
};

/** 32 places for users, by a hash that takes two pairs for one that differ in capital letters, and others not. */
const places: FunctionOptions['open'] = ({ origin }) => {
  const entries = new Map<number, Uint8Array>();
  const placeOf = ({ user }: { readonly user: string }): number => {
    let hash = 1106;
    for (const letter of user) {
      hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x85ebca6b);
      hash ^= hash >>> 13;
    }
    return (hash >>> 0) % 32;
  };
  return {
    async get(request) {
      const hit = entries.get(placeOf(request));
      if (hit !== undefined) return hit;
      const { body } = await origin.fetch(request);
      if (body !== null) entries.set(placeOf(request), body);
      return body;
    },
  };
};

describe('the cause of a leak by chance', () => {
  it('is not a class of ids because one more pair of it has one place as well', async () => {
    const { sentence } = await explained(places, { world: { ...world, users: ['ann', 'ANN'] }, operations: [ask(0), ask(1)] }, 'KH001/stranger');
    expect(sentence).toMatch(/^Different users or cameras get the same key, because their ids are joined, cut, hashed or rewritten/);
  });
});

describe('the cause of a leak that takes ids in a certain order', () => {
  it('is their order, and it is not said that any two will do', async () => {
    // "alice" comes before "bob", so that what is kept for him is found for her, and not the other way round.
    const program = { world: { ...world, cameras: [{ ...world.cameras[0]!, owner: 1 }] }, operations: [ask(1), ask(0)] };
    const { decision, sentence, matters, indifferent } = await explained(sorted, program, 'KH001/stranger');
    expect(decision).toBe('key');
    expect(sentence).toMatch(/^What is found depends on the order of the ids/);
    expect(matters).toContain('the ids "alice", "bob", "door"');
    expect(indifferent).not.toContain('any two users and cameras');
  });
});
