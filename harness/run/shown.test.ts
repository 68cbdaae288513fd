import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../models/domain/history.ts';
import { operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import type { Session } from '../../models/origin.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { addPicture } from './shown.ts';
import { Stage } from './stage.ts';

const NOW = { at: 1, ms: 0 };
const FRAME = { camera: 0, epoch: 0, owner: 0, sequence: 0, tier: 'high', copy: 0 } as const;

function answered(call: number): HistoryEvent {
  return { ...NOW, event: 'answered', call, frame: FRAME, fallback: false };
}

describe('addPicture', () => {
  it('puts a picture right after the answer of its call, before what was found wrong with it', () => {
    const history: HistoryEvent[] = [answered(0), answered(1), { ...NOW, event: 'violation', call: 1, property: 'KH001', kind: 'stranger' }];
    addPicture(history, { ...NOW, call: 1 }, () => 'data:one');
    addPicture(history, { ...NOW, call: 0 }, () => 'data:zero');
    expect(history.map(({ event }) => event)).toEqual(['answered', 'shown', 'answered', 'shown', 'violation']);
    expect(history.flatMap((event) => (event.event === 'shown' ? [event.picture] : []))).toEqual(['data:zero', 'data:one']);
  });

  it('asks for the picture when it is read, and not before', () => {
    let made = 0;
    const history = [answered(0)];
    addPicture(history, { ...NOW, call: 0 }, () => `data:${++made}`);
    expect(made).toBe(0);
    expect(JSON.parse(JSON.stringify(history))).toMatchObject([{}, { event: 'shown', picture: 'data:1' }]);
    expect(structuredClone(history)).toMatchObject([{}, { event: 'shown', picture: 'data:2' }]);
  });
});

describe('Stage.shown', () => {
  it('notes pictures while there is a history and the program goes on', () => {
    for (const record of [false, true]) {
      const stage = new Stage(PLAIN_WORLD, { terms: { told: true }, lifetimes: 'granted', properties: PROPERTIES, record });
      const session: Session = {
        ask: (call) => {
          stage.refused(call, 'refused');
          stage.shown(call, () => 'data:');
        },
        cancel: () => {},
        tell: () => {},
        close: () => {},
      };
      const step = stage.compile(operation({ op: 'request', user: 0, camera: 0, template: 0 }));
      stage.play(step, session);
      expect(stage.history?.map(({ event }) => event)).toEqual(record ? ['operation', 'asked', 'refused', 'shown'] : undefined);
      stage.shown(stage.calls[0]!, () => 'data:');
      stage.finish();
      stage.shown(stage.calls[0]!, () => 'data:');
      expect(stage.history?.filter(({ event }) => event === 'shown')).toEqual(record ? [expect.anything(), expect.anything()] : undefined);
    }
  });
});
