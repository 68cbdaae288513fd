import { describe, expect, it } from 'vitest';
import type { LifetimeRule } from '../../harness/run/lifetime.ts';
import { compile, play } from '../../harness/run/run.ts';
import { Stage } from '../../harness/run/stage.ts';
import { Random } from '../../harness/search/random.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { keyOf } from '../keys.ts';
import { Lookaside } from '../lookaside.ts';
import { sharedEntries } from '../lru.ts';
import type { Call, Contact, Reply, Session } from '../origin.ts';
import type { Policy } from '../policy.ts';
import { Authority, type Epoch, type MarkedFrame } from './authority.ts';
import { type Operation, operation, type Outcome } from './operation.ts';
import { ANONYMOUS, PLAIN_TEMPLATE, PLAIN_WORLD, type Template, type World } from './world.ts';

const ALICE = 0;
const BOB = 1;
const CAROL = 2;
/** Alice's. */
const DOOR = 0;
/** Bob's. */
const YARD = 1;
const LIFETIME_MS = 60_000;

const APP = 0;
const LOW = 1;
const HUB = 2;
const VISITOR = 3;

const TEMPLATES: readonly Template[] = [
  PLAIN_TEMPLATE,
  { ...PLAIN_TEMPLATE, tier: 'low' },
  { ...PLAIN_TEMPLATE, channel: 'hub' },
  { ...PLAIN_TEMPLATE, credential: 'none' },
];
const WORLD: World = { ...PLAIN_WORLD, users: ['alice', 'bob', 'carol'], templates: TEMPLATES, capacity: 8, lifetimeMs: LIFETIME_MS };

const ask = (user: number, camera: number, template: number = APP): Operation => operation({ op: 'request', user, camera, template });
const begin = (user: number, camera: number, template: number = APP): Operation => operation({ op: 'begin', user, camera, template });
const release = (user: number, camera: number, template: number = APP, outcome: Outcome = 'reply'): Operation =>
  operation({ op: 'release', user, camera, template, outcome });
const share = (camera: number, user: number): Operation => operation({ op: 'share', camera, user });
const unshare = (camera: number, user: number): Operation => operation({ op: 'unshare', camera, user });
const transfer = (camera: number, user: number): Operation => operation({ op: 'transfer', camera, user });
const recreate = (camera: number): Operation => operation({ op: 'recreate', camera });
const publish = (camera: number): Operation => operation({ op: 'publish', camera });
const unpublish = (camera: number): Operation => operation({ op: 'unpublish', camera });
const disable = operation({ op: 'disable', channel: 'hub' });
const enable = operation({ op: 'enable', channel: 'hub' });
const unlink = (user: number): Operation => operation({ op: 'unlink', user, channel: 'hub' });
const link = (user: number): Operation => operation({ op: 'link', user, channel: 'hub' });
const advance = (by: number): Operation => operation({ op: 'advance', by });
const capture = (camera: number): Operation => operation({ op: 'capture', camera });

type MakeSession = (stage: Stage) => Session;

const HOARDER: Policy = {
  ...sharedEntries,
  key: (request) => keyOf(request.camera, request.tier),
  join: () => null,
  admit: () => true,
  serve: () => 'serve',
  invalidate: () => false,
};

/** A cache that keeps the first frame of each camera and tier for ever, and gives it to whoever asks. */
const hoarder: MakeSession = (stage) => new Lookaside(stage, stage, { policies: [HOARDER], capacity: WORLD.capacity, limit: 'count', renditions: 'fetched' });

/** The same, with entries of each caller. */
const privateHoarder: MakeSession = (stage) => {
  const policy: Policy = { ...HOARDER, key: (request) => keyOf(request.user, request.camera, request.tier) };
  return new Lookaside(stage, stage, { policies: [policy], capacity: WORLD.capacity, limit: 'count', renditions: 'fetched' });
};

/** No cache at all: it fetches for everybody with its own credential, and never looks at who asks. */
class Careless implements Session {
  private readonly stage: Stage;

  constructor(stage: Stage) {
    this.stage = stage;
  }

  ask(call: Call): void {
    this.stage.fetch(call, call.request.tier, this, true);
  }

