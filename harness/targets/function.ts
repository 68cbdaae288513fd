import type { Stage } from '../run/stage.ts';
import { type Capabilities, IN_PROCESS } from './capabilities.ts';
import { type BrandedTarget, brand } from './define.ts';
import { FrameLedger } from './frame-bytes-ledger.ts';
import { Experience } from './function-experience.ts';
import { Host } from './function-host.ts';
import { hookCapabilities, type HookName } from './function-probe.ts';
import { FunctionSession, type Life } from './function-session.ts';
import type { Environment, Subject } from './function-subject.ts';
import { firstForAll } from './function-tripwire.ts';
import { checkOptions } from './options.ts';
import { codecFor, type Frames } from './picture-option.ts';
import { sessionNumberFor } from './session-number.ts';
import { type OpenOptions, TargetFault } from './target.ts';

export interface FunctionOptions {
  /** Short, unique, fit for a command line: `lower-case-with-dashes`. */
  readonly name: string;
  /** What it is, in one line; the name where absent. */
  readonly title?: string;
  /** What really answers: packages and their versions, a mock or a real server. */
  readonly evidence?: string;
  /** Makes an empty cache. Called for each program; everything that remembers must be made here, or emptied. */
  open(env: Environment): Subject | Promise<Subject>;
  /** The hooks of the cache, where `open` returns a promise: a cache that opens at once is asked itself. */
  readonly hooks?: readonly HookName[];
  /** What differs from what the hooks tell. */
  readonly capabilities?: Partial<Capabilities>;
  /** Programs a check runs unless told otherwise. */
  readonly runs?: number;
  /** What the origin gives out: marks as text, which costs least and is the default, or JPEG pictures for a cache that scales or re-encodes them. */
  readonly frames?: Frames;
}

const DEFAULT_RUNS = 10_000;

/** A cache in this process, as a function from requests to answers. */
export function functionTarget(options: FunctionOptions): BrandedTarget {
  checkOptions('functionTarget', options);
  const { name, title = name, evidence = 'the code under test, in this process', runs = DEFAULT_RUNS } = options;
  const experience = new Experience();
  let known: Capabilities | undefined;
  const capabilities = (): Capabilities =>
    (known ??= { ...IN_PROCESS, together: true, ...hookCapabilities(options.hooks, (env) => checked(options.open(env))), ...options.capabilities });
  const open = async (stage: Stage, opening?: OpenOptions): Promise<FunctionSession> => {
    const { lifetimes } = capabilities();
    const live = async (): Promise<Life> => {
      const host = new Host(stage, lifetimes, new FrameLedger(stage, codecFor(options.frames), sessionNumberFor(stage.world, opening)), experience);
      const subject = await host.open(() => checked(options.open(host.env)), options.hooks);
      return { host, subject: opening?.tripwire ? firstForAll(subject) : subject };
    };
    return FunctionSession.begin(live, experience);
  };
  return brand({
    name,
    kind: 'function',
    title,
    evidence,
    defaultRuns: runs,
    get capabilities() {
      return capabilities();
    },
    open,
  });
}

/** Throws a {@link TargetFault} where what was opened cannot be asked. */
function checked(opened: Subject | Promise<Subject>): Subject | Promise<Subject> {
  if (opened instanceof Promise) return opened.then(checked);
  if (typeof (opened as Partial<Subject> | null | undefined)?.get === 'function') return opened;
  const names = typeof opened === 'object' && opened !== null ? Object.keys(opened).slice(0, 8).join(', ') : '';
  throw new TargetFault(
    `open() returned ${opened === null ? 'null' : names === '' ? `a value of the type ${typeof opened}` : `an object with ${names}`}, and no get`,
    'Return an object with get(request), which resolves to what that caller receives.',
  );
}
