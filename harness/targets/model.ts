import type { Frame } from '../../models/domain/frame.ts';
import type { World } from '../../models/domain/world.ts';
import type { Call, Origin, ReplyStatus, Session, Sink } from '../../models/origin.ts';
import type { Stage } from '../run/stage.ts';
import { type Capabilities, IN_PROCESS } from './capabilities.ts';
import { type BrandedTarget, brand } from './define.ts';
import type { OpenOptions } from './target.ts';

export interface ModelOptions {
  readonly name: string;
  readonly title: string;
  /** What differs from a cache that can do everything. */
  readonly capabilities?: Partial<Capabilities>;
  /** Makes the cache. It is told the world's capacity through `world`, and must be empty again after `close()`. */
  make(origin: Origin, sink: Sink, world: World): Session;
}

const DEFAULT_RUNS = 20_000;

/**
 * A synchronous target around a model of a cache: it answers while it is asked, so that a check costs nanoseconds an operation.
 * One cache is made for each stage and used again after `close()`.
 */
export function modelTarget(options: ModelOptions): BrandedTarget {
  const { name, title } = options;
  const sessions = new WeakMap<Stage, Session>();
  const open = (stage: Stage, opening?: OpenOptions): Session => {
    if (opening?.tripwire) return options.make(stage, new FirstForAll(stage), stage.world);
    let session = sessions.get(stage);
    if (session === undefined) {
      session = options.make(stage, stage, stage.world);
      sessions.set(stage, session);
    }
    return session;
  };
  return brand({
    name,
    kind: 'model',
    title,
    evidence: 'a model in this repository',
    capabilities: { ...IN_PROCESS, ...options.capabilities },
    defaultRuns: DEFAULT_RUNS,
    open,
  });
}

/**
 * The tripwire: everybody receives the first frame that anybody received, and headers that speak of the first session that any spoke of; who
 * asks only for another picture (`If-None-Match`) is told that it is the one that the first received.
 */
class FirstForAll implements Sink {
  private readonly sink: Sink;
  private frame: Frame | null = null;
  private party: number | null = null;

  constructor(sink: Sink) {
    this.sink = sink;
  }

  answered(call: Call, frame: Frame, fallback: boolean): void {
    this.frame ??= frame;
    this.give(call, this.frame, fallback);
  }

  described(call: Call, frame: Frame | null): void {
    if (this.frame === null) this.sink.described(call, frame);
    else this.give(call, this.frame, false);
  }

  header(call: Call, party: number): void {
    this.party ??= party;
    this.sink.header(call, this.party);
  }

  refused(call: Call, status: ReplyStatus): void {
    if (this.frame === null) this.sink.refused(call, status);
    else this.give(call, this.frame, false);
  }

  private give(call: Call, frame: Frame, fallback: boolean): void {
    if ('if-none-match' in call.request.headers) this.sink.described(call, frame);
    else this.sink.answered(call, frame, fallback);
  }
}
