import { describe, expect, it } from 'vitest';
import { sharedEntries } from '../../models/lru.ts';
import type { Call, Session, Sink } from '../../models/origin.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab } from '../run/lab.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import { clientTarget } from '../targets/client.ts';
import { modelTarget } from '../targets/model.ts';
import { PLANTED_FAULTS } from '../targets/planted-faults.laws.ts';
import { toyProxy } from '../targets/proxy-toy.laws.ts';
import { lookasideTarget, REFERENCE_MODELS } from '../targets/reference.ts';
import type { Target } from '../targets/target.ts';
import { testWiring } from './wiring.ts';

const wiringOf = async (target: Target): Promise<string | null> => (await testWiring(new Lab(target, PROPERTIES))).fault;
const can = (target: Target, capabilities: Partial<Capabilities>): Target => ({ ...target, capabilities: { ...target.capabilities, ...capabilities } });

const LRU = REFERENCE_MODELS[0]!;

/** A cache that answers every call in one way, whoever asks. */
const always = (name: string, ask: (call: Call, sink: Sink) => void): Target =>
  modelTarget({ name, title: name, make: (_origin, sink): Session => ({ ask: (call) => ask(call, sink), cancel: () => {}, tell: () => {}, close: () => {} }) });

/** The target, behind an adapter that passes one kind of report on to nobody. */
const silent = (target: Target, to: keyof Sink): Target => ({
  ...target,
  open: (stage, options) => {
    const heard = new Proxy(stage, {
      get: (on, key) => {
        const value: unknown = Reflect.get(on, key);
        if (key === to) return () => {};
        return typeof value === 'function' ? (value.bind(on) as unknown) : value;
      },
    });
    return target.open(heard, options);
  },
});

/** A client without any cache, and what its adapter makes of the answers that it fetches. */
const client = (adapt: (response: Response) => unknown): Target =>
  clientTarget({
    name: 'client',
    frames: 'text',
    open: () => ({ request: async ({ url, method, headers, signal }) => adapt(await fetch(url, { method, headers, signal })) }),
  });

async function wiringOfClient(adapt: (response: Response) => unknown): Promise<string | null> {
  const target = client(adapt);
  try {
    return await wiringOf(target);
  } finally {
    await target.dispose!();
  }
}

/** The target, behind an adapter that forgets to put the tripwire in. */
const blind = (target: Target): Target => ({ ...target, open: (stage) => target.open(stage) });

describe('the wiring', () => {
  it.each(REFERENCE_MODELS.map((target) => [target.name, target] as const))('of %s is in order, whatever it can do', async (_name, target) => {
    expect(await wiringOf(target)).toBeNull();
    for (const less of [{ told: false }, { told: false, time: false }, { channels: false }, { concurrent: false }, { lifetimeMs: 5_000 }, { capacity: 1 }])
      expect(await wiringOf(can(target, less))).toBeNull();
  });

  it('of a cache that always refuses is not: nobody can tell it from one that is broken', async () => {
    const said = await wiringOf(always('refuses', (call, sink) => sink.refused(call, 'refused')));
    expect(said).toMatch(/owner.* was refused \(refused\); the origin was asked 0 times\./);
  });

  it('of a cache that fails says so', async () => {
    expect(await wiringOf(always('fails', (call, sink) => sink.refused(call, 'error')))).toContain('was refused (error)');
  });

  it('of a cache that never answers is not in order', async () => {
    expect(await wiringOf(always('silent', () => {}))).toContain('got no answer');
  });

  it('of an adapter that does not see what callers receive is not in order', async () => {
    expect(await wiringOf(blind(LRU))).toMatch(/^A leak was forced on the target \(the frame of one user is given to another\) and KH001 did not notice it/);
  });

  it('is tried on each way out: who sees one leak may miss another', async () => {
    // Its tripwire works until a right is withdrawn, or a channel is switched off: then the caller is refused, and nothing is seen.
    const shy = (deaf: string): Target => ({
      ...LRU,
      open: (stage, options) => {
        const session = LRU.open(stage, options) as Session;
        let isDeaf = false;
        const ask = (call: Call): void => (isDeaf ? stage.refused(call, 'refused') : session.ask(call));
        return {
          ask,
          cancel: () => {},
          tell: (notice) => {
            if (notice.kind === deaf) isDeaf = true;
            session.tell(notice);
          },
          close: () => session.close(),
        };
      },
    });
    expect(await wiringOf(shy('unshare'))).toMatch(/a user whose right was withdrawn\) and KH002 did not notice it/);
    expect(await wiringOf(shy('disable'))).toMatch(/a channel that is switched off\) and KH005 did not notice it/);
    expect(await wiringOf(can(shy('disable'), { channels: false }))).toBeNull();
    expect(await wiringOf(shy('purge'))).toMatch(/\(a frame is given out that was to be forgotten\) and KH009 did not notice it/);
    expect(await wiringOf(can(shy('purge'), { purge: false }))).toBeNull();
  });

  it('is tried on what an answer over HTTP says beside its picture, where the target speaks HTTP', async () => {
    const cdn = REFERENCE_MODELS.find(({ capabilities }) => capabilities.http)!;
    expect(await wiringOf(cdn)).toBeNull();
    expect(await wiringOf(silent(cdn, 'header'))).toMatch(
      /\(the headers made for one user are given to another\) and KH007 did not notice it: .* declare `http: false`\.$/,
    );
    expect(await wiringOf(silent(cdn, 'described'))).toMatch(/\(a user is told by a 304 about a frame of another\) and KH008 did not notice it/);
    expect(await wiringOf(can(silent(silent(cdn, 'header'), 'described'), { http: false }))).toBeNull();
    // A server that takes headers out does so on purpose: the rest is checked.
    const server: Target = { ...silent(cdn, 'header'), kind: 'proxy' };
    expect(await testWiring(new Lab(server, PROPERTIES))).toEqual({ fault: null, unseen: ['KH007'] });
  });

  it('of a client is in order, and not of one whose adapter keeps headers or tags to itself', async () => {
    expect(await wiringOfClient((response) => response)).toBeNull();
    // Who throws at what is no success is wired up all the same.
    const throwing = (response: Response): Response => {
      if (!response.ok) throw new Error(String(response.status));
      return response;
    };
    expect(await wiringOfClient(throwing)).toBeNull();
    const bare = async (response: Response, kept: readonly string[]): Promise<unknown> => ({
      status: response.status,
      headers: Object.fromEntries([...response.headers].filter(([name]) => kept.includes(name))),
      body: await response.arrayBuffer(),
    });
    expect(await wiringOfClient((response) => bare(response, []))).toContain('KH007 did not notice it');
    expect(await wiringOfClient((response) => bare(response, ['x-session']))).toContain('KH008 did not notice it');
    expect(await wiringOfClient((response) => bare(response, ['set-cookie', 'etag']))).toBeNull();
  });

  it('of a server is in order', async () => {
    const target = toyProxy();
    expect(await wiringOf(target)).toBeNull();
    await target.dispose!();
  });

  it('of a cache that leaks is in order', async () => {
    for (const { target } of PLANTED_FAULTS) expect(await wiringOf(target)).toBeNull();
    const first = lookasideTarget({ name: 'first', title: '' }, [{ ...sharedEntries, key: () => 'one', serve: () => 'serve' }]);
    expect(await wiringOf(first)).toBeNull();
  });
});
