import { type Operation, OPERATION_KINDS, type OperationKind, type Outcome } from '../../models/domain/operation.ts';
import { policyOf, principalOf, type Request, requestIndex, requestsOf } from '../../models/domain/request.ts';
import { ANONYMOUS, type Channel, type ResponsePolicy, TIERS, type Tier, type World } from '../../models/domain/world.ts';
import { cacheControlOf } from '../../models/http.ts';
import { NO_PARTY, type Notice } from '../../models/origin.ts';
import { type LifetimeRule, lifetimesOf } from './lifetime.ts';

/**
 * An operation made ready to be played in one world: ids looked up, request and notice made, once. All steps have one shape;
 * what every one of them is read for stands first, close together in memory.
 */
export interface Step {
  /** Place of the kind in `OPERATION_KINDS`. */
  readonly code: number;
  /** The caller or the user concerned; `ANONYMOUS` for a visitor or where there is none. */
  readonly user: number;
  readonly camera: number;
  /** Place of camera and tier among the renditions of the world. */
  readonly rendition: number;
  /** The same of the other tier. */
  readonly otherRendition: number;
  /** What the cache is told of it. */
  readonly notice: Notice;
  /** It changes what belongs to one camera. */
  readonly changesCamera: boolean;
  /** The caller says what he has already, or the origin plants a session in its answers. */
  readonly saysMore: boolean;
  /** Whose session the origin plants in its answers: the user's, or `NO_PARTY`. */
  readonly party: number;
  /** It plants that of the anonymous visitor, who is another one each time. */
  readonly namesVisitor: boolean;
  /** The caller says which picture he has already. */
  readonly tellsKnown: boolean;
  /** The camera takes a new picture for it. */
  readonly takesPicture: boolean;
  readonly by: number;
  readonly request: Request;
  readonly channel: Channel;
  readonly tier: Tier;
  /** Place of what is asked in the world's table of requests. */
  readonly asked: number;
  readonly template: number;
  readonly policy: ResponsePolicy;
  readonly lifetimeMs: number;
  readonly outcome: Outcome;
  readonly operation: Operation;
}

/** The codes of the kinds: their places in `OPERATION_KINDS`. */
export const CODE: Readonly<Record<OperationKind, number>> = Object.freeze(
  Object.fromEntries(OPERATION_KINDS.map((kind, index) => [kind, index])) as Record<OperationKind, number>,
);

/** Makes steps of operations, for one world. */
export class Compiler {
  private readonly world: World;
  private readonly requests: readonly Request[];
  private readonly lifetimes: Float64Array;

  constructor(world: World, rule: LifetimeRule) {
    this.world = world;
    this.requests = requestsOf(world);
    this.lifetimes = lifetimesOf(world, rule);
  }

  compile(operation: Operation): Step {
    const { world } = this;
    const fields = operation as Partial<{ user: number; camera: number; template: number; channel: Channel; outcome: Outcome; by: number; to: number }>;
    const { camera = 0, template = 0 } = fields;
    const asked = world.templates[template]!;
    const asks = fields.template !== undefined;
    const user = asks ? principalOf(asked, fields.user!) : (fields.user ?? ANONYMOUS);
    const tier = TIERS.indexOf(asked.tier);
    const place = requestIndex(world, user, camera, template);
    const policy = policyOf(world, template);
    const notice = noticeOf(world, operation.op as Notice['kind'], fields);
    const isNamed = namesSession(policy, user);
    return {
      code: CODE[operation.op],
      user,
      camera,
      rendition: camera * TIERS.length + tier,
      otherRendition: camera * TIERS.length + (1 - tier),
      notice,
      changesCamera: notice.camera !== '',
      saysMore: isNamed || asked.condition === 'own',
      party: isNamed && user !== ANONYMOUS ? user : NO_PARTY,
      namesVisitor: isNamed && user === ANONYMOUS,
      tellsKnown: asked.condition === 'own',
      takesPicture: asked.method === 'POST',
      by: fields.by ?? 0,
      request: this.requests[place]!,
      channel: asks ? asked.channel : (fields.channel ?? 'app'),
      tier: asked.tier,
      asked: place,
      template,
      policy,
      lifetimeMs: this.lifetimes[template]!,
      outcome: fields.outcome ?? 'reply',
      operation,
    };
  }
}

/**
 * Headers and cookies name a session only where no other session may be given them: an anonymous visitor has nothing that would
 * keep his answer apart from that of the next one, unless it is not to be kept at all.
 */
function namesSession(policy: ResponsePolicy, user: number): boolean {
  if (policy.session !== true || user !== ANONYMOUS) return policy.session === true;
  const control = cacheControlOf(policy.cacheControl);
  return control.noStore || control.isPrivate;
}

function noticeOf(world: World, kind: Notice['kind'], fields: Partial<{ user: number; camera: number; channel: Channel; by: number; to: number }>): Notice {
  const { user, camera, channel, by, to } = fields;
  return {
    kind,
    camera: camera === undefined ? '' : world.cameras[camera]!.id,
    user: user === undefined || user === ANONYMOUS ? '' : world.users[user]!,
    channel: channel ?? '',
    by: by ?? 0,
    to: to ?? 0,
  };
}
