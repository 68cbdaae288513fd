import type { Operation } from '../../models/domain/operation.ts';
import { OPERATION_KINDS } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import {
  type Credential,
  PLAIN_TEMPLATE,
  PLAIN_WORLD,
  type ResponsePolicy,
  type Template,
  TEMPLATE_ATTRIBUTES,
  type World,
} from '../../models/domain/world.ts';
import { advancesOf, OUTCOMES } from './alphabet.ts';
import { PLAIN_IDS } from './ids.ts';
import { soundPolicies } from './soundness.ts';

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
    world.together === true ? 1 : 0,
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

/** How simple one program is, for many comparisons: what is rarely needed is found out once, and only when it is. */
export class Simplicity {
  readonly program: Program;
  private readonly rank: Rank;
  private details: Rank | null = null;

  constructor(program: Program) {
    this.program = program;
    this.rank = rankOf(program);
  }

  get length(): number {
    return this.program.operations.length;
  }

  /** Whether another one is simpler, and does anything. Of programs that rank alike, one stands for all: that with the smaller details. */
  isBeatenBy(other: Simplicity): boolean {
    if (other.length === 0) return false;
    const difference = compareRanks(other.rank, this.rank);
    return difference < 0 || (difference === 0 && compareRanks(other.itsDetails(), this.itsDetails()) < 0);
  }

  private itsDetails(): Rank {
    this.details ??= detailsOf(this.program);
    return this.details;
  }
}

/** Negative when `a` is simpler than `b`; 0 only for programs that nothing tells apart. */
export function comparePrograms(a: Program, b: Program): number {
  return compareRanks(rankOf(a), rankOf(b)) || compareRanks(detailsOf(a), detailsOf(b));
}

/** How many attributes of a template are not the plainest. */
export function oddities(template: Template): number {
  return TEMPLATE_ATTRIBUTES.filter((key) => template[key] !== PLAIN_TEMPLATE[key]).length;
}

/** The values of each attribute, plainest first. */
export const ATTRIBUTE_VALUES: Readonly<Record<(typeof TEMPLATE_ATTRIBUTES)[number], readonly unknown[]>> = {
  channel: ['app', 'hub'],
  tier: ['high', 'low'],
  credential: ['bearer', 'cookie', 'query', 'header', 'none'],
  spelling: ['path', 'query'],
  method: [undefined, 'HEAD', 'POST'],
  condition: [undefined, 'own', 'any'],
  range: [undefined, true],
};

/** Beyond what any list of values holds: what is not among them comes last. */
const LAST = 99;

/** What tells programs apart that rank alike: as many numbers for each of them, but for the ids, which come last. */
function detailsOf({ world, operations }: Program): Rank {
  return [
    ...world.templates.flatMap((template) => [
      ...TEMPLATE_ATTRIBUTES.map((attribute) => placeIn(ATTRIBUTE_VALUES[attribute], template[attribute])),
      ...policyPlaces(world, template),
    ]),
    world.capacity,
    world.lifetimeMs,
    ...operations.flatMap((letter) => placesOf(letter, world)),
    ...world.cameras.map(({ owner }) => owner),
    ...idPlaces([...world.users, ...world.cameras.map(({ id }) => id)]),
  ];
}

/** The policies that are sound for each credential, plainest first. */
export const SOUND: Readonly<Record<Credential, readonly ResponsePolicy[]>> = {
  bearer: soundPolicies('bearer'),
  cookie: soundPolicies('cookie'),
  query: soundPolicies('query'),
  header: soundPolicies('header'),
  none: soundPolicies('none'),
};

/** How plain the policy of a template is: what it adds to the answer, then its place among those that are sound. */
export function policyPlaces({ policies }: World, { credential, policy }: Pick<Template, 'credential' | 'policy'>): [flags: number, place: number] {
  const { cacheControl, vary, validator, session } = policies[policy]!;
  const place = SOUND[credential].findIndex((other) => other.cacheControl === cacheControl && other.vary === vary);
  return [(validator === true ? 1 : 0) + (session === true ? 2 : 0), place < 0 ? LAST : place];
}

function placesOf(letter: Operation, world: World): number[] {
  const { user, camera, template, by, to } = letter as Partial<Record<'user' | 'camera' | 'template' | 'by' | 'to', number>>;
  return [weight(letter), user ?? LAST, camera ?? LAST, template ?? LAST, by === undefined ? LAST : placeIn(advancesOf(world), by), to ?? LAST];
}

function idPlaces(ids: readonly string[]): number[] {
  return [sum(ids, (id) => id.length), ...ids.map((id) => id.length), ...ids.flatMap((id) => Array.from(id, placeOfChar))];
}

/** Letters that everybody can read come before all that may mean something to a key. */
function placeOfChar(char: string): number {
  const code = char.codePointAt(0)!;
  return char >= 'a' && char <= 'z' ? code - LAST : code + LAST;
}

function placeIn(values: readonly unknown[], value: unknown): number {
  const place = values.indexOf(value);
  return place < 0 ? LAST : place;
}

function weight(letter: Operation): number {
  return OPERATION_KINDS.indexOf(letter.op) * 4 + (letter.op === 'release' ? OUTCOMES.indexOf(letter.outcome) : 0);
}

function sum<T>(values: readonly T[], measure: (value: T) => number): number {
  return values.reduce((total, value) => total + measure(value), 0);
}
