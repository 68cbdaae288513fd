import { describe, expect, it } from 'vitest';
import { operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import type { Reply } from '../../models/origin.ts';
import { StageCall } from '../run/call.ts';
import { Stage } from '../run/stage.ts';
import { HeaderLedger } from './wire-headers.ts';

const WORLD = { ...PLAIN_WORLD, policies: [{ cacheControl: 'private', vary: '', validator: true as const, session: true as const }] };

/** What the origin says to the owner of the first camera. */
function replies(stage: Stage, count: number): Reply[] {
  const said: Reply[] = [];
  for (let index = 0; index < count; index++) {
    const call = new StageCall(index);
    call.step = stage.compile(operation({ op: 'request', user: 0, camera: 0, template: 0 }));
    call.party = 0;
    stage.fetch(call, 'high', { resume: (_call, _contact, reply) => said.push({ ...reply }) });
  }
  return said;
}

function newStage(): Stage {
  return new Stage(WORLD, { terms: { told: false }, lifetimes: 'http', properties: [], record: false });
}

const fieldsOf = (ledger: HeaderLedger, reply: Reply): Record<string, string> => {
  const headers: Record<string, string | number> = {};
  ledger.give(reply, headers);
  return headers as Record<string, string>;
};

describe('the headers of the origin', () => {
  it('name the session of the caller in a header and in a cookie, and are read back from either', () => {
    const stage = newStage();
    const ledger = new HeaderLedger(stage);
    const headers = fieldsOf(ledger, replies(stage, 1)[0]!);
    expect(Object.keys(headers)).toEqual(['x-session', 'set-cookie', 'etag']);
    expect(ledger.partiesIn(headers)).toEqual([0]);
    expect(ledger.partiesIn({ 'set-cookie': [headers['set-cookie']!] })).toEqual([0]);
    expect(ledger.partiesIn({ 'x-other': `wrapped ${headers['x-session']!} in text` })).toEqual([0]);
  });

  it('hold no session where the reply is for none, and none is read where it is cut or from another session', () => {
    const stage = newStage();
    const ledger = new HeaderLedger(stage);
    const [reply] = replies(stage, 1);
    expect(fieldsOf(ledger, { ...reply!, party: -1 })['x-session']).toBeUndefined();
    const { 'x-session': nonce } = fieldsOf(ledger, reply!);
    expect(ledger.partiesIn({ 'x-session': nonce!.slice(0, -3) })).toEqual([]);
    expect(new HeaderLedger(stage).partiesIn({ 'x-session': nonce! })).toEqual([]);
  });

  it('give equal pictures one tag, and lead from it to the latest copy', () => {
    const stage = newStage();
    const ledger = new HeaderLedger(stage);
    const [first, second] = replies(stage, 2);
    const tag = fieldsOf(ledger, first!)['etag']!;
    expect(fieldsOf(ledger, second!)['etag']).toBe(tag);
    expect(ledger.frameOf(tag)).toBe(second!.frame);
    expect(ledger.frameOf(`W/${tag}`)).toBe(second!.frame);
    expect(ledger.frameOf('"somebody else\'s"')).toBeNull();
    stage.authority.capture(0);
    expect(fieldsOf(ledger, replies(stage, 1)[0]!)['etag']).not.toBe(tag);
  });

  it('prolong the life of every copy of a picture', () => {
    const stage = newStage();
    const ledger = new HeaderLedger(stage);
    const said = replies(stage, 2);
    for (const reply of said) fieldsOf(ledger, reply);
    const frames = said.map(({ frame }) => stage.frameOf((frame as { copy?: number }).copy!)!);
    stage.elapse(5000);
    ledger.prolong(ledger.frameOf(ledger.tagOf(frames[0]!))!, 60_000);
    expect(frames.map(({ untilMs }) => untilMs)).toEqual([65_000, 65_000]);
  });
});
