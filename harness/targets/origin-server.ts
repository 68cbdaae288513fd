import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Stage } from '../run/stage.ts';
import { REAL_CLOCK, type WireClock } from './faketime.ts';
import type { FrameLedger } from './frame-bytes-ledger.ts';
import { writeEmpty, writeLasting } from './origin-reply.ts';
import { OriginSession } from './origin-server-session.ts';
import { TargetFault } from './target.ts';
import { turn } from './virtual-time-turns.ts';

const HOST = '127.0.0.1';
/** The path of a fence begins with this, then the name of the origin. */
export const FENCE = '/~';
const NAMES = 36 ** 4;

/** The harness as an HTTP origin on the loopback interface, kept for the life of a target. It does not keep the process alive. */
export class OriginServer {
  readonly host: string = HOST;
  readonly port: number;
  /** What the `Date` of every answer is read from. */
  clock: WireClock = REAL_CLOCK;
  private readonly server: Server;
  /** Tells this origin from others whose answers may still be in a cache that outlives them. */
  private readonly name: string = randomInt(NAMES, 36 * NAMES).toString(36);
  private session: OriginSession | null = null;
  private sessions = 0;
  private fences = 0;
  private lastFence = '';
  /** What was asked for last, be it a fence or not; an empty string before. */
  lastTarget = '';
  /** Somebody sent a request over a connection on which another one was still unanswered: what is answered second waits there for the first. */
  wasPipelined = false;
  private readonly answering = new WeakSet<Socket>();
  /** How often paths were asked for the answers to which may be kept. */
  private readonly lasting = new Map<string, number>();

  private constructor(server: Server) {
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('request', (request, response) => this.receive(request, response));
  }

  /** `port`: where a server that runs already expects its origin; any free one where absent. */
  static async start(port = 0): Promise<OriginServer> {
    // No connection ends by itself: one that did just when it was used again would look like a fault of the target.
    const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, connectionsCheckingInterval: 2 ** 30 });
    server.on('connection', (socket) => socket.unref());
    // Unreferenced, it would not keep the process alive until it listens.
    const awake = setInterval(() => {}, 2 ** 30);
    try {
      server.listen(port, HOST).unref();
      await once(server, 'listening');
    } catch (error) {
      throw unheard(port, error);
    } finally {
      clearInterval(awake);
    }
    return new OriginServer(server);
  }

  get url(): string {
    return `http://${HOST}:${this.port}`;
  }

  /** Begins a session; the one before is over, and what is still asked for it is turned away. */
  open(stage: Stage, ledger: FrameLedger): OriginSession {
    this.session?.close();
    this.session = new OriginSession(`/${this.name}${(this.sessions++).toString(36)}`, { stage, ledger, clock: this.clock });
    return this.session;
  }

  /** A path that nobody asked for before. The origin answers it at once, with a 200 that nobody may keep. */
  fencePath(): string {
    return `${FENCE}${this.name}/${this.fences++}`;
  }

  /** Whether this was the last fence that came through to here. */
  hasSeen(fencePath: string): boolean {
    return this.lastFence === fencePath;
  }

  /** A path that nobody asked for before. The origin answers it at once, with a 200 that everybody may keep for a minute. */
  lastingPath(): string {
    const path = `${FENCE}${this.name}/kept/${this.fences++}`;
    this.lasting.set(path, 0);
    return path;
  }

  /** How often such a path was asked for. */
  timesAsked(lastingPath: string): number {
    return this.lasting.get(lastingPath) ?? 0;
  }

  async close(): Promise<void> {
    this.session?.close();
    const closed = once(this.server, 'close');
    this.server.ref().close();
    this.server.closeAllConnections();
    await closed;
    // The system takes the port back a turn later.
    await turn();
  }

  private receive(request: IncomingMessage, response: ServerResponse): void {
    const { session } = this;
    const url = request.url ?? '';
    this.lastTarget = url;
    this.watch(request.socket, response);
    const times = this.lasting.get(url);
    if (times !== undefined) {
      this.lasting.set(url, times + 1);
      writeLasting(response, this.clock.now());
    } else if (url.startsWith(FENCE)) {
      this.lastFence = url;
      writeEmpty(response, 200, this.clock.now());
    } else if (session?.isFor(url) === true) session.receive(request, response);
    else writeEmpty(response, 410, this.clock.now());
  }

  private watch(socket: Socket, response: ServerResponse): void {
    if (this.answering.has(socket)) this.wasPipelined = true;
    this.answering.add(socket);
    response.once('close', () => this.answering.delete(socket));
  }
}

function unheard(port: number, error: unknown): TargetFault {
  const said = error instanceof Error ? error.message : String(error);
  const fault = new TargetFault(`the origin cannot listen on port ${port} of ${HOST}: ${said}`, 'Free that port, or let the server forward to another one.');
  fault.cause = error;
  return fault;
}
