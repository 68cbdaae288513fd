import type { ClientRequest, IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { StageCall } from '../run/call.ts';

/** One request over HTTP, as seen from both of its ends. */
export class Exchange {
  readonly call: StageCall;
  readonly client: ClientRequest;
  /** The server's end, once the request has arrived there. */
  response: ServerResponse | null = null;
  /** What of the answer's body has arrived at the client. */
  readonly body: Buffer[] = [];
  /** The headers of the answer, once they have arrived at the client. */
  headers: IncomingHttpHeaders = {};
  /** Users whose tokens the answer has shown. */
  readonly shown: Set<number> = new Set<number>();
  /** The client has seen enough of a stream, and waits a moment for what is still to come. */
  isSeenEnough = false;
  /** The client has the whole answer, lost the connection or hung up. */
  isDone = false;
  /** The server has sent everything or lost the connection. */
  isOver = false;
  /** What the handler threw. */
  error: unknown;

  constructor(call: StageCall, client: ClientRequest) {
    this.call = call;
    this.client = client;
  }

  /** Something of it is between the two ends: the request, the end of the answer or what the client takes for it, or the end of the connection. */
  isOnTheWay(): boolean {
    const { response } = this;
    if (response === null) return !this.isDone;
    if (this.isSeenEnough && !this.isDone) return true;
    return this.isDone ? !this.isOver : this.isOver || response.writableEnded;
  }

  /** Neither end has anything to do with it any more. */
  isForgotten(): boolean {
    return this.isDone && (this.isOver || this.response === null);
  }
}
