import { type Camera, CHANNELS, PLAIN_TEMPLATE, PRIVATE, type ResponsePolicy, type Template, TEMPLATE_ATTRIBUTES, TIERS, type World } from '../../models/domain/world.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import { otherTerms, withHeaders } from './http-attributes.ts';
import { attackIds, PLAIN_IDS } from './ids.ts';
import type { Random } from './random.ts';
import { soundPolicies } from './soundness.ts';

/** How large a world is. Small ones meet in a few operations; wide ones hold the pairs that small ones leave out. */
interface Size {
  readonly users: readonly number[];
  readonly cameras: readonly number[];
  readonly templates: readonly number[];
}

const SMALL: Size = { users: [2, 2, 3], cameras: [1, 2, 2], templates: [1, 1, 2] };
const WIDE: Size = { users: [3], cameras: [2, 3], templates: [3, 4, 6] };

const CAPACITIES = [1, 2, 3, 4, 8];
const LIFETIMES_MS = [60_000, 10_000];

/** Draws a world that a target with these capabilities can live in: three in five small, two in five wide. */
export function drawWorld(random: Random, capabilities: Capabilities): World {
  const size = random.below(5) < 3 ? SMALL : WIDE;
  const ids = random.below(2) === 0 ? attackIds(random) : PLAIN_IDS;
  const users = ids.users.slice(0, random.pick(size.users));
  const cameras: Camera[] = [];
  const wanted = random.pick(size.cameras);
  // Each camera starts with another owner where there are enough users, so that every pair of cameras is foreign to somebody.
  for (let camera = 0; camera < wanted; camera++) cameras.push({ id: ids.cameras[camera]!, owner: camera % users.length });
  const { templates, policies } = drawTemplates(random, capabilities, random.pick(size.templates));
  return {
    users,
    cameras,
    templates,
    policies,
    capacity: capabilities.capacity ?? random.pick(CAPACITIES),
    lifetimeMs: capabilities.lifetimeMs ?? (capabilities.lifetimes === 'http' ? 60_000 : random.pick(LIFETIMES_MS)),
  };
}

const POLICY_ATTRIBUTES = ['cacheControl', 'vary', 'validator', 'session'] as const;

type Attributes = Omit<Template, 'policy'>;

function drawTemplates(random: Random, capabilities: Capabilities, count: number): { templates: Template[]; policies: ResponsePolicy[] } {
  const { policy: _, ...plain } = PLAIN_TEMPLATE;
  const first: Attributes = { ...plain, credential: capabilities.credentials[0]!, spelling: capabilities.spellings[0]! };
  const drawn: Attributes[] = [random.below(4) === 0 ? first : anyAttributes(random, capabilities)];
  for (let tries = 0; drawn.length < count && tries < 4 * count; tries++) {
    let next = mutate(random, capabilities, random.pick(drawn));
    if (random.below(3) === 0) next = mutate(random, capabilities, next);
    if (!drawn.some((other) => sameAttributes(other, next))) drawn.push(next);
  }
  const policies: ResponsePolicy[] = [];
  const templates = drawn.map((attributes) => ({ ...attributes, policy: policyIndex(random, capabilities, attributes, policies) }));
  return { templates, policies };
}

function anyAttributes(random: Random, capabilities: Capabilities): Attributes {
  return {
    channel: capabilities.channels ? random.pick(CHANNELS) : 'app',
    tier: random.pick(TIERS),
    credential: random.below(3) === 0 ? random.pick(capabilities.credentials) : capabilities.credentials[0]!,
    spelling: random.pick(capabilities.spellings),
  };
}

function mutate(random: Random, capabilities: Capabilities, from: Attributes): Attributes {
  if (capabilities.http && random.below(3) === 0) return otherTerms(random, from);
  switch (random.below(4)) {
    case 0:
      return { ...from, tier: random.pick(TIERS) };
    case 1:
      return capabilities.channels ? { ...from, channel: random.pick(CHANNELS) } : { ...from, tier: from.tier === 'low' ? 'high' : 'low' };
    case 2:
      return { ...from, credential: random.pick(capabilities.credentials) };
    default:
      return { ...from, spelling: random.pick(capabilities.spellings) };
  }
}

function sameAttributes(a: Attributes, b: Attributes): boolean {
  return TEMPLATE_ATTRIBUTES.every((attribute) => a[attribute] === b[attribute]);
}

function policyIndex(random: Random, capabilities: Capabilities, attributes: Attributes, policies: ResponsePolicy[]): number {
  const sound = capabilities.lifetimes === 'http' ? random.pick(soundPolicies(attributes.credential)) : PRIVATE;
  const policy = capabilities.http ? withHeaders(random, sound) : sound;
  const known = policies.findIndex((other) => POLICY_ATTRIBUTES.every((attribute) => other[attribute] === policy[attribute]));
  return known >= 0 ? known : policies.push(policy) - 1;
}
