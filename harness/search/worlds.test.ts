import { describe, expect, it } from 'vitest';
import { PLAIN_WORLD, TEMPLATE_ATTRIBUTES, type World } from '../../models/domain/world.ts';
import { type Capabilities, IN_PROCESS } from '../targets/capabilities.ts';
import { REFERENCE_MODELS } from '../targets/reference.ts';
import { attackIds } from './ids.ts';
import { numberedWorld, Seats, worldNumber } from './portfolio.ts';
import { Random } from './random.ts';
import { soundPolicies } from './soundness.ts';
import { ALL_WORLDS, drawWorld, type WorldIngredients } from './worlds.ts';

const HTTP: Capabilities = REFERENCE_MODELS.find((target) => target.capabilities.lifetimes === 'http')!.capabilities;
const MODEST: Capabilities = {
  ...IN_PROCESS,
  channels: false,
  credentials: ['cookie'],
  spellings: ['query'],
  lifetimeMs: 5_000,
  capacity: 7,
};

/** What is wrong with a world, or null. */
function faultOf(world: World, capabilities: Capabilities): string | null {
  const { users, cameras, templates, policies } = world;
  // Only a room that is fixed is worth a crowd.
  const most = capabilities.capacity === null ? 6 : 8;
  if (users.length < 2 || users.length > 3 || cameras.length < 1 || cameras.length > most || templates.length < 1 || templates.length > 6) return 'size';
  if (new Set(users).size !== users.length) return 'two users have one id';
  if (new Set(cameras.map((camera) => camera.id)).size !== cameras.length) return 'two cameras have one id';
  if ([...users, ...cameras.map((camera) => camera.id)].includes('')) return 'somebody has no id';
  if (cameras.some(({ owner }) => !Number.isInteger(owner) || owner < 0 || owner >= users.length)) return 'a camera belongs to nobody';
  const ways = templates.map((template) => TEMPLATE_ATTRIBUTES.map((attribute) => String(template[attribute])).join(' '));
  if (new Set(ways).size !== ways.length) return 'two templates are one';
  for (const { channel, credential, spelling, policy } of templates) {
    if (!capabilities.channels && channel !== 'app') return 'a channel that the target does not know';
    if (!capabilities.credentials.includes(credential) || !capabilities.spellings.includes(spelling)) return 'a way of asking that the target does not know';
    const said = policies[policy];
    if (said === undefined) return 'a template without a policy';
    const sound = soundPolicies(credential).some((other) => other.cacheControl === said.cacheControl && other.vary === said.vary);
    if (capabilities.lifetimes === 'http' && !sound) return `an unsound policy: ${JSON.stringify(said)} for ${credential}`;
  }
  if (new Set(policies.map((policy) => JSON.stringify(policy))).size !== policies.length) return 'two policies are one';
  if (world.capacity !== (capabilities.capacity ?? world.capacity) || world.capacity < 1) return 'capacity';
  return world.lifetimeMs === (capabilities.lifetimeMs ?? world.lifetimeMs) ? null : 'lifetime';
}

