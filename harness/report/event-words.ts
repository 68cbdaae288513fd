import type { HistoryEvent } from '../../models/domain/history.ts';
import { ANONYMOUS } from '../../models/domain/world.ts';
import { breachWords } from './breach-words.ts';
import { type Breach, isBroken } from './breach.ts';
import { lookUp } from './look-up.ts';
import { capital, type CallMade, type Scene } from './scene.ts';

type EventOf<Name extends HistoryEvent['event']> = Extract<HistoryEvent, { event: Name }>;

/** What is known while the events of one step are told. */
export interface Telling {
  readonly scene: Scene;
  readonly breach: Breach | null;
  /** By copy: the step in which it was first handed out. Grows as the story goes on. */
  readonly firstGiven: Map<number, number>;
}

/** What came of one step, a sentence an event. `caller` is the call that the step itself opened, or -1. */
export function eventSentences(events: readonly HistoryEvent[], caller: number, telling: Telling): string[] {
  const isUnasked = caller >= 0 && !events.some((event) => event.event === 'contact' && (event.call === caller || event.call < 0));
  const told = events.flatMap((event, place) => eventSentence(event, { before: events.slice(0, place), after: events.slice(place + 1) }, caller, telling));
  return isUnasked ? [unaskedSentence(events, caller, telling.scene), ...told] : told;
}

/** What else happened in the step of an event. */
interface Around {
  readonly before: readonly HistoryEvent[];
  readonly after: readonly HistoryEvent[];
}

function eventSentence(event: HistoryEvent, { before, after }: Around, caller: number, telling: Telling): string[] {
  if (event.event === 'contact' && event.call < 0) return [`The cache ${errandWords(event, originOf(event, after), telling.scene)}.`];
  const call = 'call' in event ? telling.scene.calls.get(event.call) : undefined;
  if (call === undefined) return [];
  switch (event.event) {
    case 'contact': {
      const cache = event.call === caller ? 'The cache' : `For ${callerName(call, telling.scene)} the cache`;
      return [`${cache} ${contactWords(event, originOf(event, after), call, telling.scene)}.`];
    }
    case 'answered':
      return [answerSentence(event, before, call, telling)];
    case 'refused':
      return [refusalSentence(event, call, telling.scene)];
    case 'described':
      return [describedSentence(event, call, telling)];
    case 'header':
      return [headerSentence(event, call, telling)];
    case 'otherwise':
      return otherwiseSentences(event, call, telling);
    case 'violation':
      return violationSentence(event, call, telling);
    default:
      return [];
  }
}

/** The caller as named after the step that introduced him. */
function callerName(call: CallMade, scene: Scene): string {
  return call.user === ANONYMOUS ? 'the visitor' : scene.user(call.user);
}

/** The origin's answer to a contact, where it came in the same step. */
function originOf(contact: EventOf<'contact'>, later: readonly HistoryEvent[]): string | null {
  const answer = later.find(
    (event): event is EventOf<'origin'> => event.event === 'origin' && event.call === contact.call && event.contact === contact.contact,
  );
  return answer === undefined ? null : answer.status;
}

function unaskedSentence(events: readonly HistoryEvent[], caller: number, scene: Scene): string {
  const call = scene.calls.get(caller);
  const isOfOthers = call !== undefined && events.some((event) => event.event === 'contact');
  const isEnded = events.some((event) => (event.event === 'answered' || event.event === 'refused' || event.event === 'described') && event.call === caller);
  if (isEnded && isOfOthers) return `Nothing is asked of the origin for ${callerName(call, scene)}.`;
  if (isEnded || call === undefined) return 'Nothing is asked of the origin.';
  const isTurn = scene.world.together === true && scene.calls.get(caller + 1)?.instant === call.instant + 1;
  if (isTurn) return `Before anything comes of it, in the same turn, step ${call.instant + 1} follows.`;
  if (isOfOthers) return `Nothing is asked of the origin for ${callerName(call, scene)}, who waits.`;
  return `Nothing is asked of the origin; ${callerName(call, scene)} waits.`;
}

