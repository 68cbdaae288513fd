import { statSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { operation, type Operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { checkTarget } from '../campaign/check.ts';
import { Lab } from '../run/lab.ts';
import { targetConformance } from './conformance.ts';
import { toyProxy } from './proxy-toy.laws.ts';
import { proxyTarget } from './proxy.ts';
import { type Target, TargetFault } from './target.ts';

const DOOR = { user: 0, camera: 0, template: 0 };
const OWNER: Operation = { op: 'request', ...DOOR };
const STRANGER: Operation = { op: 'request', user: 1, camera: 0, template: 0 };
const OPEN_WORLD: World = { ...PLAIN_WORLD, policies: [{ cacheControl: 'public, max-age=60', vary: '' }] };

async function disposing<T>(target: Target, work: (target: Target) => Promise<T>): Promise<T> {
  try {
    return await work(target);
  } finally {
    await target.dispose?.();
  }
}

/** Plays operations in a world where everything may be kept, and returns what happened as short words. */
async function played(target: Target, operations: readonly Operation[], world: World = OPEN_WORLD): Promise<{ said: string[]; breaches: string[] }> {
  const { history, breaches } = await new Lab(target, PROPERTIES).try({ world, operations: operations.map(operation) }, { record: true });
  const said = history.flatMap((event) =>
    event.event === 'answered' || event.event === 'cancelled'
      ? [`${event.event} ${event.call}`]
      : event.event === 'refused'
        ? [`${event.status} ${event.call}`]
        : event.event === 'contact'
          ? [`asked for ${event.call}`]
          : [],
  );
  return { said, breaches: breaches.map(({ property, kind }) => `${property} ${kind}`) };
}

const faultOf = (target: Target): Promise<TargetFault> =>
  disposing(target, async () => {
    try {
      await played(target, [OWNER, OWNER]);
    } catch (error) {
      if (error instanceof TargetFault) return error;
    }
    throw new Error('There was no fault.');
  });

describe('a proxy target', () => {
  const laws = targetConformance({
    correct: () => toyProxy(),
    broken: { ends: () => toyProxy('exit'), 'answers garbage': () => toyProxy('garbage') },
    properties: PROPERTIES,
  });
  it.each(laws.map((law) => ({ name: law.name, law })))('$name', async ({ law }) => {
    await expect(law.check()).resolves.toBeUndefined();
  });

  it('passes on to the origin, and answers from the cache', () =>
    disposing(toyProxy(), async (target) => {
      expect(await played(target, [OWNER, OWNER, STRANGER])).toEqual({
        said: ['asked for 0', 'answered 0', 'answered 1', 'asked for 2', 'refused 2'],
        breaches: [],
      });
    }));

  it('shows a leak for what it is', () =>
    disposing(toyProxy('shared'), async (target) => {
      expect(await played(target, [OWNER, STRANGER])).toEqual({ said: ['asked for 0', 'answered 0', 'answered 1'], breaches: ['KH001 stranger'] });
    }));

  it('holds contacts back until the program lets them go, with every outcome', () =>
    disposing(toyProxy(), async (target) => {
      const outcomes = ['reply', 'refuse', 'error', 'drop'] as const;
      const operations = outcomes.flatMap((outcome): Operation[] => [
        { op: 'begin', ...DOOR, camera: 1, user: 1 },
        OWNER,
        { op: 'release', ...DOOR, camera: 1, user: 1, outcome },
      ]);
      const { said } = await played(target, operations, PLAIN_WORLD_WITHOUT_KEEPING);
      const endings = said.filter((word) => !word.startsWith('asked'));
      expect(endings).toEqual([0, 2, 4, 6].flatMap((call, place) => [`answered ${call + 1}`, `${['answered', 'refused', 'error', 'error'][place]} ${call}`]));
    }));

  it('stores for the next what the caller did not wait for', () =>
    disposing(toyProxy(), async (target) => {
      const gone: Operation[] = [{ op: 'begin', ...DOOR }, { op: 'cancel', ...DOOR }, { op: 'release', ...DOOR, outcome: 'reply' }, OWNER];
      expect((await played(target, gone)).said).toEqual(['asked for 0', 'cancelled 0', 'answered 1']);
    }));

  it('counts what comes to the origin on behalf of somebody who did not ask', () =>
    disposing(
      toyProxy('apart', {
        request: ({ method, path, query, headers }) => ({ method, path: `${path}${query}`, headers: path.includes('yard') ? {} : headers }),
      }),
      async (target) => {
        const lab = new Lab(target, PROPERTIES);
        const ask = (camera: number): Operation => operation({ op: 'request', user: camera, camera, template: 0 });
        await lab.try({ world: OPEN_WORLD, operations: [ask(0), ask(0)] });
        expect(lab.strays).toBe(0);
        // Its credentials are lost on the way.
        await lab.try({ world: OPEN_WORLD, operations: [ask(0), ask(1), ask(1)] });
        expect(lab.strays).toBe(2);
      },
    ));

  it.skipIf(process.getuid?.() !== 0)('lets a server that root starts become somebody else: its folder can be passed through, and not be read', async () => {
    const modes: number[] = [];
    const target = proxyTarget({
      name: 'absent',
      evidence: { server: 'x' },
      start: ({ directory }) => {
        modes.push(statSync(directory).mode & 0o777);
        return { command: 'keyhole-no-such-program' };
      },
    });
    await faultOf(target);
    expect(modes).toEqual([0o711]);
  });

  it('says what it stands on', () => {
    expect(toyProxy().evidence).toBe(`a toy ${process.versions.node}, started for this check, its time not moved`);
    expect(toyProxy().capabilities.time).toBe(false);
    const none = proxyTarget({ name: 'none', evidence: { server: 'nothing' }, start: null });
    expect(none.evidence).toBe('nothing: the origin of the harness, asked directly');
  });

  it('is inconclusive where there is no cache', () =>
    disposing(proxyTarget({ name: 'none', evidence: { server: 'nothing' }, start: null }), async (target) => {
      const report = await checkTarget(target, { seed: 1, runs: 60, enumerate: false });
      expect(report).toMatchObject({ verdict: 'inconclusive', fault: false, violations: [] });
      expect(report.missing).toContain('hit');
    }));
});

const PLAIN_WORLD_WITHOUT_KEEPING: World = { ...PLAIN_WORLD, policies: [{ cacheControl: 'no-store', vary: '' }] };

describe('a proxy target whose time is not seen to move', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('does without: it says so, lets no time pass, and is at fault where a program needs it', () => {
    // The loader says that it cannot preload this, and goes on: the server lives in the real time.
    vi.stubEnv('KEYHOLE_FAKETIME', import.meta.filename);
    return disposing(toyProxy('apart', { time: 'libfaketime' }), async (target) => {
      expect(target.capabilities.time).toBe(true);
      expect((await played(target, [OWNER, OWNER])).said).toEqual(['asked for 0', 'answered 0', 'answered 1']);
      expect(target.capabilities.time).toBe(false);
      expect(target.evidence).toContain('started for this check, its time not moved, since it was not seen to move under libfaketime');
      await expect(played(target, [OWNER, { op: 'advance', by: 61_000 }, OWNER])).rejects.toThrow('the time of toy cannot be moved');
    });
  });
});

describe('a proxy target that is at fault', () => {
  it('says what is missing and how to install it', async () => {
    const target = proxyTarget({
      name: 'absent',
      evidence: { server: 'x' },
      install: 'apt-get install x',
      start: () => ({ command: 'keyhole-no-such-program' }),
    });
    expect(await faultOf(target)).toMatchObject({ message: expect.stringContaining('keyhole-no-such-program'), remedy: 'Install it: apt-get install x' });
    const versionless = proxyTarget({ name: 'absent', evidence: { server: 'x', version: ['keyhole-no-such-program', '-v'] }, start: () => ({ command: 'x' }) });
    expect(versionless.evidence).toContain('(not installed here)');
  });

  it('says what a server said that does not start, without letting it paint the terminal', async () => {
    const { message } = await faultOf(toyProxy('exit'));
    expect(message).toContain('toy did not start: it ended with code 7. It said: "cannot go on: \\u001b[31mred\\u0007"');
  });

  it('gives a page without a mark its name', async () => {
    expect((await faultOf(toyProxy('garbage'))).message).toContain('an answer with status 200 holds no frame of the origin');
  });

  it('starts a server for each program where what is kept of one comes out in the next: a correct one holds, and a leak is shown', async () => {
    const sharing: Operation = { op: 'share', camera: 0, user: 1 };
    const right = { said: ['asked for 0', 'answered 0', 'asked for 1', 'answered 1'], breaches: [] };
    await disposing(toyProxy('nameless apart'), async (target) => {
      for (let times = 0; times < 3; times++) expect(await played(target, [sharing, OWNER, STRANGER])).toEqual(right);
    });
    await disposing(toyProxy('nameless shared'), async (target) => {
      for (let times = 0; times < 3; times++)
        expect(await played(target, [OWNER, STRANGER])).toEqual({ said: ['asked for 0', 'answered 0', 'answered 1'], breaches: ['KH001 stranger'] });
    });
  });

  it('says what a server answers that does not lead to the origin', async () => {
    expect(await faultOf(toyProxy('astray'))).toMatchObject({
      message: 'toy does not lead to the origin: it answers, with status 502 and 11 bytes as its body: "no upstream"',
      remedy: expect.stringMatching(/pass every path on to http:\/\/127\.0\.0\.1:\d+/),
    });
  }, 30_000);

  it('does not lead to the origin', async () => {
    const target = proxyTarget({ name: 'elsewhere', evidence: { server: 'x' }, start: { host: '127.0.0.1', port: 1, originPort: 0 } });
    expect((await faultOf(target)).message).toContain('does not lead to the origin');
  });

  it.each([
    ['leaves a "?" behind', '?', /asked for "(\/~\w+\/\d+)", and asked the origin for "\1\?"$/],
    ['writes a path anew', '/../x', /asked for "(\/~\w+\/\d+)", and asked the origin for "\1\/\.\.\/x"$/],
  ])('says what came to the origin where it %s', async (_how, added, message) => {
    expect(await faultOf(toyProxy(`add ${added}`))).toMatchObject({
      message: expect.stringMatching(message),
      remedy: expect.stringContaining('every path and query'),
    });
  });

  it('loses nothing that was found before when its server dies, and starts anew for what is left to do', () =>
    disposing(toyProxy('die'), async (target) => {
      const report = await checkTarget(target, { seed: 1, runs: 20, enumerate: false });
      expect(report).toMatchObject({ fault: true, violations: [] });
      expect(report.reason).toContain('toy has ended: it ended with code 3. It said: \\"dying\\"'.replaceAll('\\"', '"'));
      // A new one is started for the next program.
      expect((await played(target, [OWNER])).said).toEqual(['asked for 0', 'answered 0']);
    }));

  it('goes on when one connection breaks and the server lives', () =>
    disposing(toyProxy('hang up'), async (target) => {
      expect((await played(target, [OWNER, OWNER, OWNER, OWNER])).said.slice(0, 3)).toEqual(['asked for 0', 'answered 0', 'answered 1']);
    }));

  it('is not stopped by a server that talks without end', () =>
    disposing(toyProxy('flood'), async (target) => {
      expect((await played(target, [OWNER, OWNER])).said).toEqual(['asked for 0', 'answered 0', 'answered 1']);
    }));
});
