import jpeg from 'jpeg-js';
import { afterAll, describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../models/domain/history.ts';
import { operation, type Operation } from '../../models/domain/operation.ts';
import { PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { readCounterexample, writeCounterexample } from '../report/counterexample-file.ts';
import { Lab, type Outcome } from '../run/lab.ts';
import { appTarget } from './app.ts';
import type { Answer } from './function-answer.ts';
import { functionTarget } from './function.ts';
import { pictureFrames } from './picture-frames.ts';
import type { Target } from './target.ts';

const WORLD: World = { ...PLAIN_WORLD, templates: [PLAIN_TEMPLATE, { ...PLAIN_TEMPLATE, tier: 'low' }] };
const ask = (user: number, camera: number, template: number = 0): Operation => operation({ op: 'request', user, camera, template });

const targets: Target[] = [];
afterAll(async () => {
  for (const made of targets) await made.dispose?.();
});

/** What becomes of a picture on its way through the cache. */
type Change = (body: Buffer) => Answer;

const recode: Change = (body) => jpeg.encode(jpeg.decode(body), 40).data;
/** Every second pixel of every second row. */
const halve: Change = (body) => {
  const { width, height, data } = jpeg.decode(body);
  const half = Buffer.alloc((width / 2) * (height / 2) * 4);
  for (let at = 0; at < half.length / 4; at++)
    data.copy(
      half,
      4 * at,
      4 * (2 * Math.floor(at / (width / 2)) * width + 2 * (at % (width / 2))),
      4 * (2 * Math.floor(at / (width / 2)) * width + 2 * (at % (width / 2))) + 4,
    );
  return jpeg.encode({ width: width / 2, height: height / 2, data: half }, 70).data;
};

/** Keeps what it fetched under what `key` says of a request, and changes it on the way in. */
function target(key: (request: { user: string; camera: string; tier: string }) => string, change: Change = (body) => body): Target {
  return functionTarget({
    name: 'pictures',
    frames: 'picture',
    open: ({ origin }) => {
      const kept = new Map<string, Answer>();
      return {
        get: async (request) => {
          const found = kept.get(key(request));
          if (found !== undefined) return found;
          const { body } = await origin.fetch(request);
          if (body === null) return null;
          kept.set(key(request), change(body));
          return kept.get(key(request));
        },
      };
    },
  });
}

function run(subject: Target, ...operations: readonly Operation[]): Outcome | Promise<Outcome> {
  return new Lab(subject, PROPERTIES).try({ world: WORLD, operations }, { record: true });
}

function shownIn({ history }: Outcome): Extract<HistoryEvent, { event: 'shown' }>[] {
  return history.filter((event) => event.event === 'shown');
}

function fileOf(picture: string): Buffer {
  return Buffer.from(picture.slice(picture.indexOf(',') + 1), 'base64');
}

const BOTH = [ask(0, 0), ask(1, 0)];

describe('pictures as the frames of a target', () => {
  it.each([
    ['as they are', (body: Buffer) => body],
    ['encoded anew', recode],
    ['as base64 in JSON', (body: Buffer) => ({ status: 200, body: JSON.stringify({ image: body.toString('base64') }) })],
    ['encoded anew, as a data URL', (body: Buffer) => `data:image/jpeg;base64,${(recode(body) as Buffer).toString('base64')}`],
  ])('show who receives what belongs to somebody else, %s', async (_name, change) => {
    const { breaches } = await run(
      target(({ camera }) => camera, change),
      ...BOTH,
    );
    expect(breaches).toEqual([{ property: 'KH001', kind: 'stranger', instant: 2, call: 1 }]);
  });

  it('accuse nobody who keeps a copy for each caller', async () => {
    const own = target(({ user, camera, tier }) => JSON.stringify([user, camera, tier]), recode);
    const { breaches, history } = await run(own, ask(0, 0), ask(1, 0), ask(1, 1), ask(0, 0), operation({ op: 'capture', camera: 0 }), ask(0, 0), ask(0, 0, 1));
    expect(breaches).toEqual([]);
    expect(history.filter(({ event }) => event === 'answered')).toHaveLength(5);
  });

  it('are of the tier that they were made into', async () => {
    const scaling = functionTarget({
      name: 'scaling',
      frames: 'picture',
      open: ({ origin }) => ({
        get: async ({ user, camera, tier }) => {
          const { body } = await origin.fetch({ user, camera, tier: 'high' });
          return body === null || tier === 'high' ? body : halve(body);
        },
      }),
    });
    const { breaches, history } = await run(scaling, ask(0, 0), ask(0, 0, 1));
    expect(breaches).toEqual([]);
    expect(history.flatMap((event) => (event.event === 'answered' ? [event.frame.tier] : []))).toEqual(['high', 'low']);
  });

  it('are a fault of the target where nothing can be read of them', async () => {
    const black: Change = () => jpeg.encode({ width: 320, height: 200, data: Buffer.alloc(320 * 200 * 4) }, 50).data;
    await expect(
      run(
        target(() => '', black),
        ask(0, 0),
      ),
    ).rejects.toThrow('holds no frame of the origin');
    const beside: Change = (body) => Buffer.concat([body, black(body) as Buffer]);
    await expect(
      run(
        target(() => '', beside),
        ask(0, 0),
      ),
    ).rejects.toThrow('beside a frame, an answer holds a picture that cannot be read');
  });

  it('are named as what they are where they outlive their session', async () => {
    let kept: Buffer | null = null;
    const remembering = functionTarget({
      name: 'remembering',
      frames: 'picture',
      open: ({ origin }) => ({
        get: async (request) => (kept ??= recode((await origin.fetch(request)).body!) as Buffer),
      }),
    });
    await run(remembering, ask(0, 0));
    await expect(run(remembering, ask(0, 0))).rejects.toThrow('made for another session');
  });

  it('go over HTTP', async () => {
    const app = appTarget({
      name: 'pictures-app',
      frames: 'picture',
      build: ({ origin, requestOf }) => {
        const cache = new Map<string, Buffer>();
        return async (request, response) => {
          const { status, body, headers } = cache.has(request.url!)
            ? { status: 200, body: cache.get(request.url!)!, headers: {} }
            : await origin.fetch(requestOf(request));
          if (body !== null) cache.set(request.url!, body);
          response.writeHead(status, headers).end(body);
        };
      },
    });
    targets.push(app);
    const outcome = await run(app, ...BOTH);
    expect(outcome.breaches).toMatchObject([{ property: 'KH001', kind: 'stranger' }]);
    expect(shownIn(outcome).map(({ call }) => call)).toEqual([0, 1]);
  });
});

describe('the history of a target with pictures', () => {
  it('shows each right after the answer, as it was received', async () => {
    const outcome = await run(
      target(({ camera }) => camera, recode),
      ...BOTH,
    );
    const { history } = outcome;
    expect(history.map(({ event }) => event)).toEqual([
      ...['operation', 'asked', 'contact', 'origin', 'answered', 'shown'],
      ...['operation', 'asked', 'answered', 'shown', 'violation'],
    ]);
    const [first, second] = shownIn(outcome);
    expect(first!.picture).toBe(second!.picture);
    expect(fileOf(first!.picture).subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    expect(pictureFrames.read(fileOf(first!.picture), () => false).marks).toMatchObject([{ camera: 0, owner: 0, epoch: 0, sequence: 0, tier: 'high' }]);
  });

  it('is the same each time where pictures are passed on as they are', async () => {
    const leaky = target(({ camera }) => camera);
    expect(JSON.stringify((await run(leaky, ...BOTH)).history)).toBe(JSON.stringify((await run(leaky, ...BOTH)).history));
  });

  it('does not change when the cache uses its memory again', async () => {
    const shared = Buffer.alloc(100_000);
    const recycling = functionTarget({
      name: 'recycling',
      frames: 'picture',
      open: ({ origin }) => ({
        get: async (request) => {
          const { body } = await origin.fetch(request);
          if (body === null) return null;
          return shared.subarray(0, (recode(body) as Buffer).copy(shared));
        },
      }),
    });
    const [first, second] = shownIn(await run(recycling, ask(0, 0), ask(1, 1)));
    expect(first!.picture).not.toBe(second!.picture);
  });

  it('shows what stands on the page of a refusal', async () => {
    const showing = functionTarget({
      name: 'showing',
      frames: 'picture',
      open: () => ({ get: () => ({ status: 403, body: jpeg.encode({ width: 8, height: 8, data: Buffer.alloc(256) }, 50).data }) }),
    });
    expect((await run(showing, ask(0, 0))).history.map(({ event }) => event)).toEqual(['operation', 'asked', 'refused', 'shown']);
  });

  it('shows nothing where frames are text, or larger than a history should be', async () => {
    const text = functionTarget({ name: 'text', open: ({ origin }) => ({ get: async (request) => (await origin.fetch(request)).body }) });
    expect(shownIn(await run(text, ask(0, 0)))).toEqual([]);
    const long: Change = (body) => Buffer.concat([Buffer.from('\xff\xd8\xff', 'latin1'), body, Buffer.alloc(200_000)]);
    expect(
      shownIn(
        await run(
          target(() => '', long),
          ask(0, 0),
        ),
      ),
    ).toEqual([]);
  });

  it('keeps the last pictures of many', async () => {
    const own = target(({ user, camera }) => JSON.stringify([user, camera]));
    const outcome = await run(own, ...Array.from({ length: 40 }, () => ask(0, 0)));
    expect(shownIn(outcome).map(({ call }) => call)).toEqual(Array.from({ length: 32 }, (_, index) => index + 8));
  });

  it('is part of a counterexample file, and nothing else may be there in its place', async () => {
    const outcome = await run(
      target(({ camera }) => camera),
      ...BOTH,
    );
    const explanation = { decision: 'key', sentence: 'The key leaves out the caller.', matters: [], indifferent: [] } as const;
    const fields = { tool: { name: 'keyhole', version: '0.1.0' }, target: 'pictures', property: 'KH001', kind: 'stranger', seed: 1, explanation } as const;
    const { text } = writeCounterexample({ ...fields, program: { world: WORLD, operations: BOTH }, history: outcome.history });
    const read = readCounterexample(text);
    expect(read).toMatchObject({ ok: true, edited: false });
    expect(read.ok && read.value.history.filter(({ event }) => event === 'shown')).toEqual(shownIn(outcome).map((event) => ({ ...event })));
    for (const picture of [
      'data:image/svg+xml;base64,AAAA',
      'data:image/jpeg;base64,AA"AA',
      'https://example.org/a.jpg',
      `data:image/jpeg;base64,${'A'.repeat(140_000)}`,
    ]) {
      const history = outcome.history.map((event) => (event.event === 'shown' ? { ...event, picture } : event));
      const forged = writeCounterexample({ ...fields, program: { world: WORLD, operations: BOTH }, history });
      expect(readCounterexample(forged.text).ok).toBe(false);
    }
  });
});
