import { Agent } from 'node:http';
import type { Stage } from '../run/stage.ts';
import { type Capabilities, IN_PROCESS, ON_THE_WIRE } from './capabilities.ts';
import { ClientSession } from './client-session.ts';
import type { ClientSubject } from './client-subject.ts';
import { type BrandedTarget, brand } from './define.ts';
import { FrameLedger } from './frame-bytes-ledger.ts';
import { Experience } from './function-experience.ts';
import { Host } from './function-host.ts';
import { hookCapabilities, type HookName } from './function-probe.ts';
import type { Environment } from './function-subject.ts';
import { checkOptions } from './options.ts';
import { OriginServer } from './origin-server.ts';
import { codecFor, type Frames } from './picture-option.ts';
import { sessionNumberFor } from './session-number.ts';
import type { OpenOptions } from './target.ts';

export interface ClientOptions {
  /** Short, unique, fit for a command line: `lower-case-with-dashes`. */
  readonly name: string;
  /** What it is, in one line; the name where absent. */
  readonly title?: string;
  /** What really answers: packages and their versions. */
  readonly evidence?: string;
  /** Makes a client with an empty cache. Called for each program. */
  open(env: Pick<Environment, 'clock' | 'capacity' | 'lifetimeMs'>): ClientSubject | Promise<ClientSubject>;
  /** The hooks of the client, where `open` returns a promise. */
  readonly hooks?: readonly HookName[];
  /** What differs from what an HTTP cache can be asked to do. */
  readonly capabilities?: Partial<Capabilities>;
  /** Programs a check runs unless told otherwise. */
  readonly runs?: number;
  /** What the origin gives out: JPEG pictures, the default, or marks as text. */
  readonly frames?: Frames;
}

const DEFAULT_RUNS = 300;

/** The channel is part of each URL: another one is only worth asking through where it can be switched off. */
function withChannels(capabilities: Capabilities, own: Partial<Capabilities> | undefined): Capabilities {
  return { ...capabilities, channels: capabilities.told, ...own };
}

/** An HTTP client with a shared cache in it, in this process: it fetches from the harness's origin on behalf of many users. */
export function clientTarget(options: ClientOptions): BrandedTarget {
  checkOptions('clientTarget', options);
  const { name, title = name, evidence = 'the client under test, in this process', runs = DEFAULT_RUNS } = options;
  const experience = new Experience();
  const agent = new Agent({ keepAlive: true });
  let known: Capabilities | undefined;
  let starting: Promise<OriginServer> | undefined;
  const capabilities = (): Capabilities =>
    (known ??= withChannels({ ...IN_PROCESS, ...ON_THE_WIRE, ...hookCapabilities(options.hooks, (env) => options.open(env)) }, options.capabilities));
  const open = async (stage: Stage, opening?: OpenOptions): Promise<ClientSession> => {
    const server = await (starting ??= OriginServer.start());
    const host = new Host(
      stage,
      capabilities().lifetimes,
      new FrameLedger(stage, codecFor(options.frames ?? 'picture'), sessionNumberFor(stage.world, opening)),
    );
    server.clock = { now: () => Date.now(), advance: () => false };
    const subject = await host.open(() => options.open(host.env), options.hooks);
    const origin = server.open(stage, host.ledger);
    return new ClientSession({ host, subject, server, origin, agent, experience, tripwire: opening?.tripwire ?? false });
  };
  const dispose = async (): Promise<void> => {
    const server = await starting;
    starting = undefined;
    agent.destroy();
    await server?.close();
  };
  return brand({
    name,
    kind: 'client',
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
