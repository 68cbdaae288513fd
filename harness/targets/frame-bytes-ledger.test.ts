import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { MarkedFrame } from '../../models/domain/authority.ts';
import { operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import type { Call, Contact, Reply, Session } from '../../models/origin.ts';
import { Stage } from '../run/stage.ts';
import { FrameLedger } from './frame-bytes-ledger.ts';
import { pictureFrames } from './picture-frames.ts';

/** A stage on which alice fetches her door, then later her door again, then bob his yard: copies 0, 1 and 2. */
function fetched(): { stage: Stage; frames: readonly MarkedFrame[] } {
  const stage = new Stage(PLAIN_WORLD, { terms: { told: false }, lifetimes: 'granted', properties: [], record: false });
  const frames: MarkedFrame[] = [];
  const session: Session = {
    ask: (call: Call) =>
      stage.fetch(call, 'high', {
        resume: (_call: Call, _contact: Contact, { frame }: Reply) => {
          frames.push(frame as MarkedFrame);
        },
      }),
    cancel: () => {},
    tell: () => {},
    close: () => {},
  };
  for (const step of [
    operation({ op: 'request', user: 0, camera: 0, template: 0 }),
    operation({ op: 'advance', by: 1000 }),
    operation({ op: 'request', user: 0, camera: 0, template: 0 }),
    operation({ op: 'request', user: 1, camera: 1, template: 0 }),
  ])
    stage.play(stage.compile(step), session);
  return { stage, frames };
}

describe('FrameLedger with pictures', () => {
  const { stage, frames } = fetched();
  const [early, late, yard] = frames as [MarkedFrame, MarkedFrame, MarkedFrame];
  const ledger = new FrameLedger(stage, pictureFrames);
  const files = frames.map((frame) => ledger.give(frame));

  it('knows each copy by its bytes', () => {
    for (const [index, file] of files.entries()) expect(ledger.find(file)).toMatchObject({ frames: [frames[index]], stray: null, isLegible: true });
    expect(ledger.find(files[0]!).frames[0]).toBe(early);
    expect(ledger.find(files[1]!).frames[0]).toBe(late);
  });

  it('takes pixels for the copy that lives longest', async () => {
    expect(late.untilMs).toBeGreaterThan(early.untilMs);
    const { frames: found } = ledger.find(await sharp(files[0]).jpeg().toBuffer());
    expect(found).toHaveLength(1);
    expect(found[0]).toBe(late);
  });

  it('takes no frame that was not given out', async () => {
    const other = new FrameLedger(stage, pictureFrames);
    const foreign = other.give(yard);
    for (const answer of [foreign, await sharp(foreign).jpeg().toBuffer()]) expect(ledger.find(answer)).toMatchObject({ frames: [], stray: { camera: 1 } });
    expect(other.find(await sharp(foreign).jpeg().toBuffer()).frames).toEqual([yard]);
    expect(other.find(await sharp(files[0]).jpeg().toBuffer())).toMatchObject({ frames: [], stray: { camera: 0 } });
  });

  it('does not notice what becomes of the bytes that it gave', () => {
    const bytes = ledger.give(early);
    const copy = Buffer.from(bytes);
    bytes.fill(0);
    expect(ledger.find(copy).frames[0]).toBe(early);
  });
});

describe('FrameLedger with text', () => {
  const { stage, frames } = fetched();
  const [early, , yard] = frames as [MarkedFrame, MarkedFrame, MarkedFrame];

  it('gives out frames in memory in which the end of that of somebody else lies before them', () => {
    const ledger = new FrameLedger(stage);
    ledger.give(yard);
    const door = ledger.give(early);
    expect(door.byteOffset).toBeGreaterThan(0);
    expect(ledger.find(door).frames).toEqual([early]);
    expect(ledger.find(new Uint8Array(door.buffer)).frames).toEqual([yard, early]);
  });

  it('keeps frames from being hurt by what becomes of the memory of another one', () => {
    const ledger = new FrameLedger(stage);
    const given = [yard, early, yard].map((frame) => ledger.give(frame));
    structuredClone(given[1], { transfer: [given[1]!.buffer as ArrayBuffer] });
    new Uint8Array(given[2]!.buffer).fill(0);
    expect(given[1]).toHaveLength(0);
    expect(ledger.find(given[0]!).frames).toEqual([yard]);
    expect(ledger.find(ledger.give(early)).frames).toEqual([early]);
  });

  it('gives the same bytes for the same session', () => {
    const bytes = [5, 5, 6].map((session) => new FrameLedger(stage, undefined, session).give(early));
    expect(bytes[1]).toEqual(bytes[0]);
    expect(bytes[2]).not.toEqual(bytes[0]);
  });

  it('takes no frame that a session with the same number gave out, and this one did not', () => {
    const [one, other] = [new FrameLedger(stage, undefined, 5), new FrameLedger(stage, undefined, 5)];
    const foreign = one.give({ ...yard, sequence: 9 });
    expect(other.find(foreign)).toMatchObject({ frames: [], stray: { camera: 1, sequence: 9 } });
  });
});
