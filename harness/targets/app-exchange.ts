import type { ClientRequest, ServerResponse } from 'node:http';
import type { StageCall } from '../run/call.ts';

/** One request over HTTP, as seen from both of its ends. */
export class Exchange {
  readonly call: StageCall;
  readonly client: ClientRequest;
  /** The server's end, once the request has arrived there. */
  response: ServerResponse | null = null;
  /** What of the answer's body has arrived at the client. */
  readonly body: Buffer[] = [];
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

  /** Something of it is between the two ends: the request, the end of the answer, or the end of the connection. */
  isOnTheWay(): boolean {
    const { response } = this;
    if (response === null) return !this.isDone;
    return this.isDone ? !this.isOver : this.isOver || response.writableEnded;
  }

  /** Neither end has anything to do with it any more. */
  isForgotten(): boolean {
    return this.isDone && (this.isOver || this.response === null);
  }
}
