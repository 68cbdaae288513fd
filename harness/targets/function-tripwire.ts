import type { Request } from '../../models/domain/request.ts';
import { type Answer, isRefusal } from './function-answer.ts';
import type { Subject } from './function-subject.ts';

/** The tripwire: everybody receives the first answer that anybody received. */
export function firstForAll(subject: Subject): Subject {
  let first: { readonly answer: Answer } | null = null;
  const get = async (request: Request, signal: AbortSignal): Promise<Answer> => {
    if (first !== null) return first.answer;
    const answer = await subject.get(request, signal);
    if (!isRefusal(answer)) first ??= { answer };
    return answer;
  };
  return { get };
}
