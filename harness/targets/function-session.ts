import type { Request } from '../../models/domain/request.ts';
import type { Call, Notice } from '../../models/origin.ts';
import { DONE, type StageCall } from '../run/call.ts';
import { report } from './function-answer.ts';
import type { Experience } from './function-experience.ts';
import { failed, type Host } from './function-host.ts';
import { Settling } from './function-settle.ts';
import type { Subject } from './function-subject.ts';
import { OriginError } from './origin-api.ts';
import { type AsyncSession, TargetFault } from './target.ts';

/** One life of a cache that is given as a function. */
export class FunctionSession implements AsyncSession {
  private readonly host: Host;
  private readonly subject: Subject;
  private readonly experience: Experience;
  private readonly settling: Settling;
  private readonly takesSignal: boolean;
  private readonly controllers = new Map<StageCall, AbortController>();

  constructor(host: Host, subject: Subject, experience: Experience) {
    this.host = host;
    this.subject = subject;
    this.experience = experience;
    this.takesSignal = subject.get.length > 1;
    this.settling = new Settling(host.moving());
    // What breaks in the background, after its caller was answered, hurts nobody.
    host.onStray = (error) => error instanceof OriginError;
  }

  ask(call: Call): void {
    const { host, subject } = this;
    const asking = call as StageCall;
    const request = copyOf(call.request);
    host.origin.begin();
    host.book.enter(request, asking);
    const signal = this.takesSignal ? this.signalFor(asking) : undefined;
    try {
      const answer = host.book.run(request, () => subject.get(request, signal as AbortSignal));
      if (isPromise(answer))
        answer.then(
          (given) => this.returned(asking, given),
          (error: unknown) => this.threw(asking, error),
        );
      else this.returned(asking, answer);
    } catch (error) {
      this.threw(asking, error);
    }
  }

  cancel(call: Call): void {
    this.controllers.get(call as StageCall)?.abort();
  }

  tell(notice: Notice): void {
    this.host.tell(notice);
  }

  settle(): Promise<void> {
    return this.settling.settle();
  }

  close(): Promise<void> {
    return this.host.close();
  }

  private signalFor(call: StageCall): AbortSignal {
    const controller = new AbortController();
    this.controllers.set(call, controller);
    return controller.signal;
  }

  private returned(call: StageCall, answer: unknown): void {
    const { host } = this;
    host.ended++;
    this.experience.succeed();
    try {
      report(host.stage, host.ledger, call, answer);
    } catch (error) {
      host.fail(error instanceof TargetFault ? error : failed('an answer could not be read', error));
      host.stage.refused(call, 'error');
    }
  }

  private threw(call: StageCall, error: unknown): void {
    const { host, experience } = this;
    host.ended++;
    if (call.state === DONE) return;
    host.stage.refused(call, 'error');
    if (experience.isFailure(call, host.origin)) host.fail(failed('every request was answered with an error', error));
  }
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

/** A request of its own for each call, as a server makes one: no two callers hold the same object. */
function copyOf(request: Request): Request {
  Object.freeze(request.headers);
  return Object.freeze({ ...request });
}
