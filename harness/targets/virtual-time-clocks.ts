import { performance } from 'node:perf_hooks';

/** The moment at which every session begins: 2020-01-02T00:00:00Z. */
export const START_MS: number = Date.UTC(2020, 0, 2);
/** How long the process seems to have run by then. Not 0: a cache may take a moment of 0 for "none". */
const UPTIME_MS = 10_000;
const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;

/**
 * Replaces the functions that say what time it is by ones that ask `now` first, once and for all: a cache may have kept them from before any
 * session, as `const { now } = Date`. `now`: virtual time in ms since 1970, or null while it is real.
 */
export function followClocks(now: () => number | null): void {
  const sinceStart = (virtual: number): number => UPTIME_MS + virtual - START_MS;
  const native = { date: Date.now, performance: performance.now.bind(performance), hrtime: process.hrtime, uptime: process.uptime };
  Date.now = () => now() ?? native.date();
  const watch = (): number => {
    const virtual = now();
    return virtual === null ? native.performance() : sinceStart(virtual);
  };
  Object.defineProperty(performance, 'now', { configurable: true, writable: true, value: watch });
  process.uptime = () => {
    const virtual = now();
    return virtual === null ? native.uptime.call(process) : sinceStart(virtual) / 1000;
  };
  const hrtime = (since?: [number, number]): [number, number] => {
    const virtual = now();
    if (virtual === null) return native.hrtime(since);
    const ns = Math.round(sinceStart(virtual) * NS_PER_MS) - (since === undefined ? 0 : since[0] * NS_PER_S + since[1]);
    const seconds = Math.floor(ns / NS_PER_S);
    return [seconds, ns - seconds * NS_PER_S];
  };
  hrtime.bigint = (): bigint => {
    const virtual = now();
    return virtual === null ? native.hrtime.bigint() : BigInt(Math.round(sinceStart(virtual) * NS_PER_MS));
  };
  process.hrtime = hrtime;
}
