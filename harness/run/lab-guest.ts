import { type Operation, operation } from '../../models/domain/operation.ts';
import { ANONYMOUS, type ResponsePolicy, type Template, TEMPLATE_ATTRIBUTES, type World } from '../../models/domain/world.ts';
import type { Stage } from './stage.ts';
import type { Step } from './step.ts';

/**
 * A world that is played on the stage of a wider one, which has all of its members and lets each of them do the same: to set up a stage
 * takes longer than to run a short program on it. A cache that is told the capacity alone cannot tell the difference.
 */
export class Guest {
  readonly stage: Stage;
  private readonly places: Places;
  private readonly steps = new Map<Operation, Step>();

  private constructor(stage: Stage, places: Places) {
    this.stage = stage;
    this.places = places;
  }

  /** The world as a guest of the stage; null where something about it is different there. */
  static at(stage: Stage, world: World): Guest | null {
    const host = stage.world;
    if (world.capacity !== host.capacity || world.lifetimeMs !== host.lifetimeMs || world.together !== host.together) return null;
    const users = placesOf(world.users, host.users, (id, other) => id === other);
    const cameras = placesOf(world.cameras, host.cameras, (camera, other) => camera.id === other.id && world.users[camera.owner] === host.users[other.owner]);
    const templates = placesOf(
      world.templates,
      host.templates,
      (template, other) => areAlike(template, other) && areEqual(world.policies[template.policy]!, host.policies[other.policy]!),
    );
    return users === null || cameras === null || templates === null ? null : new Guest(stage, { users, cameras, templates });
  }

  /** The steps of operations of this world, on the stage of the other one. */
  compile(operations: readonly Operation[]): Step[] {
    return operations.map((letter) => {
      let step = this.steps.get(letter);
      if (step === undefined) this.steps.set(letter, (step = this.stage.compile(translated(letter, this.places))));
      return step;
    });
  }
}

/** Where the members of a world are in the other one. */
interface Places {
  readonly users: readonly number[];
  readonly cameras: readonly number[];
  readonly templates: readonly number[];
}

/** A place for each member, none of them twice; null where there are not enough. */
function placesOf<T>(members: readonly T[], host: readonly T[], isSame: (member: T, other: T) => boolean): number[] | null {
  const places: number[] = [];
  for (const member of members) {
    const place = host.findIndex((other, index) => isSame(member, other) && !places.includes(index));
    if (place < 0) return null;
    places.push(place);
  }
  return places;
}

function areAlike(one: Template, other: Template): boolean {
  return TEMPLATE_ATTRIBUTES.every((attribute) => one[attribute] === other[attribute]);
}

function areEqual(one: ResponsePolicy, other: ResponsePolicy): boolean {
  return one.cacheControl === other.cacheControl && one.vary === other.vary && one.validator === other.validator && one.session === other.session;
}

function translated(letter: Operation, { users, cameras, templates }: Places): Operation {
  const { user, camera, template } = letter as Partial<Record<'user' | 'camera' | 'template', number>>;
  const moved: Record<string, unknown> = { ...letter };
  if (user !== undefined && user !== ANONYMOUS) moved['user'] = users[user];
  if (camera !== undefined) moved['camera'] = cameras[camera];
  if (template !== undefined) moved['template'] = templates[template];
  return operation(moved as unknown as Operation);
}
