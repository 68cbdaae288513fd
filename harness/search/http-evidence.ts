import type { History, HistoryEvent } from '../../models/domain/history.ts';
import { policyOf, type Request, requestIndex, requestsOf } from '../../models/domain/request.ts';
import type { World } from '../../models/domain/world.ts';
import { cacheControlOf, isStorable, isVaryMatch } from '../../models/http.ts';

type AskedEvent = HistoryEvent & { readonly event: 'asked' };

/** Which rule of RFC 9111 a hit broke: what was asked for first, what is asked for now, and what the origin said about keeping it tell. */
export type BrokenRule = 'uri' | 'storing' | 'vary' | 'validation' | null;

/**
 * The call that first received a copy: the one that brought it in. Null where that was the leaking call itself, or a caller
 * who had gone before the answer came.
 */
export function bringerOf(history: History, copy: number, call: number): AskedEvent | null {
  const first = history.find((event) => event.event === 'answered' && event.frame.copy === copy);
  if (first?.event !== 'answered' || first.call === call) return null;
  return history.find((event): event is AskedEvent => event.event === 'asked' && event.call === first.call) ?? null;
}

/** The first rule of RFC 9111 that forbids to answer this call with what that one brought in: section 2, 3, 4.1, or 5.2.2.4. */
export function brokenRule(world: World, brought: AskedEvent, asked: AskedEvent): BrokenRule {
  const requests = requestsOf(world);
  const requestOf = ({ user, camera, template }: AskedEvent): Request => requests[requestIndex(world, user, camera, template)]!;
  const one = requestOf(brought);
  const other = requestOf(asked);
  const policy = policyOf(world, brought.template);
  if (one.path !== other.path || one.query !== other.query) return 'uri';
  // What a HEAD brought in is stored like what a GET brings, and answers the next HEAD.
  if (!isStorable(one.method === 'HEAD' ? { ...one, method: 'GET' } : one, policy)) return 'storing';
  if (!isVaryMatch(policy.vary, other, one)) return 'vary';
  return cacheControlOf(policy.cacheControl).noCache ? 'validation' : null;
}
