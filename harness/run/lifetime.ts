import { policyOf } from '../../models/domain/request.ts';
import type { World } from '../../models/domain/world.ts';
import { cacheControlOf } from '../../models/http.ts';

/** `granted`: the origin's answers live for `World.lifetimeMs`. `http`: for as long as their Cache-Control says. */
export type LifetimeRule = 'granted' | 'http';

/**
 * How long a copy may be served under a Cache-Control value, in ms: while it is fresh (RFC 9111 section 4.2), and then for the longer of its
 * stale windows (RFC 5861). A window that the origin names counts also beside a directive that forbids to serve it stale (RFC 9111 section
 * 4.2.4): `s-maxage` does so by implication (section 5.2.2.10), servers go by the window all the same, and no user was promised more than the
 * origin's own words. What is `private` may be kept by the caller's own cache for as long. Where every use has to be validated, the lifetime is
 * over at once, and begins anew with each validation.
 */
export function httpLifetimeMs(cacheControl: string): number {
  const control = cacheControlOf(cacheControl);
  if (control.noStore || control.noCache) return 0;
  const staleMs = Math.max(control.staleWhileRevalidateMs, control.staleIfErrorMs);
  return control.lifetimeMs + staleMs;
}

/** The lifetime that the origin gives to answers, by template, in ms. */
export function lifetimesOf(world: World, rule: LifetimeRule): Float64Array {
  return Float64Array.from(world.templates, (_, template) => (rule === 'granted' ? world.lifetimeMs : httpLifetimeMs(policyOf(world, template).cacheControl)));
}
