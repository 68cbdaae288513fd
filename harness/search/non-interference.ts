import { Authority } from '../../models/domain/authority.ts';
import type { History } from '../../models/domain/history.ts';
import type { Program } from '../../models/domain/program.ts';
import { ANONYMOUS } from '../../models/domain/world.ts';
import type { Lab } from '../run/lab.ts';
import { compile } from '../run/run.ts';

/** Somebody observed what depends on what others see. */
export interface Interference {
  /** Index of the observer, `ANONYMOUS` for the visitors. */
  readonly observer: number;
  /** What he observed first that was different: with the pictures as they were, and with others in their place. */
  readonly before: string;
  readonly after: string;
}

/** How far the numbers of replaced pictures lie from those that they replace. As many digits: nothing is longer or shorter for it. */
const SHIFT = 4;

/**
 * Runs a program again for each caller, with every picture replaced that was never open to him, under the same keys and in the same sizes:
 * all that he observes has to be the same, whether the origin was asked on his behalf included. Who observes a difference has learnt
 * something about what is not for him. Says nothing of what he learns from being refused, and of headers: sessions are not replaced.
 */
export async function interferencesOf(lab: Lab, program: Program): Promise<Interference[]> {
  const found: Interference[] = [];
  const plain = await played(lab, program, null);
  for (const observer of [ANONYMOUS, ...program.world.users.keys()]) {
    const open = openTo(observer, program);
    const replaced = await played(lab, program, (camera, epoch) => (open.has(`${camera} ${epoch}`) ? 0 : SHIFT));
    const before = observations(plain, observer);
    const after = observations(replaced, observer);
    const place = Array.from({ length: Math.max(before.length, after.length) }, (_, index) => index).find((index) => before[index] !== after[index]);
    if (place !== undefined) found.push({ observer, before: before[place] ?? 'nothing', after: after[place] ?? 'nothing' });
  }
  return found;
}

async function played(lab: Lab, program: Program, firstPicture: ((camera: number, epoch: number) => number) | null): Promise<History> {
  const stage = lab.stage(program.world, true);
  stage.authority.firstPicture = firstPicture;
  await lab.run(stage, compile(stage, program.operations), program.operations.length);
  return stage.history ?? [];
}

/** The ownerships of cameras that a caller had a right in, at some time of the program: `camera epoch`. Rights depend on the program alone. */
function openTo(observer: number, { world, operations }: Program): ReadonlySet<string> {
  const authority = new Authority(world);
  const open = new Set<string>();
  const look = (): void => {
    for (const epoch of authority.current) if (authority.everMight(observer, epoch)) open.add(`${epoch.camera} ${epoch.number}`);
  };
  look();
  for (const letter of operations) {
    authority.instant++;
    switch (letter.op) {
      case 'share':
        authority.share(letter.camera, letter.user);
        break;
      case 'publish':
        authority.publish(letter.camera);
        break;
      case 'transfer':
        authority.transfer(letter.camera, letter.user);
        break;
      case 'recreate':
        authority.recreate(letter.camera);
        break;
      default:
        continue;
    }
    look();
  }
  return open;
}

/** What one caller sees of a run, in its order: his calls, what he received, and whether the origin was asked for him. */
function observations(history: History, observer: number): string[] {
  const mine = new Set(history.flatMap((event) => (event.event === 'asked' && event.user === observer ? [event.call] : [])));
  return history.flatMap((event) => {
    if (!('call' in event) || !mine.has(event.call) || event.event === 'violation' || event.event === 'shown') return [];
    if (event.event !== 'answered' && event.event !== 'described') return [JSON.stringify(event)];
    // Which copy it was, of several with the same picture, shows nowhere.
    return [JSON.stringify({ ...event, frame: event.frame === null ? null : { ...event.frame, copy: 0 } })];
  });
}
