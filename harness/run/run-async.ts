import type { Notice } from '../../models/origin.ts';
import { type AsyncSession, TargetFault } from '../targets/target.ts';
import { DONE } from './call.ts';
import { StartAnew } from './run-async-anew.ts';
import type { Stage } from './stage.ts';
import { CODE, type Step } from './step.ts';

/** Time that is let go by when calls wait although the origin holds nothing back: a lock that is polled, a pause before a retry. In ms. */
const NUDGE_MS = 1000;
const NUDGES = 5;
/** How often a cache may come back to the origin when everything is let go at the end. */
const ROUNDS = 100;

const PASSING: Notice = Object.freeze({ kind: 'advance', camera: '', user: '', channel: '', by: NUDGE_MS, to: 0 });

/**
 * Plays steps against a session that answers later: after each step it waits until nothing moves any more. The stage holds
 * what came of it. When the last step is played, everything that is still held is let go, so that the session can be closed;
 * what is answered then is no part of the program. Rejects with a {@link TargetFault} when a call is never answered.
 */
export async function playAsync(stage: Stage, session: AsyncSession, steps: readonly Step[], length: number = steps.length): Promise<void> {
  const situations = stage.situations.slice();
  try {
    await playSteps(stage, session, steps, length);
  } catch (error) {
    if (!(error instanceof StartAnew)) throw error;
    // What was seen so far will be seen again.
    stage.situations.set(situations);
    await error.reopen();
    await playSteps(stage, session, steps, length);
  }
}

async function playSteps(stage: Stage, session: AsyncSession, steps: readonly Step[], length: number): Promise<void> {
  stage.reset();
  const run: Run = { stage, session, steps, length, together: stage.world.together === true, place: 0 };
  while (run.place < length) {
    const waits = session.whenDrained === undefined ? playOne(run) : await playQuickly(run, session.whenDrained);
    if (!waits) continue;
    if (session.settleHook !== undefined && isFollowedAtOnce(run)) {
      await session.settleHook();
      continue;
    }
    await session.settle();
    if (isStuck(stage) && !isLeftAlone(run)) await nudge(stage, session);
  }
  if (stage.inFlight > 0 || stage.held.length > 0) await letGo(stage, session);
}

interface Run {
  readonly stage: Stage;
  readonly session: AsyncSession;
  readonly steps: readonly Step[];
  readonly length: number;
  readonly together: boolean;
  /** Of the step that is played next. */
  place: number;
}

/** Plays one step. Says whether it has to be waited for: a capture concerns nobody but the origin. */
function playOne(run: Run): boolean {
  const step = run.steps[run.place++]!;
  run.stage.play(step, run.session);
  return step.code !== CODE.capture && !(run.together && run.place < run.length && isOneTurn(step, run.steps[run.place]!));
}

/** Whether two steps in a row are of those that may come in one turn: two requests, or two answers of the origin. */
function isOneTurn({ code }: Step, next: Step): boolean {
  return isAsked(code) ? isAsked(next.code) : code === CODE.release && next.code === CODE.release;
}

/** Where requests come together, one that is left in flight is left to whatever the cache itself waits for: what is played next comes in the middle of it. */
function isLeftAlone({ steps, place, length, together }: Run): boolean {
  return together && steps[place - 1]!.code === CODE.begin && place < length;
}

/** Where requests come together, one may come as soon as the cache has returned from what it was told. */
function isFollowedAtOnce({ steps, place, length, together }: Run): boolean {
  const { code } = steps[place - 1]!;
  return together && place < length && code > CODE.advance && code < CODE.begin && isAsked(steps[place]!.code);
}

function isAsked(code: number): boolean {
  return code === CODE.request || code === CODE.begin;
}

/**
 * Plays on for as long as each step only sets off promises that go on by themselves: no promise of its own is made for any of
 * them. Resolves to whether the last one that was played has to be waited for.
 */
function playQuickly(run: Run, whenDrained: (then: () => void) => void): Promise<boolean> {
  const { stage, session } = run;
  return new Promise((resolve, reject) => {
    const next = (): void => {
      try {
        while (run.place < run.length) if (playOne(run)) return whenDrained.call(session, look);
        resolve(false);
      } catch (error) {
        // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- Whatever was thrown is passed on.
        reject(error);
      }
    };
    const look = (): void => {
      if (session.isSettled!() && !isStuck(stage)) next();
      else resolve(true);
    };
    next();
  });
}

/** Somebody waits, and not for the origin. */
function isStuck(stage: Stage): boolean {
  return stage.inFlight > 0 && stage.held.length === 0;
}

async function nudge(stage: Stage, session: AsyncSession): Promise<void> {
  // A lock that lets one after the other through needs a second for each: only seconds in which nothing happens count.
  for (let nudges = 0, inVain = 0; inVain < NUDGES && nudges < ROUNDS; nudges++) {
    const { activity } = stage;
    stage.elapse(NUDGE_MS);
    session.tell(PASSING);
    await session.settle();
    if (!isStuck(stage)) return;
    inVain = stage.activity === activity ? inVain + 1 : 0;
  }
  for (let times = 0; times < NUDGES && (await session.linger?.()); times++) {
    await session.settle();
    if (!isStuck(stage)) return;
  }
  throw stranded(stage);
}

async function letGo(stage: Stage, session: AsyncSession): Promise<void> {
  const recorded = stage.history?.length ?? 0;
  stage.finish();
  for (let rounds = 0; stage.inFlight > 0 || stage.held.length > 0; rounds++) {
    if (rounds === ROUNDS) throw restless();
    if (stage.releaseAll() > 0) await session.settle();
    else await nudge(stage, session);
  }
  if (stage.history !== null) stage.history.length = recorded;
}

function stranded(stage: Stage): TargetFault {
  const { user, camera, tier, channel } = stage.calls.find((call) => call.state !== DONE)!.request;
  const who = user === '' ? 'an anonymous visitor' : JSON.stringify(user);
  return new TargetFault(
    `stranded: ${who} asked for camera ${JSON.stringify(camera)} (${tier}, ${channel}) and was never answered: ` +
      `the origin holds nothing back, and ${NUDGES} s of virtual time went by`,
    'Look for a promise that never settles, or a lock that is kept when a load fails. A cache that waits for real input or output ' +
      'needs a `fence`, so that the harness can see when it has come to rest.',
  );
}

function restless(): TargetFault {
  return new TargetFault(
    `the cache went back to the origin ${ROUNDS} times after the last operation, although every contact was answered`,
    'Look for a retry without an end, or a refresh that starts itself anew.',
  );
}
