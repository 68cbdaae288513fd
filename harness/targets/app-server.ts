import { once } from 'node:events';
import { Agent, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Handler } from './app-handler.ts';

/** A server on the loopback interface, kept for the life of a target, and the client that talks to it. Neither keeps the process alive. */
export class AppServer {
  readonly port: number;
  /** Keeps connections: a new one for each request would cost more than the request. */
  readonly agent: Agent = new Agent({ keepAlive: true });
  /** Who receives requests now. */
  handler: Handler | null = null;
  private readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('request', (request, response) => {
      if (this.handler === null) response.destroy();
      else this.handler(request, response);
    });
  }

  static async start(): Promise<AppServer> {
    // No connection ends by itself: one that did just when it was used again would look like a fault of the target.
    const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, connectionsCheckingInterval: 2 ** 30 });
    server.on('connection', (socket) => socket.unref());
    server.listen(0, '127.0.0.1').unref();
    // Unreferenced, it would not keep the process alive until it listens.
    const awake = setInterval(() => {}, 2 ** 30);
    await once(server, 'listening').finally(() => clearInterval(awake));
    return new AppServer(server);
  }

  async close(): Promise<void> {
    this.agent.destroy();
    const closed = once(this.server, 'close');
    this.server.ref().close();
    this.server.closeAllConnections();
    await closed;
  }
}
