import { AsyncLocalStorage } from 'node:async_hooks';
import { type Operation, operation } from '../../models/domain/operation.ts';
import { requestIndex } from '../../models/domain/request.ts';
import { ANONYMOUS, type Channel, TIERS, type Tier, type World } from '../../models/domain/world.ts';
import { HELD_BACK, DONE, StageCall } from '../run/call.ts';
import type { Stage } from '../run/stage.ts';
import type { Inquiry } from './origin-api.ts';

/** What stands for a call outside the stage: the copy of the request that the cache was given. */
export type Token = object;

/** One storage for all sessions: each further one would slow every promise down. */
const CONTEXT = new AsyncLocalStorage<Token>();

/** Which of an inquiry's fields say what, as indexes into the world. */
interface Values {
  readonly user: number;
  readonly camera: number;
  readonly tier: Tier;
  readonly channel: Channel;
}

/** The calls of one session, and on behalf of which of them the origin is being asked. */
export class CallBook {
  private readonly stage: Stage;
  private readonly calls = new Map<Token, StageCall>();
  /** Calls that were begun and left in flight, oldest first. */
  private readonly begun: StageCall[] = [];
  private readonly users: ReadonlyMap<string, number>;
  private readonly cameras: ReadonlyMap<string, number>;

  constructor(stage: Stage) {
    this.stage = stage;
    ({ users: this.users, cameras: this.cameras } = indexesOf(stage.world));
  }

  /** Enters a call under the token that stands for it. */
  enter(token: Token, call: StageCall): void {
    this.calls.set(token, call);
    if (call.state === HELD_BACK) this.begun.push(call);
  }

  /** Runs something as part of a call: what it sets off, promises and all, is known to belong there. */
  run<T>(token: Token, action: () => T): T {
    return CONTEXT.run(token, action);
  }

  /**
   * The call on whose behalf the origin is asked: the one whose own request was passed, else the one in whose course it happens,
   * else (batches, pools) the oldest one in flight that asks for the same. It may be over long since; then, and where there is
   * none, the answer comes at once. Null where there is no such user or camera. Throws where nobody says who is asking.
   */
  callFor(inquiry: Inquiry, personal: boolean): StageCall | null {
    const named = this.calls.get(inquiry);
    if (named !== undefined) return named;
    const current = this.current();
    const values = this.valuesOf(inquiry, current, personal);
    if (values === null) return null;
    if (current !== undefined && concerns(current, values)) return current;
    return this.begun.find((call) => call.state === HELD_BACK && concerns(call, values) && call.tier === values.tier) ?? this.errand(current, values);
  }

  /** The tier that is asked for. */
  tierOf(inquiry: Inquiry): Tier {
    const { tier } = inquiry;
    return tier !== undefined && TIERS.includes(tier) ? tier : (this.current()?.tier ?? 'high');
  }

  private current(): StageCall | undefined {
    const token = CONTEXT.getStore();
    return token === undefined ? undefined : this.calls.get(token);
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
