import type { Mark } from '../../models/domain/frame.ts';
import type { Errand, HistoryEvent } from '../../models/domain/history.ts';
import type { Operation } from '../../models/domain/operation.ts';
import { ANONYMOUS } from '../../models/domain/world.ts';
import { type Breach, breachOf } from './breach.ts';
import type { Counterexample } from './document.ts';
import { lookUp } from './look-up.ts';
import { duration } from './operation-words.ts';
import { Scene } from './scene.ts';
import { type Moment, momentsOf } from './story.ts';

/** One who takes part: a user or the anonymous visitor, the cache, the origin. */
export interface Lane {
  readonly kind: 'user' | 'visitor' | 'cache' | 'origin';
  /** Safe to show. */
  readonly name: string;
  /** Index of the user; `ANONYMOUS` for everybody else. */
  readonly user: number;
}

/** `plant`: here the copy came in that leaks; `leak`: here it goes out. */
export type LaneTone = 'plain' | 'plant' | 'leak';

/** Something that goes from one lane to another, by their places in {@link Lanes.lanes}. */
export interface LaneMessage {
  readonly kind: 'message';
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly tone: LaneTone;
  /** An answer rather than a question. */
  readonly isReply: boolean;
  /** The frame that a caller receives. */
  readonly frame: Mark | null;
}

/** Something that happens at one lane, or to everybody where `lane` is -1: time that passes. */
export interface LaneNote {
  readonly kind: 'note';
  readonly lane: number;
  readonly label: string;
}

export type LaneRow = LaneMessage | LaneNote;

/** The stay of the leaked copy in the cache, within one step: from which row (`null`: it was there before) to which (`null`: it stays). */
export interface Stay {
  readonly from: number | null;
  readonly to: number | null;
}

export interface LaneStep {
  readonly instant: number;
  readonly rows: readonly LaneRow[];
  /** `null` while the cache does not hold the copy that leaks. */
  readonly stay: Stay | null;
}

/** A counterexample as lanes over time. Plain data: what is drawn, not how. */
export interface Lanes {
  /** The users that take part, in the order of the world, then the cache, then the origin. */
  readonly lanes: readonly Lane[];
  readonly steps: readonly LaneStep[];
}

/** Lays a counterexample out in lanes. Total: a history that lacks events yields steps with fewer rows. */
export function lanesOf(counterexample: Counterexample): Lanes {
  const scene = new Scene(counterexample);
  const users = usersOf(counterexample, scene);
  const lanes: Lane[] = [
    ...users.map((user): Lane => ({ kind: user === ANONYMOUS ? 'visitor' : 'user', name: user === ANONYMOUS ? 'visitor' : scene.user(user), user })),
    { kind: 'cache', name: 'cache', user: ANONYMOUS },
    { kind: 'origin', name: 'origin', user: ANONYMOUS },
  ];
  const breach = breachOf(counterexample);
  const [fill, leak] = breach === null ? [null, null] : [fillOf(counterexample, breach), leakOf(counterexample, breach)];
  const plan: Plan = { scene, users, fill, leak, errands: new Map() };
  const steps = momentsOf(counterexample).map((moment) => ({ instant: moment.instant, rows: rowsOf(moment, plan) }));
  return { lanes, steps: withStays(steps) };
}

interface Plan {
  readonly scene: Scene;
  /** Which user stands in which lane. */
  readonly users: readonly number[];
  /** The event that brought in the copy that leaks. */
  readonly fill: HistoryEvent | null;
  /** The event by which it, or what else must not come out, reached the caller. */
  readonly leak: HistoryEvent | null;
  /** What the origin was asked last on behalf of a call, by its number, where that is not what the call asks for. */
  readonly errands: Map<number, Errand | undefined>;
}

/** Everybody who asks, owns what is asked for or changed, or is given something; the visitor last. */
function usersOf(counterexample: Counterexample, scene: Scene): number[] {
  const owners = new Scene(counterexample);
  const users = new Set<number>([...scene.calls.values()].map((call) => call.user));
  for (const operation of counterexample.program.operations) {
    // Who asks is known from the calls: a request without a credential is nobody's, whatever user it names.
    if ('user' in operation && operation.user !== undefined && !('template' in operation && operation.template !== undefined)) users.add(operation.user);
    if ('camera' in operation && operation.camera !== undefined) users.add(owners.owner(operation.camera));
    owners.apply(operation);
  }
  return [...users].toSorted((one, other) => (one === ANONYMOUS ? 1 : other === ANONYMOUS ? -1 : one - other));
}

