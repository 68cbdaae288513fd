import { Authority, type Epoch } from '../../models/domain/authority.ts';
import type { World } from '../../models/domain/world.ts';
import type { Step } from '../run/step.ts';

/** What a caller may see at some time of a program. Rights depend on the program alone. */
export interface Rights {
  /** Ownerships that he never had a right in, as {@link ownershipOf} names them. */
  readonly closed: ReadonlySet<string>;
  /** Cameras that he had a right in under some owner. */
  readonly cameras: ReadonlySet<number>;
}

/** The name of an ownership of a camera. */
export function ownershipOf(camera: number, epoch: number): string {
  return `${camera} ${epoch}`;
}

export function rightsOf(observer: number, world: World, steps: readonly Step[]): Rights {
  const authority = new Authority(world);
  const epochs = new Set<Epoch>(authority.current);
  for (const { operation: letter } of steps) {
    authority.instant++;
    switch (letter.op) {
      case 'share':
        authority.share(letter.camera, letter.user);
        break;
      case 'publish':
        authority.publish(letter.camera);
        break;
      case 'transfer':
        authority.transfer(letter.camera, letter.user);
        epochs.add(authority.current[letter.camera]!);
        break;
      case 'recreate':
        authority.recreate(letter.camera);
        epochs.add(authority.current[letter.camera]!);
        break;
      default:
    }
  }
  // A right that was ever held leaves its trace for as long as the program goes on.
  const [open, closed] = [new Set<number>(), new Set<string>()];
  for (const epoch of epochs)
    if (authority.everMight(observer, epoch)) open.add(epoch.camera);
    else closed.add(ownershipOf(epoch.camera, epoch.number));
  return { closed, cameras: open };
}

/**
 * The steps that are left where nobody but the observer does anything: what others ask, and what becomes of cameras that are not his, is gone.
 * What they send to a camera of his (a POST takes a picture there) stays, as does what concerns everybody.
 */
export function stepsAlone(observer: number, steps: readonly Step[], { cameras }: Rights): Step[] {
  return steps.filter(({ operation: letter, user, camera, takesPicture }) => {
    switch (letter.op) {
      case 'request':
      case 'begin':
      case 'release':
      case 'cancel':
        return user === observer || (takesPicture && cameras.has(camera));
      case 'link':
      case 'unlink':
        return user === observer;
      case 'advance':
      case 'disable':
      case 'enable':
      case 'restart':
      case 'reconfigure':
        return true;
      default:
        return cameras.has(camera);
    }
  });
}
