import { CREDENTIAL_HEADER } from '../../models/domain/request.ts';
import { tokenOf } from '../../models/domain/token.ts';
import { type Channel, CHANNELS, type Tier } from '../../models/domain/world.ts';

/** What is read of a request that came in: an `IncomingMessage` of `node:http` is one, and so is a request of Express. */
export interface IncomingRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Header fields by their lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** A request as it goes over the wire. */
export interface WireRequest {
  /** GET where absent. */
  readonly method?: string;
  /** With the query string. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request with something in it, as to a GraphQL or an RPC endpoint. */
export interface WireRequestWithBody extends WireRequest {
  /** Text goes out as UTF-8. */
  readonly body?: string | Uint8Array;
}

/** Who asks for what: an HTTP request, read back. */
export interface AppRequest {
  /** The empty string for an anonymous visitor, and for a credential that is none. */
  readonly user: string;
  /** The empty string where the request names no camera. */
  readonly camera: string;
  readonly tier: Tier;
  readonly channel: Channel;
}

const SNAPSHOT = /^\/([^/]+)(?:\/cameras\/([^/]+))?\/snapshot$/;

/** Reads who asks for what from a request as keyhole sends it: `/app/cameras/door/snapshot?tier=low`, with a bearer token or a cookie. */
export function requestOf(incoming: IncomingRequest): AppRequest {
  // Express shortens `url` where a router is mounted.
  const target = (incoming as { originalUrl?: string }).originalUrl ?? incoming.url ?? '/';
  const [path = '/', query = ''] = target.split('?', 2);
  const [, channel, camera] = SNAPSHOT.exec(path) ?? [];
  return {
    user: userOf(incoming, query),
    camera: decoded(camera ?? parameterOf(query, 'camera')),
    tier: parameterOf(query, 'tier') === 'low' ? 'low' : 'high',
    channel: CHANNELS.find((known) => known === channel) ?? 'app',
  };
}

/** The value of a query parameter, as it is spelled there. */
function parameterOf(query: string, name: string): string {
  const start = `${name}=`;
  const parameter = query.split('&').find((candidate) => candidate.startsWith(start));
  return parameter?.slice(start.length) ?? '';
}

function userOf(incoming: IncomingRequest, query: string): string {
  const [, bearer] = /^Bearer (.+)$/i.exec(fieldOf(incoming, 'authorization') ?? '') ?? [];
  const [, session] = /(?:^|;\s*)session=([^;]+)/.exec(fieldOf(incoming, 'cookie') ?? '') ?? [];
  const token = bearer ?? session;
  const named = fieldOf(incoming, CREDENTIAL_HEADER.header!);
  if (token === undefined && named !== undefined) return holderOf(named) || decoded(named);
  return holderOf(token ?? parameterOf(query, 'token'));
}

/** Whose token it is; the empty string where it is none of keyhole's. */
function holderOf(token: string): string {
  const [, claims = ''] = token.split('.', 2);
  try {
    const { sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub?: unknown };
    return typeof sub === 'string' && tokenOf(sub) === token ? sub : '';
  } catch {
    return '';
  }
}

function fieldOf({ headers }: IncomingRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
