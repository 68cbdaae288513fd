import type { Condition, Method, ResponsePolicy, Template } from '../../models/domain/world.ts';
import type { Random } from './random.ts';

/** How much of an answer is asked for, and on what terms. */
export type Terms = Pick<Template, 'method' | 'condition' | 'range'>;

const METHODS: readonly (Method | undefined)[] = [undefined, 'HEAD', 'POST'];
const CONDITIONS: readonly (Condition | undefined)[] = [undefined, 'own', 'any'];

/** Changes one of the terms on which an answer is asked for. */
export function otherTerms<T extends Terms>(random: Random, from: T): T {
  switch (random.below(3)) {
    case 0:
      return { ...from, method: random.pick(METHODS) };
    case 1:
      return { ...from, condition: random.pick(CONDITIONS) };
    default:
      return { ...from, range: from.range === true ? undefined : true };
  }
}

/** The policy, with a validator mostly, and with headers and cookies of the caller's session often. */
export function withHeaders(random: Random, policy: ResponsePolicy): ResponsePolicy {
  const validator = random.below(4) > 0 ? true : undefined;
  const session = random.below(2) === 0 ? true : undefined;
  return { ...policy, ...(validator && { validator }), ...(session && { session }) };
}
