import type { Request } from '../../models/domain/request.ts';
import type { Environment, Subject, SubjectNotice } from '../targets/function-subject.ts';
import type { FrameReply } from '../targets/origin-api.ts';

interface Entry {
  readonly camera: string;
  readonly body: Uint8Array;
  readonly untilMs: number;
}

interface Fill {
  readonly camera: string;
  readonly reply: Promise<FrameReply>;
}

/** A correct asynchronous cache as one writes it by hand: a Map of each viewer's answers, and callers who ask for the same share one load. */
export class Coalescing implements Subject {
  private readonly env: Environment;
  private readonly entries = new Map<string, Entry>();
  private readonly fills = new Map<string, Fill>();

  constructor(env: Environment) {
    this.env = env;
  }

  async get(request: Request): Promise<Uint8Array | null> {
    const key = JSON.stringify([request.user, request.camera, request.tier, request.channel]);
    const entry = this.entries.get(key);
    if (entry !== undefined && this.env.clock.now() < entry.untilMs) return entry.body;
    const fill = this.fills.get(key) ?? this.load(key, request);
    return (await fill.reply).body;
  }

  invalidate({ camera }: SubjectNotice): void {
    for (const kept of [this.entries, this.fills]) for (const [key, other] of kept) if (camera === '' || other.camera === camera) kept.delete(key);
  }

  private load(key: string, request: Request): Fill {
    const fill: Fill = { camera: request.camera, reply: this.env.origin.fetch(request) };
    this.fills.set(key, fill);
    fill.reply.then(
      (reply) => this.loaded(key, fill, reply),
      () => this.loaded(key, fill, null),
    );
    return fill;
  }

  /** What was overtaken by a change of rights is given to those who wait for it, and not kept. */
  private loaded(key: string, fill: Fill, reply: FrameReply | null): void {
    if (this.fills.get(key) !== fill) return;
    this.fills.delete(key);
    if (reply !== null && reply.body !== null) this.entries.set(key, { camera: fill.camera, body: reply.body, untilMs: this.env.clock.now() + reply.maxAgeMs });
  }
}
