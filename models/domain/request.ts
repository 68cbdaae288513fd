import { tokenOf } from './token.ts';
import { ANONYMOUS, type Channel, type Credential, type Method, type ResponsePolicy, type Template, type Tier, type World } from './world.ts';

/** A request as a cache sees it: ids, never indexes, and the same request as an HTTP cache would read it. */
export interface Request {
  /** The caller's id; the empty string for an anonymous visitor. */
  readonly user: string;
  readonly camera: string;
  readonly tier: Tier;
  readonly channel: Channel;
  readonly credential: Credential;
  /** The model of the device that asks. Every user of one channel has the same. */
  readonly device: string;
  /** What the caller presents, a JSON Web Token in form; the empty string for an anonymous visitor. All tokens begin with the same 53 characters. */
  readonly token: string;
  readonly method: Method;
  readonly path: string;
  /** The query string with its `?`, or the empty string. */
  readonly query: string;
  /** Header fields by their lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

const DEVICES: Readonly<Record<Channel, string>> = { app: 'phone', hub: 'home-hub' };

/** The place of a request in the table that {@link requestsOf} makes. */
export function requestIndex(world: World, user: number, camera: number, template: number): number {
  return ((user + 1) * world.cameras.length + camera) * world.templates.length + template;
}

/** Every request that can be made in a world, by {@link requestIndex}. */
export function requestsOf(world: World): readonly Request[] {
  const table: Request[] = [];
  for (let user = ANONYMOUS; user < world.users.length; user++)
    for (const camera of world.cameras) for (const template of world.templates) table.push(requestFor(world, user, camera.id, template));
  return table;
}

/** The user a call is made as: nobody when the template carries no credential. */
export function principalOf(template: Template, user: number): number {
  return template.credential === 'none' ? ANONYMOUS : user;
}

/** The names of header fields that carry a credential, by kind of credential. */
export const CREDENTIAL_HEADER: Readonly<Partial<Record<Credential, string>>> = { bearer: 'authorization', cookie: 'cookie', header: 'x-user' };

function requestFor(world: World, asking: number, camera: string, template: Template): Request {
  const user = template.credential === 'none' || asking === ANONYMOUS ? '' : world.users[asking]!;
  const token = user === '' ? '' : tokenOf(user);
  const inPath = template.spelling === 'path';
  const query: string[] = [];
  if (!inPath) query.push(`camera=${encodeURIComponent(camera)}`);
  if (template.tier === 'low') query.push('tier=low');
  if (template.credential === 'query' && token !== '') query.push(`token=${token}`);
  return {
    user,
    camera,
    tier: template.tier,
    channel: template.channel,
    credential: template.credential,
    device: DEVICES[template.channel],
    token,
    method: template.method ?? 'GET',
    path: `/${template.channel}/${inPath ? `cameras/${encodeURIComponent(camera)}/` : ''}snapshot`,
    query: query.length === 0 ? '' : `?${query.join('&')}`,
    headers: { ...headersFor(template.credential, user, token), ...termsOf(template) },
  };
}

function headersFor(credential: Credential, user: string, token: string): Record<string, string> {
  if (user === '') return {};
  if (credential === 'bearer') return { authorization: `Bearer ${token}` };
  if (credential === 'cookie') return { cookie: `session=${token}` };
  // A gateway in front has looked at the token, and says who it is. Ids that differ in case only still do so here.
  if (credential === 'header') return { 'x-user': encodeURIComponent(user) };
  return {};
}

/** How much of the body a range asks for: enough for the mark, and never the whole frame. */
const RANGE_BYTES = 512;

/** The header fields that ask for less than the whole answer. What the caller has already (`own`) is known only when he asks. */
function termsOf({ condition, range }: Template): Record<string, string> {
  return { ...(condition === 'any' && { 'if-none-match': '*' }), ...(range === true && { range: `bytes=0-${RANGE_BYTES - 1}` }) };
}

/** What the origin says about keeping the answer to a request of this template. */
export function policyOf(world: World, template: number): ResponsePolicy {
  return world.policies[world.templates[template]!.policy]!;
}
