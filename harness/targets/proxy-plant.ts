import { chmodSync } from 'node:fs';
import { ChildServer, type Launch } from './child-server.ts';
import { FakeClock, FAKETIME_VARIABLES, faketimeLibrary, REAL_CLOCK, type WireClock } from './faketime.ts';
import { described } from './function-answer.ts';
import { httpDate } from './origin-reply.ts';
import { FENCE, OriginServer } from './origin-server.ts';
import { type Lane, Lanes } from './proxy-lane.ts';
import { Pace } from './proxy-pace.ts';
import { freePort } from './proxy-port.ts';
import { Processes } from './proxy-processes.ts';
import { isSeenToMove } from './proxy-time.ts';
import { Workers } from './proxy-workers.ts';
import { TargetFault } from './target.ts';
import type { WireAnswer } from './wire-answer.ts';

/** What a server is started with. */
export interface ProxyEnvironment {
  /** Where the server finds what it caches. */
  readonly origin: { readonly host: string; readonly port: number };
  /** Where it has to listen. */
  readonly host: string;
  readonly port: number;
  /**
   * A folder of its own, empty, and removed when it ends. It is started in there. Where keyhole runs as root, servers that become somebody
   * else reach what lies in it, and can write only into what `start` makes there for them.
   */
  readonly directory: string;
  /** The variables of its environment that move its time, for servers that clear the environment of their workers. Empty where it is not moved. */
  readonly variables: readonly string[];
}

/** A server that runs already, and the port on this machine where it expects its origin. */
export interface Listening {
  readonly host: string;
  readonly port: number;
  readonly originPort: number;
}

/** How a server comes to be there. `null`: there is none, and the origin is asked directly. */
export type ProxyStart = ((env: ProxyEnvironment) => Launch) | Listening | null;

export interface PlantOptions {
  readonly name: string;
  readonly start: ProxyStart;
  readonly install: string | undefined;
  readonly movesTime: boolean;
  /** The server looks from time to time whether those who wait inside it may go on. */
  readonly polls: boolean;
}

const HOST = '127.0.0.1';
/** Longest real time until a moved clock shows. */
const MOVE_MS = 5_000;
/** Longest real time for the answer to a fence, and for the news of a server's end. */
const FENCE_MS = 5_000;
const NEWS_MS = 500;
/** Longest real time in which a process takes a connection while all others stand still. */
const PLACE_MS = 3_000;
const TRIES = 3;
const UNCHANGED =
  'Let the server pass on every path and query to the origin as they come, byte by byte: nothing before the path, no "?" behind it, nothing decoded or joined; and turn off health checks of its own.';
const PIPELINED =
  'It sends a request to the origin over a connection on which another one is still unanswered (pipelining), and the answers come back in that order: the origin can hold ' +
  'none back alone. Let it open a connection for each request that is under way.';
/** Whoever knows what it is called reaches a file in such a folder, where the file itself lets him; nobody else sees what there is. */
const PASSABLE = 0o711;

/**
 * The server under test with the harness's origin behind it and the connections in front of it.
 * @internal
 */
export class Plant {
  readonly name: string;
  readonly origin: OriginServer;
  readonly lanes: Lanes;
  readonly clock: WireClock;
  readonly pace: Pace = new Pace();
  /** The processes of the server; null where they cannot be watched. */
  processes: Processes | null;
  /** Those of them that take connections; null where that is not known or does not matter. */
  workers: Workers | null = null;
  /** No two of those who wait inside the server were left to go on in an order of their own. */
  isInOrder = true;
  private readonly polls: boolean;
  /** The last of what waits for the others to stand still. */
  private placing: Promise<unknown> = Promise.resolve();
  private readonly child: ChildServer | null;
  /** The answers carry the server's own time, so that one can see whether it has moved. */
  private showsTime = false;
  /** The server was not seen to live in the time that it was given. */
  private isUnmoved = false;

  constructor(name: string, origin: OriginServer, parts: { lanes: Lanes; clock: WireClock; child: ChildServer | null; polls: boolean }) {
    this.name = name;
    this.origin = origin;
    this.lanes = parts.lanes;
    this.clock = parts.clock;
    this.child = parts.child;
    this.polls = parts.polls;
    const pid = parts.child?.serverPid ?? null;
    this.processes = pid === null ? null : Processes.of(pid);
  }

  /** Rejects with a {@link TargetFault} when the server is missing, does not start, or does not lead to the origin. */
  static async start(options: PlantOptions): Promise<Plant> {
    const { start } = options;
    const origin = await OriginServer.start(start !== null && 'originPort' in start ? start.originPort : 0);
    let plant: Plant | null = null;
    try {
      plant = typeof start === 'function' ? await started(options, start, origin) : await joined(options.name, start ?? origin, origin);
      if (options.polls) await plant.meetWorkers();
      await plant.calibrate();
      if (!plant.isUnmoved) return plant;
    } catch (error) {
      await (plant === null ? origin.close() : plant.close());
      throw error;
    }
    await plant.close();
    return Plant.start({ ...options, movesTime: false });
  }

