import { INCIDENTS } from '../../fixtures/incidents/index.ts';
import { REFERENCE_MODELS } from '../targets/reference.ts';
import type { Target } from '../targets/target.ts';

/** Every correct cache that answers while it is asked: the reference models, and the twin of each planted bug. */
export function soakTargets(): readonly Target[] {
  const all = [...REFERENCE_MODELS, ...INCIDENTS.map(({ twin }) => twin)].filter(({ kind }) => kind === 'model');
  return [...new Map(all.map((target) => [target.name, target])).values()];
}
