import { describe, expect, it } from 'vitest';
import { CONFUSED_IDS } from '../../harness/search/ids.ts';
import { tokenOf } from './token.ts';

const USERS: readonly string[] = [...new Set(['', 'alice', 'bob', 'bob.', 'a.k', '.', '"', '\ud800', '\udc00', '\0', ...CONFUSED_IDS.flat()])];

function segment(token: string, place: number): string {
  return token.split('.')[place]!;
}

describe('a token', () => {
  it('has the form of a JSON Web Token that names its user', () => {
    for (const user of USERS) {
      const segments = tokenOf(user).split('.');
      expect(segments).toHaveLength(3);
      for (const each of segments) expect(each, 'may stand in a header, a cookie and a query').toMatch(/^[A-Za-z0-9_-]+$/);
      const [header, claims] = segments.slice(0, 2).map((each) => JSON.parse(Buffer.from(each, 'base64url').toString()) as unknown);
      expect(header).toEqual({ alg: 'HS256' });
      expect(claims).toEqual({ iss: 'keyhole', sub: user });
      expect(Buffer.from(segments[2]!, 'base64url')).toHaveLength(32);
    }
  });

  it('has its claims and its signature for itself, however alike the ids are', () => {
    const tokens = USERS.map((user) => tokenOf(user));
    expect(new Set(tokens.map((token) => segment(token, 1))).size).toBe(USERS.length);
    for (const part of [(text: string) => text.slice(0, 8), (text: string) => text.slice(-8), (text: string) => text.toLowerCase()])
      expect(new Set(tokens.map((token) => part(segment(token, 2)))).size).toBe(USERS.length);
  });

  it('begins with the same 53 characters as all others, and further as that of an id that begins alike', () => {
    const tokens = USERS.map((user) => tokenOf(user));
    expect(new Set(tokens.map((token) => token.slice(0, 53))).size).toBe(1);
    expect(tokenOf('user10').slice(0, 60)).toBe(tokenOf('user100').slice(0, 60));
  });

  it('is the same each time, also after many others', () => {
    const before = tokenOf('alice');
    for (let other = 0; other < 3000; other++) tokenOf(`other ${other}`);
    expect(tokenOf('alice')).toBe(before);
    expect(before).toBe(tokenOf(['ali', 'ce'].join('')));
  });
});
