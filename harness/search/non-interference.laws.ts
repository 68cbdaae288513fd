import { functionTarget } from '../targets/function.ts';
import type { Target } from '../targets/target.ts';

/** What a cache that is otherwise correct does with a picture, beside keeping it for whom it was fetched. */
interface Oddity {
  /** Whether a picture is kept at all. */
  keeps?(body: Uint8Array): boolean;
  /** What is given to the caller. */
  gives?(body: Uint8Array): object;
}

/** Entries of each viewer, emptied whenever anything changes: correct, but for what it does besides. */
function odd(name: string, title: string, make: () => Oddity): Target {
  return functionTarget({
    name,
    title,
    runs: 400,
    open: ({ origin, clock, capacity }) => {
      const { keeps = () => true, gives = (body) => body } = make();
      const entries = new Map<string, { readonly body: Uint8Array; readonly untilMs: number }>();
      let changes = 0;
      return {
        async get({ user, camera, tier, channel, ...request }) {
          const key = JSON.stringify([user, camera, tier, channel]);
          const entry = entries.get(key);
          if (entry !== undefined && entry.untilMs > clock.now()) return gives(entry.body);
          const before = changes;
          const { body, maxAgeMs } = await origin.fetch({ ...request, user, camera, tier, channel });
          if (body === null) return null;
          if (before === changes && keeps(body)) {
            if (entries.size >= capacity) entries.delete(entries.keys().next().value!);
            entries.set(key, { body, untilMs: clock.now() + maxAgeMs });
          }
          return gives(body);
        },
        invalidate() {
          changes++;
          entries.clear();
        },
      };
    },
  });
}

/** A number that bytes come to. */
const sumOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => (sum * 31 + byte) >>> 0, 0);

/** Says beside each picture what the last one came to, whosever that was. */
export const REMEMBERING: Target = odd('remembering', 'Says what it gave out last', () => {
  let last = 0;
  return {
    gives: (body) => {
      const before = last;
      last = sumOf(body);
      return { status: 200, body, before };
    },
  };
});

/** Keeps nothing that it takes for what it fetched before, whosever that was, going by one bit of a sum. */
export const HASTY: Target = odd('hasty', 'Takes pictures with the same short digest for the same', () => {
  let last = -1;
  return {
    keeps: (body) => {
      const short = sumOf(body) >>> 31;
      const isNew = short !== last;
      last = short;
      return isNew;
    },
  };
});

let answers = 0;

/** Numbers its answers, and goes on from session to session. */
export const COUNTING: Target = odd('counting', 'Numbers its answers', () => ({ gives: (body) => ({ status: 200, body, number: ++answers }) }));
