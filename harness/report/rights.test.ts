import { describe, expect, it } from 'vitest';
import { Authority } from '../../models/domain/authority.ts';
import type { Operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import type { Counterexample } from './document.ts';
import { rightsIn } from './rights.ts';
import { strangerCounterexample } from './sample-document.laws.ts';

const WORLD: World = { ...PLAIN_WORLD, users: ['alice', 'bob', 'carol'] };

function programOf(operations: Operation[]): Counterexample {
  return { ...strangerCounterexample(), program: { world: WORLD, operations } };
}

describe('rightsIn', () => {
  const operations: Operation[] = [
    { op: 'share', camera: 0, user: 2 },
    { op: 'share', camera: 0, user: 1 },
    { op: 'share', camera: 0, user: 0 },
    { op: 'share', camera: 1, user: 0 },
    { op: 'publish', camera: 0 },
    { op: 'unshare', camera: 0, user: 2 },
    { op: 'unpublish', camera: 0 },
    { op: 'transfer', camera: 0, user: 0 },
    { op: 'publish', camera: 0 },
    { op: 'transfer', camera: 0, user: 1 },
    { op: 'share', camera: 0, user: 0 },
    { op: 'recreate', camera: 0 },
  ];

  it('follows shares, changes of owner and publicity up to a step', () => {
    const told = operations.map((_, place) => rightsIn(programOf(operations), 0, place + 1));
    expect(told.map(({ owner, sharees, isPublic }) => `${owner} [${sharees.join()}]${isPublic ? ' public' : ''}`)).toEqual([
      '0 [2]',
      '0 [1,2]',
      '0 [1,2]',
      '0 [1,2]',
      '0 [1,2] public',
      '0 [1] public',
      '0 [1]',
      '0 [1]',
      '0 [1] public',
      '1 []',
      '1 [0]',
      '1 []',
    ]);
    expect(rightsIn(programOf(operations), 0, 0)).toEqual({ owner: 0, sharees: [], isPublic: false });
  });

  it('says of everybody what the authority says', () => {
    const authority = new Authority(WORLD);
    for (const [place, operation] of operations.entries()) {
      authority.instant = place + 1;
      switch (operation.op) {
        case 'share':
        case 'unshare':
        case 'transfer':
          authority[operation.op](operation.camera, operation.user);
          break;
        case 'publish':
        case 'unpublish':
        case 'recreate':
          authority[operation.op](operation.camera);
          break;
        default:
          throw new Error(`${operation.op} is not tried here`);
      }
      const { owner, sharees, isPublic } = rightsIn(programOf(operations), 0, place + 1);
      const epoch = authority.current[0]!;
      const holders = WORLD.users.flatMap((_, user) => (epoch.lostAt[user + 1] === Infinity ? [user] : []));
      expect([epoch.owner, holders, epoch.publicLostAt === Infinity], operation.op).toEqual([
        owner,
        [owner, ...sharees].toSorted((one, other) => one - other),
        isPublic,
      ]);
    }
  });
});
