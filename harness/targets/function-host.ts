import type { Notice } from '../../models/origin.ts';
import { DONE } from '../run/call.ts';
import type { LifetimeRule } from '../run/lifetime.ts';
import { listenerOf } from '../run/overheard.ts';
import { StartAnew } from '../run/run-async-anew.ts';
import type { Stage } from '../run/stage.ts';
import type { FrameLedger } from './frame-bytes-ledger.ts';
import { CrashWatch } from './function-crashes.ts';
import type { HookName } from './function-probe.ts';
import { cleanPrototypes } from './function-prototypes.ts';
import type { Moving } from './function-settle.ts';
import { disableStorages, watchStorages } from './function-storages.ts';
import type { Environment, Hooks, SubjectNotice } from './function-subject.ts';
import { placeOf } from './function-thrown.ts';
import { CallBook, type Following, type Token } from './origin-api-calls.ts';
import { SessionOrigin } from './origin-api-session.ts';
import { TargetFault } from './target.ts';
import { beginChance } from './virtual-chance.ts';
import { pause, realNowMs, turn, within } from './virtual-time-turns.ts';
import { VirtualTime } from './virtual-time.ts';

/** Longest real time for opening and for closing a cache. */
const OPENING_MS = 10_000;

/** Virtual time that passes at once while a cache is closed, in ms. */
const CLOSING_STEP_MS = 1000;

/** Longest real time for one fence. */
const FENCE_MS = 10_000;

/** Stands for no call: what a timer does is nobody's, whoever set it. */
const NOBODY: Token = {};

/** What is sent over sockets: none is here. */
const NOT_SENT = (): number => 0;

/** Everything that an in-process cache lives in for one session: origin, time, hooks, and a net for what falls. */
export class Host implements Moving {
  readonly stage: Stage;
  readonly book: CallBook;
  readonly ledger: FrameLedger;
  readonly origin: SessionOrigin;
  readonly env: Environment;
  readonly time: VirtualTime;
  /** What has ended so far, hooks and whatever the session counts. */
  ended = 0;
  quick = true;
  onTheWay: () => number = NOT_SENT;
  fence: (() => Promise<void>) | undefined;
  private given: Hooks = {};
  private running = 0;
  private timePassing: Promise<boolean> | null = null;
  private fault: TargetFault | StartAnew | null = null;
  private readonly crashes: CrashWatch;
  private chance: ReturnType<typeof beginChance> | null = null;
  /** Whether an error that nobody handled is dealt with. */
  onStray: (error: unknown) => boolean = () => false;
  /** Told when the origin was asked and nobody knows in the course of which call: {@link CallBook}. */
  onLost: () => void = () => {};

  constructor(stage: Stage, lifetimes: LifetimeRule, ledger: FrameLedger, following?: Following) {
    this.stage = stage;
    this.book = new CallBook(stage, following);
    this.ledger = ledger;
    this.origin = new SessionOrigin({ stage, book: this.book, ledger, lifetimes, fail: (fault) => this.fail(fault), lose: () => this.onLost() });
    this.time = VirtualTime.install();
    this.time.around = (run) => this.book.run(NOBODY, run);
    watchStorages();
    this.crashes = new CrashWatch((error) => {
      if (!this.onStray(error)) this.fail(unhandled(error));
    });
    const { capacity, lifetimeMs } = stage.world;
    this.env = { origin: this.origin, clock: { now: () => this.time.now() }, capacity, lifetimeMs };
  }

  /** Opens the cache, which must have the hooks that were declared; closes everything again when it cannot be opened. */
  async open<H extends Hooks>(make: () => H | Promise<H>, declared: readonly HookName[] = []): Promise<H> {
    try {
      const made = await inTime(make(), 'open() has not returned');
      const missing = declared.find((name) => typeof made[name] !== 'function');
      if (missing !== undefined) throw undeclared(missing);
      this.given = made;
      // Two runs that are compared may ask for different numbers of them: equal ones would be given to unlike questions.
      if (listenerOf(this.stage) === undefined) this.chance = beginChance(this.ledger.session);
      if (made.fence !== undefined) this.fence = () => within(FENCE_MS, made.fence!(), unfenced);
      return made;
    } catch (error) {
      await this.close();
      throw error instanceof TargetFault ? error : failed('the cache could not be opened', error);
    }
  }

  tell(notice: Notice): void {
    this.origin.begin();
    const { given: hooks } = this;
    switch (notice.kind) {
      case 'advance':
        this.advance(notice.by);
        return;
      case 'restart':
        if (hooks.restart !== undefined) this.run('restart', () => hooks.restart!());
        return;
      case 'reconfigure':
        if (hooks.reconfigure !== undefined) this.run('reconfigure', () => hooks.reconfigure!(notice.to));
        return;
      default:
        if (hooks.invalidate !== undefined) this.run('invalidate', () => hooks.invalidate!(noticeFor(notice)));
    }
  }

  /** Remembers the first fault; whoever waits for rest is told. */
  fail(fault: TargetFault | StartAnew): void {
    this.fault ??= fault;
  }

  /** From now on requests come over sockets. `onTheWay` counts what was sent there and has not arrived. */
  useSockets(onTheWay: () => number): void {
    this.quick = false;
    this.onTheWay = onTheWay;
  }

