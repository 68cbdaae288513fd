import type { ResponsePolicy, Template } from '../../models/domain/world.ts';
import type { Random } from './random.ts';

/** How much of an answer is asked for, and on what terms. */
export type Terms = Pick<Template, 'method' | 'condition' | 'range'>;

const PLAIN: Terms = { method: undefined, condition: undefined, range: undefined };
const OTHERS: readonly Terms[] = [{ method: 'HEAD' }, { method: 'POST' }, { condition: 'own' }, { condition: 'any' }, { range: true }];

/** Sets one of the terms on which an answer is asked for, or all of them back to the plain ones. */
export function otherTerms<T extends Terms>(random: Random, from: T): T {
  const terms = random.pick(OTHERS);
  const { method, condition, range } = from;
  const isSet = (terms.method ?? method) === method && (terms.condition ?? condition) === condition && (terms.range ?? range) === range;
  return { ...from, ...(isSet ? PLAIN : terms) };
}

/** The policy, with a validator mostly, and with headers and cookies of the caller's session as often. */
export function withHeaders(random: Random, policy: ResponsePolicy): ResponsePolicy {
  const validator = random.below(4) > 0 ? true : undefined;
  const session = random.below(4) > 0 ? true : undefined;
  return { ...policy, ...(validator && { validator }), ...(session && { session }) };
}