/** The answer of the origin that brought the copy, where it came in the step of the plant; else the answer that handed it out first. */
function fillOf({ history }: Counterexample, { plant }: Breach): HistoryEvent | null {
  if (plant === null) return null;
  const here = history.filter((event) => 'call' in event && event.call === plant.call && event.at === plant.instant);
  const fetched = here.find((event) => event.event === 'origin' && event.contact === 'fetch' && event.status === 'ok');
  return fetched ?? here.find((event) => event.event === 'answered') ?? null;
}

/** What the caller was given last before the breach was seen. */
function leakOf({ history }: Counterexample, { property, kind, call }: Breach): HistoryEvent | null {
  const until = history.findIndex((event) => event.event === 'violation' && event.call === call && event.property === property && event.kind === kind);
  const last = (isLeak: (event: HistoryEvent) => boolean): HistoryEvent | undefined =>
    history.findLast((event, place) => place < until && 'call' in event && event.call === call && isLeak(event));
  const given = last(({ event }) => GIVEN.has(event));
  // What only a second run shows need not be anything that was given.
  return given ?? last(({ event }) => event === 'contact' || event === 'refused') ?? null;
}

const GIVEN: ReadonlySet<HistoryEvent['event']> = new Set(['answered', 'described', 'header']);

function rowsOf({ operation, events }: Moment, plan: Plan): LaneRow[] {
  const noted = operation === null ? null : noteOf(operation, plan);
  if (operation !== null) plan.scene.apply(operation);
  const rows = events.flatMap((event) => messageOf(event, plan) ?? []);
  if (noted !== null) return [noted, ...rows];
  return rows.length === 0 ? [{ kind: 'note', lane: -1, label: 'nothing happens' }] : rows;
}

/** What an operation that is no request does, at the lane of whom it concerns. */
function noteOf(operation: Operation, plan: Plan): LaneNote | null {
  const { scene } = plan;
  const ofOwner = (camera: number, label: string): LaneNote => noteAt(laneOf(scene.owner(camera), plan), label);
  switch (operation.op) {
    case 'request':
    case 'begin':
    case 'release':
    case 'cancel':
      return null;
    case 'share':
      return ofOwner(operation.camera, `shares ${scene.camera(operation.camera)} with ${scene.user(operation.user)}`);
    case 'unshare':
      return ofOwner(operation.camera, `stops sharing ${scene.camera(operation.camera)} with ${scene.user(operation.user)}`);
    case 'transfer':
      return ofOwner(operation.camera, `hands ${scene.camera(operation.camera)} over to ${scene.user(operation.user)}`);
    case 'publish':
      return ofOwner(operation.camera, `makes ${scene.camera(operation.camera)} public`);
    case 'unpublish':
      return ofOwner(operation.camera, `makes ${scene.camera(operation.camera)} private`);
    case 'recreate':
      return ofOwner(operation.camera, `sets ${scene.camera(operation.camera)} up anew`);
    case 'capture':
      return noteAt(originOf(plan), `new frame of ${scene.camera(operation.camera)}`);
    case 'link':
    case 'unlink':
      return noteAt(laneOf(operation.user, plan), `${operation.op}s the ${operation.channel}`);
    case 'disable':
    case 'enable':
      return noteAt(originOf(plan), `${operation.channel} is switched ${operation.op === 'disable' ? 'off' : 'on'}`);
    case 'advance':
      return noteAt(-1, `${duration(operation.by)} ${operation.by === 1000 ? 'passes' : 'pass'}`);
    case 'purge':
      return noteAt(cacheOf(plan), `forgets ${scene.camera(operation.camera)}`);
    case 'restart':
      return noteAt(cacheOf(plan), 'is restarted');
    case 'reconfigure':
      return noteAt(cacheOf(plan), `configuration ${operation.to}`);
  }
}

/** What is said between the cache and the origin: about what a call asks for, or about something else, and in whose name. */
function contactMessage(event: Extract<HistoryEvent, { event: 'contact' | 'origin' }>, plan: Plan): LaneMessage | null {
  const { scene, errands } = plan;
  const call = scene.calls.get(event.call);
  if (event.event === 'contact') errands.set(event.call, event.of);
  const errand = errands.get(event.call);
  const about = errand ?? call;
  if (about === undefined) return null;
  const [cache, origin, tone] = [cacheOf(plan), originOf(plan), toneOf(event, plan)];
  const who = about.user === null ? 'the service' : nameOf(about.user, scene);
  if (event.event === 'origin') return { ...message([origin, cache], `${replyOf(event.contact, event.status)} for ${who}`, tone), isReply: true };
  const camera = scene.camera(about.camera);
  const asks = event.contact === 'fetch' ? `fetches ${camera}${errand === undefined ? '' : ` for ${who}`}` : `may ${who} see ${camera}?`;
  return message([cache, origin], `${asks}${event.held ? ' …' : ''}`, tone);
}

