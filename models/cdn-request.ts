import type { EdgePolicy } from './cdn.ts';
import type { Request } from './domain/request.ts';

/** What an edge reads from a request, whatever is stored. */
export interface ReadRequest {
  /** What its answer is stored and found under: the key of the GET, whatever the method, so that a HEAD finds the answer to a GET (RFC 9111 section 4). */
  readonly primary: string;
  /** What others can join it under, or null. */
  readonly joined: string | null;
  /** The same as a GET of the whole: what a stored answer that was found for it was an answer to. */
  readonly whole: Request;
  /** RFC 9110 section 9.2.1. What is not goes to the origin, each time (RFC 9111 section 4). */
  readonly isSafe: boolean;
  /** Only what the headers say is asked for: RFC 9110 section 9.3.2. */
  readonly isHead: boolean;
  /** `If-None-Match: *`: RFC 9110 section 13.1.2. */
  readonly isUnlessAny: boolean;
  /** It asks for a whole picture without conditions: what comes can be stored and shared. */
  readonly isWhole: boolean;
}

/** Reads a request under a policy. */
export function readRequest(request: Request, policy: EdgePolicy): ReadRequest {
  const { method, headers } = request;
  const isSafe = method !== 'POST';
  const isRange = headers['range'] !== undefined;
  const isUnlessAny = isSafe && headers['if-none-match'] === '*';
  const whole = method === 'GET' && !isRange ? request : wholeOf(request);
  return {
    primary: policy.key(whole),
    joined: isSafe ? policy.join(whole) : null,
    whole,
    isSafe,
    isHead: method === 'HEAD',
    isUnlessAny,
    isWhole: whole === request && !isUnlessAny,
  };
}

function wholeOf(request: Request): Request {
  const { range: _, ...headers } = request.headers;
  return { ...request, method: 'GET', headers };
}