  /** The process under test is gone. */
  get isGone(): boolean {
    return this.child !== null && this.child.ended !== null;
  }

  /** Sends a fence over a lane. Resolves with the answer when it came through from the origin; null when it did not. */
  async fence(lane: Lane): Promise<WireAnswer | null> {
    const from = performance.now();
    const answer = await (this.isPlaced(lane) ? fence(this.origin, lane) : this.place(lane));
    this.pace.note(performance.now() - from);
    return answer;
  }

  /** The processes of the server never sleep, so that nothing can be seen by it. */
  watchNoMore(): void {
    this.processes?.close();
    this.processes = null;
    this.leaveWorkers();
  }

  /** Whether it is known which of the processes has the connection over which the next call will be sent. */
  get isPrepared(): boolean {
    return this.isPlaced(this.lanes.free());
  }

  /** Sees to it that {@link isPrepared} holds. To be called at rest. */
  async prepare(): Promise<void> {
    if (!this.isPrepared && (await this.fence(this.lanes.free())) === null) await this.diagnose();
  }

  /** Lets all processes that take connections go on, and knows them no more. */
  leaveWorkers(): void {
    this.workers?.go();
    this.workers = null;
    this.isInOrder &&= !this.polls || this.isGone;
  }

  /** Throws what has become of a server that does not answer. */
  async diagnose(): Promise<void> {
    if ((await this.fence(this.lanes.free())) !== null) return;
    const ended = this.child !== null && (await this.child.hasEnded(NEWS_MS));
    const account = this.child === null ? 'It was not started here' : await this.child.account();
    throw new TargetFault(
      `${this.name} ${ended ? 'has ended' : 'does not answer any more'}: ${account}`,
      this.origin.wasPipelined && !ended
        ? PIPELINED
        : 'Look into what the server says. Start it by hand with the same configuration, and send it what the last program sent.',
    );
  }

  async close(): Promise<void> {
    this.lanes.close();
    this.processes?.close();
    await this.child?.stop();
    await this.origin.close();
  }

  private async meetWorkers(): Promise<void> {
    const { processes, clock, lanes } = this;
    this.workers = processes === null || clock === REAL_CLOCK ? null : await Workers.of(processes, lanes.port);
    this.isInOrder = this.workers !== null;
    // Who took the connections from before is not known.
    if (this.isInOrder) lanes.close();
  }

  private isPlaced(lane: Lane): boolean {
    return this.workers === null || this.workers.count === 1 || lane.isPlaced;
  }

  /** Sends a fence over a new connection, which only one of the processes can take: which one, the place of the lane says. */
  private place(lane: Lane): Promise<WireAnswer | null> {
    const placing = async (): Promise<WireAnswer | null> => {
      const { workers } = this;
      lane.renew();
      if (workers === null || !(await workers.stop(lane.index % workers.count))) {
        this.leaveWorkers();
        return fence(this.origin, lane);
      }
      const late = setTimeout(() => this.leaveWorkers(), PLACE_MS);
      try {
        const answer = await fence(this.origin, lane);
        lane.place();
        return answer;
      } finally {
        clearTimeout(late);
        workers.go();
      }
    };
    const placed = this.placing.then(placing);
    this.placing = placed.catch(() => {});
    return placed;
  }

  /** Learns whether answers show the server's own time: the origin says another one meanwhile. */
  private async calibrate(): Promise<void> {
    if (this.clock === REAL_CLOCK) return;
    const { origin } = this;
    origin.clock = { now: () => 0, advance: () => false };
    const answer = await this.fence(this.lanes.free());
    origin.clock = this.clock;
    this.showsTime = answer !== null && answer.headers['date'] !== httpDate(0);
    await this.seeTime();
    if (this.showsTime) return;
    const asking = (path: string, headers: Sent['headers']): Promise<WireAnswer | null> => ask(this.lanes.free(), { path, headers });
    this.isUnmoved = !(await isSeenToMove({ clock: this.clock, origin, ask: asking }));
  }

  /** Waits until the server is seen to live in the time to which it was moved. */
  async seeTime(): Promise<void> {
    const until = performance.now() + MOVE_MS;
    for (;;) {
      const answer = await this.fence(this.lanes.free());
      if (answer === null) await this.diagnose();
      else if (!this.showsTime || answer.headers['date'] === httpDate(this.clock.now())) return;
      if (performance.now() > until) throw unmoved(this.name, answer?.headers['date']);
    }
  }
}