  resume(call: Call, _contact: Contact, reply: Reply): void {
    if (reply.status === 'ok') this.stage.answered(call, reply.frame as MarkedFrame, false);
    else this.stage.refused(call, reply.status);
  }

  cancel(): void {}
  tell(): void {}
  close(): void {}
}

const careless: MakeSession = (stage) => new Careless(stage);

interface Terms {
  readonly told?: boolean;
  readonly lifetimes?: LifetimeRule;
  readonly world?: World;
}

/** What is broken by these operations against such a cache, each as `number of the operation: property/kind`. */
function told(make: MakeSession, operations: readonly Operation[], terms: Terms = {}): string[] {
  const world = terms.world ?? WORLD;
  const stage = new Stage(world, { terms: { told: terms.told ?? true }, lifetimes: terms.lifetimes ?? 'granted', properties: PROPERTIES, record: true });
  play(stage, make(stage), compile(stage, operations));
  expect(stage.inFlight, 'every call of the story is answered').toBe(0);
  return stage.breaches.map((breach) => `${breach.instant}: ${breach.property}/${breach.kind}`);
}

describe('rule 1: the audience of a frame', () => {
  it('is its owner, and no stranger', () => {
    expect(told(hoarder, [ask(ALICE, DOOR), ask(ALICE, DOOR), ask(BOB, DOOR)])).toEqual(['3: KH001/stranger']);
  });

  it('grows by those it is shared with, also for what was captured before', () => {
    expect(told(hoarder, [ask(ALICE, DOOR), share(DOOR, BOB), capture(DOOR), ask(BOB, DOOR)])).toEqual([]);
    expect(told(hoarder, [ask(ALICE, DOOR), share(DOOR, BOB), ask(CAROL, DOOR)])).toEqual(['3: KH001/stranger']);
  });

  it('is everybody while the camera is public', () => {
    expect(told(hoarder, [publish(DOOR), ask(ALICE, DOOR), ask(BOB, DOOR), ask(ALICE, DOOR, VISITOR)])).toEqual([]);
    expect(told(hoarder, [publish(YARD), ask(ALICE, DOOR), ask(BOB, DOOR)])).toEqual(['3: KH001/stranger']);
  });

  it('belongs to one epoch: what is shared or public before a change of owner says nothing about what comes after', () => {
    expect(told(careless, [share(DOOR, BOB), publish(DOOR), transfer(DOOR, CAROL), ask(BOB, DOOR)])).toEqual(['4: KH003/former']);
    expect(told(hoarder, [ask(ALICE, DOOR), transfer(DOOR, CAROL), share(DOOR, BOB), ask(BOB, DOOR)])).toEqual(['4: KH003/successor']);
  });

  it('is not what an owner takes from himself, nor what is given to him', () => {
    expect(told(hoarder, [ask(ALICE, DOOR), unshare(DOOR, ALICE), ask(ALICE, DOOR)])).toEqual([]);
    expect(told(hoarder, [share(DOOR, ALICE), unshare(DOOR, ALICE), ask(ALICE, DOOR)])).toEqual([]);
    expect(told(hoarder, [share(DOOR, BOB), ask(BOB, DOOR), transfer(DOOR, ALICE), ask(BOB, DOOR)])).toEqual([]);
  });
});

