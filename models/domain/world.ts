/**
 * The world of a program: who there is, what they own, how they can ask, and what the origin says about keeping an answer.
 * A world is plain JSON and travels inside the program, so a counterexample needs nothing else to be run again.
 */

/** The rendition asked for: `high` on good links, `low` on weak ones. */
export type Tier = 'high' | 'low';

/** The way a request comes in: the vendor's own app, or a partner integration (`hub`) that can be switched off as a whole. */
export type Channel = 'app' | 'hub';

/** How a request says who is asking. `none` is an anonymous visitor, whoever sits at the device. */
export type Credential = 'bearer' | 'cookie' | 'query' | 'header' | 'none';

/** How a request names the camera: in the path, or in the query string. */
export type Spelling = 'path' | 'query';

/** `GET` gives the frame, `HEAD` only what its headers say; `POST` has the camera take a new picture, and gives that. */
export type Method = 'GET' | 'HEAD' | 'POST';

/** `own`: unless it is still what the caller has already. `any`: unless there is one at all (`If-None-Match: *`, RFC 9110 section 13.1.2). */
export type Condition = 'own' | 'any';

/** One way of asking. Templates of a world differ from each other in one or two attributes. */
export interface Template {
  readonly channel: Channel;
  readonly tier: Tier;
  readonly credential: Credential;
  readonly spelling: Spelling;
  /** GET where absent. */
  readonly method?: Method | undefined;
  /** Unconditional where absent. */
  readonly condition?: Condition | undefined;
  /** Only the first bytes are asked for (RFC 9110 section 14). */
  readonly range?: true | undefined;
  /** Index into `World.policies`: what the origin says about keeping the answer to such a request. */
  readonly policy: number;
}

/** What the origin says about keeping an answer, spelled as in HTTP. */
export interface ResponsePolicy {
  /** The value of `Cache-Control`; the empty string sends no such header. */
  readonly cacheControl: string;
  /** The value of `Vary`; the empty string sends no such header. */
  readonly vary: string;
  /** The origin names the picture in an `ETag`, and answers 304 to whom has it already. */
  readonly validator?: true | undefined;
  /** The origin plants the session of the caller in a header and in a cookie of the answer. */
  readonly session?: true | undefined;
}

/** A camera and the index of the user who owns it when the program starts. */
export interface Camera {
  readonly id: string;
  readonly owner: number;
}

export interface World {
  /** User ids. A program refers to users by their index; {@link ANONYMOUS} is nobody. */
  readonly users: readonly string[];
  readonly cameras: readonly Camera[];
  readonly templates: readonly Template[];
  readonly policies: readonly ResponsePolicy[];
  /** How many entries the cache under test may hold, where it can be told. */
  readonly capacity: number;
  /** How long the origin lets an in-process cache keep an answer, in ms of virtual time. */
  readonly lifetimeMs: number;
  /**
   * Requests that follow one another come in one turn of the event loop, before anything that the first of them sets off has gone on; so do answers
   * of the origin. One turn each where absent. Batches are made of what comes in one turn.
   */
  readonly together?: true | undefined;
}

/** The index that stands for an anonymous visitor wherever a user index is expected. */
export const ANONYMOUS = -1;

/** As many entries as no program ever asks for: the capacity in worlds of a cache that is not told its size. */
export const ROOMY = 10_000;

export const TIERS: readonly Tier[] = ['high', 'low'];
export const CHANNELS: readonly Channel[] = ['app', 'hub'];

/** The plainest way of asking: what shrinking aims at. */
export const PLAIN_TEMPLATE: Template = { channel: 'app', tier: 'high', credential: 'bearer', spelling: 'path', policy: 0 };

/** What makes one way of asking differ from another. */
export const TEMPLATE_ATTRIBUTES = ['channel', 'tier', 'credential', 'spelling', 'method', 'condition', 'range'] as const;

/** The plainest answer of an origin that lets nobody else's cache keep it. */
export const PRIVATE: ResponsePolicy = { cacheControl: 'private, max-age=60', vary: '' };

/** The plainest world: two users, each with a camera, one way of asking. */
export const PLAIN_WORLD: World = {
  users: ['alice', 'bob'],
  cameras: [
    { id: 'door', owner: 0 },
    { id: 'yard', owner: 1 },
  ],
  templates: [PLAIN_TEMPLATE],
  policies: [PRIVATE],
  capacity: 2,
  lifetimeMs: 60_000,
};
