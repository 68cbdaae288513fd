import { AsyncLocalStorage } from 'node:async_hooks';
import { type Operation, operation } from '../../models/domain/operation.ts';
import { requestIndex } from '../../models/domain/request.ts';
import { ANONYMOUS, type Channel, TIERS, type Tier, type World } from '../../models/domain/world.ts';
import { HELD_BACK, DONE, StageCall } from '../run/call.ts';
import type { Stage } from '../run/stage.ts';
import type { Step } from '../run/step.ts';
import type { Inquiry } from './origin-api.ts';

/** What stands for a call outside the stage: the copy of the request that the cache was given. */
export type Token = object;

/** One storage for all sessions: each further one would slow every promise down. */
const CONTEXT = new AsyncLocalStorage<Token>();

/** Whether the promises of a cache are followed, so that it is known in the course of which call each one goes on. */
export interface Following {
  readonly needsContext: boolean;
}

const ALWAYS: Following = { needsContext: true };

/** The origin was asked in the course of a call, and it was not known of which: promises have to be followed. */
export class OutOfContext extends Error {
  override readonly name = 'OutOfContext';
}

/** Calls that are looked through one by one. */
const LATEST = 8;

/** Which of an inquiry's fields say what, as indexes into the world. */
interface Values {
  readonly user: number;
  readonly camera: number;
  readonly tier: Tier;
  readonly channel: Channel;
}

/** A call as it was when it came in. The stage uses the objects of old calls again: from `since` one sees whether this one still is the same. */
interface Entered {
  readonly call: StageCall;
  readonly step: Step;
  readonly since: number;
}

/** The calls of one session, and on behalf of which of them the origin is being asked. */
export class CallBook {
  private readonly stage: Stage;
  // Mostly one of the last few is looked for; the others are only put into a map when one of them is.
  private readonly tokens: Token[] = [];
  private readonly calls: Entered[] = [];
  private older: Map<Token, Entered> | null = null;
  private mapped = 0;
  /** From the oldest call on that was in flight when the last one came in. */
  private readonly begun: StageCall[] = [];
  private readonly following: Following;
  /** The call that is being run, until it waits for something. */
  private running: StageCall | undefined;
  private readonly users: ReadonlyMap<string, number>;
  private readonly cameras: ReadonlyMap<string, number>;

  constructor(stage: Stage, following: Following = ALWAYS) {
    this.stage = stage;
    this.following = following;
    ({ users: this.users, cameras: this.cameras } = indexesOf(stage.world));
  }

  /** Enters a call under the token that stands for it. */
  enter(token: Token, call: StageCall): void {
    this.tokens.push(token);
    this.calls.push({ call, step: call.step, since: call.since });
    while (this.begun.length > 0 && this.begun[0]!.state === DONE) this.begun.shift();
    this.begun.push(call);
  }

  /** Runs something as part of a call: what it sets off is known to belong there, promises and all where they are followed. */
  run<T>(token: Token, action: () => T): T {
    if (this.following.needsContext) return CONTEXT.run(token, action);
    this.running = this.callOf(token);
    try {
      return action();
    } finally {
      this.running = undefined;
    }
  }

  /**
   * The call on whose behalf the origin is asked: the one whose own request was passed, else the one in whose course it happens,
   * else (batches, pools) the oldest one in flight that asks for the same. It may be over long since; then, and where there is
   * none, the answer comes at once. Null where there is no such user or camera. Throws where nobody says who is asking, and an
   * {@link OutOfContext} where promises would have had to be followed to know it.
   */
  callFor(inquiry: Inquiry, personal: boolean): StageCall | null {
    const named = this.callOf(inquiry);
    if (named !== undefined) return named;
    const current = this.current();
    const values = this.valuesOf(inquiry, current, personal);
    if (values === null) return null;
    if (current !== undefined && concerns(current, values)) return current;
    const asking = this.begun.filter((call) => call.state !== DONE && concerns(call, values) && call.tier === values.tier);
    return asking.find(({ state }) => state === HELD_BACK) ?? asking[0] ?? this.errand(current, values);
  }

