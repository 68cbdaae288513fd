import type { History, HistoryEvent } from '../../models/domain/history.ts';

export type Asked = HistoryEvent & { readonly event: 'asked' };
export type Answered = HistoryEvent & { readonly event: 'answered' };
export type Origin = HistoryEvent & { readonly event: 'origin' };
type Contact = HistoryEvent & { readonly event: 'contact' };
type Operated = HistoryEvent & { readonly event: 'operation' };

export function askedBy(history: History, call: number): Asked | undefined {
  return history.find((event): event is Asked => event.event === 'asked' && event.call === call);
}

/** The frames that were received by calls of some sort. */
export function answersTo(history: History, isOfSort: (asked: Asked) => boolean): Answered[] {
  return history.filter((event): event is Answered => {
    const asked = event.event === 'answered' ? askedBy(history, event.call) : undefined;
    return asked !== undefined && isOfSort(asked);
  });
}

/** What the origin was first asked on behalf of a call. */
export function contactOf(history: History, call: number, contact: Contact['contact']): Contact | undefined {
  return history.find((event): event is Contact => event.event === 'contact' && event.call === call && event.contact === contact);
}

/** Whether the origin gives a frame. */
export function isFrameGiven(event: HistoryEvent): event is Origin {
  return event.event === 'origin' && event.contact === 'fetch' && event.status === 'ok';
}

/** Whether the origin allows somebody to see a camera. */
export function isAllowance(event: HistoryEvent): event is Origin {
  return event.event === 'origin' && event.contact === 'authorise' && event.status === 'ok';
}

/** The operations of some kinds that lie between two others. */
export function operationsBetween(history: History, kinds: ReadonlySet<string>, after: number, before: number): Operated[] {
  return history.filter((event): event is Operated => event.event === 'operation' && kinds.has(event.operation.op) && event.at > after && event.at < before);
}

/** What takes rights away, or what is kept. */
export const CHANGES: ReadonlySet<string> = new Set(['unshare', 'unpublish', 'transfer', 'recreate', 'unlink', 'disable', 'purge', 'restart']);

/** Whether something that takes rights away lies between two operations. */
export function isChanged(history: History, after: number, before: number): boolean {
  return operationsBetween(history, CHANGES, after, before).length > 0;
}

/** Whether the same caller asks for the same camera. */
export function isSameView(one: Asked, other: Asked): boolean {
  return one.user === other.user && one.camera === other.camera;
}

export function isSameRequest(one: Asked, other: Asked): boolean {
  return isSameView(one, other) && one.template === other.template;
}
