import type { Operation } from '../../models/domain/operation.ts';
import { OPERATION_KINDS } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, type Template, TEMPLATE_ATTRIBUTES } from '../../models/domain/world.ts';
import { PLAIN_IDS } from './ids.ts';

/**
 * How simple a program is: numbers to be compared from the first to the last. Length comes first (shortlex), then the size of
 * the world, then how plain its parts are, then which operations it uses.
 */
export type Rank = readonly number[];

export function rankOf({ world, operations }: Program): Rank {
  return [
    operations.length,
    world.users.length,
    world.cameras.length,
    world.templates.length,
    world.policies.length,
    sum(world.templates, oddities),
    world.capacity === PLAIN_WORLD.capacity ? 0 : 1,
    world.lifetimeMs === PLAIN_WORLD.lifetimeMs ? 0 : 1,
    world.users.filter((id, index) => id !== PLAIN_IDS.users[index]).length + world.cameras.filter(({ id }, index) => id !== PLAIN_IDS.cameras[index]).length,
    sum(operations, weight),
    sum(
      operations,
      (letter) => ('user' in letter && letter.user !== undefined ? letter.user : 0) + ('camera' in letter && letter.camera !== undefined ? letter.camera : 0),
    ),
  ];
}

/** Negative when `a` is simpler than `b`. */
export function compareRanks(a: Rank, b: Rank): number {
  for (let index = 0; index < a.length; index++) {
    const difference = a[index]! - b[index]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** How many attributes of a template are not the plainest. */
export function oddities(template: Template): number {
  return TEMPLATE_ATTRIBUTES.filter((key) => template[key] !== PLAIN_TEMPLATE[key]).length;
}

function weight(letter: Operation): number {
  return OPERATION_KINDS.indexOf(letter.op) * 4 + (letter.op === 'release' ? ['reply', 'refuse', 'error', 'drop'].indexOf(letter.outcome) : 0);
}

function sum<T>(values: readonly T[], measure: (value: T) => number): number {
  return values.reduce((total, value) => total + measure(value), 0);
}
