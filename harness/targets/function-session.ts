import type { Request } from '../../models/domain/request.ts';
import type { Call, Notice } from '../../models/origin.ts';
import { DONE, type StageCall } from '../run/call.ts';
import type { LifetimeRule } from '../run/lifetime.ts';
import type { Stage } from '../run/stage.ts';
import { FrameLedger } from './frame-bytes-ledger.ts';
import { report } from './function-answer.ts';
import { CrashWatch } from './function-crashes.ts';
import { Settling } from './function-settle.ts';
import type { Environment, Subject, SubjectNotice, SubjectRequest } from './function-subject.ts';
import { CallBook } from './origin-api-calls.ts';
import { SessionOrigin } from './origin-api-session.ts';
import { OriginError } from './origin-api.ts';
import { type AsyncSession, TargetFault } from './target.ts';
import { turn } from './virtual-time-turns.ts';
import { VirtualTime } from './virtual-time.ts';

/** What a target learns in one session and knows in all later ones. */
export interface Experience {
  /** Somebody was answered with a frame: from then on a thrown error is a refusal. */
  answered: boolean;
}

interface SessionOptions {
  readonly stage: Stage;
  readonly lifetimes: LifetimeRule;
  readonly experience: Experience;
  open(env: Environment): Subject | Promise<Subject>;
}

type Hook = () => unknown;

/** One life of a cache that is given as a function. */
export class FunctionSession implements AsyncSession {
  readonly stage: Stage;
  private readonly options: SessionOptions;
  private readonly book: CallBook;
  private readonly ledger: FrameLedger;
  private readonly origin: SessionOrigin;
  private readonly time: VirtualTime;
  private readonly crashes: CrashWatch;
  private readonly settling: Settling;
  private readonly controllers = new Map<StageCall, AbortController>();
  private subject!: Subject;
  private takesSignal = false;
  private closed = false;
  private running = 0;
  /** What has ended so far: answers and hooks. */
  private ended = 0;
  private fault: TargetFault | null = null;

  private constructor(options: SessionOptions) {
    const { stage, lifetimes } = options;
    this.stage = stage;
    this.options = options;
    this.book = new CallBook(stage);
    this.ledger = new FrameLedger(stage);
    this.origin = new SessionOrigin({ stage, book: this.book, ledger: this.ledger, lifetimes });
    this.time = VirtualTime.install();
    this.crashes = new CrashWatch((error) => this.crashed(error));
    this.settling = new Settling({
      stage,
      isIdle: () => this.stage.inFlight === 0 && this.running === 0,
      hooks: () => this.running,
      stamp: () => this.stage.activity + this.ended,
      timers: () => this.time.timers,
      elapse: (byMs) => this.time.advance(byMs),
      check: () => this.check(),
    });
  }
}
