import type { OriginSession } from './origin-server-session.ts';
import type { Plant } from './proxy-plant.ts';
import type { Processes } from './proxy-processes.ts';
import type { Traffic } from './proxy-traffic.ts';
import { turn } from './virtual-time-turns.ts';

interface RestOptions {
  readonly plant: Plant;
  readonly traffic: Traffic;
  readonly origin: OriginSession;
  /** Told at each moment of rest: what came before it came at once. */
  onRest(): void;
}

/** Turns of the event loop in which all that reached this process is read: a connection is taken in, then what came over it. */
const TURNS = 3;
/** Looks at a server that is busy, before it is given a moment. */
const LOOKS = 8;
/** Longest real time in which a server is expected to fall asleep. */
const RESTLESS_MS = 2_000;
/** One that has a processor for half of so long turns in a circle: it looks at a clock that stands still until something is due. In ms. */
const CIRCLING_MS = 500;
/** Rounds of fences without any change that mean rest. One is not always enough where a server has two workers. */
const ROUNDS = 2;
/** Real time in which an answer mostly comes by itself, before anything is done to look after it. */
const HEAD_START_MS = 1;

/**
 * When a server has come to rest: every call is answered, held at the origin, or waits inside the cache. Where the processes of the server
 * can be watched, one sees that all of them sleep; elsewhere it is inferred from fences that come back twice, and from patience.
 */
export class Rest {
  private readonly options: RestOptions;

  constructor(options: RestOptions) {
    this.options = options;
  }

  /** `patienceMs`: how long a call without any sign is waited for where nothing can be seen. */
  async come(patienceMs: () => number): Promise<void> {
    const { plant, traffic } = this.options;
    if (traffic.unexplained().length > 0) await traffic.changeWithin(HEAD_START_MS);
    if (plant.processes === null || !(await this.seen())) await this.inferred(patienceMs);
    this.options.onRest();
  }

  /** Until the server sleeps. What it asks of the origin is put by where several calls are inside it. Needs processes that can be watched. */
  async doze(): Promise<boolean> {
    const { processes } = this.options.plant;
    return processes !== null && this.asleep(processes);
  }

  /** A rest in between: what was put by is let in, and nobody asks what becomes of the calls. Needs processes that can be watched. */
  async pause(): Promise<void> {
    await this.sleep();
    this.options.onRest();
  }

  /** False where the server turns out never to sleep. */
  private async seen(): Promise<boolean> {
    const { traffic } = this.options;
    for (let fencedAt = -1; ; fencedAt = traffic.changes) {
      if (!(await this.sleep())) return false;
      const silent = traffic.unexplained();
      if (silent.length === 0 || fencedAt === traffic.changes) {
        traffic.await(silent);
        break;
      }
      // The server sleeps, and yet it passes on what others ask: so these calls wait.
      await this.round();
    }
    traffic.unfenced.clear();
    traffic.isDisturbed = false;
    traffic.hasHungUp = false;
    return true;
  }

  /** Until the server sleeps, and nothing that it sent is left unread here or has been put by. */
  private async sleep(): Promise<boolean> {
    do {
      if (!(await this.doze())) return false;
    } while (this.options.origin.admitNext());
    return true;
  }

  private async asleep(processes: Processes): Promise<boolean> {
    const { plant, traffic } = this.options;
    const from = performance.now();
    let spentMs = Number.NaN;
    for (let looks = 1; !plant.isGone && performance.now() < from + RESTLESS_MS; looks++) {
      const { changes } = traffic;
      const before = processes.asleep();
      if (Number.isNaN(spentMs)) spentMs = processes.spentMs;
      const passedMs = performance.now() - from;
      if (passedMs > CIRCLING_MS && processes.spentMs - spentMs > passedMs / 2) break;
      for (let turns = 0; turns < TURNS; turns++) await turn();
      if (before !== null && changes === traffic.changes && before === processes.asleep()) {
        processes.rested(true);
        return true;
      }
      if (looks % LOOKS === 0) await traffic.changeWithin(1);
    }
    if (!processes.rested(false)) plant.watchNoMore();
    return false;
  }

  private async inferred(patienceMs: () => number): Promise<void> {
    const { plant, traffic } = this.options;
    if (traffic.hasHungUp) await traffic.changeWithin(plant.pace.patienceMs);
    traffic.hasHungUp = false;
    for (let quiet = 0; traffic.isDisturbed || traffic.unfenced.size > 0 || traffic.unexplained().length > 0;) {
      const { changes, isDisturbed } = traffic;
      await this.round();
      quiet = changes === traffic.changes ? quiet + 1 : 0;
      if (quiet < ROUNDS) traffic.isDisturbed ||= isDisturbed;
      else if (traffic.unexplained().length > 0) {
        if (await traffic.changeWithin(patienceMs())) quiet = 0;
        else traffic.await(traffic.unexplained());
      }
      while (this.options.origin.admitNext());
    }
  }

  /** Sends a fence over each lane that needs one, and over a free one. */
  private async round(): Promise<void> {
    const { plant, traffic } = this.options;
    const lanes = new Set([...traffic.unfenced].filter((lane) => lane.isFree));
    lanes.add(plant.lanes.free());
    traffic.unfenced.clear();
    traffic.isDisturbed = false;
    const answers = await Promise.all([...lanes].map((lane) => plant.fence(lane)));
    if (answers.includes(null)) await plant.diagnose();
  }
}