function messageOf(event: HistoryEvent, plan: Plan): LaneMessage | null {
  if (event.event === 'contact' || event.event === 'origin') return contactMessage(event, plan);
  const { scene } = plan;
  const call = 'call' in event ? scene.calls.get(event.call) : undefined;
  if (call === undefined) return null;
  const [caller, cache] = [laneOf(call.user, plan), cacheOf(plan)];
  const tone = toneOf(event, plan);
  const camera = scene.camera(call.camera);
  switch (event.event) {
    case 'asked':
      return message([caller, cache], `asks for ${camera}${wayOf(call.template, scene)}`, tone);
    case 'answered':
      return {
        ...message([cache, caller], `${frameWords(event.frame, scene)}${event.fallback ? ' (stand-in)' : ''}`, tone),
        isReply: true,
        frame: event.frame,
      };
    case 'described':
      return { ...message([cache, caller], `told of ${event.frame === null ? 'a picture' : frameWords(event.frame, scene)}`, tone), isReply: true };
    case 'header':
      return { ...message([cache, caller], `headers for ${partyOf(event.party, scene)}`, tone), isReply: true };
    case 'refused':
      return { ...message([cache, caller], lookUp(REFUSALS, event.status) ?? 'no frame', tone), isReply: true };
    case 'cancelled':
      return message([caller, cache], 'goes away', tone);
    default:
      return null;
  }
}

const REFUSALS: Readonly<Record<string, string>> = { refused: 'refused', error: 'error', dropped: 'the connection breaks' };
const DENIALS: Readonly<Record<string, string>> = { refused: 'no', error: 'error', dropped: 'connection broken' };

function replyOf(contact: 'authorise' | 'fetch', status: string): string {
  if (status === 'ok') return contact === 'fetch' ? 'frame' : 'yes';
  return lookUp(DENIALS, status) ?? 'no answer';
}

/** What differs from the plainest way of asking. */
function wayOf(template: number, scene: Scene): string {
  const { tier, channel } = scene.template(template);
  const odd = [tier === 'high' ? [] : [tier], channel === 'app' ? [] : [channel]].flat();
  return odd.length === 0 ? '' : ` (${odd.join(', ')})`;
}

/** Whose session a header names. */
function partyOf(party: number, scene: Scene): string {
  return party >= 0 && party < scene.users.length ? scene.user(party) : 'a visitor';
}

function frameWords(frame: Mark, scene: Scene): string {
  return `${scene.user(frame.owner)}'s ${scene.camera(frame.camera)}${frame.sequence === 0 ? '' : ` #${frame.sequence}`}`;
}

function toneOf(event: HistoryEvent, { fill, leak }: Plan): LaneTone {
  if (event === leak) return 'leak';
  return event === fill ? 'plant' : 'plain';
}

function message([from, to]: readonly [number, number], label: string, tone: LaneTone): LaneMessage {
  return { kind: 'message', from, to, label, tone, isReply: false, frame: null };
}

function noteAt(lane: number, label: string): LaneNote {
  return { kind: 'note', lane, label };
}

function laneOf(user: number, { users }: Plan): number {
  return users.indexOf(user);
}

function cacheOf({ users }: Plan): number {
  return users.length;
}

function originOf({ users }: Plan): number {
  return users.length + 1;
}

function nameOf(user: number, scene: Scene): string {
  return user === ANONYMOUS ? 'the visitor' : scene.user(user);
}

/** Marks how long the cache keeps the copy that leaks: from the row that brought it in to the one that hands it out. */
function withStays(steps: readonly Omit<LaneStep, 'stay'>[]): LaneStep[] {
  const first = placeOf(steps, 'plant');
  const last = placeOf(steps, 'leak');
  return steps.map((step, place) => {
    if (first === null || last === null || place < first.step || place > last.step) return { ...step, stay: null };
    return { ...step, stay: { from: place === first.step ? first.row : null, to: place === last.step ? last.row : null } };
  });
}

function placeOf(steps: readonly Omit<LaneStep, 'stay'>[], tone: LaneTone): { readonly step: number; readonly row: number } | null {
  for (const [step, { rows }] of steps.entries()) {
    const row = rows.findIndex((candidate) => candidate.kind === 'message' && candidate.tone === tone);
    if (row >= 0) return { step, row };
  }
  return null;
}
