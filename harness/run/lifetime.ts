import { policyOf } from '../../models/domain/request.ts';
import type { World } from '../../models/domain/world.ts';
import { cacheControlOf } from '../../models/http.ts';

/** `granted`: the origin's answers live for `World.lifetimeMs`. `http`: for as long as their Cache-Control says. */
export type LifetimeRule = 'granted' | 'http';

/**
 * How long a copy may be served under a Cache-Control value, in ms: while it is fresh (RFC 9111 section 4.2), and then for the longer of its
 * stale windows (RFC 5861), unless it must not be served stale (RFC 9111 section 4.2.4). What is `private` may be kept by the caller's own cache
 * for as long. Where every use has to be validated, the lifetime is over at once, and begins anew with each validation.
 */
export function httpLifetimeMs(cacheControl: string): number {
  const control = cacheControlOf(cacheControl);
  if (control.noStore || control.noCache) return 0;
  const staleMs = control.forbidsStale ? 0 : Math.max(control.staleWhileRevalidateMs, control.staleIfErrorMs);
  return control.lifetimeMs + staleMs;
}

/** The lifetime that the origin gives to answers, by template, in ms. */
export function lifetimesOf(world: World, rule: LifetimeRule): Float64Array {
  return Float64Array.from(world.templates, (_, template) => (rule === 'granted' ? world.lifetimeMs : httpLifetimeMs(policyOf(world, template).cacheControl)));
}
