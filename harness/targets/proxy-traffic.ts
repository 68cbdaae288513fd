import type { HeldContact, StageCall } from '../run/call.ts';
import type { Lane } from './proxy-lane.ts';

/** One request on its way through a server. */
export interface Exchange {
  readonly call: StageCall;
  readonly lane: Lane;
  readonly sentAt: number;
  /** By the server's clock. */
  readonly askedAtMs: number;
  /** The origin was asked for it. */
  isKnown: boolean;
  /** It was seen to wait inside the cache. */
  hasWaited: boolean;
}

/** What is under way between one session, the server and the origin. */
export class Traffic {
  readonly open: Set<Exchange> = new Set<Exchange>();
  /** Lanes whose last answer came from the origin: what the server does with it afterwards may not be done yet. */
  readonly unfenced: Set<Lane> = new Set<Lane>();
  /** Calls that wait inside the cache: they will until something happens. */
  readonly waiting: Set<Exchange> = new Set<Exchange>();
  /** Something happened that shows on no connection of ours. */
  isDisturbed = false;
  /** We closed a connection: the server may do the same at the origin, as soon as it notices. */
  hasHungUp = false;
  /** Grows with everything that is seen to happen. */
  changes = 0;
  private readonly held: readonly HeldContact[];
  private wake: (() => void) | null = null;

  /** `held`: what the origin holds back. */
  constructor(held: readonly HeldContact[]) {
    this.held = held;
  }

  /** How many calls the server has to itself: they are neither answered nor held at the origin. */
  get inside(): number {
    let count = 0;
    for (const exchange of this.open) if (!this.isHeld(exchange)) count++;
    return count;
  }

  /** Calls that are neither answered, nor held at the origin, nor known to wait inside the cache; oldest first. */
  unexplained(): Exchange[] {
    return [...this.open].filter((one) => !this.waiting.has(one) && !this.isHeld(one));
  }

  await(exchanges: readonly Exchange[]): void {
    for (const exchange of exchanges) {
      exchange.hasWaited = true;
      this.waiting.add(exchange);
    }
  }

  changed(): void {
    this.changes++;
    this.wake?.();
  }

  /** Waits until something happens, and says whether it did in time. */
  changeWithin(ms: number): Promise<boolean> {
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

  private isHeld(exchange: Exchange): boolean {
    return this.held.some(({ call }) => call.number === exchange.call.number);
  }
}
