import type { Camera, World } from '../../models/domain/world.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import { drawHttpTemplates, pacedBy, speaksHttp } from './http-worlds.ts';
import { attackIds, PLAIN_IDS } from './ids.ts';
import type { Random } from './random.ts';
import { drawTemplates } from './templates.ts';

/** How large a world is. Small ones meet in a few operations; wide ones hold the pairs that small ones leave out. */
interface Size {
  readonly users: readonly number[];
  readonly cameras: readonly number[];
  readonly templates: readonly number[];
}

const SMALL: Size = { users: [2, 2, 3], cameras: [1, 2, 2, 2, 2, 2], templates: [1, 2, 2] };
const WIDE: Size = { users: [3], cameras: [2, 3], templates: [3, 4, 6] };
/** More than a few: for a room that is counted in bytes or in slots, whatever the world says of it. */
const ROOMY: Size = { users: [2, 3], cameras: [5, 6], templates: [3, 4] };
/** Of so many worlds, one is roomy; none where names say which camera is meant. */
const ROOMY_ONE_OF = 32;
/** For a cache whose room is fixed: enough to be asked for to fill it. */
const CROWDED: Size = { users: [2, 3], cameras: [5, 7, 8], templates: [3, 4] };
/** Rooms that no other world can fill, and that a crowd can. */
const CROWDABLE = { least: 4, most: 32 };

/** Of 256 worlds, in how many requests come together, where that can be had: in the others, one is under way before the next one comes. */
const TOGETHER = 64;
const CAPACITIES = [1, 2, 3, 4, 8];
const LIFETIMES_MS = [60_000, 10_000];

/** How worlds differ: each ingredient can be taken out to see what it is worth. */
export interface WorldIngredients {
  readonly small: boolean;
  readonly wide: boolean;
  readonly crowded: boolean;
  /** Ids that careless caches confuse. */
  readonly attacks: boolean;
}

export const ALL_WORLDS: WorldIngredients = { small: true, wide: true, crowded: true, attacks: true };

/** Draws a world that a target with these capabilities can live in: three in five small, two in five wide, unless its room is fixed. */
export function drawWorld(random: Random, capabilities: Capabilities, ingredients: WorldIngredients = ALL_WORLDS): World {
  const size = drawSize(random, capabilities, ingredients);
  const isPlain = random.below(16) === 0 || !ingredients.attacks;
  const ids = isPlain ? PLAIN_IDS : attackIds(random);
  const users = ids.users.slice(0, random.pick(size.users));
  const cameras: Camera[] = [];
  const wanted = random.pick(size.cameras);
  // Each camera starts with another owner where there are enough users, so that every pair of cameras is foreign to somebody.
  for (let camera = 0; camera < wanted; camera++) cameras.push({ id: ids.cameras[camera]!, owner: camera % users.length });
  const draw = speaksHttp(capabilities) ? drawHttpTemplates : drawTemplates;
  const { templates, policies } = draw(random, capabilities, random.pick(size.templates));
  return {
    users,
    cameras,
    templates,
    policies,
    capacity: capabilities.capacity ?? random.pick(CAPACITIES),
    ...(capabilities.together && capabilities.concurrent && random.chance(TOGETHER) ? { together: true } : {}),
    lifetimeMs: capabilities.lifetimeMs ?? (capabilities.lifetimes === 'http' ? pacedBy(random, policies) : random.pick(LIFETIMES_MS)),
  };
}

function drawSize(random: Random, capabilities: Capabilities, { small, wide, crowded }: WorldIngredients): Size {
  const { capacity } = capabilities;
  const isCrowdable = capacity !== null && capacity >= CROWDABLE.least && capacity <= CROWDABLE.most;
  if (isCrowdable && crowded && random.below(2) === 0) return CROWDED;
  const kind = random.below(5 * ROOMY_ONE_OF);
  if (capacity === null && !speaksHttp(capabilities) && crowded && kind < 5) return ROOMY;
  const isSmall = kind < 3 * ROOMY_ONE_OF;
  return (isSmall && small) || !wide ? SMALL : WIDE;
}
