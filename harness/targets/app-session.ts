import { type IncomingHttpHeaders, type IncomingMessage, request as send, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Request, tokenOf } from '../../models/domain/request.ts';
import { ANONYMOUS } from '../../models/domain/world.ts';
import type { Call, Notice } from '../../models/origin.ts';
import { DONE, type StageCall } from '../run/call.ts';
import { reportFrames } from './answer-frames.ts';
import { Exchange } from './app-exchange.ts';
import type { Handler } from './app-handler.ts';
import type { WireRequestWithBody } from './app-request.ts';
import type { AppServer } from './app-server.ts';
import { described, report } from './function-answer.ts';
import type { Experience } from './function-experience.ts';
import { failed, type Host } from './function-host.ts';
import { Settling } from './function-settle.ts';
import { OriginError } from './origin-api.ts';
import { type AsyncSession, TargetFault } from './target.ts';
import { realNowMs, turn } from './virtual-time-turns.ts';

/** Longest real time for the ends of connections to arrive. */
const CLOSING_MS = 10_000;

interface AppSessionOptions {
  readonly host: Host;
  readonly server: AppServer;
  readonly handler: Handler;
  readonly experience: Experience;
  readonly tripwire: boolean;
  request(request: Request): WireRequestWithBody;
}

/** One life of an app behind HTTP on the loopback interface. */
export class AppSession implements AsyncSession {
  private readonly options: AppSessionOptions;
  private readonly host: Host;
  private readonly settling: Settling;
  /** Exchanges that either end still has to do with. */
  private readonly open = new Set<Exchange>();
  /** Requests that have come in and are not handled yet. */
  private readonly arrived = new Map<Exchange, IncomingMessage>();
  /** By the port that the client sends from: what the server knows of who is asking, and all that it shall know. */
  private readonly byPort = new Map<number, Exchange>();
  /** What the tripwire gives to everybody. */
  private first: { readonly status: number; readonly body: Buffer } | null = null;

  constructor(options: AppSessionOptions) {
    this.options = options;
    this.host = options.host;
    this.host.useSockets(() => this.onTheWay());
    this.settling = new Settling(this.host);
    this.host.onStray = (error) => this.drop(error);
    options.server.handler = (request, response) => this.receive(request, response);
  }

  ask(call: Call): void {
    const { host, options } = this;
    const { method = 'GET', path, headers = {}, body } = options.request(call.request);
    const { agent, port } = options.server;
    host.origin.begin();
    const client = send({ host: '127.0.0.1', port, agent, method, path, headers: { ...headers } });
    const exchange = new Exchange(call as StageCall, client);
    host.book.enter(exchange, exchange.call);
    this.open.add(exchange);
    client.once('socket', (socket: Socket) => this.connected(exchange, socket));
    client.once('response', (response: IncomingMessage) => this.answered(exchange, response));
    client.on('error', () => this.lost(exchange));
    client.once('close', () => this.lost(exchange));
    client.end(body);
  }

  cancel(call: Call): void {
    for (const exchange of this.open) if (exchange.call === call) this.hangUp(exchange);
  }

  tell(notice: Notice): void {
    this.host.tell(notice);
  }

  settle(): Promise<void> {
    return this.settling.settle();
  }

  async close(): Promise<void> {
    for (const exchange of this.open) this.hangUp(exchange);
    // The connections are used again: nothing of this session may arrive in the next one.
    const until = realNowMs() + CLOSING_MS;
    while (this.onTheWay() > 0 && realNowMs() < until) await turn();
    this.options.server.handler = null;
    await this.host.close();
  }

  /** An error that the app did not handle. When it is the origin's, the caller sees a broken connection; true if that was all. */
  private drop(error: unknown): boolean {
    if (!(error instanceof OriginError)) return false;
    for (const exchange of this.open) if (exchange.call.number === (error.call as StageCall).number) exchange.response?.destroy();
    return true;
  }

  private onTheWay(): number {
    let count = 0;
    for (const exchange of this.open) if (exchange.isOnTheWay()) count++;
    return count;
  }

  private connected(exchange: Exchange, socket: Socket): void {
    const known = (): void => {
      if (socket.localPort !== undefined) this.byPort.set(socket.localPort, exchange);
    };
    if (socket.connecting) socket.once('connect', known);
    else known();
  }

  /** The server's end. */
  private receive(request: IncomingMessage, response: ServerResponse): void {
    const exchange = this.byPort.get(request.socket.remotePort!);
    if (exchange === undefined) {
      response.destroy();
      return;
    }
    exchange.response = response;
    response.once('close', () => {
      exchange.isOver = true;
      this.forget(exchange);
    });
    this.host.ended++;
    this.arrived.set(exchange, request);
    this.handleAll();
  }

