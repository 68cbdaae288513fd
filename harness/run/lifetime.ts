import { policyOf } from '../../models/domain/request.ts';
import type { World } from '../../models/domain/world.ts';

/** `granted`: the origin's answers live for `World.lifetimeMs`. `http`: for as long as their Cache-Control says. */
export type LifetimeRule = 'granted' | 'http';

const DIRECTIVE = /(?:^|,)\s*(max-age|s-maxage|stale-while-revalidate|stale-if-error)\s*=\s*"?(\d+)"?\s*(?=,|$)/gi;

/** How long a copy may be served under a Cache-Control value, in ms: freshness and both stale windows (RFC 9111 section 4.2, RFC 5861). */
export function httpLifetimeMs(cacheControl: string): number {
  let fresh = 0;
  let stale = 0;
  for (const [, name, seconds] of cacheControl.matchAll(DIRECTIVE)) {
    const ms = Number(seconds) * 1000;
    if (/age$/i.test(name!)) fresh = Math.max(fresh, ms);
    else stale = Math.max(stale, ms);
  }
  return fresh + stale;
}

/** The lifetime that the origin gives to answers, by template, in ms. */
export function lifetimesOf(world: World, rule: LifetimeRule): Float64Array {
  return Float64Array.from(world.templates, (_, template) => (rule === 'granted' ? world.lifetimeMs : httpLifetimeMs(policyOf(world, template).cacheControl)));
}
