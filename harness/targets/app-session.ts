import { type IncomingHttpHeaders, type IncomingMessage, request as send, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Request } from '../../models/domain/request.ts';
import type { Call, Notice } from '../../models/origin.ts';
import { DONE, type StageCall } from '../run/call.ts';
import { StartAnew } from '../run/run-async-anew.ts';
import { reportFrames } from './answer-frames.ts';
import { reportAnswer, withHeaders } from './app-answer.ts';
import { contentOf } from './app-content.ts';
import { AppCookies, cookiesIn } from './app-cookies.ts';
import { Exchange } from './app-exchange.ts';
import type { Handler } from './app-handler.ts';
import { type AppAnswer, type Meaning, meaningOf } from './app-meaning.ts';
import { hasWholePart } from './app-multipart.ts';
import type { WireRequestWithBody } from './app-request.ts';
import type { AppServer } from './app-server.ts';
import { othersIn, textsIn, textsInHeaders } from './app-tokens.ts';
import { inWordsOfApps } from './app-words.ts';
import { described, NOTHING } from './function-answer.ts';
import type { Experience } from './function-experience.ts';
import { failed, type Host } from './function-host.ts';
import { Settling } from './function-settle.ts';
import { OriginError } from './origin-api.ts';
import { type AsyncSession, TargetFault } from './target.ts';
import { realNowMs, turn } from './virtual-time-turns.ts';

/** Longest real time for the ends of connections to arrive. */
const CLOSING_MS = 10_000;
/** As browsers have it: a picture in a header is to be seen, not to break the connection. */
const HEADERS_MAX_BYTES = 1 << 18;
/** This many turns of the event loop without anything more of a stream that has no end, and what came is the answer. */
const QUIET_TURNS = 4;
/** What a server says of the connection and of the form of one answer, and not of its content. */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set(['connection', 'content-length', 'date', 'keep-alive', 'trailer', 'transfer-encoding', 'upgrade']);

/** An app, and all that it lives in. */
export interface AppLife {
  readonly host: Host;
  readonly handler: Handler;
}

export interface AppSessionOptions {
  readonly server: AppServer;
  readonly experience: Experience;
  /** Builds the app, empty. */
  live(): Promise<AppLife>;
  /** Which cookies the app makes for each session; null while nobody knows. */
  readonly cookieNames: ReadonlySet<string> | null;
  /** Finds that out, by apps of its own. */
  findCookieNames(): Promise<ReadonlySet<string>>;
  readonly tripwire: boolean;
  request(request: Request): WireRequestWithBody;
  /** What the app says that an answer means. */
  readonly answer: ((answer: AppAnswer) => Meaning) | undefined;
}

/** One life of an app behind HTTP on the loopback interface. */
export class AppSession implements AsyncSession {
  private readonly options: AppSessionOptions;
  private host!: Host;
  private handler!: Handler;
  private settling!: Settling;
  private cookies: AppCookies | null;
  /** Of the answer that came last; null before. */
  lastHeaders: IncomingHttpHeaders | null = null;
  /** Exchanges that either end still has to do with. */
  private readonly open = new Set<Exchange>();
  /** Requests that have come in and are not handled yet. */
  private readonly arrived = new Map<Exchange, IncomingMessage>();
  /** By the port that the client sends from: what the server knows of who is asking, and all that it shall know. */
  private readonly byPort = new Map<number, Exchange>();
  /** What the tripwire gives to everybody. */
  private first: { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer } | null = null;

  private constructor(options: AppSessionOptions) {
    this.options = options;
    this.cookies = options.cookieNames === null ? null : new AppCookies(options.cookieNames);
  }

  static async open(options: AppSessionOptions): Promise<AppSession> {
    const session = new AppSession(options);
    await session.live();
    return session;
  }

  private async live(): Promise<void> {
    const { live, experience, server } = this.options;
    const { host, handler } = await live();
    this.host = host;
    this.handler = handler;
    this.host.useSockets(() => this.onTheWay());
    this.settling = new Settling(this.host, experience.patience);
    this.host.onStray = (error) => this.drop(error);
    server.handler = (request, response) => this.receive(request, response);
  }

  /** From now on it is known which cookies are those of a session; what was played so far is played again. */
  private beginAnew(): void {
    this.cookies = new AppCookies(new Set());
    this.host.fail(
      new StartAnew(async () => {
        await this.close();
        this.cookies = new AppCookies(await this.options.findCookieNames());
        this.first = null;
        await this.live();
      }),
    );
  }

