import assert from 'node:assert/strict';
import { operation, type Operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { playAsync } from '../run/run-async.ts';
import { compile, play } from '../run/run.ts';
import { Stage, type StageOptions } from '../run/stage.ts';
import { alphabetOf } from '../search/alphabet.ts';
import { Generator } from '../search/generate.ts';
import { Random } from '../search/random.ts';
import { drawWorld } from '../search/worlds.ts';
import { type Target, TargetFault } from './target.ts';

/** Something that holds for every kind of target. */
export interface Law {
  /** A sentence in the present tense. */
  readonly name: string;
  /** Throws, or rejects, where it does not hold. */
  check(): Promise<void>;
}

/** What the laws are tried on. All targets are of the kind that is to be proved. */
export interface Specimens {
  /** A cache that is correct and stores what it fetches. */
  correct(): Target;
  /** Targets that are at fault, by what is wrong with them: each must end in a {@link TargetFault}. */
  readonly broken?: Readonly<Record<string, () => Target>>;
  /** The judges that a tripwire must set off. */
  readonly properties: StageOptions['properties'];
}

const ALICE_DOOR = { user: 0, camera: 0, template: 0 };
const BOB_YARD = { user: 1, camera: 1, template: 0 };
const OWNER: Operation = { op: 'request', ...ALICE_DOOR };
const STRANGER: Operation = { op: 'request', user: 1, camera: 0, template: 0 };

const PROGRAMS = 60;
const SEED = 20;

/** The laws, to be checked one by one. Each makes targets of its own, and disposes of them. */
export function targetConformance(specimens: Specimens): Law[] {
  const law = (name: string, on: (bench: Bench) => Promise<void>, make: () => Target = () => specimens.correct()): Law => ({
    name,
    async check() {
      const bench = new Bench(make(), specimens.properties);
      try {
        await on(bench);
      } finally {
        await bench.target.dispose?.();
      }
    },
  });
  const faults = Object.entries(specimens.broken ?? {}).map(([wrong, make]) => law(`faults a target that ${wrong}`, faultsIt, make));
  return [
    law('gives owners their own frames', givesOwner),
    law('stores what it fetched, and opens empty', opensEmpty),
    law('answers every call once', answersOnce),
    law('answers what is released, by what was asked', releasesByValue),
    law('answers nobody who has gone away', cancels),
    law('shows the judges what callers receive', springsTripwire),
    law('plays the same program to the same history', repeats),
    law('keeps nothing running when it is disposed of', leavesNothing),
    ...faults,
  ];
}

/** A target on a stage. */
class Bench {
  readonly target: Target;
  private readonly properties: StageOptions['properties'];

  constructor(target: Target, properties: StageOptions['properties']) {
    this.target = target;
    this.properties = properties;
  }

  /** Plays operations against a new session, by default in the plain world. The stage holds the history. */
  async play(operations: readonly Operation[], options: { world?: World; tripwire?: boolean } = {}): Promise<Stage> {
    const { told, lifetimes } = this.target.capabilities;
    const stage = new Stage(options.world ?? this.plainWorld(), { terms: { told }, lifetimes, properties: this.properties, record: true });
    const session = await this.target.open(stage, { tripwire: options.tripwire ?? false });
    const steps = compile(stage, operations.map(operation));
    try {
      if ('settle' in session) await playAsync(stage, session, steps);
      else play(stage, session, steps);
    } finally {
      await session.close();
    }
    return stage;
  }

  /** Random programs, each in a world that the target can live in. */
  *programs(): IterableIterator<Program> {
    const { capabilities } = this.target;
    for (let index = 0; index < PROGRAMS; index++) {
      const random = new Random(SEED, index);
      const world = drawWorld(random, capabilities);
      const alphabet = alphabetOf(world, capabilities);
      const generator = new Generator(alphabet, (letter) => letter);
      const length = generator.generate(random, 20);
      yield { world, operations: generator.program.slice(0, length) };
    }
  }

  private plainWorld(): World {
    const { lifetimeMs, capacity } = this.target.capabilities;
    return { ...PLAIN_WORLD, lifetimeMs: lifetimeMs ?? PLAIN_WORLD.lifetimeMs, capacity: capacity ?? PLAIN_WORLD.capacity };
  }
}

const ENDINGS: ReadonlySet<string> = new Set(['answered', 'described', 'refused', 'cancelled']);

/** What happened, as short words: `answered 0`. */
function endings(stage: Stage): string[] {
  return stage.history!.flatMap((event) => (ENDINGS.has(event.event) && 'call' in event ? [`${event.event} ${event.call}`] : []));
}

function contactsOf(stage: Stage, call: number): number {
  return stage.history!.filter((event) => event.event === 'contact' && event.contact === 'fetch' && event.call === call).length;
}

async function givesOwner(bench: Bench): Promise<void> {
  const stage = await bench.play([OWNER, { op: 'request', ...BOB_YARD }]);
  assert.deepEqual(endings(stage), ['answered 0', 'answered 1']);
  assert.deepEqual(stage.breaches, []);
}

async function opensEmpty(bench: Bench): Promise<void> {
  const first = await bench.play([OWNER, OWNER]);
  assert.equal(contactsOf(first, 0), 1);
  assert.equal(contactsOf(first, 1), 0, 'what was fetched is not fetched again');
  const second = await bench.play([OWNER]);
  assert.equal(contactsOf(second, 0), 1, 'a new session fetches anew');
  assert.deepEqual(endings(second), ['answered 0']);
}

async function answersOnce(bench: Bench): Promise<void> {
  for (const { world, operations } of bench.programs()) {
    const stage = await bench.play(operations, { world });
    const ended = endings(stage).map((ending) => ending.split(' ')[1]);
    assert.equal(new Set(ended).size, ended.length, `a call ended twice: ${endings(stage).join(', ')}`);
    const asked = stage.history!.filter(({ event }) => event === 'asked').length;
    const begun = operations.filter(({ op }) => op === 'begin').length;
    assert.ok(ended.length <= asked, 'nobody is answered who has not asked');
    if (begun === 0) assert.equal(ended.length, asked);
    assert.deepEqual(stage.breaches, [], 'a correct cache breaks no property');
  }
}

async function releasesByValue(bench: Bench): Promise<void> {
  const begun: Operation[] = [
    { op: 'begin', ...ALICE_DOOR },
    { op: 'begin', ...BOB_YARD },
  ];
  assert.deepEqual(endings(await bench.play(begun)), []);
  const released = await bench.play([...begun, { op: 'release', outcome: 'reply', ...BOB_YARD }, { op: 'release', outcome: 'reply', ...BOB_YARD }]);
  assert.deepEqual(endings(released), ['answered 1']);
  const refused = await bench.play([...begun, { op: 'release', outcome: 'refuse', ...ALICE_DOOR }]);
  assert.deepEqual(endings(refused), ['refused 0']);
}

async function cancels(bench: Bench): Promise<void> {
  const gone = await bench.play([
    { op: 'begin', ...ALICE_DOOR },
    { op: 'cancel', ...ALICE_DOOR },
    { op: 'release', outcome: 'reply', ...ALICE_DOOR },
    { op: 'request', ...BOB_YARD },
    OWNER,
  ]);
  assert.deepEqual(endings(gone), ['cancelled 0', 'answered 1', 'answered 2']);
}

async function springsTripwire(bench: Bench): Promise<void> {
  const kept = await bench.play([OWNER, STRANGER]);
  assert.deepEqual([endings(kept), kept.breaches], [['answered 0', 'refused 1'], []]);
  const tripped = await bench.play([OWNER, STRANGER], { tripwire: true });
  assert.deepEqual(
    tripped.breaches.map(({ property, call }) => ({ property, call })),
    [{ property: 'KH001', call: 1 }],
  );
  const after = await bench.play([OWNER, STRANGER]);
  assert.deepEqual(after.breaches, [], 'a tripwire is gone with its session');
}

async function repeats(bench: Bench): Promise<void> {
  for (const { world, operations } of bench.programs()) {
    const [first, again] = [await bench.play(operations, { world }), await bench.play(operations, { world })];
    assert.deepEqual(again.history, first.history);
  }
}

async function leavesNothing(bench: Bench): Promise<void> {
  const { Date: date, setTimeout: timeout } = globalThis;
  const listeners = process.listenerCount('unhandledRejection');
  await bench.play([OWNER, { op: 'begin', ...BOB_YARD }, STRANGER]);
  await bench.target.dispose?.();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([globalThis.Date, globalThis.setTimeout], [date, timeout]);
  assert.equal(process.listenerCount('unhandledRejection'), listeners);
  assert.deepEqual(
    process.getActiveResourcesInfo().filter((resource) => /TCP|Immediate/.test(resource)),
    [],
  );
}

async function faultsIt(bench: Bench): Promise<void> {
  const playing = (async () => {
    await bench.play([OWNER]);
    await bench.play([OWNER]);
  })();
  await assert.rejects(playing, (error: unknown) => error instanceof TargetFault && error.remedy.length > 0);
}
