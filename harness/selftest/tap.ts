import type { MarkedFrame } from '../../models/domain/authority.ts';
import type { Tier, World } from '../../models/domain/world.ts';
import type { Call, Origin, ReplyStatus, Sink, Waiting } from '../../models/origin.ts';
import type { StageCall } from '../run/call.ts';
import type { Stage } from '../run/stage.ts';
import type { Target } from '../targets/target.ts';

/** What a cache did, each kind by a number of its own. */
const KINDS = { authorise: 1, fetch: 2, revalidate: 3, answered: 4, described: 5, header: 6, refused: 7 } as const;

const STATUSES: readonly ReplyStatus[] = ['ok', 'unchanged', 'refused', 'error', 'dropped'];

/**
 * Stands between a cache and its stage and takes down all that the cache does there: every contact with the origin and every answer,
 * folded into one number, since a trace is only ever compared with another.
 */
class Tap implements Origin, Sink {
  readonly world: World;
  /** The trace since it was last cleared. */
  trace = 0;
  private readonly stage: Stage;

  constructor(stage: Stage) {
    this.stage = stage;
    this.world = stage.world;
  }

  now(): number {
    return this.stage.now();
  }

  authorise(call: Call, waiting: Waiting): void {
    this.note(KINDS.authorise, call, 0);
    this.stage.authorise(call, waiting);
  }

  fetch(call: Call, tier: Tier, waiting: Waiting, unchecked?: boolean): void {
    this.note(KINDS.fetch, call, tier === 'high' ? 0 : 1);
    this.stage.fetch(call, tier, waiting, unchecked);
  }

  revalidate(call: Call, tier: Tier, known: MarkedFrame, waiting: Waiting): void {
    this.note(KINDS.revalidate, call, marked(known));
    this.stage.revalidate(call, tier, known, waiting);
  }

  answered(call: Call, frame: MarkedFrame, fallback: boolean): void {
    this.note(KINDS.answered, call, 2 * marked(frame) + (fallback ? 1 : 0));
    this.stage.answered(call, frame, fallback);
  }

  alsoAnswered(call: Call, frame: MarkedFrame, fallback: boolean): void {
    this.note(KINDS.answered, call, 2 * marked(frame) + (fallback ? 1 : 0));
    this.stage.alsoAnswered(call, frame, fallback);
  }

  described(call: Call, frame: MarkedFrame | null): void {
    this.note(KINDS.described, call, frame === null ? -1 : marked(frame));
    this.stage.described(call, frame);
  }

  header(call: Call, party: number): void {
    this.note(KINDS.header, call, party);
    this.stage.header(call, party);
  }

  refused(call: Call, status: ReplyStatus): void {
    this.note(KINDS.refused, call, STATUSES.indexOf(status));
    this.stage.refused(call, status);
  }

  private note(kind: number, call: Call, what: number): void {
    const { number } = call as StageCall;
    this.trace = Math.imul(this.trace ^ (kind + 8 * number), 0x85ebca6b) ^ what;
    this.trace = Math.imul(this.trace ^ (this.trace >>> 15), 0xc2b2ae35) + 1;
  }
}

/** A number for the whole mark of a frame. */
function marked({ camera, epoch, sequence, tier, copy }: MarkedFrame): number {
  return (((camera * 31 + epoch) * 31 + sequence) * 2 + (tier === 'high' ? 0 : 1)) * 4096 + copy;
}

/** A target whose sessions are tapped. */
export interface Tapped {
  readonly target: Target;
  /** The trace on this stage since the last time, and begins a new one. */
  take(stage: Stage): number;
}

export function tapped(target: Target): Tapped {
  const taps = new WeakMap<Stage, Tap>();
  const open: Target['open'] = (stage, options) => {
    let tap = taps.get(stage);
    if (tap === undefined) {
      tap = new Tap(stage);
      taps.set(stage, tap);
    }
    // A model uses its stage as origin, as sink and for its world: a tap is all of these.
    return target.open(tap as unknown as Stage, options);
  };
  return {
    target: Object.create(target, { open: { value: open } }) as Target,
    take(stage) {
      const tap = taps.get(stage)!;
      const { trace } = tap;
      tap.trace = 0;
      return trace;
    },
  };
}
