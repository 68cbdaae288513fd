import { operation } from '../../models/domain/operation.ts';
import { CREDENTIAL_HEADER, type Request, requestIndex, requestsOf } from '../../models/domain/request.ts';
import { ANONYMOUS, type World } from '../../models/domain/world.ts';
import { DONE, StageCall } from '../run/call.ts';
import type { Stage } from '../run/stage.ts';
import { type AppRequest, type IncomingRequest, requestOf } from './app-request.ts';

/** A call that may still lead to a contact. */
interface Entered {
  readonly call: StageCall;
  readonly line: string;
  contacts: number;
}

/** The values of a request, as indexes into the world. */
interface Asked {
  readonly user: number;
  readonly camera: number;
  readonly tier: AppRequest['tier'];
  readonly channel: AppRequest['channel'];
}

/** On whose behalf the origin is being asked, and as part of which call. */
export interface Attributed {
  readonly call: StageCall;
  /** No call in flight asked for this with these credentials: a refresh in the background, or a cache that changed the request. */
  readonly isStray: boolean;
  /** Several calls in flight asked for the same in the same words: for which of them it came, nobody can tell. */
  readonly isAmbiguous?: boolean;
}

const LINES = new WeakMap<Request, string>();

/** Everything in a request that says who asks for what. */
function lineOf(target: string, headers: IncomingRequest['headers']): string {
  let line = target;
  for (const name of Object.values(CREDENTIAL_HEADER)) {
    const value = headers[name];
    if (value !== undefined) line += `\n${name}: ${String(value)}`;
  }
  return line;
}

function lineFor(request: Request): string {
  let line = LINES.get(request);
  if (line === undefined) {
    line = lineOf(`${request.path}${request.query}`, request.headers);
    LINES.set(request, line);
  }
  return line;
}

/**
 * The calls in flight of one session. A contact with an origin on the wire says of itself on whose behalf it is made; to which call it
 * belongs is read from the same words, never from the connection: a cache may ask for one caller what another one waits for.
 */
export class WireCalls {
  private readonly stage: Stage;
  private readonly entered: Entered[] = [];

  constructor(stage: Stage) {
    this.stage = stage;
  }

  enter(call: StageCall): void {
    const { entered } = this;
    let kept = 0;
    for (const one of entered) if (one.call.state !== DONE) entered[kept++] = one;
    entered.length = kept;
    entered.push({ call, line: lineFor(call.request), contacts: 0 });
  }

  /** The call for which a request came to the origin. Null where there is no such camera. */
  attribute(target: string, { headers }: IncomingRequest): Attributed | null {
    const line = lineOf(target, headers);
    const same = this.leastAsked((one) => one.line === line);
    if (same !== undefined)
      return { call: same.call, isStray: false, isAmbiguous: this.entered.filter((one) => one.line === line && one.call.state !== DONE).length > 1 };
    const asked = this.read({ url: target, headers });
    if (asked === null) return null;
    const alike = this.leastAsked(({ call }) => call.user === asked.user && isSameThing(call, asked));
    if (alike !== undefined) return { call: alike.call, isStray: false };
    const near = this.leastAsked((one) => one.contacts === 0 && isSameThing(one.call, asked));
    return { call: this.errand(near?.call, asked, line), isStray: true };
  }

  /** Which of several requests that came at once is the first: the number of the oldest call in flight that asked for the same, in the same words if there is one. */
  rank(target: string, { headers }: IncomingRequest): number {
    const line = lineOf(target, headers);
    const asked = this.read({ url: target, headers });
    const inFlight = this.entered.filter(({ call }) => call.state !== DONE);
    const found = inFlight.find((one) => one.line === line) ?? inFlight.find(({ call }) => asked !== null && isSameThing(call, asked));
    return found?.call.number ?? Number.POSITIVE_INFINITY;
  }

  /** Of the calls in flight that fit, the one for which the origin was asked least; the oldest of these. */
  private leastAsked(fits: (one: Entered) => boolean): Entered | undefined {
    let found: Entered | undefined;
    for (const one of this.entered) {
      if (one.call.state === DONE || !fits(one)) continue;
      if (found === undefined || one.contacts < found.contacts) found = one;
    }
    if (found !== undefined) found.contacts++;
    return found;
  }

  private read(incoming: IncomingRequest): Asked | null {
    const { user, camera, tier, channel } = requestOf(incoming);
    const { users, cameras } = this.stage.world;
    const wanted = cameras.findIndex(({ id }) => id === camera);
    // A credential that is nobody's is no credential.
    const asking = user === '' ? ANONYMOUS : users.indexOf(user);
    return wanted < 0 ? null : { user: asking < 0 ? ANONYMOUS : asking, camera: wanted, tier, channel };
  }

  /**
   * A contact that no call asked for as it is. It is answered truthfully for whom it names. Where a call waits for the same thing under
   * other credentials, it is held back with that call; else it is nobody's (number -1), and answered at once.
   */
  private errand(near: StageCall | undefined, { user, camera, tier, channel }: Asked, line: string): StageCall {
    const { stage } = this;
    const { world } = stage;
    const errand = new StageCall(near?.number ?? -1);
    errand.state = near?.state ?? DONE;
    const template =
      templateOf(world, line) ??
      Math.max(
        0,
        world.templates.findIndex((other) => other.tier === tier && other.channel === channel),
      );
    const like = stage.compile(operation({ op: 'request', user: Math.max(0, user), camera, template }));
    const asked = near?.step.asked ?? requestIndex(world, user, camera, template);
    errand.step = { ...like, user, camera, channel, tier, asked };
    return errand;
  }
}

function isSameThing(call: StageCall, { camera, tier, channel }: Asked): boolean {
  return call.camera === camera && call.tier === tier && call.channel === channel;
}

const TEMPLATES = new WeakMap<World, ReadonlyMap<string, number>>();

/** Which template makes such a request. */
function templateOf(world: World, line: string): number | undefined {
  let templates = TEMPLATES.get(world);
  if (templates === undefined) {
    templates = new Map(requestsOf(world).map((request, index) => [lineFor(request), index % world.templates.length]));
    TEMPLATES.set(world, templates);
  }
  return templates.get(line);
}
