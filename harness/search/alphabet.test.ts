import { describe, expect, it } from 'vitest';
import { type Operation, OPERATION_KINDS, type OperationKind } from '../../models/domain/operation.ts';
import { ANONYMOUS, PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { type Capabilities, IN_PROCESS } from '../targets/capabilities.ts';
import { advancesOf, type Alphabet, alphabetOf, askedCount, askedPlace, OUTCOMES } from './alphabet.ts';
import { Random } from './random.ts';
import { drawWorld } from './worlds.ts';

const ALL: Capabilities = { ...IN_PROCESS, credentials: ['bearer', 'none', 'cookie'], spellings: ['path', 'query'], configurations: 3 };
const HUB: World = { ...PLAIN_WORLD, templates: [PLAIN_TEMPLATE, { ...PLAIN_TEMPLATE, channel: 'hub' }] };

const WORLDS: readonly World[] = [PLAIN_WORLD, HUB, ...Array.from({ length: 60 }, (_, number) => drawWorld(new Random(2, number), ALL))];

const kindsOf = (alphabet: Alphabet): Set<OperationKind> => new Set(alphabet.operations.map((letter) => letter.op));
const blockOf = (alphabet: Alphabet, kind: OperationKind): Operation[] => {
  const { base, count } = alphabet.blocks.find((block) => block.kind === kind)!;
  return alphabet.operations.slice(base, base + count);
};

describe('an alphabet', () => {
  it('stands in blocks, one after the other, simplest kind first', () => {
    for (const world of WORLDS) {
      const { blocks, operations } = alphabetOf(world, ALL);
      let end = 0;
      for (const { kind, base, count } of blocks) {
        expect([base, count > 0]).toEqual([end, true]);
        expect(operations.slice(base, base + count).every((letter) => letter.op === kind)).toBe(true);
        end += count;
      }
      expect(end).toBe(operations.length);
      const places = blocks.map(({ kind }) => OPERATION_KINDS.indexOf(kind));
      expect(places).toEqual([...new Set(places)].toSorted((a, b) => a - b));
    }
  });

  it('lays out what can be asked by user, camera and template', () => {
    for (const world of WORLDS) {
      const alphabet = alphabetOf(world, ALL);
      const asks = askedCount(world);
      for (const kind of ['request', 'begin', 'cancel', 'release'] as const) {
        const block = blockOf(alphabet, kind);
        expect(block).toHaveLength(kind === 'release' ? asks * OUTCOMES.length : asks);
        for (const [at, letter] of block.entries()) {
          const place = at % asks;
          const template = place % world.templates.length;
          const camera = Math.floor(place / world.templates.length) % world.cameras.length;
          const sitting = Math.floor(place / world.templates.length / world.cameras.length);
          expect(askedPlace(world, sitting, camera, template)).toBe(place);
          const user = world.templates[template]!.credential === 'none' ? ANONYMOUS : sitting;
          expect(letter).toMatchObject({ op: kind, user, camera, template, ...(kind === 'release' ? { outcome: OUTCOMES[Math.floor(at / asks)] } : {}) });
        }
      }
    }
  });

  it('lays out who gets which camera by camera and user', () => {
    for (const world of WORLDS)
      for (const kind of ['share', 'unshare', 'transfer'] as const)
        for (const [at, letter] of blockOf(alphabetOf(world, ALL), kind).entries())
          expect(letter).toMatchObject({ op: kind, camera: Math.floor(at / world.users.length), user: at % world.users.length });
  });

  it('lays out what concerns a camera alone by camera', () => {
    for (const world of WORLDS)
      for (const kind of ['capture', 'publish', 'unpublish', 'recreate', 'purge'] as const)
        expect(blockOf(alphabetOf(world, ALL), kind)).toMatchObject(world.cameras.map((_, camera) => ({ op: kind, camera })));
  });

  it('holds equal operations as one object, and different ones once', () => {
    for (const world of WORLDS) {
      const { operations } = alphabetOf(world, ALL);
      const known = new Map<string, Operation>();
      for (const letter of operations) {
        expect(known.get(JSON.stringify(letter)) ?? letter).toBe(letter);
        known.set(JSON.stringify(letter), letter);
      }
      const repeated = operations.filter((letter, at) => operations.indexOf(letter) !== at);
      for (const letter of repeated) expect(letter).toMatchObject({ user: ANONYMOUS });
    }
  });

  it('holds every kind for a target that can do everything', () => {
    expect([...kindsOf(alphabetOf(HUB, ALL))]).toEqual(OPERATION_KINDS);
  });

  it.each<[string, Partial<Capabilities>, readonly OperationKind[]]>([
    ['concurrent', { concurrent: false }, ['begin', 'release', 'cancel']],
    ['time', { time: false }, ['advance']],
    ['channels', { channels: false }, ['link', 'unlink', 'disable', 'enable']],
    ['word of its channels', { told: false }, ['link', 'unlink', 'disable', 'enable']],
    ['publish', { publish: false }, ['publish', 'unpublish']],
    ['purge', { purge: false }, ['purge']],
    ['restart', { restart: false }, ['restart']],
    ['configurations', { configurations: 1 }, ['reconfigure']],
  ])('leaves out what a target without %s cannot do, and nothing else', (_name, without, missing) => {
    const kinds = kindsOf(alphabetOf(HUB, { ...ALL, ...without }));
    expect(OPERATION_KINDS.filter((kind) => !kinds.has(kind)).toSorted()).toEqual(missing.toSorted());
  });

  it('switches only channels that somebody can ask through, and never the app', () => {
    const kinds = kindsOf(alphabetOf(PLAIN_WORLD, ALL));
    expect(['link', 'unlink', 'disable', 'enable'].filter((kind) => kinds.has(kind as OperationKind))).toEqual([]);
    for (const letter of alphabetOf(HUB, ALL).operations) if ('channel' in letter && letter.channel !== undefined) expect(letter.channel).toBe('hub');
  });

  it('has every configuration, another one than the first one first', () => {
    expect(blockOf(alphabetOf(PLAIN_WORLD, ALL), 'reconfigure')).toMatchObject([{ to: 1 }, { to: 2 }, { to: 0 }]);
  });

  it('lets time pass a lifetime, end with it, and stop within it', () => {
    for (const lifetimeMs of [10_000, 60_000, 1_000, 2_000]) {
      const steps = advancesOf({ ...PLAIN_WORLD, lifetimeMs });
      expect(new Set(steps).size).toBe(steps.length);
      expect(steps[0]).toBeGreaterThan(lifetimeMs);
      expect(steps).toContain(lifetimeMs);
      expect(steps.some((by) => by > 0 && by < lifetimeMs)).toBe(true);
    }
  });
});
