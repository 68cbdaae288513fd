import { type Operation, operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { ANONYMOUS, type World } from '../../models/domain/world.ts';
import type { Evaluate, Found } from './evaluate.ts';
import { sameShape } from './evaluate.ts';
import type { Evidence } from './evidence.ts';
import { withCamera } from './rewrite.ts';
import type { Tried } from './tried.ts';

/** What another order of events has shown. */
export type Staged = Pick<Tried, 'failure' | 'late' | 'alone' | 'slotted'>;

/** Tries what only some programs can be tried for: those with a failure, a reply that comes after a change, or more askings than two. */
export async function stagingOf(program: Program, found: Found, evidence: Evidence, evaluate: Evaluate): Promise<Staged> {
  const { world, operations } = program;
  const leaks = async (changed: readonly Operation[], where: World = world): Promise<boolean> =>
    (await evaluate({ world: where, operations: [...changed] })).some((other) => sameShape(other, found));
  const failing = operations.some((letter) => letter.op === 'release' && FAILURES.has(letter.outcome));
  // Who is still waiting himself is given what comes later: that is not stored too late.
  const early = operations[evidence.asked.at - 1]?.op === 'begin' ? null : beforeNotices(operations);
  const both = aloneIn(operations, evidence);
  return {
    failure: failing && !(await leaks(operations.map(succeeding))),
    late: early !== null && !(await leaks(early)),
    alone: both === null || (await leaks(both, { ...world, together: undefined })),
    slotted: evidence.overwritten && evidence.sameCamera && evidence.sameTier ? await isSlotted(program, evidence, evaluate) : null,
  };
}

const FAILURES: ReadonlySet<string> = new Set(['error', 'drop']);

/** The same, and the origin does not fail. */
function succeeding(letter: Operation): Operation {
  return letter.op === 'release' && FAILURES.has(letter.outcome) ? operation({ ...letter, outcome: 'reply' }) : letter;
}

/** What a cache is told of, or would be. */
const NOTICES: ReadonlySet<string> = new Set([
  ...['share', 'unshare', 'publish', 'unpublish', 'transfer', 'recreate', 'link', 'unlink', 'enable', 'disable', 'purge'],
  ...['restart', 'reconfigure'],
]);

/** The same, and what the origin says about what was asked before a change comes before it too; null where nothing comes later. */
function beforeNotices(operations: readonly Operation[]): Operation[] | null {
  let changed: Operation[] = [...operations];
  let isMoved = false;
  for (let place = 0; place < changed.length; place++) {
    if (!NOTICES.has(changed[place]!.op)) continue;
    const before = changed.slice(0, place);
    const after = changed.slice(place);
    const isOfBefore = (letter: Operation): boolean => letter.op === 'release' && before.some((begun) => begun.op === 'begin' && isOfOne(begun, letter));
    const moved = after.filter(isOfBefore);
    if (moved.length === 0) continue;
    isMoved = true;
    changed = [...before, ...moved, ...after.filter((letter) => !isOfBefore(letter))];
    place += moved.length;
  }
  return isMoved ? changed : null;
}

/** The same changes, and nobody asks but whoever brought the copy in and who was given it, each in his turn; null where nobody else brought it in. */
function aloneIn(operations: readonly Operation[], { bringer, asked }: Evidence): Operation[] | null {
  if (bringer === null) return null;
  const isNeeded = (letter: Operation, place: number): boolean => !('template' in letter) || place + 1 === bringer.at || place + 1 === asked.at;
  return operations.filter(isNeeded).map(answeredAtOnce);
}

/** Whether the last caller is given a wrong picture as well where the copy that he received is replaced by one of a camera of its bringer's own. */
async function isSlotted({ world, operations }: Program, { bringer, asked }: Evidence, evaluate: Evaluate): Promise<boolean | null> {
  if (bringer === null || bringer.user === ANONYMOUS || operations.length !== asked.at) return null;
  const changed = operations.map((letter, place) =>
    'template' in letter && place + 1 === bringer.at ? operation({ ...letter, camera: world.cameras.length }) : letter,
  );
  const breaches = await evaluate({ world: withCamera(world, bringer.user), operations: changed });
  return breaches.some(({ property, instant }) => MISPLACED.has(property) && instant === operations.length);
}

/** Properties that a picture of another camera breaks. */
const MISPLACED: ReadonlySet<string> = new Set(['KH001', 'KH003', 'KH004']);

/** Whether requests are under way while others are. */
export function isOverlapped({ world, operations }: Program): boolean {
  return world.together === true || operations.some((letter) => letter.op === 'begin');
}

/** The same requests, each answered before the next one comes. What fails, or is given up, still is. */
export function inTurn({ world, operations }: Program): Program {
  const own = operations.map((): Operation[] => []);
  for (const letter of operations) {
    if (letter.op !== 'release' && letter.op !== 'cancel') continue;
    // The oldest that has had nothing yet, or else the last.
    const begun = operations.flatMap((other, place) => (other.op === 'begin' && isOfOne(other, letter) ? [place] : []));
    const place = begun.find((other) => own[other]!.length === 0) ?? begun.at(-1);
    if (place !== undefined) own[place]!.push(letter);
  }
  const turns = operations.flatMap((letter, place) => {
    if (letter.op === 'release' || letter.op === 'cancel') return [];
    const isPlain = own[place]!.every((later) => later.op === 'release' && later.outcome === 'reply');
    return isPlain ? [answeredAtOnce(letter)] : [letter, ...own[place]!];
  });
  return { world: { ...world, together: undefined }, operations: turns };
}

/** The same requests, and those that came in one turn are under way at once, each in a turn of its own: answered in their order, and in the other one. */
export function merelyOverlapping({ world, operations }: Program): Program[] {
  const runs: Operation[][] = [];
  for (const letter of operations) {
    const last = runs.at(-1);
    if (last !== undefined && isAsking(letter) && isAsking(last[0]!)) last.push(letter);
    else runs.push([letter]);
  }
  const inOrder = (arrange: (run: readonly Operation[]) => readonly Operation[]): Program => ({
    world: { ...world, together: undefined },
    operations: runs.flatMap((run) => {
      if (run.length === 1) return run;
      const requests = arrange(run.filter(({ op }) => op === 'request'));
      // Twice: a question about the caller may come before the fetch.
      return [...run.map(begunFrom), ...[...requests, ...requests].map(releasedFrom)];
    }),
  });
  return [inOrder((run) => run), inOrder((run) => run.toReversed())];
}

function isAsking({ op }: Operation): boolean {
  return op === 'request' || op === 'begin';
}

function begunFrom(letter: Operation): Operation {
  return letter.op === 'request' ? operation({ ...letter, op: 'begin' }) : letter;
}

function releasedFrom(letter: Operation): Operation {
  return letter.op === 'request' ? operation({ ...letter, op: 'release', outcome: 'reply' }) : letter;
}

function answeredAtOnce(letter: Operation): Operation {
  return letter.op === 'begin' ? operation({ ...letter, op: 'request' }) : letter;
}

/** Whether two operations name the same request. */
function isOfOne(one: Operation, other: Operation): boolean {
  return 'template' in one && 'template' in other && one.user === other.user && one.camera === other.camera && one.template === other.template;
}