describe('a drawn world', () => {
  it.each([
    ['an in-process cache', IN_PROCESS, 50_000],
    ['an HTTP edge', HTTP, 45_000],
    ['a target that can do little', MODEST, 5_000],
  ])('is one that can live: for %s', (_name, capabilities, count) => {
    const faults = new Map<string, World>();
    for (let number = 0; number < count; number++) {
      const world = numberedWorld(1, number, capabilities);
      const fault = faultOf(world, capabilities);
      if (fault !== null) faults.set(fault, world);
    }
    expect([...faults]).toEqual([]);
  });

  it('is small or wide, plain or awkward, with room for little or much', () => {
    const worlds = Array.from({ length: 400 }, (_, number) => numberedWorld(3, number, HTTP));
    const spread = (of: (world: World) => unknown): number => new Set(worlds.map(of)).size;
    expect(spread((world) => `${world.users.length} ${world.cameras.length} ${world.templates.length}`)).toBeGreaterThan(8);
    expect(spread((world) => world.capacity)).toBeGreaterThan(3);
    expect(spread((world) => world.users.join())).toBeGreaterThan(20);
    expect(spread((world) => world.templates[0]!.credential)).toBe(HTTP.credentials.length);
    expect(spread((world) => JSON.stringify(world.policies[0]))).toBeGreaterThan(10);
    const wide = worlds.filter((world) => world.templates.length > 2).length;
    expect(wide).toBeGreaterThan(400 / 4);
    expect(wide).toBeLessThan(400 / 2);
  });

  it('has two owners wherever it has two cameras', () => {
    const shared = Array.from({ length: 500 }, (_, number) => numberedWorld(4, number, IN_PROCESS).cameras).filter(
      ([one, other]) => one?.owner === other?.owner,
    );
    expect(shared).toEqual([]);
  });

  it('is a crowd at times where the room is fixed, so that it can be filled', () => {
    const renditions = (capacity: number | null): number[] =>
      Array.from({ length: 200 }, (_, number) => numberedWorld(5, number, { ...IN_PROCESS, capacity })).map(
        ({ cameras, templates }) => cameras.length * templates.length,
      );
    expect(renditions(8).filter((count) => count > 8).length).toBeGreaterThan(40);
    expect(renditions(1_000).filter((count) => count > 18)).toEqual([]);
  });

  it('has many cameras now and then where the room is drawn, and never where names say which camera is meant', () => {
    const many = (capabilities: Capabilities): number =>
      Array.from({ length: 640 }, (_, number) => numberedWorld(5, number, capabilities)).filter(({ cameras }) => cameras.length > 4).length;
    expect(many(IN_PROCESS)).toBeGreaterThan(10);
    expect(many(IN_PROCESS)).toBeLessThan(40);
    expect(many(HTTP)).toBe(0);
  });

  it('can be drawn without an ingredient, to see what it is worth', () => {
    const drawn = (without: Partial<WorldIngredients>): World[] =>
      Array.from({ length: 200 }, (_, number) => drawWorld(new Random(8, number), { ...IN_PROCESS, capacity: 8 }, { ...ALL_WORLDS, ...without }));
    const isPlain = ({ users, cameras }: World): boolean => users.includes('alice') && cameras.some(({ id }) => id === 'door');
    expect(drawn({ attacks: false }).every(isPlain)).toBe(true);
    expect(drawn({}).filter(isPlain).length).toBeLessThan(100);
    expect(Math.max(...drawn({ crowded: false }).map(({ cameras }) => cameras.length))).toBe(3);
    expect(Math.max(...drawn({ crowded: false, wide: false }).map(({ templates }) => templates.length))).toBe(2);
    expect(Math.min(...drawn({ crowded: false, small: false }).map(({ templates }) => templates.length))).toBeGreaterThan(1);
  });

  it('has a theme where it speaks HTTP: plain terms, one template on other terms beside its plain sibling, or any', () => {
    const worlds = Array.from({ length: 400 }, (_, number) => numberedWorld(7, number, HTTP));
    const special = ({ templates }: World): World['templates'] =>
      templates.filter(({ method, condition, range }) => method !== undefined || condition !== undefined || range !== undefined);
    expect(worlds.filter((world) => special(world).length === 0).length).toBeGreaterThan(400 / 6);
    const pairs = worlds.filter(({ templates: [one, other] }) => {
      if (one === undefined || other === undefined || one.policy !== other.policy) return false;
      return (
        TEMPLATE_ATTRIBUTES.filter((attribute) => one[attribute] !== other[attribute]).length === 1 &&
        special({ ...PLAIN_WORLD, templates: [other] }).length === 1
      );
    });
    expect(pairs.length).toBeGreaterThan(400 / 4);
  });

  it('measures time by the lifetimes and stale windows of its own answers where these say how long they live', () => {
    const worlds = Array.from({ length: 400 }, (_, number) => numberedWorld(7, number, HTTP));
    const paces = new Set(worlds.map(({ lifetimeMs }) => lifetimeMs));
    for (const paceMs of [10_000, 60_000, 70_000, 130_000]) expect(paces).toContain(paceMs);
    for (const { lifetimeMs, policies } of worlds)
      if (lifetimeMs !== 60_000) expect(policies.some(({ cacheControl }) => /max-?age=10/.test(cacheControl))).toBe(true);
  });

  it('is plain JSON', () => {
    for (let number = 0; number < 200; number++) {
      const world = drawWorld(new Random(6, number), HTTP);
      expect(JSON.parse(JSON.stringify(world))).toEqual(world);
    }
  });
});

