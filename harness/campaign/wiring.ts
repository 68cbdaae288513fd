import { operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, PRIVATE, type World } from '../../models/domain/world.ts';
import type { Lab } from '../run/lab.ts';
import { alphabetOf } from '../search/alphabet.ts';

/** A way in which a target could leak, forced on it to see that the leak is noticed. */
interface Tripwire {
  readonly path: string;
  readonly property: string;
  /** Which kind of it; any where absent. */
  readonly kind?: string;
  readonly program: Program;
  /** What else can be the reason why it was not noticed, and what to do about it. */
  readonly remedy?: string;
}

/** What was learned of the ways in which a target is asked and answers. */
export interface Wiring {
  /** Why nothing can be checked, as advice; null where all is well. */
  readonly fault: string | null;
  /** Properties that cannot be broken in a way that anybody sees: a server takes out what the origin says in headers. */
  readonly unseen: readonly string[];
}

/** Sees that the target is wired up: an owner receives a frame of the own camera, and a leak forced on each output path is noticed. */
export async function testWiring(lab: Lab): Promise<Wiring> {
  const unseen: string[] = [];
  const fault = await faultIn(lab, unseen);
  return { fault, unseen };
}

async function faultIn(lab: Lab, unseen: string[]): Promise<string | null> {
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
    const { path, property, kind, remedy } = tripwire;
    if (outcome.breaches.some((breach) => breach.property === property && (kind ?? breach.kind) === breach.kind)) continue;
    // Between a server and whoever asks it there is nothing that could hide its answers.
    if (remedy !== undefined && lab.target.kind === 'proxy') {
      unseen.push(property);
      continue;
    }
    const blind = `A leak was forced on the target (${path}) and ${property} did not notice it: the adapter does not see what callers receive, so its green would mean nothing.`;
    return remedy === undefined ? blind : `${blind} ${remedy}`;
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

const OWNER = operation({ op: 'request', user: 0, camera: 0, template: 0 });
const STRANGER = operation({ op: 'request', user: 1, camera: 0, template: 0 });

/** One tripwire for each way out that the target has. */
function tripwiresOf(lab: Lab, world: World): Tripwire[] {
  const { capabilities } = lab.target;
  const tripwires: Tripwire[] = [{ path: 'the frame of one user is given to another', property: 'KH001', program: { world, operations: [OWNER, STRANGER] } }];
  if (capabilities.http) tripwires.push(...beside(world));
  const revoke = [operation({ op: 'share', camera: 0, user: 1 }), OWNER, STRANGER, operation({ op: 'unshare', camera: 0, user: 1 })];
  const later = alphabetOf(world, capabilities).operations.find((letter) => letter.op === 'advance' && letter.by > world.lifetimeMs);
  const binds = capabilities.told ? [] : later === undefined ? null : [later];
  if (binds !== null)
    tripwires.push({
      path: 'a frame is given to a user whose right was withdrawn',
      property: 'KH002',
      program: { world, operations: [...revoke, ...binds, STRANGER] },
    });
  if (capabilities.channels && capabilities.told) {
    const hub = operation({ op: 'request', user: 0, camera: 0, template: 1 });
    const off = operation({ op: 'disable', channel: 'hub' });
    tripwires.push({ path: 'a frame is given out through a channel that is switched off', property: 'KH005', program: { world, operations: [hub, off, hub] } });
  }
  if (capabilities.purge) {
    const forget = operation({ op: 'purge', camera: 0 });
    tripwires.push({ path: 'a frame is given out that was to be forgotten', property: 'KH009', program: { world, operations: [OWNER, forget, OWNER] } });
  }
  return tripwires;
}

/** What an answer over HTTP says beside its picture: in headers and cookies, and in an `ETag` without a picture. */
function beside(world: World): Tripwire[] {
  const asking = world.templates[0]!;
  const talking: World = { ...world, templates: [asking, { ...asking, condition: 'any' }], policies: [{ ...PRIVATE, validator: true, session: true }] };
  const remedy = 'Let the headers of answers through; where the target itself takes out what the origin says there, declare `http: false`.';
  return [
    {
      path: 'the headers made for one user are given to another',
      property: 'KH007',
      program: { world: talking, operations: [OWNER, operation({ op: 'request', user: 1, camera: 1, template: 0 })] },
      remedy,
    },
    {
      path: 'a user is told by a 304 about a frame of another',
      property: 'KH008',
      kind: 'validator',
      program: { world: talking, operations: [OWNER, operation({ op: 'request', user: 1, camera: 0, template: 1 })] },
      remedy,
    },
  ];
}
