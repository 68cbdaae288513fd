import { describe, expect, it } from 'vitest';
import { tokenOf } from '../../models/domain/token.ts';
import { ANONYMOUS } from '../../models/domain/world.ts';
import { othersIn, textsIn, textsInHeaders } from './app-tokens.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const USERS = ['alice', 'bob'];

const state = (user: string): string => `<script>window.STATE = {"token":"${tokenOf(user)}"}</script>`;
const within = (text: string): number[] => othersIn(textsIn(Buffer.from(text), JSON_TYPE), 0, USERS);

describe('othersIn', () => {
  it('finds the tokens of everybody but the caller', () => {
    expect(othersIn([state('alice')], 0, USERS)).toEqual([]);
    expect(othersIn([state('alice')], 1, USERS)).toEqual([0]);
    expect(othersIn([state('alice'), state('bob')], ANONYMOUS, USERS)).toEqual([0, 1]);
    expect(othersIn([`a token of ${tokenOf('bob')}.`], 0, USERS)).toEqual([1]);
    expect(othersIn([`session=${encodeURIComponent(tokenOf('zo\u00e9'))}; Path=/`], 0, ['alice', 'zo\u00e9'])).toEqual([1]);
  });

  it('takes the token of somebody for that of nobody else, also where ids contain each other', () => {
    const users = ['bob', 'bob.', 'bob.k', "bob.k'x", 'bo', 'bobby', 'a/b', 'a%2Fb'];
    for (const [user, name] of users.entries()) {
      expect(othersIn([`{"token":"${tokenOf(name)}"}`], user, users)).toEqual([]);
      expect(othersIn([tokenOf(name)], ANONYMOUS, users)).toEqual([user]);
    }
  });
});

describe('textsIn', () => {
  it('is the content of text that may have a token in it', () => {
    const page = Buffer.from(state('alice'));
    for (const type of ['text/html; charset=utf-8', 'application/json', 'application/problem+json', 'image/svg+xml', undefined])
      expect(textsIn(page, { 'content-type': type })).toEqual([state('alice')]);
    for (const type of ['image/jpeg', 'application/octet-stream']) expect(textsIn(page, { 'content-type': type })).toEqual([]);
    expect(textsIn(Buffer.from('<h1>Welcome</h1>'), { 'content-type': 'text/html' })).toEqual([]);
  });

  it('leaves wrapped whatever has no token in it, such as a picture', () => {
    const picture = Buffer.alloc(4096, 0xa5);
    for (const form of ['hex', 'base64', 'base64url'] as const)
      expect(textsIn(Buffer.from(JSON.stringify({ picture: picture.toString(form) })), JSON_TYPE)).toEqual([]);
  });

  it('shows a token that is within a text, wherever its bytes fall', () => {
    const forms: ((text: string) => string)[] = [
      (text) => Buffer.from(text).toString('base64'),
      (text) => Buffer.from(text).toString('base64url'),
      (text) => Buffer.from(text).toString('hex'),
      (text) => Buffer.from(text).toString('hex').toUpperCase(),
    ];
    for (const [place, form] of forms.entries())
      for (const before of ['', 'x', 'xy', 'xyz']) {
        expect(within(`{"socket":"${form(`${before}${tokenOf('bob')}${before}`)}"}`), `form ${place} after "${before}"`).toEqual([1]);
        expect(within(`{"socket":"${form(`${before}${tokenOf('alice')}${before}`)}"}`)).toEqual([]);
      }
  });
});

describe('textsInHeaders', () => {
  it('has the session within a cookie', () => {
    const cookie = Buffer.from(JSON.stringify({ views: 1, token: tokenOf('bob') })).toString('base64');
    expect(othersIn(textsInHeaders({ 'set-cookie': ['a=b', `session=${cookie}; Path=/`] }), 0, USERS)).toEqual([1]);
    expect(othersIn(textsInHeaders({ 'set-cookie': ['a=b', `session=${cookie}; Path=/`] }), 1, USERS)).toEqual([]);
    expect(textsInHeaders({ etag: '"1"', date: 'Thu, 01 Jan 1970 00:00:00 GMT' })).toEqual([]);
  });
});
