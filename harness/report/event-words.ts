import type { HistoryEvent } from '../../models/domain/history.ts';
import { ANONYMOUS } from '../../models/domain/world.ts';
import type { Breach } from './breach.ts';
import { breachWords } from './breach-words.ts';
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
  const sentences: string[] = [];
  if (caller >= 0 && !events.some((event) => event.event === 'contact' && event.call === caller)) sentences.push(unaskedSentence(events, caller, telling.scene));
  events.forEach((event, place) => {
    const call = 'call' in event ? telling.scene.calls.get(event.call) : undefined;
    if (call === undefined) return;
    if (event.event === 'contact') sentences.push(contactSentence(event, originOf(events, place), call, event.call === caller, telling.scene));
    else if (event.event === 'answered') sentences.push(answerSentence(event, call, telling));
    else if (event.event === 'refused') sentences.push(refusalSentence(event, call, telling.scene));
    else if (event.event === 'violation') sentences.push(...violationSentence(event, call, telling));
  });
  return sentences;
}

/** The caller as named after the step that introduced him. */
function callerName(call: CallMade, scene: Scene): string {
  return call.user === ANONYMOUS ? 'the visitor' : scene.user(call.user);
}

/** The origin's answer to a contact, where it came in the same step. */
function originOf(events: readonly HistoryEvent[], contact: number): string | null {
  const asked = events[contact] as EventOf<'contact'>;
  const answer = events.slice(contact + 1).find((event) => event.event === 'origin' && event.call === asked.call && event.contact === asked.contact);
  return answer === undefined ? null : (answer as EventOf<'origin'>).status;
}

function unaskedSentence(events: readonly HistoryEvent[], caller: number, scene: Scene): string {
  const call = scene.calls.get(caller);
  const isEnded = events.some((event) => (event.event === 'answered' || event.event === 'refused') && event.call === caller);
  if (isEnded || call === undefined) return 'Nothing is asked of the origin.';
  return `Nothing is asked of the origin; ${callerName(call, scene)} waits.`;
}

const FETCHES: Readonly<Record<string, string>> = { ok: '', refused: '; the origin refuses', error: '; the origin fails', dropped: '; the connection breaks' };
const ALLOWS: Readonly<Record<string, string>> = { ok: ': yes', refused: ': no', error: '; the origin fails', dropped: '; the connection breaks' };

function contactSentence(event: EventOf<'contact'>, status: string | null, call: CallMade, isCaller: boolean, scene: Scene): string {
  const who = callerName(call, scene);
  const cache = isCaller ? 'The cache' : `For ${who} the cache`;
  const held = event.held ? '; the origin holds its answer back' : '';
  if (event.contact === 'fetch') return `${cache} asks the origin for the frame${status === null ? held : (FETCHES[status] ?? '')}.`;
  return `${cache} asks the origin whether ${who} may see it${status === null ? held : (ALLOWS[status] ?? '')}.`;
}

function answerSentence(event: EventOf<'answered'>, call: CallMade, telling: Telling): string {
  const { scene, breach, firstGiven } = telling;
  const { frame } = event;
  const who = callerName(call, scene);
  const isLeak = breach !== null && breach.call === event.call && breach.instant === event.at;
  const tier = frame.tier === scene.template(call.template).tier ? '' : ` in the ${frame.tier} tier`;
  const picture = `frame #${frame.sequence}${tier} ${scene.whose(frame, call.user)}`;
  const fallback = event.fallback ? ' The cache says that it is a stand-in for what was asked.' : '';
  const before = firstGiven.get(frame.copy);
  if (before === undefined) firstGiven.set(frame.copy, event.at);
  const copy = isLeak ? leakedCopy(breach, scene) : before === undefined ? '' : `the same copy as in step ${before}: `;
  return `${capital(who)} receives ${copy}${picture}.${isLeak ? ` ${breachWords(breach, call, scene).wrong}` : ''}${fallback}`;
}

function leakedCopy(breach: Breach, scene: Scene): string {
  const { plant } = breach;
  const owner = plant === null ? undefined : scene.calls.get(plant.call);
  if (plant === null || owner === undefined) return '';
  if (plant.instant === breach.instant) return plant.how === 'received' ? 'the same copy: ' : `the copy that was fetched for ${scene.user(owner.user)}: `;
  if (owner.user === callerOf(breach, scene)) return `the same copy as in step ${plant.instant}: `;
  if (plant.how === 'fetched') return `the copy that was fetched for ${scene.user(owner.user)} in step ${plant.instant}: `;
  return `the same copy that ${scene.user(owner.user)} received in step ${plant.instant}: `;
}

function callerOf(breach: Breach, scene: Scene): number | undefined {
  return scene.calls.get(breach.call)?.user;
}

const REFUSALS: Readonly<Record<string, string>> = { refused: 'is refused', error: 'receives an error', dropped: 'receives nothing: the connection breaks' };

function refusalSentence(event: EventOf<'refused'>, call: CallMade, scene: Scene): string {
  return `${capital(callerName(call, scene))} ${REFUSALS[event.status] ?? 'receives no frame'}.`;
}

/** Breaches of other properties along the way; the one that the story is about is told with its answer. */
function violationSentence(event: EventOf<'violation'>, call: CallMade, { breach, scene }: Telling): string[] {
  if (breach === null || (event.property === breach.property && event.kind === breach.kind)) return [];
  return [`What ${callerName(call, scene)} received breaks ${event.property} too.`];
}
