import { type Operation, operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { CHANNELS, type Template, TIERS, type World } from '../../models/domain/world.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import { PLAIN_IDS } from './ids.ts';
import type { Proposals } from './shrink-pass.ts';

/** Cameras up to which there is nothing to be gained. */
const FEW = 2;

/**
 * Lets owners ask for as many different things in a smaller world: fewer cameras, each in more ways. For leaks that take a full cache,
 * where what is asked for does not matter as long as it is different.
 */
export function* layouts({ world, operations }: Program, capabilities: Capabilities): Proposals {
  if (world.cameras.length <= FEW || world.users.length > 2 || !operations.every((letter) => isByOwner(letter, world))) return;
  const places = new Map<number, number>();
  for (const letter of operations) if (!places.has(placeOf(letter))) places.set(placeOf(letter), places.size);
  const ways = waysOf(world.templates[0]!, capabilities);
  for (let cameras = 1; cameras < world.cameras.length; cameras++) {
    const templates = ways.slice(0, Math.ceil(places.size / cameras));
    if (templates.length * cameras < places.size) continue;
    // The cameras from one on belong to the second user.
    for (let second = cameras; second > 0; second--) {
      const owners = Array.from({ length: cameras }, (_, camera) => (camera < second ? 0 : 1));
      const laidOut = operations.map((letter) => {
        const place = places.get(placeOf(letter))!;
        const camera = Math.floor(place / templates.length);
        return operation({ op: 'request', user: owners[camera]!, camera, template: place % templates.length });
      });
      yield {
        world: { ...world, users: PLAIN_IDS.users.slice(0, 2), cameras: owners.map((owner, index) => ({ id: PLAIN_IDS.cameras[index]!, owner })), templates },
        operations: laidOut,
      };
    }
  }
}

function isByOwner(letter: Operation, { cameras }: World): boolean {
  return letter.op === 'request' && cameras[letter.camera]!.owner === letter.user;
}

function placeOf(letter: Operation): number {
  const { camera, template } = letter as Operation & { readonly camera: number; readonly template: number };
  return camera * PLAIN_IDS.cameras.length * PLAIN_IDS.cameras.length + template;
}

/** Ways of asking that differ from a plain one by channel and tier, plainest first. */
function waysOf(plain: Template, { channels }: Capabilities): Template[] {
  return (channels ? CHANNELS : CHANNELS.slice(0, 1)).flatMap((channel) => TIERS.map((tier) => ({ ...plain, channel, tier })));
}
