import type { Judge, Property } from './property.ts';

const judge: Judge = { header: (_asking, party) => (party >= 0 ? 'user' : 'visitor') };

/** KH007: headers and cookies made for one session reach no other one (rule 7). */
export const foreignSession: Property = {
  id: 'KH007',
  title: 'No foreign header or cookie',
  severity: 'critical',
  meaning:
    'A header or a cookie that the origin made for one session reaches no other one. The sessions of one user count as one; every anonymous visitor is a session apart.',
  source: 'Set-Cookie replayed by a shared cache: Klarna, May 2021; Steam, December 2015; incident class M03.',
  blind: 'Secrets that the origin puts into no header, cookie or body of its answers.',
  kinds: {
    user: "given a header or a cookie of another user's session",
    visitor: "given a header or a cookie of another visitor's session",
  },
  begin: () => judge,
};
