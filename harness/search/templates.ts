import {
  CHANNELS,
  type Credential,
  PLAIN_TEMPLATE,
  PRIVATE,
  type ResponsePolicy,
  type Template,
  TEMPLATE_ATTRIBUTES,
  TIERS,
} from '../../models/domain/world.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import type { Random } from './random.ts';

/** What makes one way of asking differ from another. */
export type Attributes = Omit<Template, 'policy'>;

/** The ways of asking in a world, and what the origin says to each. */
export interface Drawn {
  readonly templates: readonly Template[];
  readonly policies: readonly ResponsePolicy[];
}

/** What visitors have who are among themselves. */
export const ANONYMOUSLY: readonly Credential[] = ['none'];

/** Draws ways of asking that differ from each other in one or two attributes; the origin keeps every answer to whom it is for. */
export function drawTemplates(random: Random, capabilities: Capabilities, count: number): Drawn {
  const { policy: _, ...plain } = PLAIN_TEMPLATE;
  const first: Attributes = { ...plain, credential: capabilities.credentials[0]!, spelling: capabilities.spellings[0]! };
  const drawn: Attributes[] = [random.below(4) === 0 ? first : anyAttributes(random, capabilities)];
  const known = drawn[0]!.credential === 'none' && random.below(2) === 0 ? { ...capabilities, credentials: ANONYMOUSLY } : capabilities;
  for (let tries = 0; drawn.length < count && tries < 4 * count; tries++) {
    let next = mutate(random, known, random.pick(drawn));
    if (random.below(3) === 0) next = mutate(random, known, next);
    addNew(drawn, next);
  }
  return { templates: drawn.map((attributes) => ({ ...attributes, policy: 0 })), policies: [PRIVATE] };
}

/** Adds a way of asking, unless it is there already. */
export function addNew(drawn: Attributes[], next: Attributes): void {
  if (!drawn.some((other) => TEMPLATE_ATTRIBUTES.every((attribute) => other[attribute] === next[attribute]))) drawn.push(next);
}

function anyAttributes(random: Random, capabilities: Capabilities): Attributes {
  return {
    channel: capabilities.channels ? random.pick(CHANNELS) : 'app',
    tier: random.pick(TIERS),
    credential: random.below(3) === 0 ? random.pick(capabilities.credentials) : capabilities.credentials[0]!,
    spelling: random.pick(capabilities.spellings),
  };
}

/** Changes one attribute to another value, wherever the target knows more than one. */
export function mutate(random: Random, capabilities: Capabilities, from: Attributes): Attributes {
  const { channels, credentials, spellings } = capabilities;
  switch (random.below(4)) {
    case 0:
      return { ...from, tier: otherOf(random, TIERS, from.tier) };
    case 1:
      return channels ? { ...from, channel: otherOf(random, CHANNELS, from.channel) } : { ...from, tier: otherOf(random, TIERS, from.tier) };
    case 2:
      return { ...from, credential: otherOf(random, credentials, from.credential) };
    default:
      return { ...from, spelling: otherOf(random, spellings, from.spelling) };
  }
}

/** Another one of the values; the same where there is no other. */
function otherOf<T>(random: Random, values: readonly T[], value: T): T {
  return values.length < 2 ? value : values[(values.indexOf(value) + 1 + random.below(values.length - 1)) % values.length]!;
}