  /** The tier that is asked for. */
  tierOf(inquiry: Inquiry): Tier {
    const { tier } = inquiry;
    return tier !== undefined && TIERS.includes(tier) ? tier : (this.current()?.tier ?? 'high');
  }

  /** Where a call was over so long ago that its object stands for another call by now, it comes back as one that is over. */
  private callOf(token: Token): StageCall | undefined {
    const entered = this.entered(token);
    if (entered === undefined || entered.call.since === entered.since) return entered?.call;
    const over = new StageCall(-1);
    over.state = DONE;
    over.step = entered.step;
    return over;
  }

  private entered(token: Token): Entered | undefined {
    const { tokens, calls } = this;
    for (let index = tokens.length - 1; index >= 0 && index >= tokens.length - LATEST; index--) if (tokens[index] === token) return calls[index];
    if (tokens.length <= LATEST) return undefined;
    const older = (this.older ??= new Map<Token, Entered>());
    for (; this.mapped < tokens.length; this.mapped++) older.set(tokens[this.mapped]!, calls[this.mapped]!);
    return older.get(token);
  }

  private current(): StageCall | undefined {
    if (!this.following.needsContext) {
      if (this.running === undefined) throw new OutOfContext();
      return this.running;
    }
    const token = CONTEXT.getStore();
    return token === undefined ? undefined : this.callOf(token);
  }

  private valuesOf(inquiry: Inquiry, current: StageCall | undefined, personal: boolean): Values | null {
    const { user, camera, channel } = inquiry;
    if (camera === undefined && current === undefined) throw new TypeError('The origin was asked for a frame, and not of which camera.');
    if (user === undefined && current === undefined && personal)
      throw new TypeError('The origin was asked on behalf of nobody: pass the request, or an object with user, camera, tier and channel; or use origin.read.');
    const asking = user === undefined ? (current?.user ?? ANONYMOUS) : user === '' ? ANONYMOUS : this.users.get(user);
    const wanted = camera === undefined ? current!.camera : this.cameras.get(camera);
    if (asking === undefined || wanted === undefined) return null;
    return { user: asking, camera: wanted, tier: this.tierOf(inquiry), channel: channel ?? current?.channel ?? 'app' };
  }

  /** A contact that asks for something else than the call it is made for, or is made for no call at all: its number is then -1. */
  private errand(current: StageCall | undefined, values: Values): StageCall {
    const { stage } = this;
    const { user, camera, channel, tier } = values;
    const errand = new StageCall(current?.number ?? -1);
    errand.state = current?.state ?? DONE;
    const template = Math.max(
      0,
      stage.world.templates.findIndex((other) => other.tier === tier && other.channel === channel),
    );
    const like = current?.step ?? stage.compile(anyOperation(stage.world, template));
    const asked = current?.step.asked ?? requestIndex(stage.world, user, camera, template);
    errand.step = { ...like, user, camera, channel, tier, asked };
    return errand;
  }
}

function concerns(call: StageCall, values: Values): boolean {
  return call.user === values.user && call.camera === values.camera && call.channel === values.channel;
}

interface Indexes {
  readonly users: ReadonlyMap<string, number>;
  readonly cameras: ReadonlyMap<string, number>;
  /** By template: some request of it, to be compiled. */
  readonly operations: (Operation | undefined)[];
}

const INDEXES = new WeakMap<World, Indexes>();

function indexesOf(world: World): Indexes {
  let indexes = INDEXES.get(world);
  if (indexes === undefined) {
    indexes = {
      users: new Map(world.users.map((user, index) => [user, index])),
      cameras: new Map(world.cameras.map((camera, index) => [camera.id, index])),
      operations: [],
    };
    INDEXES.set(world, indexes);
  }
  return indexes;
}

function anyOperation(world: World, template: number): Operation {
  const { operations } = indexesOf(world);
  return (operations[template] ??= operation({ op: 'request', user: 0, camera: 0, template }));
}