  /** Requests that were sent in one turn are handled in one, in the order in which they were sent: whichever connection is the quicker one. */
  private handleAll(): void {
    const { open, arrived } = this;
    for (const exchange of open) if (exchange.response === null && !exchange.isDone) return;
    const together = [...open].flatMap((exchange) => (arrived.has(exchange) ? [{ exchange, request: arrived.get(exchange)! }] : []));
    arrived.clear();
    for (const { exchange, request } of together) {
      if (this.first === null) this.host.book.run(exchange, () => this.handle(exchange, request, exchange.response!));
      else exchange.response!.writeHead(this.first.status).end(this.first.body);
    }
  }

  private handle(exchange: Exchange, request: IncomingMessage, response: ServerResponse): void {
    const threw = (error: unknown): void => {
      // The caller whom this was for sees a broken connection, whosoever name the origin was asked in.
      if (error instanceof OriginError) {
        response.destroy();
        return;
      }
      exchange.error = error;
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    };
    try {
      const done = this.options.handler(request, response);
      if (done instanceof Promise) done.catch(threw);
    } catch (error) {
      threw(error);
    }
  }

  /** The client's end. */
  private answered(exchange: Exchange, response: IncomingMessage): void {
    if (!exchange.isDone) this.readHeaders(exchange.call, response.headers);
    response.on('data', (chunk: Buffer) => exchange.body.push(chunk));
    response.on('error', () => this.lost(exchange));
    response.once('end', () => {
      if (exchange.isDone || !response.complete) return;
      this.end(exchange);
      this.deliver(exchange, response.statusCode ?? 0, Buffer.concat(exchange.body));
    });
  }

  /** Nobody but its owner is to be shown a token: whose are in the headers, as they are or as a cookie writes them. */
  private readHeaders(call: StageCall, headers: IncomingHttpHeaders): void {
    const { stage } = this.host;
    const { users } = stage.world;
    // What a cookie writes for one user may be what another one's token looks like: the caller's own goes first.
    const own = call.user === ANONYMOUS ? [] : formsOf(users[call.user]!);
    const text = own.reduce((rest, form) => rest.replaceAll(form, ''), Object.values(headers).flat().join('\n'));
    for (const [user, name] of users.entries()) if (user !== call.user && formsOf(name).some((form) => text.includes(form))) stage.header(call, user);
  }

  private deliver(exchange: Exchange, status: number, bytes: Buffer): void {
    const { host, options } = this;
    const { call } = exchange;
    if (call.state === DONE) return;
    const body = bytes.length === 0 ? null : bytes;
    if (options.tripwire && status < 300 && body !== null) this.first ??= { status, body };
    let received = false;
    try {
      received = report(host.stage, host.ledger, call, { status, body });
    } catch (error) {
      host.fail(error instanceof TargetFault ? error : failed('an answer could not be read', error));
      host.stage.refused(call, 'error');
    }
    if (received || status < 500) options.experience.succeed();
    else if (options.experience.isFailure(call, host.origin)) host.fail(broken(exchange, status, body));
  }

  private lost(exchange: Exchange): void {
    if (exchange.isDone) return;
    this.end(exchange);
    const { ledger, stage } = this.host;
    const frames = exchange.body.length === 0 ? [] : ledger.find(Buffer.concat(exchange.body)).frames;
    // Half a picture that came before the connection broke was seen.
    if (frames.length > 0) reportFrames(stage, exchange.call, frames);
    else stage.refused(exchange.call, 'dropped');
  }

  private hangUp(exchange: Exchange): void {
    if (exchange.isDone) return;
    this.end(exchange);
    exchange.client.destroy();
  }

  private end(exchange: Exchange): void {
    exchange.isDone = true;
    this.forget(exchange);
    if (this.arrived.size > 0) this.handleAll();
  }

  private forget(exchange: Exchange): void {
    this.host.ended++;
    if (exchange.isForgotten()) this.open.delete(exchange);
  }
}

/** A user's token, as it is and as a cookie writes it. */
function formsOf(user: string): string[] {
  const token = tokenOf(user);
  return [encodeURIComponent(token), token];
}

function broken(exchange: Exchange, status: number, body: Buffer | null): TargetFault {
  if (exchange.error !== undefined) return failed('every request was answered with an error', exchange.error);
  return new TargetFault(
    `every request was answered with status ${status}: ${body === null ? 'no content' : described({ body })}`,
    'Ask the app for a frame outside keyhole, or log its errors: it fails although the origin gives it what it asks for.',
  );
}
