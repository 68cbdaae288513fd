import type { IncomingHttpHeaders } from 'node:http';
import { ANONYMOUS } from '../../models/domain/world.ts';
import { NO_PARTY } from '../../models/origin.ts';
import type { StageCall } from '../run/call.ts';

/** A value that is shorter is a setting, a counter or a place in a list, and no session. */
const SESSION_CHARACTERS = 8;

/** The cookies that one session of an app gives out: who was given which first. */
export class AppCookies {
  /** The names of those that the app makes for each session of a caller. */
  private readonly ofSessions: ReadonlySet<string>;
  /** By name and value: the party that was given it first. */
  private readonly parties = new Map<string, number>();
  private visitors = 0;

  constructor(ofSessions: ReadonlySet<string>) {
    this.ofSessions = ofSessions;
  }

  /** Whose sessions the cookies of an answer speak of, each party once: the caller's own where nobody else was given it before. */
  partiesIn(headers: IncomingHttpHeaders, call: StageCall): readonly number[] {
    if (this.ofSessions.size === 0) return [];
    const found = new Set<number>();
    for (const [name, value] of cookiesIn(headers)) if (this.ofSessions.has(name)) found.add(this.partyOf(`${name}=${value}`, call));
    return [...found];
  }

  private partyOf(cookie: string, call: StageCall): number {
    let party = this.parties.get(cookie);
    if (party === undefined) this.parties.set(cookie, (party = this.callerOf(call)));
    return party;
  }

  /** Every visitor is a party apart (rule 7), and has a number from the first cookie on. */
  private callerOf(call: StageCall): number {
    if (call.user !== ANONYMOUS) return call.user;
    if (call.party === NO_PARTY) call.party = NO_PARTY - ++this.visitors;
    return call.party;
  }
}

/** The names of cookies that are different in all of these answers: each was given to another caller by an app of its own. */
export function cookiesOfSessions(answers: readonly IncomingHttpHeaders[]): ReadonlySet<string> {
  const [first, ...others] = answers.map((headers) => new Map(cookiesIn(headers)));
  const names = [...(first?.keys() ?? [])].filter((name) => others.every((cookies) => cookies.has(name)));
  return new Set(names.filter((name) => new Set([first!.get(name), ...others.map((cookies) => cookies.get(name))]).size === answers.length));
}

/** The cookies of an answer that could name a session. */
export function cookiesIn({ 'set-cookie': lines = [] }: IncomingHttpHeaders): (readonly [name: string, value: string])[] {
  return lines.flatMap((line) => {
    const [pair = ''] = line.split(';', 1);
    const sign = pair.indexOf('=');
    const value = pair.slice(sign + 1).trim();
    return sign > 0 && value.length >= SESSION_CHARACTERS ? [[pair.slice(0, sign).trim(), value] as const] : [];
  });
}
