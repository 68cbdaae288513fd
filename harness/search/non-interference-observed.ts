import type { History, HistoryEvent, Instead } from '../../models/domain/history.ts';

/** A program as it was played, and what callers were given word for word. */
export interface Played {
  readonly history: History;
  /** By call: a digest of the whole answer, where the target shows more of it than its frame. */
  readonly given: ReadonlyMap<number, string>;
}

/** Something that one caller observes. */
export interface Observation {
  /** Which of his calls it belongs to, from 0: the same in a run without the others. */
  readonly ordinal: number;
  readonly event: Observed;
  /** Equal for what looks the same to him. */
  readonly said: string;
}

type Observed = Extract<HistoryEvent, { event: 'contact' | 'origin' | 'answered' | 'described' | 'header' | 'refused' | 'cancelled' }>;

/** Where two runs part for one caller. */
export interface Difference {
  /** The call that comes to something else, by its place among his. */
  readonly ordinal: number;
  /** What the first run has there; null where it has nothing before the second one goes on. */
  readonly event: Observed | null;
  /** The instant of the second run, where it alone has something there. */
  readonly at: number;
  readonly kind: 'answer' | 'hit';
  readonly instead: Instead;
}

/** Whom it is about, and what of it counts. */
export interface Observer {
  readonly user: number;
  /** Compared with a run in which nobody else does anything: nothing happens at the same instant there. */
  readonly isAlone: boolean;
  /** Compared word for word: where the origin gives out the same copies in the same order. */
  readonly isLiteral: boolean;
}

/** What a caller observes of a run, in its order: what he is given, and whether the origin is asked for him. */
export function observationsOf({ history, given }: Played, { user, isAlone, isLiteral }: Observer): Observation[] {
  const calls = new Map<number, number>();
  const seen: Observation[] = [];
  for (const event of history) {
    if (event.event === 'asked' && event.user === user) calls.set(event.call, calls.size);
    const ordinal = 'call' in event ? calls.get(event.call) : undefined;
    const said = ordinal === undefined ? null : saidIn(event, isLiteral ? given : undefined);
    if (said !== null) seen.push({ ordinal: ordinal!, event: event as Observed, said: `${ordinal} ${isAlone ? '' : `${event.at} ${event.ms}`} ${said}` });
  }
  return seen;
}

function saidIn(event: HistoryEvent, given: Played['given'] | undefined): string | null {
  switch (event.event) {
    case 'contact':
      return `contact ${event.contact} ${event.held}`;
    case 'origin':
      return `origin ${event.contact} ${event.status}`;
    case 'answered':
    case 'described':
      return `${event.event} ${pictureIn(event)} ${given?.get(event.call) ?? ''}`;
    case 'header':
      return `header ${event.party}`;
    case 'refused':
      return `refused ${event.status} ${given?.get(event.call) ?? ''}`;
    case 'cancelled':
      return 'cancelled';
    default:
      return null;
  }
}

/** Which copy it is, of several with the same picture, shows nowhere. */
function pictureIn(event: Extract<HistoryEvent, { event: 'answered' | 'described' }>): string {
  if (event.frame === null) return '-';
  const { camera, epoch, owner, sequence, tier } = event.frame;
  return `${camera} ${epoch} ${owner} ${sequence} ${tier} ${event.event === 'answered' && event.fallback}`;
}

/** Whether the origin gives out the same copies in the same order: a copy shows in the bytes of a frame, and counts what everybody is given. */
export function isSameSupply(one: History, other: History): boolean {
  const suppliesOf = (history: History): string =>
    history.flatMap((event) => (event.event === 'contact' ? [`${event.call} ${event.contact} ${event.at}`] : [])).join();
  return suppliesOf(one) === suppliesOf(other);
}

export function isSame(one: readonly Observation[], other: readonly Observation[]): boolean {
  return one.length === other.length && one.every(({ said }, place) => said === other[place]!.said);
}

/** Where two runs part first; null where they do not. */
export function differenceBetween(first: readonly Observation[], second: readonly Observation[]): Difference | null {
  const place = first.findIndex(({ said }, index) => said !== second[index]?.said);
  if (place < 0 && first.length >= second.length) return null;
  const one = first[place < 0 ? first.length : place];
  const other = second[place < 0 ? first.length : place];
  // What comes later in one run is not what stands in the place of the other's: there is nothing yet.
  const isLater = one !== undefined && other !== undefined && one.event.at > other.event.at;
  const isEarlier = one !== undefined && (other === undefined || one.event.at < other.event.at);
  const { ordinal, event } = isLater || one === undefined ? other! : one;
  return {
    ordinal,
    event: isLater || one === undefined ? null : one.event,
    at: event.at,
    kind: isContact(one, isLater) || isContact(other, isEarlier) ? 'hit' : 'answer',
    instead: isEarlier ? 'nothing' : insteadOf(isLater ? undefined : one?.event, other!.event),
  };
}

function isContact(observation: Observation | undefined, isElsewhere: boolean): boolean {
  return !isElsewhere && (observation?.event.event === 'contact' || observation?.event.event === 'origin');
}

function insteadOf(first: Observed | undefined, second: Observed): Instead {
  if (first?.event === second.event) return 'unlike';
  if (second.event === 'origin' || second.event === 'contact') return 'contact';
  return second.event === 'cancelled' ? 'nothing' : second.event;
}