describe('rule 2: a call is the closed interval from its first byte to its last', () => {
  it('a caller who had the right when he began receives rightly', () => {
    expect(told(careless, [share(DOOR, BOB), begin(BOB, DOOR), unshare(DOOR, BOB), release(BOB, DOOR)])).toEqual([]);
  });

  it('a caller who gained the right on the way receives rightly, also if he lost it again', () => {
    expect(told(careless, [begin(BOB, DOOR), share(DOOR, BOB), release(BOB, DOOR)])).toEqual([]);
    expect(told(careless, [begin(BOB, DOOR), share(DOOR, BOB), unshare(DOOR, BOB), release(BOB, DOOR)])).toEqual([]);
    expect(told(careless, [begin(BOB, DOOR), publish(DOOR), unpublish(DOOR), release(BOB, DOOR)])).toEqual([]);
  });

  it('a caller who lost the right just before he began does not', () => {
    expect(told(careless, [share(DOOR, BOB), unshare(DOOR, BOB), begin(BOB, DOOR), release(BOB, DOOR)])).toEqual(['4: KH002/unshared']);
    expect(told(careless, [begin(BOB, DOOR), release(BOB, DOOR), share(DOOR, BOB)])).toEqual(['2: KH001/stranger']);
  });

  it('a refusal is never a leak', () => {
    expect(told(careless, [begin(BOB, DOOR), release(BOB, DOOR, APP, 'refuse'), begin(BOB, DOOR), release(BOB, DOOR, APP, 'error')])).toEqual([]);
  });

  it('the authority agrees with a list of who was in the audience at which instant', () => {
    const random = new Random(7);
    let seen = 0;
    for (let run = 0; run < 300; run++) seen += agreesWithList(random);
    expect(seen).toBeGreaterThan(50_000);
  });
});

/** Plays random changes of rights and asks every question about every past moment; returns how many questions it asked. */
function agreesWithList(random: Random): number {
  const authority = new Authority(WORLD);
  const users = [ANONYMOUS, ALICE, BOB, CAROL];
  const epochs: Epoch[] = [...authority.current];
  const audiences = new Map<Epoch, { owner: number; sharees: Set<number>; isPublic: boolean; isOver: boolean }>();
  const begins = (epoch: Epoch, owner: number): unknown => audiences.set(epoch, { owner, sharees: new Set(), isPublic: false, isOver: false });
  for (const epoch of epochs) begins(epoch, epoch.owner);
  const isIn = (user: number, epoch: Epoch): boolean => {
    const { owner, sharees, isPublic, isOver } = audiences.get(epoch)!;
    return user === owner || (!isOver && (isPublic || sharees.has(user)));
  };
  /** By instant: who is in the audience of which epoch, right after it. */
  const list: Set<string>[] = [];
  const look = (): void => {
    list.push(new Set(epochs.flatMap((epoch, place) => users.filter((user) => isIn(user, epoch)).map((user) => `${user} ${place}`))));
  };
  look();
  for (let instant = 1; instant <= 12; instant++) {
    authority.instant = instant;
    const camera = random.below(2);
    const user = random.below(3);
    const before = authority.current[camera]!;
    const audience = audiences.get(before)!;
    switch (random.below(7)) {
      case 0:
        authority.share(camera, user);
        audience.sharees.add(user);
        break;
      case 1:
        authority.unshare(camera, user);
        audience.sharees.delete(user);
        break;
      case 2:
        authority.publish(camera);
        audience.isPublic = true;
        break;
      case 3:
        authority.unpublish(camera);
        audience.isPublic = false;
        break;
      case 4:
        authority.transfer(camera, user);
        break;
      case 5:
        authority.recreate(camera);
        break;
      default:
    }
    if (authority.current[camera] !== before) {
      audience.isOver = true;
      epochs.push(authority.current[camera]!);
      begins(authority.current[camera]!, authority.current[camera]!.owner);
    }
    look();
  }
  return asksAll(authority, epochs, list);
}

function asksAll(authority: Authority, epochs: readonly Epoch[], list: readonly ReadonlySet<string>[]): number {
  let questions = 0;
  for (const user of [ANONYMOUS, ALICE, BOB, CAROL])
    for (const [place, epoch] of epochs.entries()) {
      for (let since = 0; since < list.length; since++) {
        questions++;
        // The interval is closed: a call that begins while a right is withdrawn still touches it.
        const listed = list.slice(Math.max(0, since - 1)).some((audience) => audience.has(`${user} ${place}`));
        if (authority.may(user, epoch, since) !== listed)
          throw new Error(`user ${user}, epoch ${epoch.number} of camera ${epoch.camera}, since ${since}: listed ${listed}`);
      }
      const ever = list.some((audience) => audience.has(`${user} ${place}`));
      if (authority.everMight(user, epoch) !== ever) throw new Error(`user ${user}, epoch ${epoch.number} of camera ${epoch.camera}: ever ${ever}`);
    }
  for (const user of [ANONYMOUS, ALICE, BOB, CAROL])
    for (const camera of [DOOR, YARD]) {
      const known = epochs.some((epoch) => epoch.camera === camera && authority.everMight(user, epoch));
      if (authority.knows(user, camera) !== known) throw new Error(`user ${user} knows camera ${camera}: ${known}`);
    }
  return questions;
}

