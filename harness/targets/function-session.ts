import type { Request } from '../../models/domain/request.ts';
import { ANONYMOUS } from '../../models/domain/world.ts';
import type { Call, Notice } from '../../models/origin.ts';
import { DONE, type StageCall } from '../run/call.ts';
import { StartAnew } from '../run/run-async-anew.ts';
import { Beside, report } from './function-answer.ts';
import type { Experience } from './function-experience.ts';
import { failed, type Host, isThenable } from './function-host.ts';
import { beginSlab } from './function-memory.ts';
import { Settling } from './function-settle.ts';
import type { Subject } from './function-subject.ts';
import { placeOf } from './function-thrown.ts';
import { OriginError } from './origin-api.ts';
import { type AsyncSession, type Mishaps, NO_MISHAPS, TargetFault, withMore } from './target.ts';

/** A cache, and all that it lives in. */
export interface Life {
  readonly host: Host;
  readonly subject: Subject;
}

/** One life of a cache that is given as a function. */
export class FunctionSession implements AsyncSession {
  private readonly open: () => Promise<Life>;
  private readonly experience: Experience;
  private host!: Host;
  private subject!: Subject;
  private settling!: Settling;
  private takesSignal = false;
  private controllers: Map<StageCall, AbortController> | null = null;
  mishaps: Mishaps = NO_MISHAPS;

  private constructor(open: () => Promise<Life>, experience: Experience) {
    this.open = open;
    this.experience = experience;
  }

  /** Opens a session. `open` makes a new and empty cache each time. */
  static async begin(open: () => Promise<Life>, experience: Experience): Promise<FunctionSession> {
    const clean = (): Promise<Life> => {
      if (experience.needsMemory) beginSlab();
      return open();
    };
    const session = new FunctionSession(clean, experience);
    session.live(await clean());
    return session;
  }

  private live({ host, subject }: Life): void {
    this.host = host;
    this.subject = subject;
    this.takesSignal = subject.get.length > 1;
    this.settling = new Settling(host, this.experience.patience);
    // What breaks in the background, after its caller was answered, hurts nobody.
    host.onStray = (error) => error instanceof OriginError;
    host.onLost = () => this.beginAnew();
  }

  /** From now on promises are followed, and memory is clean; what was played so far is played again. That can be done once in a session. */
  private beginAnew(): void {
    this.experience.needsContext = true;
    this.experience.needsMemory = true;
    this.host.fail(
      new StartAnew(async () => {
        await this.host.close();
        this.controllers = null;
        this.live(await this.open());
      }),
    );
  }

  ask(call: Call): void {
    const { host, subject } = this;
    const asking = call as StageCall;
    const request = copyOf(call.request);
    host.origin.begin();
    host.book.enter(request, asking);
    const { since } = asking;
    const signal = this.takesSignal ? this.signalFor(asking) : undefined;
    try {
      const answer = host.book.run(request, () => subject.get(request, signal as AbortSignal));
      if (isThenable(answer))
        answer.then(
          (given) => (this.isCurrent(asking, since, host) ? this.answered(asking, given) : host.ended++),
          (error: unknown) => (this.isCurrent(asking, since, host) ? this.threw(asking, error) : host.ended++),
        );
      else this.answered(asking, answer);
    } catch (error) {
      this.threw(asking, error);
    }
  }

  cancel(call: Call): void {
    this.controllers?.get(call as StageCall)?.abort();
  }

  tell(notice: Notice): void {
    this.host.tell(notice);
  }

  whenDrained(then: () => void): void {
    this.settling.whenDrained(then);
  }

  isSettled(): boolean {
    return this.settling.isSettled();
  }

  settle(): Promise<void> {
    return this.settling.settle();
  }

  linger(): Promise<boolean> {
    return this.settling.linger();
  }

  settleHook(): Promise<void> {
    return this.settling.settleHook();
  }

  close(): Promise<void> {
    return this.host.close();
  }

  /** Who went away long ago is heard no more: what stood for that call may stand for another one by now, and the cache may be another one. */
  private isCurrent(call: StageCall, since: number, host: Host): boolean {
    return call.since === since && this.host === host;
  }

  private signalFor(call: StageCall): AbortSignal {
    const controller = new AbortController();
    (this.controllers ??= new Map()).set(call, controller);
    return controller.signal;
  }

  private answered(call: StageCall, answer: unknown): void {
    const { host } = this;
    host.ended++;
    this.experience.succeed();
    try {
      report(host.stage, host.ledger, call, answer);
    } catch (error) {
      if (error instanceof Beside && !this.experience.needsMemory) this.beginAnew();
      else host.fail(error instanceof TargetFault ? error : failed('an answer could not be read', error));
      host.stage.refused(call, 'error');
    }
  }

  private threw(call: StageCall, error: unknown): void {
    const { host, experience } = this;
    host.ended++;
    if (call.state === DONE) return;
    host.stage.refused(call, 'error');
    if (!host.origin.wasUnkind && call.user !== ANONYMOUS) this.mishaps = withMore(this.mishaps, { count: 1, first: this.mishaps.first || mishap(error) });
    if (experience.isFailure(call, host.origin)) host.fail(failed('every request was answered with an error', error));
  }
}

function mishap(error: unknown): string {
  const place = placeOf(error);
  return `${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}${place === null ? '' : `, at ${place}`}`;
}

/** A request of its own for each call, as a server makes one: no two callers hold the same object. */
function copyOf({ user, camera, tier, channel, credential, device, token, method, path, query, headers }: Request): Request {
  Object.freeze(headers);
  // Each field by its name: an object that is spread takes ten times as long to freeze.
  const copy: Required<Request> = { user, camera, tier, channel, credential, device, token, method, path, query, headers };
  return Object.freeze(copy);
}
