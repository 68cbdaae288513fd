import type { Errand } from '../../models/domain/history.ts';
import type { Contact } from '../../models/origin.ts';
import { HELD_BACK, type StageCall } from './call.ts';

interface ContactEvent extends Record<string, unknown> {
  readonly event: 'contact';
  readonly call: number;
  readonly contact: Contact;
  readonly held: boolean;
  readonly of?: Errand;
}

/**
 * How it is recorded that the origin is asked. `own` is the call that a caller made, if any did: what else is asked for is an errand. `isUnchecked`:
 * with the service's own credential.
 */
export function contactEvent(call: StageCall, contact: Contact, own: StageCall | undefined, isUnchecked: boolean): ContactEvent {
  const { number, user, camera, state } = call;
  const event = { event: 'contact', call: number, contact, held: state === HELD_BACK } as const;
  const isOwn = own !== undefined && own.user === user && own.camera === camera;
  return isOwn ? event : { ...event, of: { user: isUnchecked ? null : user, camera } };
}
