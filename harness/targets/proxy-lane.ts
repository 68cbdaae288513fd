import { Agent, type ClientRequest, type IncomingMessage, request as send } from 'node:http';
import type { Socket } from 'node:net';
import type { WireAnswer } from './wire-answer.ts';

/** Who waits for what a lane brings. */
export interface Receiver {
  /** The whole answer, or as much of it as came before the connection broke. */
  received(answer: WireAnswer, isWhole: boolean): void;
  /** The connection broke before there was an answer, or none could be made. */
  lost(error: Error): void;
  /** Whether nothing has come of the request so far, so that it can be sent again. */
  mayRepeat(): boolean;
}

/** A request as it is sent: the path with everything that stands before it. */
interface Sending {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * One connection at a time to the server under test, used again and again. Servers with several workers tie a connection to one of them,
 * so that what is sent over a lane is done in the order in which it was sent.
 */
export class Lane {
  readonly index: number;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  private readonly host: string;
  private readonly port: number;
  private client: ClientRequest | null = null;
  /** The connection that was used last. */
  private socket: Socket | null = null;
  /** A connection of which it is known who took it. */
  private placed: Socket | null = null;

  constructor(index: number, host: string, port: number) {
    this.index = index;
    this.host = host;
    this.port = port;
  }

  get isFree(): boolean {
    return this.client === null;
  }

  /** It is known who has the connection over which the next request will be sent. */
  get isPlaced(): boolean {
    return this.placed !== null && this.placed === this.socket && !this.placed.destroyed;
  }

  /** Now it is known who took the connection. */
  place(): void {
    this.placed = this.socket;
  }

  /** Gives the connection up that lies idle: the next request is sent over a new one. */
  renew(): void {
    this.socket = null;
    this.agent.destroy();
  }

  /** Sends a request. A connection that had been idle may be closed by the server just then: what was sent over it is sent once more. */
  send(sending: Sending, receiver: Receiver, isAgain: boolean = false): void {
    const { agent, host, port } = this;
    const client = send({ host, port, agent, method: sending.method, path: sending.path, headers: { ...sending.headers } });
    this.client = client;
    let response: IncomingMessage | null = null;
    let isOver = false;
    const over = (): boolean => {
      if (isOver) return true;
      isOver = true;
      // Who hung up has no interest any more.
      if (this.client !== client) return true;
      this.client = null;
      return false;
    };
    const fail = (error: Error): void => {
      if (over()) return;
      if (client.reusedSocket && !isAgain && response === null && receiver.mayRepeat()) this.send(sending, receiver, true);
      else receiver.lost(error);
    };
    client.once('socket', (socket: Socket) => (this.socket = socket));
    client.on('error', fail);
    client.once('close', () => fail(new Error('the connection was closed without an answer')));
    client.once('response', (incoming: IncomingMessage) => {
      response = incoming;
      if (incoming.headers.connection === 'close') this.placed = null;
      const chunks: Buffer[] = [];
      const done = (isWhole: boolean): void => {
        if (over()) return;
        const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
        receiver.received({ status: incoming.statusCode ?? 0, headers: incoming.headers, body }, isWhole);
      };
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', () => done(false));
      incoming.once('end', () => done(incoming.complete));
    });
    client.end();
  }

  /** Wakes whoever holds the request at the other end: an empty line before a request is to be ignored (RFC 9112 section 2.2). */
  poke(): void {
    // Null until there is a connection, whatever the types of Node say.
    const socket: Socket | null | undefined = this.client?.socket;
    if (socket?.writable === true) socket.write('\r\n');
  }

  /** The caller goes away: the connection is closed in the middle of the request. */
  hangUp(): void {
    const { client } = this;
    this.client = null;
    this.placed = null;
    client?.destroy();
  }

  close(): void {
    this.hangUp();
    this.agent.destroy();
  }
}

/** The connections to one server: always the one with the lowest number that is free. */
export class Lanes {
  readonly port: number;
  private readonly lanes: Lane[] = [];
  private readonly host: string;

  constructor(host: string, port: number) {
    this.host = host;
    this.port = port;
  }

  free(): Lane {
    const { lanes } = this;
    for (const lane of lanes) if (lane.isFree) return lane;
    const lane = new Lane(lanes.length, this.host, this.port);
    lanes.push(lane);
    return lane;
  }

  close(): void {
    for (const lane of this.lanes.splice(0)) lane.close();
  }
}
