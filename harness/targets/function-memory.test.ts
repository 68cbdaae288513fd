import { describe, expect, it } from 'vitest';
import { operation, type Operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab, type Outcome } from '../run/lab.ts';
import { beginSlab } from './function-memory.ts';
import type { Environment, Subject } from './function-subject.ts';
import { functionTarget } from './function.ts';

const ask = (user: number, camera: number): Operation => operation({ op: 'request', user, camera, template: 0 });
const ALICE = ask(0, 0);
const BOB = ask(1, 1);

/** A cache of each caller's own answers. `given`: what is given out of a body, on a hit. */
function keeping(given: (body: Buffer) => Uint8Array | ArrayBuffer, copy: (body: Buffer) => Buffer = (body) => body): (env: Environment) => Subject {
  return ({ origin }) => {
    const kept = new Map<string, Buffer>();
    return {
      async get(request) {
        const key = JSON.stringify([request.user, request.camera, request.tier, request.channel]);
        const hit = kept.get(key);
        if (hit !== undefined) return given(hit);
        const reply = await origin.fetch(request);
        if (reply.status !== 200) return null;
        kept.set(key, copy(reply.body));
        return given(kept.get(key)!);
      },
    };
  };
}

function labOf(open: (env: Environment) => Subject): Lab {
  return new Lab(functionTarget({ name: 'keeping', open }), PROPERTIES);
}

const broken = ({ breaches }: Outcome): string[] => [...new Set(breaches.map(({ property }) => property))].toSorted();
const world = PLAIN_WORLD;
const around = (body: Buffer): Uint8Array => new Uint8Array(body.buffer);
const within = (body: Buffer): Uint8Array => new Uint8Array(body.buffer, body.byteOffset, body.byteLength);

describe('memory that frames of several users share', () => {
  it('gives away what lies beside a frame in the slab of Node', async () => {
    const lab = labOf(keeping(around, (body) => Buffer.from(body)));
    // What earlier sessions left in the slab is no fault of this cache.
    for (let session = 0; session < 3; session++) await lab.try({ world, operations: [ALICE] });
    expect(broken(await lab.try({ world, operations: [ALICE, BOB] }))).toContain('KH001');
  });

  it('gives away what lies beside a frame in the memory that came from the origin', async () => {
    const lab = labOf(keeping(({ buffer }) => buffer as ArrayBuffer));
    expect(broken(await lab.try({ world, operations: [ALICE] }))).toEqual([]);
    expect(broken(await lab.try({ world, operations: [ALICE, BOB] }))).toContain('KH001');
  });

  it('hurts nobody who stays within a frame', async () => {
    for (const lab of [labOf(keeping(within)), labOf(keeping(within, (body) => Buffer.from(body)))])
      for (let session = 0; session < 3; session++) expect(broken(await lab.try({ world, operations: [ALICE, BOB, ALICE, BOB] }))).toEqual([]);
  });

  it('can be written to, and given to somebody else, without hurting another frame', async () => {
    const writing = keeping(within, (body) => {
      const copy = Buffer.from(body);
      structuredClone(body, { transfer: [body.buffer as ArrayBuffer] });
      return copy;
    });
    expect(broken(await labOf(writing).try({ world, operations: [ALICE, BOB, ALICE, BOB] }))).toEqual([]);
  });

  it('begins anew, and empty', () => {
    const before = Buffer.from('what was there before');
    beginSlab();
    const after = Buffer.from('x');
    expect(after.buffer).not.toBe(before.buffer);
    expect(Buffer.from(after.buffer, 0, after.byteOffset).every((byte) => byte === 0)).toBe(true);
  });
});

describe('a frame of another session beside what is right', () => {
  it('is a fault, which says what else it may be', async () => {
    let first: Uint8Array | null = null;
    const lab = labOf(
      keeping((body) => {
        first ??= Uint8Array.from(body);
        return Buffer.concat([body, first]);
      }),
    );
    await lab.try({ world, operations: [ALICE] });
    await expect(lab.try({ world, operations: [ALICE, ALICE] })).rejects.toMatchObject({
      message: expect.stringContaining('another session') as string,
      remedy: expect.stringContaining('byteOffset') as string,
    });
  });

  it('is not told of where frames of this session are wrong', async () => {
    let first: Uint8Array | null = null;
    let latest: Uint8Array = Buffer.alloc(0);
    const lab = labOf(
      keeping((body) => {
        first ??= Uint8Array.from(body);
        const answer = Buffer.concat([body, latest, first]);
        latest = body;
        return answer;
      }),
    );
    await lab.try({ world, operations: [ask(1, 1)] });
    latest = Buffer.alloc(0);
    const fault = lab.try({ world, operations: [ALICE] });
    await expect(fault).rejects.toThrow('another session');
    latest = Buffer.alloc(0);
    first = null;
    expect(broken(await lab.try({ world, operations: [ALICE, BOB] }))).toContain('KH001');
  });
});

describe('a cache that goes by the bytes of frames', () => {
  it('does the same whenever a program is played', async () => {
    const seen: string[] = [];
    const open = keeping((body) => {
      seen.push(Buffer.from(body).toString('latin1'));
      return body;
    });
    for (let session = 0; session < 3; session++) await labOf(open).try({ world, operations: [ALICE, BOB] });
    expect(new Set(seen.slice(0, 2)).size).toBe(2);
    expect(seen.slice(2)).toEqual([...seen.slice(0, 2), ...seen.slice(0, 2)]);
    await labOf(open).try({ world, operations: [ALICE, ALICE] });
    expect(seen[6]).not.toBe(seen[0]);
  });
});

describe('a cache that sets its timers after it has answered', () => {
  const late =
    (later: (run: () => void) => void) =>
    ({ origin }: Environment): Subject => {
      const kept = new Map<string, Buffer>();
      return {
        async get(request) {
          const key = JSON.stringify([request.user, request.camera, request.tier, request.channel]);
          const hit = kept.get(key);
          if (hit !== undefined) return hit;
          const reply = await origin.fetch(request);
          if (reply.status !== 200) return null;
          kept.set(key, reply.body);
          later(() => setTimeout(() => kept.delete(key), reply.maxAgeMs));
          return reply.body;
        },
      };
    };

  it.each([
    ['two ticks later', (run: () => void) => void Promise.resolve().then(() => process.nextTick(() => process.nextTick(run)))],
    ['in another turn', (run: () => void) => void setImmediate(() => setImmediate(run))],
  ])('is not found to keep frames for too long: %s', async (_name, later) => {
    const operations = [ALICE, operation({ op: 'advance', by: world.lifetimeMs + 1000 }), operation({ op: 'recreate', camera: 0 }), ALICE];
    expect(broken(await labOf(late(later)).try({ world, operations }))).toEqual([]);
  });
});
