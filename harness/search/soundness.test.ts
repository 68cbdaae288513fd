import { describe, expect, it } from 'vitest';
import { primaryKeyOf } from '../../models/cdn.ts';
import { type Request, requestIndex, requestsOf } from '../../models/domain/request.ts';
import { ANONYMOUS, type Credential, PLAIN_TEMPLATE, PLAIN_WORLD, type World } from '../../models/domain/world.ts';
import { cacheControlOf, isStorable, isVaryMatch } from '../../models/http.ts';
import { soundPolicies } from './soundness.ts';

const CREDENTIALS: readonly Credential[] = ['bearer', 'cookie', 'query', 'header', 'none'];
const WORLD: World = { ...PLAIN_WORLD, templates: CREDENTIALS.map((credential) => ({ ...PLAIN_TEMPLATE, credential })) };
const REQUESTS = requestsOf(WORLD);

const ask = (user: number, credential: Credential): Request => REQUESTS[requestIndex(WORLD, user, 0, CREDENTIALS.indexOf(credential))]!;

/** RFC 9111 section 4: may a shared cache answer the later request with what the earlier one brought, without asking the origin about it? */
function mayReuse(later: Request, earlier: Request, { cacheControl, vary }: { cacheControl: string; vary: string }): boolean {
  const isKept = isStorable(earlier, { cacheControl, vary, validator: true }) && !cacheControlOf(cacheControl).noCache;
  return primaryKeyOf(later) === primaryKeyOf(earlier) && isKept && isVaryMatch(vary, later, earlier);
}

describe('rule 5: a sound policy', () => {
  it.each(CREDENTIALS.filter((credential) => credential !== 'none'))(
    'of an answer to a request by %s lets no shared cache give it to anybody else, however he asks',
    (credential) => {
      for (const policy of soundPolicies(credential))
        for (const other of CREDENTIALS)
          for (const user of [1, ANONYMOUS])
            expect(mayReuse(ask(user, other), ask(0, credential), policy), `${JSON.stringify(policy)} to ${other}`).toBe(false);
    },
  );

  it.each(CREDENTIALS)('of an answer to a request by %s is kept by some caches and by others not', (credential) => {
    const kept = soundPolicies(credential).map((policy) => mayReuse(ask(0, credential), ask(0, credential), policy));
    expect(kept).toContain(true);
    expect(kept).toContain(false);
  });

  it('is listed once', () => {
    for (const credential of CREDENTIALS) {
      const listed = soundPolicies(credential).map((policy) => JSON.stringify(policy));
      expect(new Set(listed).size).toBe(listed.length);
    }
  });
});