const FETCHES: Readonly<Record<string, string>> = {
  ok: '',
  unchanged: '; the origin says that it is unchanged',
  refused: '; the origin refuses',
  error: '; the origin fails',
  dropped: '; the connection breaks',
};
const ALLOWS: Readonly<Record<string, string>> = { ok: ': yes', refused: ': no', error: '; the origin fails', dropped: '; the connection breaks' };

/** What is asked on behalf of no call, or is not what the call asks for, is told with whose name stands in it. */
function errandWords(event: EventOf<'contact'>, status: string | null, scene: Scene): string {
  if (event.of === undefined) return `asks the origin on nobody's behalf${saidTo(event, status)}`;
  const { user, camera } = event.of;
  const name = user === null || user === ANONYMOUS ? 'a visitor' : scene.user(user);
  if (event.contact === 'authorise') return `asks the origin whether ${name} may see ${scene.camera(camera)}${saidTo(event, status)}`;
  const whose = user === null ? "on nobody's behalf" : `in the name of ${name}`;
  return `asks the origin for a frame of ${scene.camera(camera)} ${whose}${saidTo(event, status)}`;
}

/** What the origin says to a contact; nothing where it sends the frame. */
function saidTo({ contact, held }: EventOf<'contact'>, status: string | null): string {
  if (status === null) return held ? '; the origin holds its answer back' : '';
  return lookUp(contact === 'fetch' ? FETCHES : ALLOWS, status) ?? '';
}

function contactWords(event: EventOf<'contact'>, status: string | null, call: CallMade, scene: Scene): string {
  if (event.of !== undefined) return errandWords(event, status, scene);
  const what = event.contact === 'fetch' ? 'for the frame' : `whether ${callerName(call, scene)} may see it`;
  return `asks the origin ${what}${saidTo(event, status)}`;
}

function answerSentence(event: EventOf<'answered'>, earlier: readonly HistoryEvent[], call: CallMade, telling: Telling): string {
  const { scene, breach } = telling;
  const { frame } = event;
  const tier = frame.tier === scene.template(call.template).tier ? '' : ` in the ${frame.tier} tier`;
  const picture = `frame #${frame.sequence}${tier} ${scene.whose(frame, call.user)}`;
  const fallback = event.fallback ? ' The cache says that it is a stand-in for what was asked.' : '';
  const known = knownCopy(event, telling);
  const isLeak = breach !== null && isBroken(breach, event);
  const copy = isLeak ? leakedCopy(breach, scene) : known;
  // What was torn is told piece by piece: each has an owner of its own.
  const isMore = earlier.some((other) => other.event === 'answered' && other.call === event.call);
  const receives = isMore ? 'The same answer holds' : `${capital(callerName(call, scene))} receives`;
  return `${receives} ${copy}${picture}.${isLeak ? ` ${breachWords(breach, call, scene).wrong}` : ''}${fallback}`;
}

/** Where a copy was handed out before; from now on it was in this step. */
function knownCopy({ frame, at }: EventOf<'answered'>, { firstGiven }: Telling): string {
  const before = firstGiven.get(frame.copy);
  if (before === undefined) firstGiven.set(frame.copy, at);
  if (before === undefined) return '';
  return before === at ? 'the same copy: ' : `the same copy as in step ${before}: `;
}

function leakedCopy(breach: Breach, scene: Scene): string {
  const { plant } = breach;
  const owner = plant === null ? undefined : scene.calls.get(plant.call);
  if (plant === null || owner === undefined) return '';
  if (plant.instant === breach.instant && plant.how === 'received') return 'the same copy: ';
  if (plant.instant === breach.instant && owner.user === callerOf(breach, scene)) return `the copy that was fetched for the request of step ${owner.instant}: `;
  if (plant.instant === breach.instant) return `the copy that was fetched for ${scene.user(owner.user)}: `;
  if (owner.user === callerOf(breach, scene)) return `the same copy as in step ${plant.instant}: `;
  if (plant.how === 'fetched') return `the copy that was fetched for ${scene.user(owner.user)} in step ${plant.instant}: `;
  return `the same copy that ${scene.user(owner.user)} received in step ${plant.instant}: `;
}

