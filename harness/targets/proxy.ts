import { execFileSync } from 'node:child_process';
import type { Request } from '../../models/domain/request.ts';
import type { Credential, Spelling } from '../../models/domain/world.ts';
import type { Stage } from '../run/stage.ts';
import type { WireRequest } from './app-request.ts';
import { type Capabilities, IN_PROCESS, ON_THE_WIRE } from './capabilities.ts';
import { programPath } from './child-server.ts';
import { type BrandedTarget, brand } from './define.ts';
import { faketimeLibrary } from './faketime.ts';
import { FrameLedger } from './frame-bytes-ledger.ts';
import { checkOptions } from './options.ts';
import { codecFor, type Frames } from './picture-option.ts';
import { Keeper } from './proxy-keeper.ts';
import type { ProxyStart } from './proxy-plant.ts';
import { Processes } from './proxy-processes.ts';
import { ProxySession } from './proxy-session.ts';
import type { OpenOptions } from './target.ts';

interface ProxyEvidence {
  /** What the server is called. */
  readonly server: string;
  /** The command that says its version, on whichever output. */
  readonly version?: readonly [command: string, ...args: string[]];
  /** What else matters, such as how many workers it has. */
  readonly detail?: string;
}

export interface ProxyOptions {
  /** Short, unique, fit for a command line: `lower-case-with-dashes`. */
  readonly name: string;
  /** What it is, in one line; the name where absent. */
  readonly title?: string;
  /** How the server is started, in the foreground; or where one listens that runs already; or `null` for no server at all. */
  readonly start: ProxyStart;
  /** What really answers. A report always says it. */
  readonly evidence: ProxyEvidence;
  /** What installs the server where it is missing, such as `apt-get install nginx`. */
  readonly install?: string;
  /** How the server's time is moved; `none` where absent, and where libfaketime is not installed. */
  readonly time?: 'libfaketime' | 'none';
  /** The ways in which requests say who is asking; all of them where absent. */
  readonly credentials?: readonly Credential[];
  readonly spellings?: readonly Spelling[];
  /** The server goes on after it has answered: it refreshes in the background, or stores later. Every step then waits for it. */
  readonly busyAfterwards?: boolean;
  /**
   * How often the server looks whether those who wait inside it may go on, in ms: 500 for nginx's `proxy_cache_lock`. Where its time is moved
   * by libfaketime, they then wake in the same order each time, whichever of its processes are faster. Where absent, or where the system does not show
   * what the processes of a server do, or where one of them does several things at a time, they go on in an order of their own.
   */
  readonly pollsEveryMs?: number;
  /** How a request is sent; where absent, as its `path`, `query` and `headers` say. */
  request?(request: Request): WireRequest;
  /** What the origin gives out: JPEG pictures, the default, or marks as text, which cost less. */
  readonly frames?: Frames;
  /** What differs from what an HTTP cache can be asked to do. */
  readonly capabilities?: Partial<Capabilities>;
  /** Programs a check runs unless told otherwise. */
  readonly runs?: number;
}

/** Of 20 seeds, 18 met the leak of nginx's plainest configuration within 100 programs, and all of them within 400. */
const DEFAULT_RUNS = 400;
const VERSION_MS = 5_000;

