import type { Request } from '../../models/domain/request.ts';
import type { Call, Notice } from '../../models/origin.ts';
import { DONE, HELD_BACK, type StageCall } from '../run/call.ts';
import { StartAnew } from '../run/run-async-anew.ts';
import type { Stage } from '../run/stage.ts';
import type { WireRequest } from './app-request.ts';
import { REAL_CLOCK } from './faketime.ts';
import type { FrameLedger } from './frame-bytes-ledger.ts';
import type { OriginSession } from './origin-server-session.ts';
import type { Plant } from './proxy-plant.ts';
import { Rest } from './proxy-rest.ts';
import { type Exchange, Traffic } from './proxy-traffic.ts';
import { beginSecond, stagger, walk } from './proxy-walk.ts';
import { type AsyncSession, TargetFault } from './target.ts';
import { reportAnswer, type WireAnswer } from './wire-answer.ts';
import { Tripwire } from './wire-tripwire.ts';

export interface ProxySessionOptions {
  readonly stage: Stage;
  readonly plant: Plant;
  readonly ledger: FrameLedger;
  /** Another server in place of this one, that has seen nothing: what answers strangely may do so for what came before this program. Null where there is none to be had. */
  readonly anew: (() => Promise<Plant>) | null;
  readonly tripwire: boolean;
  /** The server does things after it has answered, such as a refresh in the background. */
  readonly isBusyAfterwards: boolean;
  /** How often the server looks whether those who wait inside it may go on; 0 where it does not, or nobody knows. */
  readonly pollMs: number;
  request(request: Request): WireRequest;
}

/** Longest real time for an answer that nothing holds back. */
const LOST_MS = 10_000;
/** Real time for calls that wait although nothing is held back: time is moved for them, and each time in vain more patience is due. */
const STUCK_PATIENCE_MS: readonly number[] = [0, 0, 50, 250, 1000, 2000];

const AT_REST: Promise<void> = Promise.resolve();

/** The end of a call, to be reported when the server has come to rest. */
interface Ending {
  readonly call: StageCall;
  report(): void;
}

/** One program's life of a server: its own corner of the server's URLs. */
export class ProxySession implements AsyncSession {
  private readonly options: ProxySessionOptions;
  private plant!: Plant;
  private origin!: OriginSession;
  private traffic!: Traffic;
  private resting!: Rest;
  private endings!: Ending[];
  /** Requests overlap in this program, or something goes on behind the answers: rest has to be looked for. */
  private isConcurrent!: boolean;
  /** A connection broke: the server may be gone. */
  private isSuspect!: boolean;
  private moving!: Promise<unknown> | null;
  /** How often time was moved, one time after the other, for calls that wait inside the cache, and nothing came of it. */
  private movesInVain!: number;
  private changesAtMove!: number;
  private fault!: TargetFault | StartAnew | null;
  private tripwire!: Tripwire | null;
  /** This very program has a server that has seen nothing else. */
  private isAnew = false;

  constructor(options: ProxySessionOptions) {
    this.options = options;
    this.live(options.plant);
  }

  /** Begins with a server, and with nothing of what was before. */
  private live(plant: Plant): void {
    const { stage, ledger, tripwire, isBusyAfterwards } = this.options;
    this.plant = plant;
    this.endings = [];
    this.isSuspect = false;
    this.moving = null;
    this.movesInVain = 0;
    this.changesAtMove = -1;
    this.fault = null;
    this.tripwire = tripwire ? new Tripwire() : null;
    this.isConcurrent = isBusyAfterwards;
    const traffic = new Traffic(stage.held);
    this.traffic = traffic;
    this.origin = plant.origin.open(stage, ledger);
    this.origin.onContact = (call, isAnswer) => this.contacted(call, isAnswer);
    this.origin.onGone = () => traffic.changed();
    this.origin.onGathered = () => traffic.changed();
    // Where several calls are inside the server at once, which of them comes to the origin first is up to chance.
    this.origin.isGathering = () => this.isConcurrent && plant.processes !== null && traffic.inside > 1;
    this.resting = new Rest({ plant, traffic, origin: this.origin, onRest: () => this.report() });
    beginSecond(plant.clock);
  }