async function started({ name, install, movesTime, polls }: PlantOptions, start: (env: ProxyEnvironment) => Launch, origin: OriginServer): Promise<Plant> {
  const library = movesTime ? faketimeLibrary() : null;
  for (let tries = 1; ; tries++) {
    const port = await freePort(HOST);
    const lanes = new Lanes(HOST, port);
    let clock: FakeClock | null = null;
    const launch = (directory: string): Launch => {
      if (process.getuid?.() === 0) chmodSync(directory, PASSABLE);
      const variables = library === null ? [] : FAKETIME_VARIABLES;
      const launched = start({ origin, host: HOST, port, directory, variables });
      if (library === null) return launched;
      clock = new FakeClock(directory);
      return { ...launched, env: { ...launched.env, ...clock.environment(library) } };
    };
    let said: WireAnswer | null = null;
    const isReady = async (): Promise<boolean> => (await firstFence(name, origin, lanes.free(), (answer) => (said = answer))) !== null;
    try {
      const child = await ChildServer.start({ name, launch, isReady, ...(install === undefined ? {} : { install }) });
      return new Plant(name, origin, { lanes, clock: clock ?? REAL_CLOCK, child, polls });
    } catch (error) {
      lanes.close();
      // Somebody took the port between its being found free and its use.
      if (tries === TRIES || !(error instanceof TargetFault) || !/address already in use|EADDRINUSE/i.test(error.message))
        throw instead(isLate(error) && said !== null ? misled(name, origin, said) : error, origin);
    }
  }
}

async function joined(name: string, { host, port }: Pick<Listening, 'host' | 'port'>, origin: OriginServer): Promise<Plant> {
  const plant = new Plant(name, origin, { lanes: new Lanes(host, port), clock: REAL_CLOCK, child: null, polls: false });
  try {
    if ((await firstFence(name, origin, plant.lanes.free())) !== null) return plant;
    const fault = new TargetFault(
      `${name} does not lead to the origin: a request to http://${host}:${port} was not passed on to http://${origin.host}:${origin.port}`,
      'Start the server, and let it forward every path to that origin.',
    );
    throw instead(fault, origin);
  } catch (error) {
    plant.lanes.close();
    throw error;
  }
}

interface Sent {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends a request of nobody's program. Null where there is no whole answer in time. */
function ask(lane: Lane, sent: Sent): Promise<WireAnswer | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      lane.hangUp();
      resolve(null);
    }, FENCE_MS);
    const end = (answer: WireAnswer | null): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    lane.send(
      { method: 'GET', ...sent },
      {
        received: (answer, isWhole) => end(isWhole ? answer : null),
        lost: () => end(null),
        mayRepeat: () => true,
      },
    );
  });
}

async function fence(
  origin: OriginServer,
  lane: Lane,
  path: string = origin.fencePath(),
  told?: (answer: WireAnswer | null) => void,
): Promise<WireAnswer | null> {
  const answer = await ask(lane, { path, headers: {} });
  told?.(answer);
  return answer?.status === 200 && origin.hasSeen(path) ? answer : null;
}

/** A fence before the server is known to lead to the origin; `told` hears what it answers. Throws where it passes on something else than what it was asked for. */
async function firstFence(name: string, origin: OriginServer, lane: Lane, told?: (answer: WireAnswer | null) => void): Promise<WireAnswer | null> {
  const path = origin.fencePath();
  const answer = await fence(origin, lane, path, told);
  const { lastTarget } = origin;
  // It comes through, if under another name: the server may write what stands before it, or some of its characters, in its own way.
  if (answer === null && lastTarget !== path && lastTarget.includes(path.slice(FENCE.length)))
    throw new TargetFault(
      `${name} does not pass requests on as they come: it was asked for ${JSON.stringify(path)}, and asked the origin for ${JSON.stringify(lastTarget)}`,
      UNCHANGED,
    );
  return answer;
}

/** Whether a server runs, and was given up waiting for. */
function isLate(error: unknown): boolean {
  return error instanceof TargetFault && error.message.includes('has not answered after');
}

/** The server answers, and not with what the origin says. */
function misled(name: string, { host, port }: OriginServer, { status, body }: WireAnswer): TargetFault {
  return new TargetFault(
    `${name} does not lead to the origin: it answers, with status ${status} and ${body.length === 0 ? 'no content' : described({ body })}`,
    `Let it pass every path on to http://${host}:${port}, with the method and the headers that it was asked with, and give back what comes from there.`,
  );
}

/** The same fault, with what came to the origin in place of a fence. */
function instead(error: unknown, { lastTarget }: OriginServer): unknown {
  if (!(error instanceof TargetFault) || lastTarget === '' || lastTarget.startsWith(FENCE)) return error;
  return new TargetFault(`${error.message}. What it asked the origin for last was ${JSON.stringify(lastTarget)}, for which keyhole had not asked`, UNCHANGED);
}

function unmoved(name: string, date: string | readonly string[] | undefined): TargetFault {
  return new TargetFault(
    `the time of ${name} was moved and its answers still say ${String(date)}`,
    'Let the server hand on the variables of libfaketime to its workers (in nginx, a line `env NAME;` for each), or declare that its time cannot be moved.',
  );
}
