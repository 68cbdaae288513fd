import type { Call } from '../../models/origin.ts';
import { Patience } from './patience.ts';

/** So many failures and nothing else are no refusals. */
const FAILURES_MAX = 50;

/** What a target has shown in all its sessions: it tells whether an error is a refusal or the cache is broken. */
export class Experience {
  /**
   * Whether the cache asks the origin in the course of a call without saying so: it passes neither the request nor anything else
   * from which the call is known, after it has waited for something. Its promises then have to be followed, which slows each of them.
   */
  needsContext = false;
  /** Whether it gave out what lay beside a frame in memory: each session then begins with memory in which nothing of another one lies. */
  needsMemory = false;
  readonly patience: Patience = new Patience();
  private hasSucceeded = false;
  private failures = 0;

  /** Somebody was answered, or turned away in an orderly way. */
  succeed(): void {
    this.hasSucceeded = true;
  }

  /**
   * Whether a call that ended in an error shows a broken cache: it has never done anything else, and a known caller got the error
   * although the origin gave no reason for it, or it has happened too often.
   */
  isFailure(call: Call, origin: { readonly wasUnkind: boolean }): boolean {
    if (this.hasSucceeded) return false;
    return (!origin.wasUnkind && call.request.user !== '') || ++this.failures === FAILURES_MAX;
  }
}
