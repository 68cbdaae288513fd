import type { Request } from '../../models/domain/request.ts';
import type { Call, Notice } from '../../models/origin.ts';
import { DONE, HELD_BACK, type StageCall } from '../run/call.ts';
import type { Stage } from '../run/stage.ts';
import type { WireRequest } from './app-request.ts';
import type { FrameLedger } from './frame-bytes-ledger.ts';
import type { OriginSession } from './origin-server-session.ts';
import type { Lane } from './proxy-lane.ts';
import type { Plant } from './proxy-plant.ts';
import { type AsyncSession, TargetFault } from './target.ts';
import { reportAnswer, type WireAnswer } from './wire-answer.ts';

export interface ProxySessionOptions {
  readonly stage: Stage;
  readonly plant: Plant;
  readonly ledger: FrameLedger;
  readonly tripwire: boolean;
  /** The server does things after it has answered, such as a refresh in the background. */
  readonly isBusyAfterwards: boolean;
  request(request: Request): WireRequest;
}

/** One request on its way through the server. */
interface Exchange {
  readonly call: StageCall;
  readonly lane: Lane;
  readonly sentAt: number;
  /** The origin was asked for it. */
  isKnown: boolean;
  /** It was seen to wait inside the cache. */
  hasWaited: boolean;
}

/** Rounds of fences without any change that mean rest. One is not always enough where a server has two workers. */
const ROUNDS = 2;
/** Longest real time for an answer that nothing holds back. */
const LOST_MS = 10_000;
/** Real time in which an answer mostly comes by itself, before fences are sent after it. */
const HEAD_START_MS = 1;
/** Real time for calls that wait although nothing is held back: time is moved for them, and each time in vain more patience is due. */
const STUCK_PATIENCE_MS: readonly number[] = [0, 0, 50, 250, 1000, 2000];

const AT_REST: Promise<void> = Promise.resolve();

/** One program's life of a server: its own corner of the server's URLs. */
export class ProxySession implements AsyncSession {
  private readonly options: ProxySessionOptions;
  private readonly origin: OriginSession;
  private readonly open = new Set<Exchange>();
  /** Lanes whose last answer came from the origin: what the server does with it afterwards may not be done yet. */
  private readonly unfenced = new Set<Lane>();
  /** Calls that wait inside the cache: they will until something happens. */
  private readonly waiting = new Set<Exchange>();
  /** Requests overlap in this program, or something goes on behind the answers: rest has to be looked for. */
  private isConcurrent: boolean;
  /** Something happened that shows on no connection of ours. */
  private isDisturbed = false;
  /** We closed a connection: the server may do the same at the origin, as soon as it notices. */
  private hasHungUp = false;
  /** A connection broke: the server may be gone. */
  private isSuspect = false;
  private moving: Promise<unknown> | null = null;
  /** How often time was moved, one time after the other, for calls that wait inside the cache, and nothing came of it. */
  private movesInVain = 0;
  private changesAtMove = -1;
  private changes = 0;
  private wake: (() => void) | null = null;
  private fault: TargetFault | null = null;
  /** What the tripwire gives to everybody. */
  private first: WireAnswer | null = null;

  constructor(options: ProxySessionOptions) {
    this.options = options;
    this.isConcurrent = options.isBusyAfterwards;
    this.origin = options.plant.origin.open(options.stage, options.ledger);
    this.origin.onContact = (call, isAnswer) => this.contacted(call, isAnswer);
    this.origin.onGone = () => this.changed();
  }

  ask(asked: Call): void {
    const call = asked as StageCall;
    const { method = 'GET', path, headers = {} } = this.options.request(call.request);
    const exchange: Exchange = { call, lane: this.options.plant.lanes.free(), sentAt: performance.now(), isKnown: false, hasWaited: false };
    if (call.state === HELD_BACK) this.isConcurrent = true;
    if (this.options.isBusyAfterwards) this.isDisturbed = true;
    this.origin.enter(call);
    this.open.add(exchange);
    exchange.lane.send(
      {
        method,
        path: `${this.origin.prefix}${path}`,
        headers: call.known === null ? headers : { ...headers, 'if-none-match': this.origin.headers.tagOf(call.known) },
      },
      {
        received: (answer, isWhole) => this.received(exchange, answer, isWhole),
        lost: () => this.lost(exchange),
        mayRepeat: () => !exchange.isKnown,
      },
    );
  }

  cancel(call: Call): void {
    this.waiting.clear();
    for (const exchange of this.open) if (exchange.call === call) this.hangUp(exchange);
    this.hasHungUp = true;
    this.isDisturbed = true;
  }

  tell(notice: Notice): void {
    if (notice.kind === 'advance') this.moving = this.advance(notice.by);
  }

  settle(): Promise<void> {
    const { open, moving, fault, isSuspect } = this;
    const isAtRest = open.size === 0 && moving === null && fault === null && !isSuspect;
    const isSure = !this.isConcurrent || (!this.isDisturbed && this.unfenced.size === 0);
    return isAtRest && isSure ? AT_REST : this.settling();
  }

  close(): void {
    for (const exchange of this.open) this.hangUp(exchange);
    this.origin.close();
  }

  private async settling(): Promise<void> {
    try {
      await this.moving;
    } finally {
      this.moving = null;
    }
    if (this.isConcurrent) await this.rest();
    else await this.answers();
    if (this.isSuspect) {
      this.isSuspect = false;
      await this.options.plant.diagnose();
    }
    if (this.fault !== null) throw this.fault;
  }

