import { keyOf } from './keys.ts';
import type { Notice } from './origin.ts';
import type { Entry, Policy } from './policy.ts';

/** Whether the notice takes back, or changes the meaning of, what was stored for the entry's request. */
export function concerns(notice: Notice, entry: Entry): boolean {
  const { request } = entry;
  switch (notice.kind) {
    case 'unshare':
    case 'unpublish':
    case 'transfer':
    case 'recreate':
    case 'purge':
      return notice.camera === request.camera;
    case 'unlink':
      return notice.user === request.user && notice.channel === request.channel;
    case 'disable':
      return notice.channel === request.channel;
    default:
      return false;
  }
}

/** One entry for all who may see a camera; the origin is asked about the caller at every hit. */
export const sharedEntries: Policy = {
  key: (request) => keyOf(request.camera, request.tier),
  admit: (_request, _reply, overtaken) => !overtaken,
  join: (request) => keyOf(request.camera, request.tier),
  hand: () => 'ask',
  serve: (_request, entry, nowMs) => (nowMs < entry.expiresMs ? 'ask' : 'miss'),
  fallback: () => 'miss',
  invalidate: concerns,
};

/** An entry for each viewer; a hit is served without asking, and falls when a right is withdrawn. */
export const perViewer: Policy = {
  key: (request) => keyOf(request.user, request.camera, request.tier, request.channel),
  admit: (_request, _reply, overtaken) => !overtaken,
  join: (request) => keyOf(request.user, request.camera, request.tier, request.channel),
  hand: () => 'serve',
  serve: (_request, entry, nowMs) => (nowMs < entry.expiresMs ? 'serve' : 'miss'),
  fallback: (_request, _entry, why) => (why === 'error' ? 'serve' : 'miss'),
  invalidate: concerns,
};
