import type { Frame } from '../../models/domain/frame.ts';
import type { World } from '../../models/domain/world.ts';
import { type Call, NO_PARTY, type Origin, type Reply, type Session, type Sink, type Waiting } from '../../models/origin.ts';
import { CODE, type Step } from '../run/step.ts';

interface BareCall extends Call {
  step: Step;
}

/**
 * The least that a program needs to be replayed: an origin that knows owners and shares, and nobody who looks at the answers.
 * What checking costs is what a stage costs beyond this. It knows neither held contacts nor channels, so both are left out of
 * the programs that it is compared on: the cache then does the same work on either side.
 */
export class BareOrigin implements Origin, Sink {
  private readonly owners: number[];
  private readonly epochs: number[];
  private readonly shares: boolean[];
  private readonly users: number;
  readonly world: World;
  private nowMs = 0;
  answers = 0;

  constructor(world: World) {
    this.world = world;
    this.users = world.users.length;
    this.owners = world.cameras.map((camera) => camera.owner);
    this.epochs = world.cameras.map(() => 0);
    this.shares = world.cameras.flatMap(() => world.users.map(() => false));
  }

  replay(session: Session, steps: readonly Step[], length: number): void {
    const { world } = this;
    for (let camera = 0; camera < world.cameras.length; camera++) {
      this.owners[camera] = world.cameras[camera]!.owner;
      this.epochs[camera] = 0;
    }
    this.shares.fill(false);
    this.nowMs = 0;
    for (let index = 0; index < length; index++) this.play(steps[index]!, session);
  }

  now(): number {
    return this.nowMs;
  }

  revalidate(call: Call, tier: Frame['tier'], _known: Frame, waiting: Waiting): void {
    this.fetch(call, tier, waiting);
  }

  authorise(call: Call, waiting: Waiting): void {
    waiting.resume(call, 'authorise', this.reply((call as BareCall).step, null));
  }

  fetch(call: Call, tier: Frame['tier'], waiting: Waiting): void {
    waiting.resume(call, 'fetch', this.reply((call as BareCall).step, { tier }));
  }

  answered(): void {
    this.answers++;
  }

  described(): void {
    this.answers++;
  }

  header(): void {}

  refused(): void {
    this.answers++;
  }

  private play(step: Step, session: Session): void {
    switch (step.code) {
      case CODE.request: {
        const call: BareCall = { request: step.request, known: null, slot: null, step };
        session.ask(call);
        return;
      }
      case CODE.capture:
        return;
      case CODE.share:
        this.shares[step.camera * this.users + step.user] = true;
        break;
      case CODE.unshare:
        this.shares[step.camera * this.users + step.user] = false;
        break;
      case CODE.transfer:
        if (this.owners[step.camera] === step.user) return;
        this.startEpoch(step.camera, step.user);
        break;
      case CODE.recreate:
        this.startEpoch(step.camera, this.owners[step.camera]!);
        break;
      case CODE.advance:
        this.nowMs += step.by;
        break;
      default:
        break;
    }
    session.tell(step.notice);
  }

  private startEpoch(camera: number, owner: number): void {
    this.owners[camera] = owner;
    this.epochs[camera]!++;
    this.shares.fill(false, camera * this.users, (camera + 1) * this.users);
  }

  private reply(step: Step, frame: Frame | null): Reply {
    const { camera, user } = step;
    const allowed = this.owners[camera] === user || this.shares[camera * this.users + user] === true;
    return {
      status: allowed ? 'ok' : 'refused',
      frame: allowed ? frame : null,
      epoch: this.epochs[camera]!,
      lifetimeMs: step.lifetimeMs,
      policy: step.policy,
      party: NO_PARTY,
    };
  }
}
