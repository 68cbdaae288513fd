import type { HistoryEvent } from '../../models/domain/history.ts';

/** Pictures kept in a history: the last ones, since a run is recorded for what happened at its end. */
const KEPT = 32;

/** Adds to a history what a call saw, right after its answer. `picture` is asked for when the event is read. */
export function addPicture(history: HistoryEvent[], told: { readonly at: number; readonly ms: number; readonly call: number }, picture: () => string): void {
  const pictures = history.filter(({ event }) => event === 'shown');
  if (pictures.length >= KEPT) history.splice(history.indexOf(pictures[0]!), 1);
  // What was found wrong with the answer stands behind it already.
  const answer = history.findLastIndex((event) => (event.event === 'answered' || event.event === 'refused') && event.call === told.call);
  history.splice(answer + 1, 0, {
    ...told,
    event: 'shown',
    get picture() {
      return picture();
    },
  });
}