describe('rule 3: what was captured while one owned a camera stays his', () => {
  it('after he gave the camera away', () => {
    expect(told(hoarder, [ask(ALICE, DOOR), transfer(DOOR, BOB), ask(ALICE, DOOR)])).toEqual([]);
  });

  it('and after he got it back', () => {
    expect(told(hoarder, [ask(ALICE, DOOR), transfer(DOOR, BOB), transfer(DOOR, ALICE), ask(ALICE, DOOR)])).toEqual([]);
  });

  it("while what the other one saw in between stays the other one's", () => {
    expect(told(hoarder, [transfer(DOOR, BOB), ask(BOB, DOOR), transfer(DOOR, ALICE), ask(BOB, DOOR), ask(ALICE, DOOR)])).toEqual(['5: KH003/successor']);
  });

  it('after he deleted the camera and made it anew: keeping it is no leak, but retention', () => {
    expect(told(hoarder, [ask(ALICE, DOOR), recreate(DOOR), ask(ALICE, DOOR)])).toEqual(['3: KH010/deleted']);
  });

  it('but those he shared with lose it with the epoch', () => {
    expect(told(hoarder, [share(DOOR, BOB), ask(BOB, DOOR), recreate(DOOR), ask(BOB, DOOR)])).toEqual(['4: KH002/unshared']);
  });

  it('and those he shares the new epoch with as well only receive what was kept too long', () => {
    expect(told(hoarder, [share(DOOR, BOB), ask(BOB, DOOR), recreate(DOOR), share(DOOR, BOB), ask(BOB, DOOR)])).toEqual([]);
  });

  it('and a new owner loses nothing by having been a sharee', () => {
    expect(told(careless, [share(DOOR, BOB), transfer(DOOR, BOB), unshare(DOOR, BOB), ask(BOB, DOOR)])).toEqual([]);
  });
});

