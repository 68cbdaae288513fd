import { describe, expect, it } from 'vitest';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab } from '../run/lab.ts';
import type { Environment, Subject } from '../targets/function-subject.ts';
import { functionTarget } from '../targets/function.ts';
import { drawnPrograms } from './draw.ts';

/** Who sees what: a picture in the wrong size is another matter. */
const FOREIGN = PROPERTIES.filter(({ id }) => id !== 'KH004');

type Open = (env: Environment) => Subject;

/** Whether the key of an entry is about this camera. */
type Concerns = (camera: string) => (key: string) => boolean;

/** Entries of each caller, removed by a pattern that is made of the camera's id. */
function removingBy(concerns: Concerns): Open {
  return ({ origin, clock }) => {
    const frames = new Map<string, { readonly body: Buffer; readonly untilMs: number }>();
    let changes = 0;
    return {
      async get(request) {
        const key = `frame<${request.camera}>${JSON.stringify([request.user, request.channel, request.tier])}`;
        const kept = frames.get(key);
        if (kept !== undefined && kept.untilMs > clock.now()) return kept.body;
        const [before, askedMs] = [changes, clock.now()];
        const { status, body, maxAgeMs } = await origin.fetch(request);
        if (status !== 200) return null;
        if (before === changes) frames.set(key, { body, untilMs: askedMs + maxAgeMs });
        return body;
      },
      invalidate({ camera }) {
        changes++;
        const isConcerned = camera === '' ? () => true : concerns(camera);
        for (const key of frames.keys()) if (isConcerned(key)) frames.delete(key);
      },
    };
  };
}

/** By a regular expression, in which the id stands as it is, or escaped; one that is none removes everything. */
function matched(escape: (id: string) => string): Concerns {
  return (camera) => {
    try {
      const pattern = new RegExp(`^frame<${escape(camera)}>`);
      return (key) => pattern.test(key);
    } catch {
      return () => true;
    }
  };
}

const literally = (id: string): string => id.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

/** A glob of Redis as far as it is used here: sets in brackets and backslashes. */
function globbed(escape: (id: string) => string): Concerns {
  return (camera) => {
    const parts = `frame<${escape(camera)}>*`.matchAll(/\\(.)|\[([^\]]*)\]|([*?])|(.)/gsu);
    const sources = Array.from(parts, ([, escaped, set, wild, char]) => {
      if (set !== undefined) return set === '' ? '(?!)' : `[${literally(set)}]`;
      return wild === undefined ? literally(escaped ?? char!) : wild === '*' ? '.*' : '.';
    });
    const pattern = new RegExp(`^${sources.join('')}$`, 'su');
    return (key) => pattern.test(key);
  };
}

const escapedGlob = (id: string): string => id.replaceAll(/[\\*?[\]]/g, String.raw`\$&`);
const asItIs = (id: string): string => id;

/** Keys by camera, in a set whose lifetime starts with the first of them, and starts anew with each where `lasts`. */
function tagged(lasts: boolean): Open {
  return ({ origin, clock, lifetimeMs }) => {
    const frames = new Map<string, { readonly body: Buffer; readonly untilMs: number }>();
    const tags = new Map<string, { readonly keys: Set<string>; untilMs: number }>();
    let changes = 0;
    return {
      async get(request) {
        const key = JSON.stringify([request.user, request.camera, request.tier, request.channel]);
        const [before, nowMs] = [changes, clock.now()];
        const kept = frames.get(key);
        if (kept !== undefined && kept.untilMs > nowMs) return kept.body;
        const { status, body, maxAgeMs } = await origin.fetch(request);
        if (status !== 200) return null;
        if (before !== changes) return body;
        const untilMs = nowMs + maxAgeMs;
        frames.set(key, { body, untilMs });
        const tag = tags.get(request.camera);
        if (tag === undefined || tag.untilMs <= nowMs) tags.set(request.camera, { keys: new Set([key]), untilMs: nowMs + lifetimeMs });
        else {
          tag.keys.add(key);
          if (lasts) tag.untilMs = Math.max(tag.untilMs, untilMs);
        }
        return body;
      },
      invalidate({ camera }) {
        changes++;
        if (camera === '') return frames.clear();
        const tag = tags.get(camera);
        if (tag !== undefined && tag.untilMs > clock.now()) for (const key of tag.keys) frames.delete(key);
        tags.delete(camera);
      },
    };
  };
}

