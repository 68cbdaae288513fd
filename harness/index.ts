/**
 * keyhole finds the bug by which a cache hands one user another user's camera frame.
 *
 * A target is made with {@link functionTarget}, {@link appTarget} or {@link modelTarget} and checked by `keyhole check` when a
 * `keyhole.config.ts` exports it with {@link defineConfig}, or by {@link checkIsolation} inside a test.
 */
export { checkIsolation, type IsolationOptions, type IsolationReport } from './campaign/check-isolation.ts';
