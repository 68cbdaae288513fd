import { describe, expect, it } from 'vitest';
import { type Operation, operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, type Template } from '../../models/domain/world.ts';
import { IN_PROCESS } from '../targets/capabilities.ts';
import { comparePrograms } from './order.ts';
import { renamedByUse } from './rewrite.ts';
import { layouts } from './shrink-layout.ts';

const LOW: Template = { ...PLAIN_TEMPLATE, tier: 'low' };

/** Two users ask for their own cameras, then for those in the other tier, until so many different things were asked for; then the first again. */
function crowd(cameras: number, different: number): Program {
  const asks = Array.from({ length: different }, (_, number): Operation => {
    const camera = number % cameras;
    return operation({ op: 'request', user: camera % 2, camera, template: Math.floor(number / cameras) });
  });
  const world = {
    ...PLAIN_WORLD,
    cameras: Array.from({ length: cameras }, (_, place) => ({ id: `c${place}`, owner: place % 2 })),
    templates: [PLAIN_TEMPLATE, LOW],
  };
  return { world, operations: [...asks, asks[0]!] };
}

const proposed = (program: Program, channels = true): Program[] => [...layouts(program, { ...IN_PROCESS, channels })].filter((candidate) => candidate !== null);

const asked = ({ operations }: Program): number[] => {
  const seen: string[] = [];
  return operations.map((letter) => {
    const text = JSON.stringify(letter);
    if (!seen.includes(text)) seen.push(text);
    return seen.indexOf(text);
  });
};

describe('a program that is laid out anew', () => {
  it('asks for as many different things in the same order, always as the owner, and is simpler', () => {
    for (const program of [crowd(7, 9), crowd(5, 9), crowd(8, 8), crowd(3, 5)]) {
      const candidates = proposed(program);
      expect(candidates.length).toBeGreaterThan(0);
      for (const candidate of candidates) {
        expect(asked(candidate)).toEqual(asked(program));
        for (const letter of candidate.operations) expect(letter.op === 'request' && candidate.world.cameras[letter.camera]!.owner === letter.user).toBe(true);
        expect(comparePrograms(renamedByUse(candidate), renamedByUse(program))).toBeLessThan(0);
      }
    }
  });

  it('has the fewest cameras first that there is room on', () => {
    expect(proposed(crowd(7, 9)).map(({ world }) => [world.cameras.length, world.templates.length])).toEqual([
      ...Array.from({ length: 3 }, () => [3, 3]),
      ...Array.from({ length: 4 }, () => [4, 3]),
      ...Array.from({ length: 5 }, () => [5, 2]),
      ...Array.from({ length: 6 }, () => [6, 2]),
    ]);
    expect(proposed(crowd(7, 9), false).map(({ world }) => world.cameras.length)).not.toContain(4);
  });

  it('is none where there are few cameras, or where anything matters but what is asked for', () => {
    const program = crowd(7, 9);
    expect(proposed(crowd(2, 4))).toEqual([]);
    expect(proposed({ ...program, operations: [...program.operations, operation({ op: 'capture', camera: 0 })] })).toEqual([]);
    expect(proposed({ ...program, operations: [...program.operations, operation({ op: 'request', user: 1, camera: 0, template: 0 })] })).toEqual([]);
  });
});