describe('rule 4: revocation binds when the target can know', () => {
  const revoked = (waitMs: number): Operation[] => [share(DOOR, BOB), ask(BOB, DOOR), unshare(DOOR, BOB), advance(waitMs), ask(BOB, DOOR)];

  it('at once where it is told', () => {
    expect(told(hoarder, revoked(0))).toEqual(['5: KH002/unshared']);
  });

  it('at the end of the lifetime of the copy where it is not', () => {
    expect(told(hoarder, revoked(0), { told: false })).toEqual([]);
    expect(told(hoarder, revoked(LIFETIME_MS - 1), { told: false })).toEqual([]);
    expect(told(hoarder, revoked(LIFETIME_MS + 1), { told: false })).toEqual(['5: KH002/unshared']);
  });

  it('not yet at the very moment at which the lifetime ends', () => {
    expect(told(hoarder, revoked(LIFETIME_MS), { told: false })).toEqual([]);
  });

  it('with the end of the very copy that is served, not of another one', () => {
    const half = advance(LIFETIME_MS / 2);
    const story = [share(DOOR, BOB), ask(ALICE, DOOR), half, ask(BOB, DOOR), unshare(DOOR, BOB), half, advance(1), ask(BOB, DOOR)];
    expect(told(hoarder, story, { told: false })).toEqual(['8: KH002/unshared']);
    expect(told(privateHoarder, story, { told: false })).toEqual([]);
    expect(told(privateHoarder, [...story, half, ask(BOB, DOOR)], { told: false })).toEqual(['10: KH002/unshared']);
  });

  it('for a call that began before the end, whenever its answer comes', () => {
    const story = [share(DOOR, BOB), begin(BOB, DOOR), unshare(DOOR, BOB), advance(2 * LIFETIME_MS), release(BOB, DOOR)];
    expect(told(careless, story, { told: false })).toEqual([]);
  });

  it('with a lifetime that begins when the answer was given, not when it was asked for', () => {
    const half = advance(LIFETIME_MS / 2);
    const story = [share(DOOR, BOB), begin(BOB, DOOR), half, release(BOB, DOOR), unshare(DOOR, BOB), half];
    expect(told(privateHoarder, [...story, half, ask(BOB, DOOR)], { told: false })).toEqual([]);
    expect(told(privateHoarder, [...story, half, advance(1), ask(BOB, DOOR)], { told: false })).toEqual(['9: KH002/unshared']);
  });

  it('with the freshness and the stale windows of the response, where HTTP says how long', () => {
    const policies = [{ cacheControl: 'max-age=10, stale-while-revalidate=20', vary: '' }];
    const world: World = { ...PLAIN_WORLD, policies };
    const terms: Terms = { told: false, lifetimes: 'http', world };
    expect(told(hoarder, revoked(30_000), terms)).toEqual([]);
    expect(told(hoarder, revoked(30_001), terms)).toEqual(['5: KH002/unshared']);
  });

  it('for what was public as well', () => {
    const story = (waitMs: number): Operation[] => [publish(DOOR), ask(BOB, DOOR), unpublish(DOOR), advance(waitMs), ask(BOB, DOOR)];
    expect(told(hoarder, story(0))).toEqual(['5: KH002/unpublished']);
    expect(told(hoarder, story(LIFETIME_MS - 1), { told: false })).toEqual([]);
    expect(told(hoarder, story(LIFETIME_MS + 1), { told: false })).toEqual(['5: KH002/unpublished']);
  });

  it('but a stranger is a stranger from the first moment, told or not', () => {
    expect(told(hoarder, [ask(ALICE, DOOR), ask(BOB, DOOR)], { told: false })).toEqual(['2: KH001/stranger']);
  });

  it('and a right that was given again is held', () => {
    expect(told(hoarder, [share(DOOR, BOB), ask(BOB, DOOR), unshare(DOOR, BOB), share(DOOR, BOB), ask(BOB, DOOR)])).toEqual([]);
  });
});

describe('rule 6: right camera and tier is integrity', () => {
  /** Gives everybody the first frame that the origin gave, and says so or not. */
  const stuck =
    (isDeclared: boolean): MakeSession =>
    (stage) => {
      let first: MarkedFrame | null = null;
      const session: Session & { resume(call: Call, contact: Contact, reply: Reply): void } = {
        ask: (call) => (first === null ? stage.fetch(call, call.request.tier, session) : stage.answered(call, first, isDeclared)),
        resume: (call, _contact, reply) => {
          first = reply.frame as MarkedFrame;
          stage.answered(call, first, false);
        },
        cancel: () => {},
        tell: () => {},
        close: () => {},
      };
      return session;
    };

  it('another tier, or another camera of his own, breaks it', () => {
    expect(told(stuck(false), [ask(ALICE, DOOR), ask(ALICE, DOOR, LOW)])).toEqual(['2: KH004/tier']);
    expect(told(stuck(false), [share(YARD, ALICE), ask(ALICE, YARD), ask(ALICE, DOOR)])).toEqual(['3: KH004/camera']);
  });

  it('a declared fallback is legal', () => {
    expect(told(stuck(true), [ask(ALICE, DOOR), ask(ALICE, DOOR, LOW)])).toEqual([]);
    expect(told(stuck(true), [share(YARD, ALICE), ask(ALICE, YARD), ask(ALICE, DOOR)])).toEqual([]);
  });

  it('but never makes a foreign frame legal', () => {
    expect(told(stuck(true), [ask(ALICE, DOOR), ask(BOB, DOOR, LOW)])).toEqual(['2: KH001/stranger']);
    expect(told(stuck(true), [ask(ALICE, DOOR), ask(BOB, YARD)])).toEqual(['2: KH001/stranger']);
  });

  it('what is foreign is a leak, and not also the wrong rendition', () => {
    expect(told(stuck(false), [ask(ALICE, DOOR), ask(BOB, YARD, LOW)])).toEqual(['2: KH001/stranger']);
  });
});

