import { REAL_CLOCK } from './faketime.ts';
import { Plant, type PlantOptions } from './proxy-plant.ts';
import { TargetFault } from './target.ts';

/** Keeps the server of a target running from program to program, and starts it anew where that has to be. */
export class Keeper {
  /** Whether the time of the server was seen to move; undefined before the first one was started. */
  isSeen: boolean | undefined;
  /** What the server keeps of one program comes out in the next: each has a server of its own. */
  isMixing = false;
  private readonly options: PlantOptions;
  private starting: Promise<Plant> | undefined;
  /** The server that was started last. */
  private latest: Plant | undefined;
  private wasInOrder = true;

  constructor(options: PlantOptions) {
    this.options = options;
  }

  /** No two of those who waited inside a server were left to go on in an order of their own. */
  get isInOrder(): boolean {
    return this.wasInOrder && this.latest?.isInOrder !== false;
  }

  /** The server for the next program. Rejects with a {@link TargetFault} where there is none to be had. */
  async plant(): Promise<Plant> {
    if (this.isMixing) await this.dispose();
    const plant = await this.running().catch((error: unknown) => {
      this.starting = undefined;
      throw error;
    });
    await plant.prepare();
    return plant;
  }

  /** A server that has seen nothing; from now on each program has one. */
  anew(): Promise<Plant> {
    this.isMixing = true;
    return this.plant();
  }

  async dispose(): Promise<void> {
    const plant = this.starting;
    this.starting = undefined;
    await (await plant?.catch(() => undefined))?.close();
  }

  private async running(): Promise<Plant> {
    const { options } = this;
    const plant = await (this.starting ??= Plant.start({ ...options, movesTime: options.movesTime && this.isSeen !== false }));
    const isMoved = plant.clock !== REAL_CLOCK;
    this.isSeen ??= isMoved;
    if (this.isSeen && !isMoved) throw unseen(options.name);
    this.wasInOrder &&= this.latest?.isInOrder ?? true;
    this.latest = plant;
    if (!plant.isGone) return plant;
    await this.dispose();
    return this.running();
  }
}

function unseen(name: string): TargetFault {
  return new TargetFault(
    `the time of ${name} moved when the server was started first, and was not seen to move when it was started anew`,
    "Try again; where it comes back, declare `time: 'none'`.",
  );
}
