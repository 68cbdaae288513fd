import type { Session } from '../../models/origin.ts';
import type { Stage } from '../run/stage.ts';
import { REFERENCE_MODELS } from '../targets/reference.ts';

const NOTHING: Session = { ask: () => {}, cancel: () => {}, tell: () => {}, close: () => {} };

/** Opens the subject of this name on a stage: `null` does nothing, which leaves what the harness costs by itself. */
export function opener(name: string): (stage: Stage) => Session {
  if (name === 'null') return () => NOTHING;
  const target = REFERENCE_MODELS.find((model) => model.name === name);
  if (target === undefined) throw new Error(`There is no subject ${name}.`);
  return (stage) => target.open(stage) as Session;
}