describe('rule 7: who asks without a credential is a visitor, whoever sits at the device', () => {
  it('an owner who asks as a visitor is not the owner', () => {
    expect(told(hoarder, [ask(ALICE, DOOR), ask(ALICE, DOOR, VISITOR)])).toEqual(['2: KH001/anonymous']);
    expect(told(hoarder, [ask(ALICE, DOOR), ask(ANONYMOUS, DOOR, VISITOR)])).toEqual(['2: KH001/anonymous']);
  });

  it('a share with a user is no share with visitors', () => {
    expect(told(hoarder, [share(DOOR, BOB), ask(BOB, DOOR), ask(BOB, DOOR, VISITOR)])).toEqual(['3: KH001/anonymous']);
  });

  it('a visitor sees what is public while it is public', () => {
    expect(told(hoarder, [publish(DOOR), ask(ANONYMOUS, DOOR, VISITOR), unpublish(DOOR), ask(ANONYMOUS, DOOR, VISITOR)])).toEqual(['4: KH002/unpublished']);
  });

  it('what was given to a visitor is no more than what everybody may see', () => {
    expect(told(hoarder, [publish(DOOR), ask(ANONYMOUS, DOOR, VISITOR), ask(BOB, DOOR)])).toEqual([]);
  });
});

describe('rule 8: a disabled channel serves nothing', () => {
  it('cached or not, not even to the owner', () => {
    expect(told(hoarder, [ask(ALICE, DOOR, HUB), disable, ask(ALICE, DOOR, HUB)])).toEqual(['3: KH005/disabled']);
    expect(told(careless, [disable, ask(ALICE, DOOR, HUB)])).toEqual(['2: KH005/disabled']);
  });

  it('to no call that began after it was switched off, and to those that began before', () => {
    expect(told(careless, [begin(ALICE, DOOR, HUB), disable, release(ALICE, DOOR, HUB)])).toEqual([]);
    expect(told(careless, [disable, begin(ALICE, DOOR, HUB), release(ALICE, DOOR, HUB)])).toEqual(['3: KH005/disabled']);
    expect(told(careless, [disable, begin(ALICE, DOOR, HUB), enable, release(ALICE, DOOR, HUB)])).toEqual([]);
  });

  it('whether the target is told or not', () => {
    expect(told(hoarder, [ask(ALICE, DOOR, HUB), disable, ask(ALICE, DOOR, HUB)], { told: false })).toEqual(['3: KH005/disabled']);
  });

  it('while the other channel goes on, and everything does once it is on again', () => {
    expect(told(hoarder, [ask(ALICE, DOOR), disable, ask(ALICE, DOOR), enable, ask(ALICE, DOOR, HUB)])).toEqual([]);
    expect(told(careless, [disable, enable, disable, ask(ALICE, DOOR, HUB)])).toEqual(['4: KH005/disabled']);
  });

  it('to a user who unlinked it, and to him alone', () => {
    expect(told(hoarder, [unlink(ALICE), ask(BOB, YARD, HUB), ask(ALICE, DOOR), ask(ALICE, DOOR, HUB)])).toEqual(['4: KH005/unlinked']);
    expect(told(hoarder, [unlink(ALICE), link(ALICE), ask(ALICE, DOOR, HUB)])).toEqual([]);
    expect(told(careless, [begin(ALICE, DOOR, HUB), unlink(ALICE), release(ALICE, DOOR, HUB)])).toEqual([]);
  });

  it('from the first time that it was switched off or unlinked, not the last', () => {
    expect(told(careless, [disable, begin(ALICE, DOOR, HUB), disable, release(ALICE, DOOR, HUB)])).toEqual(['4: KH005/disabled']);
    expect(told(careless, [unlink(ALICE), begin(ALICE, DOOR, HUB), unlink(ALICE), release(ALICE, DOOR, HUB)])).toEqual(['4: KH005/unlinked']);
    expect(told(careless, [share(DOOR, BOB), unshare(DOOR, BOB), begin(BOB, DOOR), unshare(DOOR, BOB), release(BOB, DOOR)])).toEqual(['5: KH002/unshared']);
    expect(told(careless, [publish(DOOR), unpublish(DOOR), begin(BOB, DOOR), unpublish(DOOR), release(BOB, DOOR)])).toEqual(['5: KH002/unpublished']);
  });
});