  /** Everybody is answered, by the server itself or by the origin at once: there is nothing else to wait for. */
  private async answers(): Promise<void> {
    const until = performance.now() + LOST_MS;
    while (this.open.size > 0) {
      if (!(await this.changeWithin(LOST_MS)) && performance.now() > until) throw unanswered(this.options.plant.name);
    }
  }

  /** Every call is answered, held at the origin, or waits inside the cache: fences came back twice and nothing had changed. */
  private async rest(): Promise<void> {
    if (this.hasHungUp) await this.changeWithin(this.options.plant.pace.patienceMs);
    this.hasHungUp = false;
    for (let quiet = 0; this.isDisturbed || this.unfenced.size > 0 || this.unexplained().length > 0;) {
      const { changes, isDisturbed } = this;
      if (quiet === 0 && this.unexplained().length > 0 && (await this.changeWithin(HEAD_START_MS))) continue;
      await this.round();
      quiet = changes === this.changes ? quiet + 1 : 0;
      if (quiet < ROUNDS) this.isDisturbed ||= isDisturbed;
      else if (this.unexplained().length > 0) {
        if (await this.changeWithin(this.patienceMs())) quiet = 0;
        else this.await(this.unexplained());
      }
    }
  }

  private await(exchanges: readonly Exchange[]): void {
    for (const exchange of exchanges) {
      exchange.hasWaited = true;
      this.waiting.add(exchange);
    }
  }

  private patienceMs(): number {
    const { plant, stage } = this.options;
    const atLeast = plant.pace.patienceMs;
    return stage.held.length > 0 ? atLeast : Math.max(atLeast, STUCK_PATIENCE_MS[Math.min(this.movesInVain, STUCK_PATIENCE_MS.length - 1)]!);
  }

  /** Sends a fence over each lane that needs one, and over a free one. */
  private async round(): Promise<void> {
    const { plant } = this.options;
    const lanes = new Set([...this.unfenced].filter((lane) => lane.isFree));
    lanes.add(plant.lanes.free());
    this.unfenced.clear();
    this.isDisturbed = false;
    const answers = await Promise.all([...lanes].map((lane) => plant.fence(lane)));
    if (answers.includes(null)) await plant.diagnose();
  }

  /** Calls that are neither answered, nor held at the origin, nor known to wait inside the cache. */
  private unexplained(): Exchange[] {
    const { held } = this.options.stage;
    return [...this.open].filter((one) => !this.waiting.has(one) && !held.some(({ call }) => call.number === one.call.number));
  }

  private async advance(byMs: number): Promise<void> {
    const { plant, stage } = this.options;
    const isStuck = this.open.size > 0 && stage.held.length === 0;
    this.waiting.clear();
    if (isStuck) this.movesInVain = this.changes === this.changesAtMove ? this.movesInVain + 1 : 1;
    this.changesAtMove = this.changes;
    const moved = plant.advance(byMs);
    for (const { lane } of this.open) lane.poke();
    // Where time cannot be moved, it has to pass.
    if (!(await moved) && isStuck) await this.changeWithin(byMs);
    if (this.open.size > 0) this.isDisturbed = true;
  }

  private received(exchange: Exchange, answer: WireAnswer, isWhole: boolean): void {
    const { stage, ledger, tripwire } = this.options;
    const { call, lane } = exchange;
    this.open.delete(exchange);
    this.waiting.clear();
    this.time(exchange);
    if (exchange.isKnown) this.unfenced.add(lane);
    if (!isWhole) this.isSuspect = true;
    if (call.state !== DONE) {
      if (tripwire && answer.status === 200) this.first ??= answer;
      this.fault ??= reportAnswer(stage, { ledger, headers: this.origin.headers }, call, { ...(this.first ?? answer), isWhole });
    }
    this.changed();
  }

  private lost(exchange: Exchange): void {
    this.open.delete(exchange);
    this.isSuspect = true;
    this.isDisturbed = true;
    this.options.stage.refused(exchange.call, 'dropped');
    this.changed();
  }

  private hangUp(exchange: Exchange): void {
    this.open.delete(exchange);
    exchange.lane.hangUp();
  }

  private contacted(number: number, isAnswer: boolean): void {
    let isOurs = false;
    for (const exchange of this.open) {
      if (exchange.call.number !== number) continue;
      isOurs = true;
      this.time(exchange);
      exchange.isKnown = true;
    }
    this.waiting.clear();
    // An answer to a caller who has gone away is stored all the same, and nobody sees when.
    if (isAnswer && !isOurs) this.isDisturbed = true;
    this.changed();
  }

  /** Takes in how long the first sign of a request took. */
  private time({ sentAt, isKnown, hasWaited }: Exchange): void {
    if (!isKnown && !hasWaited) this.options.plant.pace.note(performance.now() - sentAt);
  }

  private changed(): void {
    this.changes++;
    this.wake?.();
  }

  /** Waits until something happens, and says whether it did in time. */
  private changeWithin(ms: number): Promise<boolean> {
    if (ms === 0) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (hasChanged: boolean): void => {
        clearTimeout(timer);
        this.wake = null;
        resolve(hasChanged);
      };
      const timer = setTimeout(() => end(false), ms);
      this.wake = () => end(true);
    });
  }
}

function unanswered(name: string): TargetFault {
  return new TargetFault(
    `${name} has not answered a request after ${LOST_MS / 1000} s, although the origin holds nothing back`,
    'Send such a request by hand, and look into what the server says.',
  );
}