  ask(call: Call): void {
    const { host, options } = this;
    const { method = 'GET', path, headers = {}, body } = options.request(call.request);
    const { agent, port } = options.server;
    host.origin.begin();
    const client = send({ host: '127.0.0.1', port, agent, method, path, headers: { ...headers }, maxHeaderSize: HEADERS_MAX_BYTES });
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

  linger(): Promise<boolean> {
    return this.settling.linger();
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
      else exchange.response!.writeHead(this.first.status, this.first.headers).end(this.first.body);
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
      const done = this.handler(request, response);
      if (done instanceof Promise) done.catch(threw);
    } catch (error) {
      threw(error);
    }
  }

  /** The client's end. */
  private answered(exchange: Exchange, response: IncomingMessage): void {
    const { headers } = response;
    exchange.headers = headers;
    this.lastHeaders = headers;
    if (!exchange.isDone) {
      this.readCookies(exchange.call, headers);
      this.readTokens(exchange, textsInHeaders(headers));
    }
    response.on('data', (chunk: Buffer) => this.grown(exchange, response, chunk));
    response.on('error', () => this.lost(exchange));
    response.once('end', () => {
      if (exchange.isDone || !response.complete) return;
      this.end(exchange);
      this.deliver(exchange, response.statusCode ?? 0);
    });
  }

  private grown(exchange: Exchange, response: IncomingMessage, chunk: Buffer): void {
    exchange.body.push(chunk);
    if (exchange.isDone || exchange.isSeenEnough || !hasWholePart(exchange.body, response.headers)) return;
    exchange.isSeenEnough = true;
    this.host.ended++;
    void this.leave(exchange, response);
  }

  /** Hangs up on a stream of pictures as soon as nothing more comes, as a client does that wants one. */
  private async leave(exchange: Exchange, response: IncomingMessage): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      const { length } = exchange.body;
      await turn();
      if (exchange.isDone) return;
      if (exchange.body.length !== length) quiet = -1;
    }
    this.hangUp(exchange);
    this.deliver(exchange, response.statusCode ?? 0);
  }

  /** A cookie of a session is for that one alone. */
  private readCookies(call: StageCall, headers: IncomingHttpHeaders): void {
    if (this.cookies !== null) for (const party of this.cookies.partiesIn(headers, call)) this.host.stage.header(call, party);
    else if (cookiesIn(headers).length > 0) this.beginAnew();
  }

  /** Nobody but its owner is to be shown a token. */
  private readTokens({ call, shown }: Exchange, texts: readonly string[]): void {
    const { stage } = this.host;
    for (const user of othersIn(texts, call.user, stage.world.users)) {
      if (shown.has(user)) continue;
      shown.add(user);
      stage.header(call, user);
    }
  }

  private deliver(exchange: Exchange, status: number): void {
    const { host, options } = this;
    const { call, headers } = exchange;
    if (call.state === DONE) return;
    const body = Buffer.concat(exchange.body);
    const answer: AppAnswer = { status, headers, body: contentOf(body, headers) };
    this.readTokens(exchange, textsIn(answer.body, headers));
    let received = false;
    try {
      // Of an answer that is not its own, the app has nothing to say.
      const meaning = exchange.error === undefined ? meaningOf(answer, options.answer) : undefined;
      if (options.tripwire && status < 300 && body.length > 0 && meaning !== 'refusal') this.first ??= { status, headers: contentHeaders(headers), body };
      received = reportAnswer(host.stage, host.ledger, call, { answer, meaning });
    } catch (error) {
      host.fail(error instanceof TargetFault ? inWordsOfApps(error) : failed('an answer could not be read', error));
      host.stage.refused(call, 'error');
    }
    if (received || status < 500) options.experience.succeed();
    else if (options.experience.isFailure(call, host.origin)) host.fail(broken(exchange, answer));
  }

  private lost(exchange: Exchange): void {
    if (exchange.isDone) return;
    this.end(exchange);
    const { ledger, stage } = this.host;
    const content = contentOf(Buffer.concat(exchange.body), exchange.headers);
    const { frames } = withHeaders(content.length === 0 ? NOTHING : ledger.find(content), ledger, exchange.headers);
    this.readTokens(exchange, textsIn(content, exchange.headers));
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

/** The headers of an answer that belong to its content. */
function contentHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.has(name)));
}

function broken(exchange: Exchange, { status, body }: AppAnswer): TargetFault {
  if (exchange.error !== undefined) return failed('every request was answered with an error', exchange.error);
  return new TargetFault(
    `every request was answered with status ${status}: ${body.length === 0 ? 'no content' : described({ body })}`,
    'Ask the app for a frame outside keyhole, or log its errors: it fails although the origin gives it what it asks for.',
  );
}