  /** What looks like a fault is one only where nothing came before: else the program is begun anew, with a server of its own. */
  private believed(fault: TargetFault): TargetFault | StartAnew {
    const { anew } = this.options;
    if (anew === null || this.isAnew || this.plant.isGone) return fault;
    this.isAnew = true;
    return new StartAnew(async () => {
      this.close();
      this.live(await anew());
    });
  }

  get strays(): number {
    return this.origin.strays;
  }

  ask(asked: Call): void {
    const { options, traffic, origin, plant } = this;
    const call = asked as StageCall;
    const { method = 'GET', path, headers = {} } = options.request(call.request);
    if (call.state === HELD_BACK) this.isConcurrent = true;
    if (options.isBusyAfterwards) traffic.isDisturbed = true;
    if (traffic.open.size > 0) stagger(plant.clock);
    const exchange: Exchange = {
      call,
      lane: plant.lanes.free(),
      sentAt: performance.now(),
      askedAtMs: plant.clock.now(),
      isKnown: false,
      hasWaited: false,
    };
    origin.enter(call);
    traffic.open.add(exchange);
    exchange.lane.send(
      {
        method,
        path: `${origin.prefix}${path}`,
        headers: call.known === null ? headers : { ...headers, 'if-none-match': origin.headers.tagOf(call.known) },
      },
      {
        received: (answer, isWhole) => this.received(exchange, answer, isWhole),
        lost: () => this.lost(exchange),
        mayRepeat: () => !exchange.isKnown,
      },
    );
  }

  cancel(call: Call): void {
    const { traffic } = this;
    traffic.waiting.clear();
    for (const exchange of traffic.open) if (exchange.call === call) this.hangUp(exchange);
    traffic.hasHungUp = true;
    traffic.isDisturbed = true;
  }

  tell(notice: Notice): void {
    if (notice.kind === 'advance') this.moving = this.advance(notice.by);
  }

  settle(): Promise<void> {
    const { traffic, moving, fault, isSuspect } = this;
    const isAtRest = traffic.open.size === 0 && this.endings.length === 0 && moving === null && fault === null && !isSuspect;
    const isSure = !this.isConcurrent || (!traffic.isDisturbed && traffic.unfenced.size === 0);
    return isAtRest && isSure && this.plant.isPrepared ? AT_REST : this.settling();
  }

  close(): void {
    for (const exchange of this.traffic.open) this.hangUp(exchange);
    this.origin.close();
  }

  private async settling(): Promise<void> {
    try {
      await this.moving;
    } finally {
      this.moving = null;
    }
    if (this.isConcurrent) await this.resting.come(() => this.patienceMs());
    else await this.answers();
    if (this.isSuspect) {
      this.isSuspect = false;
      await this.plant.diagnose().catch((error: unknown) => {
        throw error instanceof TargetFault ? this.believed(error) : error;
      });
    }
    if (this.fault !== null) throw this.fault;
    await this.plant.prepare();
  }

  /** Everybody is answered, by the server itself or by the origin at once: there is nothing else to wait for. */
  private async answers(): Promise<void> {
    const { traffic } = this;
    const until = performance.now() + LOST_MS;
    while (traffic.open.size > 0) {
      if (!(await traffic.changeWithin(LOST_MS)) && performance.now() > until) throw this.believed(unanswered(this.plant.name));
    }
    this.report();
  }

  private patienceMs(): number {
    const { plant } = this;
    const { stage } = this.options;
    const atLeast = plant.pace.patienceMs;
    return stage.held.length > 0 ? atLeast : Math.max(atLeast, STUCK_PATIENCE_MS[Math.min(this.movesInVain, STUCK_PATIENCE_MS.length - 1)]!);
  }