/** Who may see a frame, in a set that is told nothing; each viewer in it lasts as long as the newest of them, or as that viewer may. */
function viewed(eachOnHisOwn: boolean): Open {
  return ({ origin, clock }) => {
    const frames = new Map<string, { readonly body: Buffer; readonly epoch: number; readonly untilMs: number }>();
    const viewers = new Map<string, Map<string, number>>();
    return {
      async get(request) {
        const [key, nowMs] = [JSON.stringify([request.camera, request.tier, request.channel]), clock.now()];
        const [kept, known] = [frames.get(key), viewers.get(key) ?? new Map<string, number>()];
        const lastsMs = eachOnHisOwn ? (known.get(request.user) ?? 0) : known.has(request.user) ? Math.max(...known.values()) : 0;
        if (kept !== undefined && kept.untilMs > nowMs && lastsMs > nowMs) return kept.body;
        const { status, body, epoch, maxAgeMs } = await origin.fetch(request);
        if (status !== 200 || (kept !== undefined && kept.epoch > epoch)) return status === 200 ? body : null;
        const isNew = kept?.epoch !== epoch || Math.max(0, ...known.values()) <= nowMs;
        frames.set(key, { body, epoch, untilMs: nowMs + maxAgeMs });
        viewers.set(key, (isNew ? new Map<string, number>() : known).set(request.user, nowMs + maxAgeMs));
        return body;
      },
    };
  };
}

/** Frames in a ring of bytes; what is partly overwritten leaves the index as well where it is `careful`. */
function ringed(careful: boolean): Open {
  return ({ origin, capacity }) => {
    const ring = Buffer.alloc(5_000 * Math.max(2, capacity));
    const places = new Map<string, { readonly from: number; readonly to: number; readonly epoch: number }>();
    let [head, changes] = [0, 0];
    return {
      async get(request) {
        const { allowed, epoch: now } = await origin.authorise(request);
        if (!allowed) return null;
        const key = JSON.stringify([request.camera, request.tier]);
        const place = places.get(key);
        if (place?.epoch === now) return Buffer.from(ring.subarray(place.from, place.to));
        const before = changes;
        const { status, body, epoch } = await origin.fetch(request);
        if (status !== 200) return null;
        if (before !== changes) return body;
        const from = head + body.length > ring.length ? 0 : head;
        head = from + body.length;
        places.delete(key);
        for (const [other, old] of places) if (careful ? old.from < head && from < old.to : old.from >= from && old.to <= head) places.delete(other);
        ring.set(body, from);
        places.set(key, { from, to: head, epoch });
        return body;
      },
      invalidate() {
        changes++;
        places.clear();
      },
    };
  };
}

/** Each caller's high picture, fetched, and the low one, made of it: for as long as that may be kept, or for a whole lifetime from then on. It hears of nothing. */
function derived(careful: boolean): Open {
  return ({ origin, clock }) => {
    const frames = new Map<string, { readonly body: Buffer; readonly untilMs: number; readonly maxAgeMs: number }>();
    return {
      async get(request) {
        const keyOf = (tier: string): string => JSON.stringify([request.user, request.camera, request.channel, tier]);
        const fresh = (tier: string): ReturnType<typeof frames.get> => {
          const kept = frames.get(keyOf(tier));
          return kept !== undefined && kept.untilMs > clock.now() ? kept : undefined;
        };
        const own = fresh(request.tier) ?? fresh('high');
        if (own !== undefined) {
          if (!careful) frames.set(keyOf(request.tier), fresh(request.tier) ?? { ...own, untilMs: clock.now() + own.maxAgeMs });
          return own.body;
        }
        const askedMs = clock.now();
        const { status, body, maxAgeMs } = await origin.fetch({ ...request, tier: 'high' });
        if (status !== 200) return null;
        frames.set(keyOf('high'), { body, untilMs: askedMs + maxAgeMs, maxAgeMs });
        return body;
      },
    };
  };
}

/** The program, counted from 1, in which the search first sees something wrong, from this seed; `null` where it does not. */
async function firstFound(open: Open, seed: number, limit: number): Promise<number | null> {
  const lab = new Lab(functionTarget({ name: 'planted', open }), FOREIGN);
  const drawn = drawnPrograms(lab, seed);
  for (let programs = 1; programs <= limit; programs++) {
    const { stage, steps, length } = drawn.next().value;
    await lab.run(stage, steps, length);
    if (stage.breaches.length > 0) return programs;
  }
  return null;
}

const CASES: readonly (readonly [name: string, planted: Open, twin: Open, within: number])[] = [
  ['an id in a regular expression that removes', removingBy(matched(asItIs)), removingBy(matched(literally)), 1_000],
  ['an id in a glob that removes', removingBy(globbed(asItIs)), removingBy(globbed(escapedGlob)), 1_000],
  ['a set of keys that ends before the last of them', tagged(false), tagged(true), 1_000],
  ['a set of viewers that lasts as long as the newest of them', viewed(false), viewed(true), 1_000],
  ['a picture made of a kept one that lives longer than that', derived(false), derived(true), 3_000],
  ['a ring in which what is partly overwritten stays', ringed(false), ringed(true), 4_000],
];

describe('the search', () => {
  it.each(CASES)(
    'soon finds %s, and nothing where that is done right',
    async (_name, planted, twin, within) => {
      for (const seed of [1, 2]) expect(await firstFound(planted, seed, within)).not.toBeNull();
      expect(await firstFound(twin, 1, 500)).toBeNull();
    },
    60_000,
  );
});