  isIdle(): boolean {
    return this.running === 0 && this.fault === null && (this.stage.inFlight === 0 || (this.quick && isHeldBack(this.stage)));
  }

  hooks(): number {
    return this.running;
  }

  stamp(): number {
    return this.stage.activity + this.ended;
  }

  dueMs(): number {
    return this.time.dueMs;
  }

  elapse(byMs: number): Promise<boolean> {
    return this.time.advance(byMs);
  }

  passing(): Promise<boolean> | null {
    return this.timePassing;
  }

  check(): void {
    if (this.fault !== null) throw this.fault;
  }

  /** Ends the session. What the cache still does is cut off from the origin, and real time comes back, whatever happens. */
  async close(): Promise<void> {
    this.origin.close();
    try {
      // What the origin says, and when, is of no matter any more: time may go on.
      await inTime(this.given.close?.(), 'close() has not returned', () => this.time.advance(CLOSING_STEP_MS));
      // What was thrown where nobody hears it comes to light after a turn.
      await turn();
      if (!(this.fault instanceof StartAnew)) this.check();
      if (this.time.runOut()) await turn();
    } catch (error) {
      throw error instanceof TargetFault
        ? error
        : failed('the cache could not be closed', error, ' What the cache had begun may still be under way: let close() wait for it.');
    } finally {
      cleanPrototypes();
      disableStorages();
      this.time.close();
      this.crashes.close();
      this.chance?.end();
      this.ledger.close();
    }
  }

  private advance(byMs: number): void {
    let isEventful = true;
    const passed = this.pass(byMs).then((was) => {
      isEventful = was;
    });
    this.run('a timer, or advance,', () => passed);
    const over = (): boolean => {
      this.timePassing = null;
      return isEventful;
    };
    this.timePassing = passed.then(over, over);
  }

  /** Lets time pass. Resolves to whether that may have set anything off. */
  private async pass(byMs: number): Promise<boolean> {
    const hadTimers = await this.time.advance(byMs);
    if (this.given.advance === undefined) return hadTimers;
    await this.given.advance(byMs);
    return true;
  }

  private run(name: string, hook: () => void | Promise<void>): void {
    try {
      const done: unknown = hook();
      // Whatever else a hook gives back is of no matter: that of an assignment, mostly.
      if (!isThenable(done)) return;
      this.running++;
      done.then(
        () => this.returned(),
        (error: unknown) => {
          this.returned();
          this.fail(failed(`${name} threw`, error));
        },
      );
    } catch (error) {
      this.fail(failed(`${name} threw`, error));
    }
  }

  private returned(): void {
    this.running--;
    this.ended++;
  }
}

/** Whether something is a promise, whoever made it. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

/** Whether every call that is unanswered waits for the origin: more can only come of it by what is played next. */
function isHeldBack({ held, calls, inFlight }: Stage): boolean {
  let waiting = 0;
  for (let index = 0; index < held.length; index++) {
    const { number } = held[index]!.call;
    if (number >= 0 && calls[number]!.state !== DONE && held.findIndex(({ call }) => call.number === number) === index) waiting++;
  }
  return waiting === inFlight;
}

const NOTICES = new WeakMap<Notice, SubjectNotice>();

/** A notice that may be kept. */
function noticeFor(notice: Notice): SubjectNotice {
  let kept = NOTICES.get(notice);
  if (kept === undefined) {
    const { kind, camera, user, channel } = notice;
    kept = Object.freeze({ kind, camera, user, channel }) as SubjectNotice;
    NOTICES.set(notice, kept);
  }
  return kept;
}

/** Waits for what must not wait for virtual time, which nobody moves while a cache is opened; `pass` lets some of it pass. */
async function inTime<T>(made: T | Promise<T>, what: string, pass?: () => Promise<unknown>): Promise<T> {
  if (!(made instanceof Promise)) return made;
  let done = false;
  const finished = made.finally(() => {
    done = true;
  });
  finished.catch(() => {});
  await turn();
  const until = realNowMs() + OPENING_MS;
  while (!done) {
    if (realNowMs() > until)
      throw new TargetFault(
        `${what} after ${OPENING_MS / 1000} s`,
        pass === undefined
          ? 'Time stands still there: do not wait for a timer. Look for a connection that cannot be made.'
          : 'Look for a promise that never settles: what was asked of the origin is not answered any more.',
      );
    await pause(1);
    await pass?.();
  }
  return finished;
}

/** A fault with the error behind it. */
export function failed(what: string, error: unknown, more: string = ''): TargetFault {
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const place = placeOf(error);
  const where = place === null ? 'the cause of this error has the stack' : `it was thrown at ${place}`;
  const fault = new TargetFault(`${what}: ${said}`, `Find out why: ${where}.${more}`);
  fault.cause = error;
  return fault;
}

function undeclared(name: HookName): TargetFault {
  return new TargetFault(
    `the target declares the hook ${name}, and the cache that was opened has none`,
    `Return ${name} from open(), or take it out of hooks.`,
  );
}

function unfenced(): TargetFault {
  return new TargetFault(
    `the fence has not come through after ${FENCE_MS / 1000} s`,
    'It has to resolve when everything has had its effect that was sent before it: look for a promise that never settles.',
  );
}

function unhandled(error: unknown): TargetFault {
  return failed('an error that nobody handles would have ended the process', error);
}
