import { describe, expect, it } from 'vitest';
import { operation, type Operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab } from '../run/lab.ts';
import type { Environment, Subject } from './function-subject.ts';
import { functionTarget } from './function.ts';

/** One entry of a camera for all, which is told nothing, and remembers for so long who was allowed. */
function remembering(permissionMs: number): (env: Environment) => Subject {
  return ({ origin }) => {
    const frames = new Map<string, { readonly body: Buffer; readonly epoch: number; readonly untilMs: number }>();
    const allowed = new Map<string, number>();
    return {
      async get(request) {
        const [key, who] = [JSON.stringify([request.camera, request.tier]), JSON.stringify([request.user, request.camera])];
        const kept = frames.get(key);
        if (kept !== undefined && kept.untilMs > Date.now() && (allowed.get(who) ?? 0) > Date.now()) return kept.body;
        const { status, body, epoch, maxAgeMs } = await origin.fetch(request);
        if (status !== 200) return null;
        allowed.set(who, Date.now() + permissionMs);
        frames.set(key, { body, epoch, untilMs: Date.now() + maxAgeMs });
        return body;
      },
    };
  };
}

const ALICE: Operation = operation({ op: 'request', user: 0, camera: 0, template: 0 });
const BOB: Operation = operation({ op: 'request', user: 1, camera: 0, template: 0 });
const share: Operation = operation({ op: 'share', camera: 0, user: 1 });
const unshare: Operation = operation({ op: 'unshare', camera: 0, user: 1 });
const advance = (by: number): Operation => operation({ op: 'advance', by });

async function broken(permissionMs: number, operations: readonly Operation[]): Promise<string[]> {
  const lab = new Lab(functionTarget({ name: 'remembering', open: remembering(permissionMs) }), PROPERTIES);
  const { breaches } = await lab.try({ world: PLAIN_WORLD, operations });
  return breaches.map(({ property }) => property);
}

describe('a permission that is remembered by a cache that is told nothing', () => {
  const { lifetimeMs } = PLAIN_WORLD;
  const late = [share, BOB, advance(lifetimeMs + 1000), unshare, ALICE, BOB];

  it('does not last for longer than the answer in which it was given, however new the frame is', async () => {
    expect(await broken(Number.POSITIVE_INFINITY, late)).toEqual(['KH002']);
    expect(await broken(lifetimeMs, late)).toEqual([]);
  });

  it('lasts as long as that answer', async () => {
    const early = [share, BOB, advance(lifetimeMs - 1000), unshare, ALICE, BOB];
    expect(await broken(lifetimeMs, early)).toEqual([]);
    expect(await broken(Number.POSITIVE_INFINITY, early)).toEqual([]);
  });

  it('counts from when it was given last', async () => {
    const again = [share, BOB, advance(lifetimeMs + 1000), BOB, unshare, advance(1000), ALICE, BOB];
    expect(await broken(lifetimeMs, again)).toEqual([]);
  });
});