describe('rule 9: bytes do not lie', () => {
  /** Answers every call with what it asked for, and lets a part of the frame before slip in. */
  const torn: MakeSession = (stage) => {
    let before: MarkedFrame | null = null;
    const session: Session & { resume(call: Call, contact: Contact, reply: Reply): void } = {
      ask: (call) => stage.fetch(call, call.request.tier, session),
      resume: (call, _contact, reply) => {
        if (reply.frame === null) {
          stage.refused(call, reply.status);
          return;
        }
        stage.answered(call, reply.frame as MarkedFrame, true);
        if (before !== null) stage.alsoAnswered(call, before, true);
        before = reply.frame as MarkedFrame;
      },
      cancel: () => {},
      tell: () => {},
      close: () => {},
    };
    return session;
  };

  it('one foreign mark is a violation, although the rest of the answer is right and is called a fallback', () => {
    expect(told(torn, [ask(ALICE, DOOR), ask(BOB, YARD)])).toEqual(['2: KH006/torn', '2: KH001/stranger']);
    expect(told(torn, [ask(ALICE, DOOR), ask(ALICE, DOOR)])).toEqual([]);
  });

  it('whatever the program does afterwards', () => {
    expect(told(hoarder, [ask(ALICE, DOOR), ask(BOB, DOOR), share(DOOR, BOB), ask(BOB, DOOR)])).toEqual(['2: KH001/stranger']);
    expect(told(hoarder, [ask(ALICE, DOOR), ask(BOB, DOOR), publish(DOOR), ask(BOB, DOOR)])).toEqual(['2: KH001/stranger']);
  });

  it('however often: the first answer of a shape is the one that counts', () => {
    expect(told(hoarder, [ask(ALICE, DOOR), ask(BOB, DOOR), ask(BOB, DOOR), ask(CAROL, DOOR)])).toEqual(['2: KH001/stranger']);
  });
});

describe('an authority', () => {
  it('forgets everything when it is reset', () => {
    const authority = new Authority(WORLD);
    const ask0 = (): unknown =>
      [BOB, CAROL, ANONYMOUS].map((user) =>
        [DOOR, YARD].map((camera) => [authority.allows(user, camera, 'app'), authority.allows(user, camera, 'hub'), authority.knows(user, camera)]),
      );
    const fresh = ask0();
    authority.instant = 1;
    authority.share(DOOR, BOB);
    authority.publish(YARD);
    authority.transfer(DOOR, CAROL);
    authority.disable('hub');
    authority.unlink(BOB, 'app');
    expect(ask0()).not.toEqual(fresh);
    authority.reset();
    expect(ask0()).toEqual(fresh);
    expect([authority.instant, authority.closures, authority.current.map((epoch) => [epoch.number, epoch.owner, epoch.sequence])]).toEqual([
      0,
      0,
      [
        [0, ALICE, 0],
        [0, BOB, 0],
      ],
    ]);
  });

  it('answers as a truthful origin: rights that are held now, through a channel that is open now', () => {
    const authority = new Authority(WORLD);
    expect(authority.allows(ALICE, DOOR, 'hub')).toBe(true);
    expect(authority.allows(BOB, DOOR, 'app')).toBe(false);
    authority.publish(DOOR);
    expect([BOB, ANONYMOUS].map((user) => authority.allows(user, DOOR, 'app'))).toEqual([true, true]);
    authority.unpublish(DOOR);
    expect([BOB, ANONYMOUS].map((user) => authority.allows(user, DOOR, 'app'))).toEqual([false, false]);
    authority.disable('hub');
    expect([authority.allows(ALICE, DOOR, 'hub'), authority.allows(ALICE, DOOR, 'app')]).toEqual([false, true]);
    authority.transfer(DOOR, BOB);
    expect([authority.allows(ALICE, DOOR, 'app'), authority.allows(BOB, DOOR, 'app')]).toEqual([false, true]);
  });
});
