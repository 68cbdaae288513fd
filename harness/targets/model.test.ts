import { describe, expect, it } from 'vitest';
import { operation, type Operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { Lookaside } from '../../models/lookaside.ts';
import { perViewer } from '../../models/lru.ts';
import type { Session } from '../../models/origin.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { compile, play } from '../run/run.ts';
import { Stage } from '../run/stage.ts';
import { modelTarget } from './model.ts';
import type { Target } from './target.ts';

const made: Session[] = [];
const target = (): Target =>
  modelTarget({
    name: 'per-viewer',
    title: 'an entry for each viewer',
    capabilities: { channels: false },
    make(origin, sink, { capacity }) {
      const session = new Lookaside(origin, sink, { policies: [perViewer], capacity, limit: 'count', renditions: 'fetched' });
      made.push(session);
      return session;
    },
  });

function stageOf(): Stage {
  return new Stage(PLAIN_WORLD, { terms: { told: true }, lifetimes: 'granted', properties: PROPERTIES, record: true });
}

function run(subject: Target, stage: Stage, tripwire = false): void {
  const program: Operation[] = [
    { op: 'request', user: 0, camera: 0, template: 0 },
    { op: 'request', user: 1, camera: 0, template: 0 },
  ];
  const session = subject.open(stage, { tripwire }) as Session;
  play(stage, session, compile(stage, program.map(operation)));
  void session.close();
}

describe('modelTarget', () => {
  it('says what it is and what it can do', () => {
    expect(target()).toMatchObject({ name: 'per-viewer', kind: 'model', capabilities: { told: true, channels: false, concurrent: true } });
  });

  it('makes one cache for a stage and uses it again', () => {
    made.length = 0;
    const subject = target();
    const stage = stageOf();
    for (let runs = 0; runs < 3; runs++) {
      run(subject, stage);
      expect(stage.history!.filter(({ event }) => event === 'contact')).toHaveLength(2);
      expect(stage.breaches).toEqual([]);
    }
    expect(made).toHaveLength(1);
    run(subject, stageOf());
    expect(made).toHaveLength(2);
  });

  it('springs the tripwire in a cache of its own', () => {
    const subject = target();
    const stage = stageOf();
    run(subject, stage, true);
    expect(stage.breaches).toEqual([expect.objectContaining({ property: 'KH001', call: 1 })]);
    run(subject, stage);
    expect(stage.breaches).toEqual([]);
  });
});
