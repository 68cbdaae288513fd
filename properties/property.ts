import type { Authority, MarkedFrame } from '../models/domain/authority.ts';
import type { Channel, Tier, World } from '../models/domain/world.ts';

/** Gravest first. */
export const SEVERITIES = ['critical', 'high', 'medium'] as const;

export type Severity = (typeof SEVERITIES)[number];

/** What a judge needs to know about a call: who asked for what, and when the first byte was sent. */
export interface Asking {
  /** Index of the caller, `ANONYMOUS` for a visitor. */
  readonly user: number;
  readonly camera: number;
  readonly tier: Tier;
  readonly channel: Channel;
  /** The instant at which the call began. */
  readonly since: number;
  /** The same in ms of virtual time. */
  readonly sinceMs: number;
}

/** What the target has been promised and has promised, as far as judges depend on it. */
export interface Terms {
  /** The target is told when rights change (rule 4): then revocation binds once it was told, else at the end of the copy's lifetime. */
  readonly told: boolean;
}

/** How a property was broken: the second half of a violation's shape. */
export type Kind = string;

/** A fold over the events of one run, of the kinds that it asks for. Constant cost an event; no I/O; no view of the cache. */
export interface Judge {
  /** A caller received a frame. Returns how the property was broken, or null. */
  answered?(asking: Asking, frame: MarkedFrame, fallback: boolean, authority: Authority): Kind | null;
  /** One answer held two frames; the first has been judged. Asked for every further one. */
  torn?(asking: Asking, first: MarkedFrame, other: MarkedFrame): Kind | null;
  /** A caller was told about a frame without receiving it (304, HEAD); null where the answer does not say which one. */
  described?(asking: Asking, frame: MarkedFrame | null, authority: Authority): Kind | null;
  /** Headers or cookies spoke of the session of another party than the caller's: a user, or an anonymous visitor. */
  header?(asking: Asking, party: number): Kind | null;
}

export interface Property {
  /** For ever: a report of five years ago means the same. */
  readonly id: `KH${number}`;
  readonly title: string;
  readonly severity: Severity;
  /** What it says, for a reader who has not read the code. */
  readonly meaning: string;
  /** Where the rule comes from. */
  readonly source: string;
  /** What it cannot see. */
  readonly blind: string;
  /** What each kind means, as the end of the sentence "the caller was ...". */
  readonly kinds: Readonly<Record<Kind, string>>;
  /** It is broken by a difference between two runs, which no judge of one run can see. */
  readonly isCompared?: true;
  begin(world: World, terms: Terms): Judge;
}
