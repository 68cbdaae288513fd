import { CHANNELS, type Credential, PRIVATE, type ResponsePolicy, TIERS } from '../../models/domain/world.ts';
import { cacheControlOf } from '../../models/http.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import { otherTerms, withHeaders } from './http-attributes.ts';
import type { Random } from './random.ts';
import { isSound, soundHalves } from './soundness.ts';
import { addNew, ANONYMOUSLY, type Attributes, type Drawn, mutate } from './templates.ts';

/** On what terms answers are asked for in a world: on the plain ones, on these and on one other, or on any. */
type TermsOfWorld = 'plain' | 'sibling' | 'any';

const TERMS: readonly TermsOfWorld[] = ['plain', 'plain', 'sibling', 'sibling', 'sibling', 'any'];

const POLICY_ATTRIBUTES = ['cacheControl', 'vary', 'validator', 'session'] as const;
/** The step of time in a world whose answers have no lifetime. In ms. */
const PACE_MS = 60_000;

/** Whether requests and answers have attributes of HTTP, so that a world chooses a few of very many combinations. */
export function speaksHttp({ http, lifetimes }: Capabilities): boolean {
  return http || lifetimes === 'http';
}

/**
 * Draws ways of asking for a world of HTTP. A world has a theme: mostly one credential and one word of the origin about keeping, and in two
 * of six no special terms, in three one template on other terms beside its plain sibling, and else any. What is rare is then all that a few worlds
 * hold, instead of a little of most.
 */
export function drawHttpTemplates(random: Random, capabilities: Capabilities, wanted: number): Drawn {
  const terms = capabilities.http ? random.pick(TERMS) : 'plain';
  const count = terms === 'sibling' ? Math.max(2, wanted) : wanted;
  const first = anyPlain(random, capabilities);
  const drawn: Attributes[] = [first];
  // Visitors may be among themselves.
  const known = first.credential === 'none' && random.below(2) === 0 ? { ...capabilities, credentials: ANONYMOUSLY } : capabilities;
  if (terms === 'sibling') drawn.push(otherTerms(random, first));
  for (let tries = 0; drawn.length < count && tries < 4 * count; tries++) {
    const from = random.pick(drawn);
    const changesTerms = terms === 'any' && random.below(2) === 0;
    addNew(drawn, changesTerms ? otherTerms(random, from) : mutate(random, known, from));
  }
  return withPolicies(random, capabilities, drawn);
}

function anyPlain(random: Random, { channels, credentials, spellings }: Capabilities): Attributes {
  return {
    channel: channels ? random.pick(CHANNELS) : 'app',
    tier: random.pick(TIERS),
    // What everybody's tools send first comes up more often.
    credential: random.below(4) === 0 ? credentials[0]! : anyCredential(random, credentials),
    spelling: random.pick(spellings),
  };
}

/** Callers whom the URL tells apart, or nobody does, are seldom confused: half of the time they give way to others. */
function anyCredential(random: Random, credentials: readonly Credential[]): Credential {
  const credential = random.pick(credentials);
  return (credential === 'query' || credential === 'none') && random.below(2) === 0 ? random.pick(credentials) : credential;
}

/**
 * Gives the word of the first template to those that ask on other terms, as far as it is sound for them, and to one in four of the rest: one program
 * then meets several words.
 */
function withPolicies(random: Random, capabilities: Capabilities, drawn: readonly Attributes[]): Drawn {
  const theme = anyPolicy(random, capabilities, drawn[0]!.credential);
  const policies: ResponsePolicy[] = [theme];
  const templates = drawn.map((attributes, place) => {
    const { credential } = attributes;
    const likely = onOtherTerms(attributes) ? 7 : 2;
    const takesTheme = place === 0 || ((capabilities.lifetimes !== 'http' || isSound(credential, theme)) && random.below(8) < likely);
    return { ...attributes, policy: takesTheme ? 0 : placeOf(anyPolicy(random, capabilities, credential), policies) };
  });
  return { templates, policies };
}

function onOtherTerms({ method, condition, range }: Attributes): boolean {
  return method !== undefined || condition !== undefined || range !== undefined;
}

function anyPolicy(random: Random, { http, lifetimes }: Capabilities, credential: Credential): ResponsePolicy {
  const sound = lifetimes === 'http' ? anySound(random, credential) : PRIVATE;
  return http ? withHeaders(random, sound) : sound;
}

/** Nine in sixteen are peculiar to the credential. Most of the others have a lifetime, by which a cache keeps them that overlooks what else they say. */
function anySound(random: Random, credential: Credential): ResponsePolicy {
  const [peculiar, common] = soundHalves(credential);
  if (random.below(16) < 9) return random.pick(peculiar);
  return random.pick(random.below(4) === 0 ? common : common.filter(({ cacheControl }) => cacheControlOf(cacheControl).lifetimeMs > 0));
}

function placeOf(policy: ResponsePolicy, policies: ResponsePolicy[]): number {
  const known = policies.findIndex((other) => POLICY_ATTRIBUTES.every((attribute) => other[attribute] === policy[attribute]));
  return known >= 0 ? known : policies.push(policy) - 1;
}

/** A time by which steps of time are measured where answers say themselves how long they live: to the end of a lifetime, or of a stale window. In ms. */
export function pacedBy(random: Random, policies: readonly ResponsePolicy[]): number {
  const control = cacheControlOf(random.pick(policies).cacheControl);
  const staleMs = Math.max(control.staleWhileRevalidateMs, control.staleIfErrorMs);
  const paceMs = control.lifetimeMs + (random.below(2) === 0 ? staleMs : 0);
  return paceMs > 0 ? paceMs : PACE_MS;
}
