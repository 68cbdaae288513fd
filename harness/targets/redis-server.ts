import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ChildServer, programPath } from './child-server.ts';
import { TargetFault } from './target.ts';

export interface RedisServerOptions {
  /** A server that runs already; where absent, the value of `KEYHOLE_REDIS_URL`. It belongs to somebody: delete nothing there but your own keys. */
  readonly url?: string;
  /** The program that is started where no server is given. */
  readonly program?: string;
}

/** A Redis that answers. */
export interface RedisServer {
  /** What a client connects to: a URL, or the path of a socket. */
  readonly address: string;
  /** Whether it was started here, so that nobody else keeps anything in it. */
  readonly own: boolean;
  /** The process that was started here. */
  readonly pid: number | null;
  /** Ends a server that was started here, and removes what it left. Can be called twice. */
  stop(): Promise<void>;
}

/** Longest path of a socket, everywhere (sun_path in unix(7) and in the BSDs). */
const SOCKET_PATH_MAX = 103;

/** Why no server can be started or used here, as a sentence; null where one can. */
export function redisMissing(options: RedisServerOptions = {}): string | null {
  const { url = process.env['KEYHOLE_REDIS_URL'], program = 'redis-server' } = options;
  if (url !== undefined && url !== '') return null;
  return programPath(program) !== null ? null : `there is no ${program} on the PATH, and KEYHOLE_REDIS_URL names no server`;
}

/**
 * The server that is given, else a new and empty one of our own on a socket in a folder of its own: nothing is saved, no port is open, and
 * it is gone when this process is, whichever way that ends. Rejects with a {@link TargetFault} when it does not start.
 */
export async function redisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const { url = process.env['KEYHOLE_REDIS_URL'], program = 'redis-server' } = options;
  if (url !== undefined && url !== '') return { address: url, own: false, pid: null, stop: () => Promise.resolve() };
  const missing = redisMissing(options);
  if (missing !== null) throw new TargetFault(missing, 'Install redis-server, or set KEYHOLE_REDIS_URL, for example to redis://127.0.0.1:6379.');
  const server = await ChildServer.start({
    name: 'redis-server',
    launch: (directory) => ({ command: program, args: argumentsFor(directory) }),
    remedy: 'Start it by hand to see why, or set KEYHOLE_REDIS_URL to one that runs.',
    isReady: (directory) => answersPing(socketIn(directory)),
  });
  return { address: socketIn(server.directory), own: true, pid: server.serverPid, stop: () => server.stop() };
}

function socketIn(directory: string): string {
  return join(directory, 'socket');
}

function argumentsFor(directory: string): string[] {
  const socket = socketIn(directory);
  if (socket.length > SOCKET_PATH_MAX) throw new TargetFault(`the path of a socket is too long for the system: ${socket}`, 'Set TMPDIR to a shorter folder.');
  const settings = { port: '0', unixsocket: socket, unixsocketperm: '700', dir: directory, save: '', appendonly: 'no', daemonize: 'no', logfile: '' };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

async function answersPing(path: string): Promise<boolean> {
  const socket = connect({ path });
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString().startsWith('+PONG');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
