import type { Channel } from './world.ts';

/** What the origin does with a contact that it held back. */
export type Outcome = 'reply' | 'refuse' | 'error' | 'drop';

/** What was asked, by value. Positions are never used: they change their meaning when an operation is deleted. */
export interface Asked {
  /** Index into `World.users`, or `ANONYMOUS` where the template carries no credential. */
  readonly user: number;
  /** Index into `World.cameras`. */
  readonly camera: number;
  /** Index into `World.templates`. */
  readonly template: number;
}

/** One step of a program: a plain, frozen JSON value. */
export type Operation =
  | { readonly op: 'capture'; readonly camera: number }
  /** Ask, and run to the answer. */
  | ({ readonly op: 'request' } & Asked)
  /** Ask, and leave it in flight: the origin holds its contacts back until they are released. */
  | ({ readonly op: 'begin' } & Asked)
  /** The origin answers the oldest contact that it holds for what was asked. */
  | ({ readonly op: 'release'; readonly outcome: Outcome } & Asked)
  /** The caller of the oldest call in flight for what was asked goes away. */
  | ({ readonly op: 'cancel' } & Asked)
  | { readonly op: 'share' | 'unshare'; readonly camera: number; readonly user: number }
  | { readonly op: 'publish' | 'unpublish'; readonly camera: number }
  | { readonly op: 'transfer'; readonly camera: number; readonly user: number }
  | { readonly op: 'recreate'; readonly camera: number }
  | { readonly op: 'link' | 'unlink'; readonly user: number; readonly channel: Channel }
  | { readonly op: 'disable' | 'enable'; readonly channel: Channel }
  | { readonly op: 'purge'; readonly camera: number }
  /** Virtual time moves on, in ms. */
  | { readonly op: 'advance'; readonly by: number }
  | { readonly op: 'restart' }
  /** The cache is put under another of its configurations, by index. */
  | { readonly op: 'reconfigure'; readonly to: number };

export type OperationKind = Operation['op'];

/** Every kind, simplest first: the order in which shrinking prefers them. */
export const OPERATION_KINDS: readonly OperationKind[] = [
  'request',
  'capture',
  'advance',
  'share',
  'unshare',
  'publish',
  'unpublish',
  'transfer',
  'recreate',
  'link',
  'unlink',
  'disable',
  'enable',
  'purge',
  'restart',
  'reconfigure',
  'begin',
  'release',
  'cancel',
];

/** The union of the fields of all kinds. One shape for all operations keeps property reads monomorphic in hot loops. */
interface Fields {
  op: OperationKind;
  user: number | undefined;
  camera: number | undefined;
  template: number | undefined;
  outcome: Outcome | undefined;
  channel: Channel | undefined;
  by: number | undefined;
  to: number | undefined;
}

/**
 * Makes a frozen operation. All operations made here share one hidden class, whatever their kind; `JSON.stringify`
 * leaves the fields out that a kind does not have.
 */
export function operation(fields: Operation): Operation {
  const given = fields as Partial<Fields> & { op: OperationKind };
  const made: Fields = {
    op: given.op,
    user: given.user,
    camera: given.camera,
    template: given.template,
    outcome: given.outcome,
    channel: given.channel,
    by: given.by,
    to: given.to,
  };
  return Object.freeze(made) as Operation;
}
