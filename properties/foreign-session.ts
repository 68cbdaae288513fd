import type { Judge, Property } from './property.ts';

const judge: Judge = { header: (_asking, party) => (party >= 0 ? 'user' : 'visitor') };

/** KH007: headers, cookies and tokens of one session reach no other one (rule 7). */
export const foreignSession: Property = {
  id: 'KH007',
  title: 'No foreign header, cookie or token',
  severity: 'critical',
  meaning:
    'A header, a cookie or a token of one session reaches no other one, be it in the headers or in the body of an answer. The sessions of one user count as one; every anonymous visitor is a session apart.',
  source: 'Set-Cookie replayed by a shared cache: Klarna, May 2021; Steam, December 2015; incident class M03.',
  blind:
    'Secrets that are no header, cookie or bearer token of a session; tokens in a body that is no text, or wrapped more than once; sessions that an application makes itself and tells in anything but a cookie of eight characters or more; the session of an anonymous visitor on an answer that is neither private nor no-store: RFC 9111 lets a shared cache store such an answer with its Set-Cookie and give it to the next visitor, or to all who wait for it, so that none is planted there.',
  kinds: {
    user: "given a header, a cookie or a token of another user's session",
    visitor: "given a header, a cookie or a token of another visitor's session",
  },
  begin: () => judge,
};
