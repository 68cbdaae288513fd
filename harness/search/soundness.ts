import type { Credential, ResponsePolicy } from '../../models/domain/world.ts';

/** Sound for everybody: what must not be kept, and what must be validated at each use, when the origin is asked about the caller of that use. */
const KEEP_TO_ONESELF: readonly ResponsePolicy[] = [
  { cacheControl: 'public, no-cache', vary: '' },
  { cacheControl: 'No-Cache, max-age=60', vary: '' },
  { cacheControl: 'private, max-age=60', vary: '' },
  { cacheControl: 'no-store', vary: '' },
  { cacheControl: 'Private', vary: '' },
  { cacheControl: 'NO-STORE, max-age=60', vary: '' },
  { cacheControl: 'max-age=60', vary: '*' },
];

const BY_CREDENTIAL: Readonly<Record<Credential, readonly ResponsePolicy[]>> = {
  // Authorization alone keeps an answer out of shared caches: RFC 9111 section 3.5.
  bearer: [
    { cacheControl: 'public, max-age=60', vary: 'Authorization' },
    { cacheControl: 'max-age=60', vary: '' },
    // Without a word about freshness a cache may guess (section 4.2.2), but not for a request with Authorization.
    { cacheControl: '', vary: '' },
    { cacheControl: 's-maxage=10, stale-while-revalidate=60, stale-if-error=120', vary: 'accept, authorization' },
    { cacheControl: 'public, max-age=10, stale-while-revalidate=60', vary: 'Authorization' },
    { cacheControl: 'public, max-age=10, stale-if-error=120', vary: 'Authorization' },
    // Section 3.5 allows it by `must-revalidate`, which forbids the stale window at the same time (section 5.2.2.2).
    { cacheControl: 'must-revalidate, max-age=10, stale-while-revalidate=60, stale-if-error=120', vary: 'Authorization' },
    { cacheControl: 'no-cache, must-revalidate', vary: 'Authorization' },
    // The most common mistake is to look at what the origin says, and not at who asked.
    { cacheControl: 'max-age=60', vary: 'Accept' },
  ],
  cookie: [
    { cacheControl: 'max-age=60', vary: 'Cookie' },
    { cacheControl: 'public, max-age=60', vary: 'Accept, cookie' },
    { cacheControl: 'max-age=10, stale-while-revalidate=60', vary: 'Cookie' },
    { cacheControl: 'max-age=10, Stale-If-Error=120, proxy-revalidate, stale-while-revalidate=60', vary: 'Cookie' },
    { cacheControl: 'no-cache, max-age=60', vary: 'Cookie' },
  ],
  header: [
    { cacheControl: 'max-age=60', vary: 'X-User' },
    { cacheControl: 'max-age=10, stale-while-revalidate=60, stale-if-error=120', vary: 'X-User' },
  ],
  // The token is part of the URL, and so of every key that RFC 9111 section 2 allows.
  query: [
    { cacheControl: 'max-age=60', vary: '' },
    { cacheControl: 'public, max-age=60', vary: '' },
    { cacheControl: 'max-age=10, stale-if-error=120', vary: '' },
  ],
  // What everybody may see, everybody's cache may keep.
  none: [
    { cacheControl: 'public, max-age=60', vary: '' },
    { cacheControl: 'max-age=60', vary: 'Accept' },
    { cacheControl: 'public, max-age=10, stale-while-revalidate=60', vary: '' },
  ],
};

/** The sound policies for a credential in two halves: those peculiar to it, most of which let a cache keep the answer, and those that are sound for everybody. */
export function soundHalves(credential: Credential): readonly [peculiar: readonly ResponsePolicy[], common: readonly ResponsePolicy[]] {
  return [BY_CREDENTIAL[credential], KEEP_TO_ONESELF];
}

/**
 * The policies that are sound for a credential: under each of them RFC 9111 forbids a shared cache to reuse the answer for
 * somebody else. Those that let a cache keep the answer come first.
 */
export function soundPolicies(credential: Credential): readonly ResponsePolicy[] {
  return [...BY_CREDENTIAL[credential], ...KEEP_TO_ONESELF];
}

/** Whether a policy is sound for a credential. */
export function isSound(credential: Credential, { cacheControl, vary }: ResponsePolicy): boolean {
  return soundPolicies(credential).some((policy) => policy.cacheControl === cacheControl && policy.vary === vary);
}
