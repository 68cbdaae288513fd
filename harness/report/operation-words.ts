import type { HistoryEvent } from '../../models/domain/history.ts';
import type { Asked, Operation } from '../../models/domain/operation.ts';
import type { Channel, Credential, Template } from '../../models/domain/world.ts';
import { lookUp } from './look-up.ts';
import { capital, type Scene } from './scene.ts';

/** An operation in plain words. */
export interface OperationWords {
  /** Who or what acts. */
  readonly who: string;
  readonly text: string;
  /** It had nothing to act on. */
  readonly idle: boolean;
}

const CREDENTIALS: Readonly<Record<Credential, string>> = {
  bearer: 'bearer token',
  cookie: 'cookie',
  query: 'token in the URL',
  header: 'token in a header',
  none: 'no credential',
};

/** What is done, before what comes of it. Reads owners as they are before the operation. */
export function operationWords(operation: Operation, scene: Scene, events: readonly HistoryEvent[]): OperationWords {
  switch (operation.op) {
    case 'request':
    case 'begin':
      return act(scene.caller(operation), `asks for camera ${scene.camera(operation.camera)} (${wayOf(operation, scene)}).`);
    case 'release':
      return releaseWords(operation, scene, events);
    case 'cancel':
      return cancelWords(operation, scene, events);
    case 'share':
    case 'unshare':
    case 'publish':
    case 'unpublish':
    case 'transfer':
    case 'recreate':
    case 'capture':
      return cameraWords(operation, scene);
    case 'link':
      return act(scene.user(operation.user), `links ${channelName(operation.channel)}.`);
    case 'unlink':
      return act(scene.user(operation.user), `unlinks ${channelName(operation.channel)}.`);
    case 'disable':
      return act(channelName(operation.channel), 'is switched off for everybody.');
    case 'enable':
      return act(channelName(operation.channel), 'is switched on again for everybody.');
    case 'advance':
      return { who: 'time', text: `${duration(operation.by)} ${operation.by === 1000 ? 'passes' : 'pass'}.`, idle: false };
    case 'purge':
      return act('the cache', `is told to forget camera ${scene.camera(operation.camera)}.`);
    case 'restart':
      return act('the cache', 'is restarted.');
    case 'reconfigure':
      return act('the cache', `is put under configuration ${operation.to}.`);
  }
}

/** The way of asking, such as `app, high tier, bearer token`; how the camera is named, only where that varies, or is not the plain way. */
function wayOf(asked: Asked, scene: Scene): string {
  const { channel, tier, credential, spelling, method = 'GET', condition, range } = scene.template(asked.template);
  const varies = scene.world.templates.some((other: Template) => other.spelling !== spelling);
  const more = [
    ...(varies || spelling !== 'path' ? [`camera named in the ${spelling === 'path' ? 'path' : 'query string'}`] : []),
    ...(method === 'GET' ? [] : [method]),
    ...(condition === undefined ? [] : [condition === 'own' ? 'unless unchanged' : 'If-None-Match: *']),
    ...(range === true ? ['its first bytes only'] : []),
  ];
  return [`${channel}, ${tier} tier, ${CREDENTIALS[credential]}`, ...more].join(', ');
}

export function channelName(channel: Channel): string {
  return `the ${channel}`;
}

/** Virtual time in the largest unit that needs no rounding: `60 s`, `1.5 s`, `250 ms`. */
export function duration(ms: number): string {
  if (ms > 60_000 && ms % 60_000 === 0) return `${ms / 60_000} min`;
  return ms >= 1000 && ms % 100 === 0 ? `${ms / 1000} s` : `${ms} ms`;
}

type CameraOperation = Extract<Operation, { op: 'share' | 'unshare' | 'publish' | 'unpublish' | 'transfer' | 'recreate' | 'capture' }>;

function cameraWords(operation: CameraOperation, scene: Scene): OperationWords {
  const camera = scene.camera(operation.camera);
  const owner = scene.owner(operation.camera);
  const name = scene.user(owner);
  switch (operation.op) {
    case 'share':
      return withUser(name, `shares camera ${camera} with`, operation.user === owner, scene.user(operation.user));
    case 'unshare':
      return withUser(name, `stops sharing camera ${camera} with`, operation.user === owner, scene.user(operation.user));
    case 'transfer':
      if (operation.user === owner) return { ...act(name, `hands camera ${camera} over to its owner: nothing happens.`), idle: true };
      return act(name, `hands camera ${camera} over to ${scene.user(operation.user)}.`);
    case 'publish':
      return act(name, `makes camera ${camera} public.`);
    case 'unpublish':
      return act(name, `makes camera ${camera} private again.`);
    case 'recreate':
      return act(name, `deletes camera ${camera} and sets it up anew under the same id.`);
    case 'capture':
      return act(`camera ${camera}`, `takes a new frame, #${scene.sequence(operation.camera) + 1}.`);
  }
}

function withUser(owner: string, does: string, isOwner: boolean, user: string): OperationWords {
  if (!isOwner) return act(owner, `${does} ${user}.`);
  // It is sent out all the same, and that may be what matters.
  return { ...act(owner, `${does} its owner: nothing changes, but a cache that hears of changes is told.`), idle: true };
}

const RELEASES: Readonly<Record<string, (contact: string) => string>> = {
  ok: (contact) => (contact === 'fetch' ? 'sends the frame that it held back' : 'says yes to what it was asked and held back'),
  refused: () => 'refuses what it was asked and held back',
  error: () => 'fails on what it was asked and held back',
  dropped: () => 'breaks the connection on which it held its answer back',
};

function releaseWords(operation: Extract<Operation, { op: 'release' }>, scene: Scene, events: readonly HistoryEvent[]): OperationWords {
  const answer = events.find((event) => event.event === 'origin');
  const call = answer === undefined ? undefined : scene.calls.get(answer.call);
  if (answer === undefined || call === undefined) return nothing('the origin', `holds nothing back for ${what(operation, scene)}`);
  const said = lookUp(RELEASES, answer.status)?.(answer.contact) ?? 'answers what it held back';
  return act('the origin', `${said}, for ${requestOf(call.instant, call.user, call.camera, scene)}.`);
}

function cancelWords(operation: Asked, scene: Scene, events: readonly HistoryEvent[]): OperationWords {
  const gone = events.find((event) => event.event === 'cancelled');
  const call = gone === undefined ? undefined : scene.calls.get(gone.call);
  const who = scene.caller(operation);
  if (call === undefined) return nothing(who, `has no request for camera ${scene.camera(operation.camera)} under way`);
  return act(who, `goes away before the request of step ${call.instant} is answered.`);
}

/** A request that was made earlier, such as `the request of step 1 (alice, camera door)`. */
export function requestOf(instant: number, user: number, camera: number, scene: Scene): string {
  return `the request of step ${instant} (${scene.user(user)}, camera ${scene.camera(camera)})`;
}

function what(asked: Asked, scene: Scene): string {
  return `${scene.caller(asked)} and camera ${scene.camera(asked.camera)}`;
}

function act(who: string, does: string): OperationWords {
  return { who, text: `${capital(who)} ${does}`, idle: false };
}

function nothing(who: string, why: string): OperationWords {
  return { who, text: `${capital(who)} ${why}: nothing happens.`, idle: true };
}