function callerOf(breach: Breach, scene: Scene): number | undefined {
  return scene.calls.get(breach.call)?.user;
}

function describedSentence(event: EventOf<'described'>, call: CallMade, { scene, breach }: Telling): string {
  const what = event.frame === null ? 'that there is a picture' : `about frame #${event.frame.sequence} ${scene.whose(event.frame, call.user)}`;
  const isLeak = breach !== null && breach.call === event.call && breach.instant === event.at && breach.property === 'KH008';
  return `${capital(callerName(call, scene))} is told ${what}, without receiving it.${isLeak ? ` ${breachWords(breach, call, scene).wrong}` : ''}`;
}

function headerSentence(event: EventOf<'header'>, call: CallMade, { scene, breach }: Telling): string {
  const whose =
    event.party === call.user
      ? `${callerName(call, scene)}'s own session`
      : event.party >= 0
        ? `the session of ${scene.user(event.party)}`
        : "a visitor's session";
  const isLeak = breach !== null && breach.call === event.call && breach.instant === event.at && breach.property === 'KH007';
  return `${capital(callerName(call, scene))} receives headers, cookies or a token of ${whose}.${isLeak ? ` ${breachWords(breach, call, scene).wrong}` : ''}`;
}

const REFUSALS: Readonly<Record<string, string>> = { refused: 'is refused', error: 'receives an error', dropped: 'receives nothing: the connection breaks' };

function refusalSentence(event: EventOf<'refused'>, call: CallMade, scene: Scene): string {
  return `${capital(callerName(call, scene))} ${lookUp(REFUSALS, event.status) ?? 'receives no frame'}.`;
}

const INSTEAD: Readonly<Record<EventOf<'otherwise'>['instead'], string>> = {
  answered: 'a frame would have come here',
  refused: 'a refusal would have come here',
  described: 'only word of a picture would have come here',
  header: 'other headers or cookies would have come here',
  contact: 'the origin would have been asked here',
  nothing: 'nothing would have come here yet',
  unlike: 'something in this would have been different',
};

/** The same where the two runs part over what the origin is asked. */
const INSTEAD_OF_HIT: Readonly<Record<string, string>> = {
  answered: 'the origin would not have been asked here',
  refused: 'the origin would not have been asked here',
  described: 'the origin would not have been asked here',
  nothing: 'the origin would not have been asked here',
  unlike: 'something else would have been asked of the origin here',
};

/** What a second run brings, where that is compared with the one that is told. */
function otherwiseSentences(event: EventOf<'otherwise'>, call: CallMade, { scene, breach }: Telling): string[] {
  // What else such a run shows is told as a breach along the way.
  if (breach !== null && (breach.call !== event.call || breach.instant !== event.at)) return [];
  const who = callerName(call, scene);
  const other = breach?.kind === 'company' ? 'Without the others' : `With other pictures in place of those that are not for ${who}`;
  const instead = lookUp(breach?.kind === 'hit' ? { ...INSTEAD, ...INSTEAD_OF_HIT } : INSTEAD, event.instead) ?? 'something else would have come here';
  return [`${other}, ${instead}.`, ...(breach === null ? [] : [breachWords(breach, call, scene).wrong])];
}

/** Breaches of other properties along the way; the one that the story is about is told with its answer. */
function violationSentence(event: EventOf<'violation'>, call: CallMade, { breach, scene }: Telling): string[] {
  if (breach === null || (event.property === breach.property && event.kind === breach.kind)) return [];
  return [`What ${callerName(call, scene)} received breaks ${event.property} too.`];
}
