import { PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import type { Session } from '../../models/origin.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { play } from '../run/run.ts';
import { Stage } from '../run/stage.ts';
import { Random } from '../search/random.ts';
import { seatOf } from '../search/seat.ts';
import { type Capabilities, IN_PROCESS } from '../targets/capabilities.ts';
import { quiet, turnsOf } from './clock.ts';
import type { Measured } from './subjects.ts';

const SEED = 1;
const TURNS = 60;
const PLAIN: Capabilities = { ...IN_PROCESS, concurrent: false, channels: false, publish: false, credentials: ['bearer'] };

/** What checking costs in one world of so many users, in ns an operation: generated, played, judged. */
export async function measureFlat(
  open: (stage: Stage) => Session,
  length: number,
  shape: { readonly users: number; readonly operations: number },
): Promise<Measured> {
  const stage = new Stage(crowd(shape.users), { terms: { told: true }, lifetimes: 'granted', properties: PROPERTIES, record: false });
  const session = open(stage);
  const { generator } = seatOf(stage, PLAIN);
  const random = new Random(SEED);
  let index = 0;
  const run = (): number => {
    let done = 0;
    for (; done < shape.operations / TURNS; done += length) {
      random.seed(SEED, index++);
      generator.generate(random, length);
      play(stage, session, generator.program, length);
      void session.close();
      if (stage.breaches.length > 0) throw new Error('A subject that should hold has leaked: its figures would mean nothing.');
    }
    return done;
  };
  for (let turn = 0; turn < TURNS / 2; turn++) run();
  return { flat: quiet(await turnsOf(TURNS, run)) };
}

/** More than any world of the search has. */
const CAMERAS_MAX = 8;

/** The plainest world with more people in it: the first of them own a camera each, and a cache holds two pictures for each user. */
function crowd(users: number): World {
  const names = Array.from({ length: users }, (_, user) => `user${user}`);
  const cameras = names.slice(0, CAMERAS_MAX).map((_, owner) => ({ id: `camera${owner}`, owner }));
  return { ...PLAIN_WORLD, users: names, cameras, capacity: 2 * users };
}
