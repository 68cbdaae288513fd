import { describe, expect, it } from 'vitest';
import { attackIds } from '../../harness/search/ids.ts';
import { Random } from '../../harness/search/random.ts';
import { CREDENTIAL_HEADER, policyOf, principalOf, type Request, requestIndex, requestsOf } from './request.ts';
import { ANONYMOUS, CHANNELS, type Credential, PLAIN_TEMPLATE, PLAIN_WORLD, PRIVATE, type Spelling, type Template, TIERS, type World } from './world.ts';

const CREDENTIALS: readonly Credential[] = ['bearer', 'cookie', 'query', 'header', 'none'];
const SPELLINGS: readonly Spelling[] = ['path', 'query'];

const TEMPLATES: readonly Template[] = CHANNELS.flatMap((channel) =>
  TIERS.flatMap((tier) => CREDENTIALS.flatMap((credential) => SPELLINGS.map((spelling) => ({ channel, tier, credential, spelling, policy: 0 })))),
);

const WORLD: World = { ...PLAIN_WORLD, templates: TEMPLATES };

/** All that an HTTP cache could tell requests apart by. */
const wireOf = ({ method, path, query, headers }: Request): string => JSON.stringify([method, path, query, headers]);

describe('requests', () => {
  it('stand in the table at the place that their user, camera and template give', () => {
    const table = requestsOf(WORLD);
    expect(table).toHaveLength(3 * 2 * TEMPLATES.length);
    for (let user = ANONYMOUS; user < WORLD.users.length; user++)
      for (const [camera, { id }] of WORLD.cameras.entries())
        for (const [place, template] of TEMPLATES.entries()) {
          const request = table[requestIndex(WORLD, user, camera, place)]!;
          const isNobody = user === ANONYMOUS || template.credential === 'none';
          const { tier, channel, credential } = template;
          expect(request).toMatchObject({ user: isNobody ? '' : WORLD.users[user], camera: id, tier, channel, credential, method: 'GET' });
        }
  });

  it('name the camera where the template spells it, so that a server reads it back', () => {
    const world: World = { ...WORLD, cameras: ['a/b', 'a%2Fb', 'x y', 'caf\u00e9', '?tier=low', '#', '+', '&camera=c'].map((id) => ({ id, owner: 0 })) };
    for (const request of requestsOf(world)) {
      const url = new URL(request.path + request.query, 'http://origin');
      const segments = request.path.split('/');
      const named = segments[2] === 'cameras' ? decodeURIComponent(segments[3]!) : url.searchParams.get('camera');
      expect(named).toBe(request.camera);
      expect(segments[1]).toBe(request.channel);
      expect(url.searchParams.get('tier')).toBe(request.tier === 'low' ? 'low' : null);
    }
  });

  it('carry the credential in one place only, and none for a visitor', () => {
    for (const request of requestsOf(WORLD)) {
      const { user, token, credential, headers, query } = request;
      const places = Object.keys(headers).length + (query.includes('token=') ? 1 : 0);
      expect(places).toBe(user === '' ? 0 : 1);
      expect(token === '').toBe(user === '');
      const header = CREDENTIAL_HEADER[credential];
      if (user !== '' && header !== undefined) expect(headers[header]).toContain(credential === 'header' ? encodeURIComponent(user) : token);
      if (user !== '' && credential === 'query') expect(new URLSearchParams(query).get('token')).toBe(token);
    }
  });

  it('differ on the wire whenever the user, the camera, the tier or the channel differ', () => {
    const random = new Random(3);
    for (let round = 0; round < 200; round++) {
      const ids = attackIds(random);
      const world: World = { ...WORLD, users: ids.users.slice(0, 3), cameras: ids.cameras.slice(0, 3).map((id) => ({ id, owner: 0 })) };
      const known = new Map<string, Request>();
      for (const request of requestsOf(world)) {
        const other = known.get(wireOf(request));
        if (other !== undefined)
          expect([other.user, other.camera, other.tier, other.channel]).toEqual([request.user, request.camera, request.tier, request.channel]);
        known.set(wireOf(request), request);
      }
      // A request of each user and visitor, camera, tier, channel, way of saying who asks and way of naming the camera.
      expect(known.size).toBe(4 * 3 * TIERS.length * CHANNELS.length * SPELLINGS.length + 3 * 3 * TIERS.length * CHANNELS.length * SPELLINGS.length * 3);
    }
  });

  it('come from one device model in each channel, whoever asks', () => {
    const devices = new Map<string, Set<string>>();
    for (const { channel, device } of requestsOf(WORLD)) devices.set(channel, (devices.get(channel) ?? new Set()).add(device));
    expect([...devices.values()].map((models) => models.size)).toEqual([1, 1]);
    expect(new Set([...devices.values()].flatMap((models) => [...models])).size).toBe(2);
  });
});

describe('a template', () => {
  it('without a credential makes everybody a visitor', () => {
    for (const user of [0, 1, ANONYMOUS]) {
      expect(principalOf({ ...PLAIN_TEMPLATE, credential: 'none' }, user)).toBe(ANONYMOUS);
      expect(principalOf(PLAIN_TEMPLATE, user)).toBe(user);
    }
  });

  it('points to what the origin says about keeping the answer', () => {
    const kept = { cacheControl: 'max-age=60', vary: 'Cookie' };
    const world: World = { ...PLAIN_WORLD, templates: [PLAIN_TEMPLATE, { ...PLAIN_TEMPLATE, policy: 1 }], policies: [PRIVATE, kept] };
    expect([policyOf(world, 0), policyOf(world, 1)]).toEqual([PRIVATE, kept]);
  });
});
