import type { Credential, ResponsePolicy } from '../../models/domain/world.ts';

const KEEP_TO_ONESELF: readonly ResponsePolicy[] = [
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
    { cacheControl: 's-maxage=60', vary: 'accept, authorization' },
  ],
  cookie: [
    { cacheControl: 'max-age=60', vary: 'Cookie' },
    { cacheControl: 'public, max-age=60', vary: 'Accept, cookie' },
  ],
  header: [{ cacheControl: 'max-age=60', vary: 'X-User' }],
  // The token is part of the URL, and so of every key that RFC 9111 section 2 allows.
  query: [
    { cacheControl: 'max-age=60', vary: '' },
    { cacheControl: 'public, max-age=60', vary: '' },
  ],
  // What everybody may see, everybody's cache may keep.
  none: [
    { cacheControl: 'public, max-age=60', vary: '' },
    { cacheControl: 'max-age=60', vary: 'Accept' },
  ],
};

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