  private async advance(byMs: number): Promise<void> {
    const { traffic, resting, plant } = this;
    const { stage, pollMs } = this.options;
    const { clock } = plant;
    const isStuck = traffic.open.size > 0 && stage.held.length === 0;
    traffic.waiting.clear();
    if (isStuck) this.movesInVain = traffic.changes === this.changesAtMove ? this.movesInVain + 1 : 1;
    this.changesAtMove = traffic.changes;
    if (traffic.open.size > 0) traffic.isDisturbed = true;
    if (clock === REAL_CLOCK) {
      // Where time cannot be moved, it has to pass: while somebody waits for that alone.
      if (stage.inFlight === 0 || stage.held.length > 0) throw standing(plant.name, byMs);
      if (isStuck) await traffic.changeWithin(byMs);
      return;
    }
    if (plant.processes === null) {
      clock.advance(byMs);
      for (const { lane } of traffic.open) lane.poke();
    } else await walk(byMs, { plant, traffic, rest: resting, pollMs });
    await plant.seeTime();
  }

  private received(exchange: Exchange, answer: WireAnswer, isWhole: boolean): void {
    const { stage, ledger } = this.options;
    const { call, lane } = exchange;
    if (exchange.isKnown) this.traffic.unfenced.add(lane);
    if (!isWhole) this.isSuspect = true;
    const report = (): void => {
      if (call.state === DONE) return;
      const came = { ...answer, isWhole };
      const fault = reportAnswer(stage, { ledger, headers: this.origin.headers }, call, this.tripwire?.instead(call, came) ?? came);
      if (fault !== null) this.fault ??= this.believed(fault);
    };
    this.end(exchange, report);
  }

  private lost(exchange: Exchange): void {
    this.isSuspect = true;
    this.traffic.isDisturbed = true;
    this.end(exchange, () => this.options.stage.refused(exchange.call, 'dropped'));
  }

  /** Of answers that come between two moments of rest, the order is that of the calls. */
  private end(exchange: Exchange, report: () => void): void {
    const { traffic } = this;
    traffic.open.delete(exchange);
    traffic.waiting.clear();
    this.time(exchange);
    this.endings.push({ call: exchange.call, report });
    traffic.changed();
  }

  private report(): void {
    const endings = this.endings.splice(0);
    for (const ending of endings.toSorted((one, other) => one.call.number - other.call.number)) ending.report();
  }

  private hangUp(exchange: Exchange): void {
    this.traffic.open.delete(exchange);
    exchange.lane.hangUp();
  }

  private contacted(number: number, isAnswer: boolean): void {
    const { traffic } = this;
    let isOurs = false;
    for (const exchange of traffic.open) {
      if (exchange.call.number !== number) continue;
      isOurs = true;
      this.time(exchange);
      exchange.isKnown = true;
    }
    traffic.waiting.clear();
    // An answer to a caller who has gone away is stored all the same, and nobody sees when.
    if (isAnswer && !isOurs) traffic.isDisturbed = true;
    traffic.changed();
  }

  /** Takes in how long the first sign of a request took. */
  private time({ sentAt, isKnown, hasWaited }: Exchange): void {
    if (!isKnown && !hasWaited) this.plant.pace.note(performance.now() - sentAt);
  }
}

function standing(name: string, byMs: number): TargetFault {
  return new TargetFault(
    `the program lets ${byMs} ms pass, and the time of ${name} cannot be moved`,
    'Start the server under libfaketime in such a way that its time is seen to move: it must keep what may be kept for a minute, and be able to read the file of its time.',
  );
}

function unanswered(name: string): TargetFault {
  return new TargetFault(
    `${name} has not answered a request after ${LOST_MS / 1000} s, although the origin holds nothing back`,
    'Send such a request by hand, and look into what the server says.',
  );
}
