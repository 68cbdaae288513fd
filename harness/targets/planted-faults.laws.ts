import { edge } from '../../models/cdn.ts';
import type { Decision } from '../../models/domain/explanation.ts';
import { perViewer, sharedEntries } from '../../models/lru.ts';
import { tiered } from '../../models/tiered.ts';
import { edgeTarget, lookasideTarget, tieredTarget } from './reference.ts';
import type { Target } from './target.ts';

/** A correct cache with one decision replaced, for tests that need something that leaks. */
export interface PlantedFault {
  readonly target: Target;
  /** The shape that is looked at: `KH001/stranger`. */
  readonly shape: string;
  /** Operations of the shortest program that breaks it so. */
  readonly size: number;
  /** What the harness should find at fault. */
  readonly decision: Decision;
}

const named = (name: string): { name: string; title: string } => ({ name, title: name.replaceAll('-', ' ') });

/** Every kind of wrong decision once or twice. */
export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    target: lookasideTarget(named('rights-checked-on-a-miss-only'), [{ ...sharedEntries, serve: () => 'serve' }]),
    shape: 'KH001/stranger',
    size: 2,
    decision: 'serve',
  },
  {
    target: lookasideTarget(named('keyed-without-the-camera'), [{ ...sharedEntries, key: (request) => request.tier }]),
    shape: 'KH001/stranger',
    size: 2,
    decision: 'key',
  },
  {
    target: tieredTarget(named('low-tier-on-the-hub-keyed-by-device'), [
      { ...tiered, key: (request) => (request.channel === 'hub' && request.tier === 'low' ? request.device : tiered.key(request)) },
    ]),
    shape: 'KH001/stranger',
    size: 2,
    decision: 'key',
  },
  {
    target: lookasideTarget(named('keyed-without-the-tier'), [{ ...sharedEntries, key: (request) => request.camera, join: () => null }]),
    shape: 'KH004/tier',
    size: 2,
    decision: 'key',
  },
  {
    target: lookasideTarget(named('ids-joined-by-a-colon'), [
      { ...perViewer, key: (request) => `${request.user}:${request.camera}:${request.tier}:${request.channel}` },
    ]),
    shape: 'KH001/stranger',
    size: 2,
    decision: 'key',
  },
  {
    target: lookasideTarget(named('joined-without-asking'), [{ ...sharedEntries, hand: () => 'serve' }]),
    shape: 'KH001/stranger',
    size: 3,
    decision: 'join',
  },
  {
    target: lookasideTarget(named('stale-for-anybody-when-the-origin-fails'), [
      { ...sharedEntries, fallback: (_request, _entry, why) => (why === 'error' ? 'serve' : 'miss') },
    ]),
    shape: 'KH001/stranger',
    size: 4,
    decision: 'fallback',
  },
  {
    target: lookasideTarget(named('withdrawing-a-share-removes-nothing'), [
      { ...perViewer, invalidate: (notice, entry) => notice.kind !== 'unshare' && perViewer.invalidate(notice, entry) },
    ]),
    shape: 'KH002/unshared',
    size: 4,
    decision: 'invalidate',
  },
  {
    target: lookasideTarget(named('late-answers-are-stored'), [{ ...perViewer, admit: () => true }]),
    shape: 'KH002/unshared',
    size: 5,
    decision: 'admit',
  },
  {
    target: lookasideTarget(named('a-change-of-owner-removes-nothing'), [
      { ...sharedEntries, serve: () => 'serve', invalidate: (notice, entry) => notice.kind !== 'transfer' && sharedEntries.invalidate(notice, entry) },
    ]),
    shape: 'KH003/successor',
    size: 3,
    decision: 'invalidate',
  },
  {
    target: lookasideTarget(named('switching-a-channel-off-removes-nothing'), [
      { ...perViewer, invalidate: (notice, entry) => notice.kind !== 'disable' && perViewer.invalidate(notice, entry) },
    ]),
    shape: 'KH005/disabled',
    size: 3,
    decision: 'invalidate',
  },
  {
    target: lookasideTarget(
      named('served-beyond-its-lifetime'),
      [{ ...perViewer, serve: () => 'serve', invalidate: (notice, entry) => notice.kind !== 'unshare' && perViewer.invalidate(notice, entry) }],
      {},
      { told: false },
    ),
    shape: 'KH002/unshared',
    size: 5,
    decision: 'serve',
  },
  {
    target: edgeTarget(named('vary-is-not-looked-at'), [{ ...edge, matches: () => true }]),
    shape: 'KH001/stranger',
    size: 2,
    decision: 'key',
  },
];
