import { describe, expect, it } from 'vitest';
import { operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { Compiler, type Step } from '../run/step.ts';
import { newSessionNumber, sessionNumberOf } from './session-number.ts';

const ask = operation({ op: 'request', user: 0, camera: 0, template: 0 });
const other = operation({ op: 'request', user: 1, camera: 0, template: 0 });
const wait = operation({ op: 'advance', by: 1000 });

function steps(...letters: (typeof ask)[]): Step[] {
  const compiler = new Compiler(PLAIN_WORLD, 'granted');
  return letters.map((letter) => compiler.compile(letter));
}

function number(...letters: (typeof ask)[]): number {
  return sessionNumberOf(PLAIN_WORLD, steps(...letters), letters.length);
}

describe('the number of a session', () => {
  it('is that of the program, in every process', () => {
    const world: World = { users: ['alice', 'bob'], cameras: [{ owner: 0, id: 'door' }], templates: [], policies: [], capacity: 2, lifetimeMs: 1000 };
    expect(sessionNumberOf(world, steps(ask, wait, ask), 3)).toBe(948637237013);
    expect(number(ask, wait, ask)).toBe(number(ask, wait, ask));
  });

  it('does not depend on the order in which fields are named', () => {
    const turned = Object.fromEntries(Object.entries(PLAIN_WORLD).toReversed()) as unknown as World;
    expect(sessionNumberOf(turned, steps(ask), 1)).toBe(number(ask));
  });

  it('is another one for another program, or in another world', () => {
    const programs = [[], [ask], [other], [ask, ask], [ask, other], [other, ask], [ask, wait, ask], [ask, ask, wait], [wait, ask, ask]];
    const numbers = programs.map((letters) => number(...letters));
    numbers.push(sessionNumberOf({ ...PLAIN_WORLD, capacity: PLAIN_WORLD.capacity + 1 }, steps(ask), 1));
    expect(new Set(numbers).size).toBe(programs.length + 1);
    for (const one of numbers) expect(Number.isSafeInteger(one) && one >= 2 ** 39 && one < 2 ** 40).toBe(true);
  });

  it('counts only the steps that are played', () => {
    expect(sessionNumberOf(PLAIN_WORLD, steps(ask, wait, other), 1)).toBe(number(ask));
  });

  it('is a new one each time where nobody says what is played', () => {
    expect(newSessionNumber()).not.toBe(newSessionNumber());
  });
});