/** A server between the harness's client and the harness's origin: a shared HTTP cache. */
export function proxyTarget(options: ProxyOptions): BrandedTarget {
  checkOptions('proxyTarget', options);
  checkOptions('proxyTarget, evidence', options.evidence);
  const { name, title = name, runs = DEFAULT_RUNS, start, install, pollsEveryMs = 0 } = options;
  const keeper = new Keeper({ name, start, install, movesTime: options.time === 'libfaketime', polls: pollsEveryMs > 0 });
  let version: string | undefined;
  const open = async (stage: Stage, opening?: OpenOptions): Promise<ProxySession> => {
    const plant = await keeper.plant();
    return new ProxySession({
      stage,
      plant,
      anew: typeof start === 'function' && !keeper.isMixing ? () => keeper.anew() : null,
      ledger: new FrameLedger(stage, codecFor(options.frames ?? 'picture')),
      tripwire: opening?.tripwire ?? false,
      isBusyAfterwards: options.busyAfterwards ?? false,
      pollMs: pollsEveryMs,
      request: (asked) => options.request?.(asked) ?? { method: asked.method, path: `${asked.path}${asked.query}`, headers: asked.headers },
    });
  };
  return brand({
    name,
    kind: 'proxy',
    title,
    get evidence() {
      const isInOrder = keeper.isInOrder && isOrdered(options, keeper.isSeen);
      return evidenceOf(options, { version: (version ??= versionOf(options.evidence.version)), isInOrder, isSeen: keeper.isSeen });
    },
    get capabilities() {
      return capabilitiesOf(options, keeper.isSeen);
    },
    defaultRuns: runs,
    open,
    dispose: () => keeper.dispose(),
  });
}

/** `isSeen`: whether it was seen to move; undefined before the server was started. */
function isTimeMoved({ start, time }: ProxyOptions, isSeen: boolean | undefined): boolean {
  return typeof start === 'function' && time === 'libfaketime' && isSeen !== false && faketimeLibrary() !== null;
}

function capabilitiesOf(options: ProxyOptions, isSeen: boolean | undefined): Capabilities {
  return {
    ...IN_PROCESS,
    told: false,
    time: isTimeMoved(options, isSeen),
    channels: false,
    purge: false,
    restart: false,
    ...ON_THE_WIRE,
    credentials: options.credentials ?? ON_THE_WIRE.credentials,
    spellings: options.spellings ?? ON_THE_WIRE.spellings,
    ...options.capabilities,
  };
}

interface Found {
  readonly version: string;
  readonly isInOrder: boolean;
  readonly isSeen: boolean | undefined;
}

function evidenceOf(options: ProxyOptions, { version, isInOrder, isSeen }: Found): string {
  const { start, time = 'none', evidence } = options;
  const { server, detail } = evidence;
  const which = `${server}${version}${detail === undefined ? '' : `, ${detail}`}`;
  if (start === null) return `${server}: the origin of the harness, asked directly`;
  const where = typeof start === 'function' ? 'started for this check' : `listening on ${start.host}:${start.port}`;
  const clock = `its time ${isTimeMoved(options, isSeen) ? 'moved by libfaketime' : unmovedBecause(time, isSeen)}`;
  return `${which}, ${where}, ${clock}${isInOrder ? '' : ', those who wait inside it woken in an order of its own'}`;
}

function unmovedBecause(time: ProxyOptions['time'], isSeen: boolean | undefined): string {
  if (time !== 'libfaketime') return 'not moved';
  if (faketimeLibrary() === null) return 'not moved, since libfaketime is not installed (apt-get install libfaketime)';
  return isSeen === false ? 'not moved, since it was not seen to move under libfaketime' : 'not moved';
}

/** Whether those who wait inside the server, if it lets anybody wait, can be expected to go on in the same order each time. */
function isOrdered(options: ProxyOptions, isSeen: boolean | undefined): boolean {
  return options.pollsEveryMs === undefined || (isTimeMoved(options, isSeen) && Processes.areShown());
}

/** What a server says of its version, with a space before it. */
function versionOf(asking: ProxyEvidence['version']): string {
  if (asking === undefined) return '';
  const [command, ...args] = asking;
  const path = programPath(command);
  if (path === null) return ' (not installed here)';
  try {
    // nginx and others print it as if it were an error.
    const said = execFileSync('/bin/sh', ['-c', 'exec "$@" 2>&1', 'sh', path, ...args], { encoding: 'utf8', timeout: VERSION_MS, maxBuffer: 2 ** 20 });
    return ` ${/\d+(?:\.\d+)+[\w.-]{0,20}/.exec(said)?.[0] ?? 'of an unknown version'}`;
  } catch {
    return ' of an unknown version';
  }
}
