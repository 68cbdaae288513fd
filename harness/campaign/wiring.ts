import { operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import type { Lab } from '../run/lab.ts';
import { alphabetOf } from '../search/alphabet.ts';

/** A way in which a target could leak, forced on it to see that the leak is noticed. */
interface Tripwire {
  readonly path: string;
  readonly property: string;
  readonly program: Program;
}

/**
 * Sees that the target is wired up: an owner receives a frame of the own camera, and a leak forced on each output path is noticed. Returns
 * what is wrong, as advice, or null.
 */
export async function testWiring(lab: Lab): Promise<string | null> {
  const world = wiringWorld(lab);
  const asking = operation({ op: 'request', user: 0, camera: 0, template: 0 });
  const { breaches, history } = await lab.try({ world, operations: [asking, asking] }, { record: true });
  if (breaches.length > 0) return null;
  const answer = history.find((event) => event.event === 'answered' || event.event === 'refused');
  if (answer?.event !== 'answered') {
    const said = answer?.event === 'refused' ? `was refused (${answer.status})` : 'got no answer';
    const contacts = history.filter((event) => event.event === 'contact').length;
    return `The owner of a camera asked for it and ${said}; the origin was asked ${contacts === 1 ? 'once' : `${contacts} times`}. Nothing can be checked until owners receive their frames: return the bytes that origin.fetch gave.`;
  }
  for (const tripwire of tripwiresOf(lab, world)) {
    const outcome = await lab.try(tripwire.program, { tripwire: true });
    if (outcome.breaches.some((breach) => breach.property === tripwire.property)) continue;
    return `A leak was forced on the target (${tripwire.path}) and ${tripwire.property} did not notice it: the adapter does not see what callers receive, so its green would mean nothing.`;
  }
  return null;
}

function wiringWorld(lab: Lab): World {
  const { capabilities } = lab.target;
  const app = { ...PLAIN_TEMPLATE, credential: capabilities.credentials[0]!, spelling: capabilities.spellings[0]! };
  return {
    ...PLAIN_WORLD,
    templates: capabilities.channels ? [app, { ...app, channel: 'hub' }] : [app],
    capacity: capabilities.capacity ?? PLAIN_WORLD.capacity,
    lifetimeMs: capabilities.lifetimeMs ?? PLAIN_WORLD.lifetimeMs,
  };
}

/** One tripwire for each way out that the target has. */
function tripwiresOf(lab: Lab, world: World): Tripwire[] {
  const { capabilities } = lab.target;
  const owner = operation({ op: 'request', user: 0, camera: 0, template: 0 });
  const stranger = operation({ op: 'request', user: 1, camera: 0, template: 0 });
  const tripwires: Tripwire[] = [{ path: 'the frame of one user is given to another', property: 'KH001', program: { world, operations: [owner, stranger] } }];
  const revoke = [operation({ op: 'share', camera: 0, user: 1 }), owner, stranger, operation({ op: 'unshare', camera: 0, user: 1 })];
  const later = alphabetOf(world, capabilities).operations.find((letter) => letter.op === 'advance' && letter.by > world.lifetimeMs);
  const binds = capabilities.told ? [] : later === undefined ? null : [later];
  if (binds !== null)
    tripwires.push({
      path: 'a frame is given to a user whose right was withdrawn',
      property: 'KH002',
      program: { world, operations: [...revoke, ...binds, stranger] },
    });
  if (capabilities.channels) {
    const hub = operation({ op: 'request', user: 0, camera: 0, template: 1 });
    const off = operation({ op: 'disable', channel: 'hub' });
    tripwires.push({ path: 'a frame is given out through a channel that is switched off', property: 'KH005', program: { world, operations: [hub, off, hub] } });
  }
  return tripwires;
}
