import type { Request } from '../../models/domain/request.ts';
import type { Stage } from '../run/stage.ts';
import { probeCookies } from './app-cookie-probe.ts';
import type { Handler } from './app-handler.ts';
import type { AppAnswer, Meaning } from './app-meaning.ts';
import { type AppRequest, type IncomingRequest, requestOf, type WireRequestWithBody } from './app-request.ts';
import { AppServer } from './app-server.ts';
import { type AppLife, AppSession, type AppSessionOptions } from './app-session.ts';
import { inWordsOfApps } from './app-words.ts';
import { type Capabilities, IN_PROCESS } from './capabilities.ts';
import { type BrandedTarget, brand } from './define.ts';
import { FrameLedger } from './frame-bytes-ledger.ts';
import { Experience } from './function-experience.ts';
import { Host } from './function-host.ts';
import { hookCapabilities, type HookName } from './function-probe.ts';
import type { Environment, Hooks } from './function-subject.ts';
import { checkOptions } from './options.ts';
import { codecFor, type Frames } from './picture-option.ts';
import { sessionNumberFor } from './session-number.ts';
import { type OpenOptions, TargetFault } from './target.ts';

/** What an app is built with. */
export interface AppEnvironment extends Environment {
  /** Reads who asks for what from a request that keyhole sent: what `origin.fetch` and the others take. */
  requestOf(incoming: IncomingRequest): AppRequest;
}

/** An app with hooks: how it is told of changes, restarted, closed. */
export interface AppParts extends Hooks {
  readonly handler: Handler;
}

/** An app: anything that can be called with a request and a response of `node:http`, such as an Express app. */
export type App = Handler | AppParts;

export interface AppOptions {
  /** Short, unique, fit for a command line: `lower-case-with-dashes`. */
  readonly name: string;
  /** What it is, in one line; the name where absent. */
  readonly title?: string;
  /** What really answers: packages and their versions. */
  readonly evidence?: string;
  /** Builds the app around the origin, with an empty cache. Called for each program. */
  build(env: AppEnvironment): App | Promise<App>;
  /** How a request is sent; where absent, as its `path`, `query` and `headers` say. */
  request?(request: Request): WireRequestWithBody;
  /**
   * What an answer is meant to be, where its status does not say it: a `fallback` that says openly that its frame is not the one that was asked
   * for, a `refusal` with status 200, or a `frame`. As the status says where it is `undefined`. A frame in a refusal is still a frame.
   */
  answer?(answer: AppAnswer): Meaning;
  /** The hooks of the app, where `build` returns a promise. */
  readonly hooks?: readonly HookName[];
  /** What differs from what the hooks tell. `http` cannot be `true`. */
  readonly capabilities?: Partial<Capabilities>;
  /** Programs a check runs unless told otherwise. */
  readonly runs?: number;
  /** What the origin gives out: marks as text, which costs least and is the default, or JPEG pictures for a cache that scales or re-encodes them. */
  readonly frames?: Frames;
}

type Heeding = Pick<AppSessionOptions, 'experience' | 'cookieNames'>;

const DEFAULT_RUNS = 500;
const BY_HTTP: Partial<Capabilities> = { credentials: ['bearer', 'cookie', 'none'], spellings: ['path', 'query'] };

/** An app in this process, asked over HTTP. Throws a TypeError where it is said to do what no app can be asked for. */
export function appTarget(options: AppOptions): BrandedTarget {
  checkOptions('appTarget', options);
  const { name, title = name, evidence = 'the app under test, in this process', runs = DEFAULT_RUNS } = options;
  // What the origin says in HTTP does not come through `origin.fetch`: there is nothing that the app could hand on, and nothing to try.
  if (options.capabilities?.http === true)
    throw new TypeError(
      `${name}: an appTarget cannot have \`capabilities: { http: true }\`. It is asked for frames with GET, or as \`request\` says, and ` +
        'its origin is a function. Leave it out; what caches HTTP itself is a proxyTarget or a clientTarget.',
    );
  const experience = new Experience();
  let known: Capabilities | undefined;
  let starting: Promise<AppServer> | undefined;
  let cookieNames: ReadonlySet<string> | null = null;
  const build = (env: Environment): AppParts | Promise<AppParts> => {
    const built = options.build({ ...env, requestOf });
    return built instanceof Promise ? built.then(partsOf) : partsOf(built);
  };
  const capabilities = (): Capabilities => {
    try {
      return (known ??= { ...IN_PROCESS, together: true, ...BY_HTTP, ...hookCapabilities(options.hooks, build), ...options.capabilities });
    } catch (error) {
      throw reworded(error);
    }
  };
  const live = async (stage: Stage, opening?: OpenOptions): Promise<AppLife> => {
    const { lifetimes } = capabilities();
    const host = new Host(stage, lifetimes, new FrameLedger(stage, codecFor(options.frames), sessionNumberFor(stage.world, opening)));
    const parts = await host
      .open(() => build(host.env), options.hooks)
      .catch((error: unknown) => {
        throw reworded(error);
      });
    return { host, handler: (incoming, response) => parts.handler(incoming, response) };
  };
  const request = (asked: Request): WireRequestWithBody => options.request?.(asked) ?? wireOf(asked);
  const answer = options.answer === undefined ? undefined : (given: AppAnswer): Meaning => options.answer!(given);
  const openWith = async (stage: Stage, opening: OpenOptions | undefined, heeding: Heeding): Promise<AppSession> => {
    const server = await (starting ??= AppServer.start());
    return AppSession.open({ server, live: () => live(stage, opening), findCookieNames, tripwire: opening?.tripwire ?? false, request, answer, ...heeding });
  };
  /** What an app has against being asked, it says when it is asked for a program. */
  const findCookieNames = async (): Promise<ReadonlySet<string>> => {
    const heeding: Heeding = { experience: new Experience(), cookieNames: new Set() };
    cookieNames = await probeCookies((stage, opening) => openWith(stage, opening, heeding), capabilities()).catch(() => new Set<string>());
    return cookieNames;
  };
  const open = (stage: Stage, opening?: OpenOptions): Promise<AppSession> => openWith(stage, opening, { experience, cookieNames });
  const dispose = async (): Promise<void> => {
    const server = await starting;
    starting = undefined;
    await server?.close();
  };
  return brand({
    name,
    kind: 'app',
    title,
    evidence,
    defaultRuns: runs,
    get capabilities() {
      return capabilities();
    },
    open,
    dispose,
  });
}

function reworded(error: unknown): unknown {
  return error instanceof TargetFault ? inWordsOfApps(error) : error;
}

function partsOf(app: App): AppParts {
  return typeof app === 'function' ? { handler: app } : app;
}

function wireOf(request: Request): WireRequestWithBody {
  return { path: `${request.path}${request.query}`, headers: request.headers };
}