describe('awkward ids', () => {
  it('make the keys equal that careless caches join', () => {
    const careless: readonly ((user: string, camera: string) => string)[] = [
      (user, camera) => user + camera,
      (user, camera) => `${user}:${camera}`,
      (user, camera) => `${user}/${camera}`,
      (user, camera) => `${user}${camera}`.toLowerCase(),
      (user, camera) => `${user} ${camera}`.normalize('NFC'),
      (user, camera) => user.slice(0, 8) + camera.slice(0, 8),
      (user, camera) => `${user}-${camera}`.replaceAll(/[^a-z0-9]/gi, ''),
      (user, camera) => String(Number(camera)) + user,
    ];
    const random = new Random(1);
    const equal = new Set<number>();
    for (let round = 0; round < 500; round++) {
      const { users, cameras } = attackIds(random);
      const pairs = users.slice(0, 3).flatMap((user) => cameras.slice(0, 3).map((camera) => [user, camera] as const));
      for (const [index, key] of careless.entries()) if (new Set(pairs.map(([user, camera]) => key(user, camera))).size < pairs.length) equal.add(index);
    }
    expect([...equal].toSorted((a, b) => a - b)).toEqual(careless.map((_, index) => index));
  });
});

describe('the world of a program', () => {
  it('depends on the index alone', () => {
    const indexes = [0, 1, 2_047, 2_048, 2_049, 9_999, 70_000, 1_000_000, 123_456_789];
    const numbers = indexes.map((index) => worldNumber(index));
    expect(indexes.toReversed().map((index) => worldNumber(index))).toEqual(numbers.toReversed());
    for (const number of numbers) expect(Number.isInteger(number) && number >= 0).toBe(true);
  });

  it('is one of its own for the first programs, and lasts longer the longer the search goes on', () => {
    const worldsIn = (from: number): number => new Set(Array.from({ length: 2_048 }, (_, index) => worldNumber(from + index))).size;
    expect([0, 2_048, 67_584, 67_584 + 512 * 400_000].map((from) => worldsIn(from))).toEqual([2_048, 64, 4, 4]);
  });

  it('never comes back after it gave way to the next one, and none is left out', () => {
    const gaps = new Set<number>();
    for (let index = 1; index < 1_500_000; index++) gaps.add(worldNumber(index) - worldNumber(index - 1));
    expect(gaps).toEqual(new Set([0, 1]));
  });

  it('is the same whoever asks for it, and another one for another seed', () => {
    expect(numberedWorld(1, 7, HTTP)).toEqual(numberedWorld(1, 7, HTTP));
    const differing = Array.from(
      { length: 50 },
      (_, number) => JSON.stringify(numberedWorld(1, number, HTTP)) !== JSON.stringify(numberedWorld(2, number, HTTP)),
    );
    expect(differing.filter(Boolean).length).toBeGreaterThan(45);
  });
});

describe('seats', () => {
  it('hold the world of the index, whichever came before', () => {
    const indexes = Array.from({ length: 3_000 }, (_, at) => (at * 7_919) % 100_000);
    const seats = new Seats(1, IN_PROCESS, (world) => world);
    for (const index of indexes) expect(seats.at(index)).toEqual(numberedWorld(1, worldNumber(index), IN_PROCESS));
  });

  it('are made once for neighbours', () => {
    let made = 0;
    const seats = new Seats(1, IN_PROCESS, () => ++made);
    for (let index = 0; index < 100_000; index++) seats.at(index);
    expect(made).toBe(worldNumber(99_999) + 1);
  });
});
