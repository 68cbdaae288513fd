import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../models/domain/history.ts';
import type { Counterexample } from './document.ts';
import { receivedIn } from './received.ts';
import { strangerCounterexample } from './sample-document.laws.ts';

const PICTURE = 'data:image/jpeg;base64,/9j/4AAQSkZJRg==';

function shownAfter(isAfter: (event: HistoryEvent) => boolean, picture: string): Counterexample {
  const whole = strangerCounterexample();
  const history = whole.history.flatMap((event): HistoryEvent[] =>
    isAfter(event) && 'call' in event ? [event, { at: event.at, ms: event.ms, event: 'shown', call: event.call, picture }] : [event],
  );
  return { ...whole, history };
}

describe('receivedIn', () => {
  it('lists who received what, which of it was brought in and which leaked', () => {
    const received = receivedIn(strangerCounterexample());
    expect(received.map(({ instant, call, frame, picture, tone }) => [instant, call, frame!.owner, picture, tone])).toEqual([
      [1, 0, 0, null, 'plant'],
      [2, 1, 0, null, 'leak'],
    ]);
  });

  it('finds the one frame of a torn answer that leaked', () => {
    const whole = strangerCounterexample();
    const torn = whole.history.flatMap((event): HistoryEvent[] =>
      event.event === 'answered' && event.call === 1 ? [{ ...event, frame: { ...event.frame, camera: 1, owner: 1, copy: 1 } }, event] : [event],
    );
    expect(receivedIn({ ...whole, history: torn }).map(({ frame, tone }) => [frame!.camera, tone])).toEqual([
      [0, 'plant'],
      [1, 'plain'],
      [0, 'leak'],
    ]);
  });

  it('takes pictures as they were received', () => {
    expect(receivedIn(shownAfter(({ event }) => event === 'answered', PICTURE)).map(({ picture }) => picture)).toEqual([PICTURE, PICTURE]);
  });

  it('keeps a picture in which no mark could be read', () => {
    const whole = shownAfter(({ event }) => event === 'answered', PICTURE);
    const refused = whole.history.map((event): HistoryEvent => {
      const { at, ms } = event;
      return event.event === 'answered' && event.call === 0 ? { at, ms, event: 'refused', call: 0, status: 'error' } : event;
    });
    expect(receivedIn({ ...whole, history: refused })[0]).toEqual({ instant: 1, call: 0, frame: null, picture: PICTURE, tone: 'plain' });
  });

  it.each([
    'https://example.org/x.jpg',
    'data:image/svg+xml;base64,PHN2Zz4=',
    'data:text/html;base64,PHN2Zz4=',
    'data:image/jpeg;base64,/9j/" onerror="alert(1)',
    `data:image/jpeg;base64,${'A'.repeat(500_000)}`,
    '',
  ])('takes nothing for a picture that is none: %.40s', (picture) => {
    expect(receivedIn(shownAfter(({ event }) => event === 'answered', picture)).map((one) => one.picture)).toEqual([null, null]);
  });
});
