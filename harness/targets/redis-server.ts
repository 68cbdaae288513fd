import { type ChildProcess, spawn } from 'node:child_process';
import { once, on } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';
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

/** Longest real time for a server to start. */
const START_MS = 10_000;
/** How much of what it said is shown when it does not start. */
const SHOWN = 600;
/** Longest path of a socket, everywhere (sun_path in unix(7) and in the BSDs). */
const SOCKET_PATH_MAX = 103;
/** The descriptor under which the guardian holds the pipe. */
const PIPE = 3;

/**
 * Starts the server and outlives whoever asked for it. It holds the reading end of a pipe whose other end is here: when that closes,
 * however this process ended, it kills the server, waits for it and removes its folder. From its second breath on it says nothing, since
 * a word into a pipe that nobody reads would end it.
 */
const GUARDIAN = `
exec 2>&1
folder=$1
shift
"$@" 3<&- &
server=$!
trap '' PIPE
echo "$server"
exec >/dev/null 2>&1
{ read -r _ <&3; kill -KILL "$server"; } &
watch=$!
wait "$server"
kill -KILL "$watch"
rm -rf -- "$folder"
`;

/** Why no server can be started or used here, as a sentence; null where one can. */
export function redisMissing(options: RedisServerOptions = {}): string | null {
  const { url = process.env['KEYHOLE_REDIS_URL'], program = 'redis-server' } = options;
  if (url !== undefined && url !== '') return null;
  return isRunnable(program) ? null : `there is no ${program} on the PATH, and KEYHOLE_REDIS_URL names no server`;
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
  const folder = await mkdtemp(join(tmpdir(), 'keyhole-redis-'));
  const socket = join(folder, 'socket');
  if (socket.length > SOCKET_PATH_MAX) throw new TargetFault(`the path of a socket is too long for the system: ${socket}`, 'Set TMPDIR to a shorter folder.');
  const guardian = spawn('/bin/sh', ['-c', GUARDIAN, 'keyhole-redis', folder, program, ...argumentsFor(folder, socket)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
  const stop = (): Promise<void> => end(guardian);
  try {
    const pid = await started(guardian, socket);
    letGo(guardian);
    return { address: socket, own: true, pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function argumentsFor(folder: string, socket: string): string[] {
  const settings = { port: '0', unixsocket: socket, unixsocketperm: '700', dir: folder, save: '', appendonly: 'no', daemonize: 'no', logfile: '' };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

function isRunnable(program: string): boolean {
  const folders = program.includes('/') ? [''] : (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Waits for an answer to PING, asked whenever the server has said something: it speaks last when it is ready. */
async function started(guardian: ChildProcess, socket: string): Promise<number> {
  let said = '';
  try {
    const speaking = on(guardian.stdout!, 'data', { close: ['end'], signal: AbortSignal.timeout(START_MS) });
    for await (const [chunk] of speaking as AsyncIterable<[Buffer]>) {
      said += chunk.toString();
      if (await answersPing(socket)) return Number.parseInt(said, 10);
    }
  } catch (error) {
    throw unstarted(`it has not answered after ${START_MS / 1000} s`, said, error);
  }
  throw unstarted('it ended', said, undefined);
}

function unstarted(why: string, said: string, cause: unknown): TargetFault {
  const words = said
    .slice(said.indexOf('\n') + 1)
    .trim()
    .slice(-SHOWN);
  const fault = new TargetFault(
    `redis-server did not start: ${why}. It said: ${words === '' ? 'nothing' : words}`,
    'Start it by hand to see why, or set KEYHOLE_REDIS_URL to one that runs.',
  );
  fault.cause = cause;
  return fault;
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

/** The guardian must not keep this process from ending: that is what it waits for. */
function letGo(guardian: ChildProcess): void {
  guardian.stdout!.resume();
  guardian.unref();
  for (const stream of [guardian.stdout, guardian.stdio[PIPE]]) (stream as Readable as Socket).unref();
}

async function end(guardian: ChildProcess): Promise<void> {
  if (guardian.exitCode !== null || guardian.signalCode !== null) return;
  const ended = once(guardian, 'exit');
  guardian.ref();
  (guardian.stdio[PIPE] as Socket).destroy();
  await ended;
}
