import type { Mark } from '../../models/domain/frame.ts';
import type { HistoryEvent } from '../../models/domain/history.ts';
import type { Asked, Operation } from '../../models/domain/operation.ts';
import { principalOf } from '../../models/domain/request.ts';
import { ANONYMOUS, type Template, type World } from '../../models/domain/world.ts';
import type { Counterexample } from './document.ts';
import { namesOf } from './names.ts';

/** A call of the story: who asked for what, in which step. */
export interface CallMade {
  readonly user: number;
  readonly camera: number;
  readonly template: number;
  readonly instant: number;
}

/** What a camera was from one change of owner, or one making anew, to the next. */
interface Ownership {
  readonly owner: number;
  readonly isAnew: boolean;
  wasPublic: boolean;
}

/** Names, calls and the owners of the moment: what a sentence about a step needs to know. Owners change as steps are applied. */
export class Scene {
  readonly world: World;
  readonly users: readonly string[];
  readonly cameras: readonly string[];
  readonly calls: ReadonlyMap<number, CallMade>;
  /** Of each camera, by epoch. */
  private readonly ownerships: Ownership[][];
  private readonly captures: number[];

  constructor(counterexample: Counterexample) {
    this.world = counterexample.program.world;
    this.users = namesOf(this.world.users);
    this.cameras = namesOf(this.world.cameras.map((camera) => camera.id));
    this.calls = callsOf(counterexample.history);
    this.ownerships = this.world.cameras.map(({ owner }) => [{ owner, isAnew: false, wasPublic: false }]);
    this.captures = this.world.cameras.map(() => 0);
  }

  user(index: number): string {
    return index === ANONYMOUS ? 'an anonymous visitor' : this.users[index]!;
  }

  /** Who asks: nobody known, where the template carries no credential. */
  caller(asked: Asked): string {
    return this.user(principalOf(this.template(asked.template), asked.user));
  }

  camera(index: number): string {
    return this.cameras[index]!;
  }

  template(index: number): Template {
    return this.world.templates[index]!;
  }

  /** Who owns the camera at this point of the story. */
  owner(camera: number): number {
    return this.ownerships[camera]!.at(-1)!.owner;
  }

  /** Whether nobody else has owned the camera up to this point of the story. */
  hasOneOwner(camera: number): boolean {
    return this.ownerships[camera]!.every(({ owner }) => owner === this.owner(camera));
  }

  /** How the ownership began that the frame is from; `null` where that was before the story. */
  beginning(frame: Mark): { readonly owner: number; readonly isAnew: boolean } | null {
    return frame.epoch === 0 ? null : (this.ownerships[frame.camera]![frame.epoch] ?? null);
  }

  /** Whether the camera has been public up to this point of the story, though not in the ownership that the frame is from. */
  wasPublicElsewhere({ camera, epoch }: Mark): boolean {
    const ownerships = this.ownerships[camera]!;
    return ownerships[epoch]?.wasPublic !== true && ownerships.some(({ wasPublic }) => wasPublic);
  }

  /** Number of the latest capture of the camera. */
  sequence(camera: number): number {
    return this.captures[camera]!;
  }

  /** Whether the frame was captured under the ownership of this point of the story. */
  isCurrent(frame: Mark): boolean {
    return this.ownerships[frame.camera]!.length - 1 === frame.epoch;
  }

  apply(operation: Operation): void {
    if (operation.op === 'capture') this.captures[operation.camera]!++;
    else if (operation.op === 'publish') this.ownerships[operation.camera]!.at(-1)!.wasPublic = true;
    else if (operation.op === 'recreate') this.startEpoch(operation.camera, this.owner(operation.camera), true);
    else if (operation.op === 'transfer' && operation.user !== this.owner(operation.camera)) this.startEpoch(operation.camera, operation.user, false);
  }

  /** Whose a frame is, for `caller` who receives it: `of door, which belongs to alice`. */
  whose(frame: Mark, caller: number): string {
    const camera = `of ${this.camera(frame.camera)}`;
    const owner = this.user(frame.owner);
    if (this.isCurrent(frame)) return frame.owner === caller ? `${camera}, ${owner}'s own` : `${camera}, which belongs to ${owner}`;
    const later = this.ownerships[frame.camera]!.slice(frame.epoch + 1);
    const isBack = this.owner(frame.camera) === frame.owner;
    if (isBack && later.some((ownership) => ownership.owner !== frame.owner)) return `${camera}, from an earlier time when it belonged to ${owner}`;
    if (isBack) return `${camera}, from before ${owner} set it up anew`;
    return `${camera}, from the time when it belonged to ${owner}`;
  }

  private startEpoch(camera: number, owner: number, isAnew: boolean): void {
    this.ownerships[camera]!.push({ owner, isAnew, wasPublic: false });
    this.captures[camera] = 0;
  }
}

/** The name as the first word of a sentence: ids keep their spelling, whatever it is. */
export function capital(name: string): string {
  return name.startsWith('an anonymous') || name.startsWith('the ') ? `${name[0]!.toUpperCase()}${name.slice(1)}` : name;
}

function callsOf(history: readonly HistoryEvent[]): Map<number, CallMade> {
  const calls = new Map<number, CallMade>();
  for (const event of history) {
    if (event.event === 'asked') calls.set(event.call, { user: event.user, camera: event.camera, template: event.template, instant: event.at });
  }
  return calls;
}
