import { describe, expect, it } from 'vitest';
import { tokenOf } from '../../models/domain/request.ts';
import { ANONYMOUS } from '../../models/domain/world.ts';
import { othersIn, textIn } from './app-tokens.ts';

const state = (user: string): string => `<script>window.STATE = {"token":"${tokenOf(user)}"}</script>`;

describe('othersIn', () => {
  it('finds the tokens of everybody but the caller', () => {
    const users = ['alice', 'bob'];
    expect(othersIn(state('alice'), 0, users)).toEqual([]);
    expect(othersIn(state('alice'), 1, users)).toEqual([0]);
    expect(othersIn(state('alice') + state('bob'), ANONYMOUS, users)).toEqual([0, 1]);
    expect(othersIn(`a token of ${tokenOf('bob')}.`, 0, users)).toEqual([1]);
    expect(othersIn(`session=${encodeURIComponent(tokenOf('zo\u00e9'))}; Path=/`, 0, ['alice', 'zo\u00e9'])).toEqual([1]);
  });

  it('takes the token of somebody for that of nobody else, also where ids contain each other', () => {
    const users = ['bob', 'bob.k', "bob.k'x", 'bo', 'bobby', 'a/b', 'a%2Fb'];
    for (const [user, name] of users.entries())
      for (const form of [tokenOf(name), encodeURIComponent(tokenOf(name))]) expect(othersIn(`{"token":"${form}"}`, user, users)).toEqual([]);
    expect(othersIn(state('bob.k'), 3, users)).toEqual([1]);
    expect(othersIn(state('bob.k'), 0, users)).toEqual([1]);
  });
});

describe('textIn', () => {
  it('is the content of text that may have a token in it', () => {
    const page = Buffer.from(state('alice'));
    for (const type of ['text/html; charset=utf-8', 'application/json', 'application/problem+json', 'image/svg+xml', undefined])
      expect(textIn(page, { 'content-type': type })).toBe(state('alice'));
    for (const type of ['image/jpeg', 'application/octet-stream']) expect(textIn(page, { 'content-type': type })).toBe('');
    expect(textIn(Buffer.from('<h1>Welcome</h1>'), { 'content-type': 'text/html' })).toBe('');
  });
});
