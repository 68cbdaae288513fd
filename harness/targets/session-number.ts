import { randomInt } from 'node:crypto';

const SESSIONS = 2 ** 20;
const PROCESS = randomInt(1, 2 ** 20);
let opened = 0;

/**
 * A number for a session that opens, below 2^40. Sessions have different ones in all processes: a cache may outlive the process that filled it,
 * and must not pass off as new what it kept of another session.
 */
export function newSessionNumber(): number {
  return PROCESS * SESSIONS + (opened++ % SESSIONS);
}
