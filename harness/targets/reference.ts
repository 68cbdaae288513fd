import { CdnEdge } from '../../models/cdn-edge.ts';
import { edge, type EdgePolicy } from '../../models/cdn.ts';
import { Layered, type LayeredOptions } from '../../models/layered.ts';
import { Lookaside, type LookasideOptions } from '../../models/lookaside.ts';
import { perViewer, sharedEntries } from '../../models/lru.ts';
import type { Policy } from '../../models/policy.ts';
import { tiered } from '../../models/tiered.ts';
import { type Capabilities, HTTP_EDGE } from './capabilities.ts';
import { modelTarget } from './model.ts';
import type { Target } from './target.ts';

export interface Named {
  readonly name: string;
  readonly title: string;
}

/** A look-aside cache under these policies; `reconfigure` chooses between them where there are several. `capabilities`: what differs from a cache that can do everything. */
export function lookasideTarget(
  named: Named,
  policies: readonly Policy[],
  options: Partial<LookasideOptions> = {},
  capabilities: Partial<Capabilities> = {},
): Target {
  return modelTarget({
    ...named,
    capabilities: { configurations: policies.length, ...capabilities },
    make: (origin, sink, world) => new Lookaside(origin, sink, { policies, capacity: world.capacity, limit: 'count', renditions: 'fetched', ...options }),
  });
}

/** A cache for good and weak links under these policies. */
export function tieredTarget(named: Named, policies: readonly Policy[]): Target {
  return lookasideTarget(named, policies, { renditions: 'derived', limit: 'bytes' });
}

/** An HTTP edge under these policies. `capabilities`: what differs from an edge that reads every credential and spelling. */
export function edgeTarget(named: Named, policies: readonly EdgePolicy[], capabilities: Partial<Capabilities> = {}): Target {
  return modelTarget({
    ...named,
    capabilities: { ...HTTP_EDGE, configurations: policies.length, ...capabilities },
    make: (origin, sink, world) => new CdnEdge(origin, sink, { policies, capacity: world.capacity }),
  });
}

/** An HTTP edge in front of an HTTP shield, each under a policy of its own. A restart empties the edge alone: the shield stays warm. */
export function layeredEdgeTarget(named: Named, [outer, inner]: readonly [EdgePolicy, EdgePolicy], capabilities: Partial<Capabilities> = {}): Target {
  const levels = (capacity: number): LayeredOptions => ({
    outer: (origin, sink) => new CdnEdge(origin, sink, { policies: [outer], capacity }),
    inner: (origin, sink) => new CdnEdge(origin, sink, { policies: [inner], capacity: 2 * capacity }),
    restarts: 'outer',
  });
  return modelTarget({
    ...named,
    capabilities: { ...HTTP_EDGE, ...capabilities },
    make: (origin, sink, world) => new Layered(origin, sink, levels(world.capacity)),
  });
}

/** A cache for each viewer in front of one that all viewers share, and that makes the low rendition from the high one. A restart empties both. */
export function layeredLookasideTarget(named: Named, outer: Policy, inner: Policy): Target {
  const level =
    (policy: Policy, capacity: number, renditions: LookasideOptions['renditions']): LayeredOptions['outer'] =>
    (origin, sink) =>
      new Lookaside(origin, sink, { policies: [policy], capacity, limit: 'bytes', renditions });
  return modelTarget({
    ...named,
    make: (origin, sink, { capacity }) =>
      new Layered(origin, sink, { outer: level(outer, capacity, 'fetched'), inner: level(inner, 2 * capacity, 'derived'), restarts: 'both' }),
  });
}

/** The correct caches: every property holds for them, always. */
export const REFERENCE_MODELS: readonly Target[] = [
  lookasideTarget({ name: 'lru', title: 'An LRU cache shared by all viewers; the origin is asked about the caller at every hit' }, [sharedEntries]),
  lookasideTarget({ name: 'lru-per-viewer', title: 'An LRU cache by bytes with entries of each viewer, emptied when rights are withdrawn' }, [perViewer], {
    limit: 'bytes',
  }),
  tieredTarget({ name: 'tiered', title: 'A cache for good and weak links that makes the low rendition from the high one' }, [tiered]),
  edgeTarget({ name: 'cdn', title: 'A shared HTTP edge by RFC 9111 with purge and request collapsing' }, [edge]),
  layeredEdgeTarget({ name: 'layered', title: 'A shared HTTP edge in front of a shield of the same kind' }, [edge, edge]),
  layeredLookasideTarget({ name: 'layered-lru', title: 'A cache for each viewer in front of one that all viewers share' }, perViewer, tiered),
];
