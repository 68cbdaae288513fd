import type { Authority, MarkedFrame } from '../../models/domain/authority.ts';
import type { World } from '../../models/domain/world.ts';
import type { Judge, Kind, Property, Terms } from '../../properties/property.ts';
import type { StageCall } from './call.ts';

/** A property broken by one answer of a run. */
export interface Breach {
  readonly property: string;
  readonly kind: Kind;
  /** The instant of the answer: the number of the operation, from 1. */
  readonly instant: number;
  /** Number of the call that received the frame. */
  readonly call: number;
}

/** The judges of one world. Each shape of breach is noted once a run. */
export class Jury {
  readonly breaches: Breach[] = [];
  private readonly authority: Authority;
  private readonly properties: readonly Property[];
  private readonly judges: readonly Judge[];
  /** Told of each breach as it is noted. */
  private readonly noted: (breach: Breach) => void;

  constructor(authority: Authority, properties: readonly Property[], terms: Terms, noted: (breach: Breach) => void) {
    this.authority = authority;
    this.properties = properties;
    this.noted = noted;
    const { world }: { world: World } = authority;
    this.judges = properties.map((property) => property.begin(world, terms));
  }

  reset(): void {
    if (this.breaches.length > 0) this.breaches.length = 0;
  }

  /** A caller received a frame that is not plainly right. */
  answered(call: StageCall, frame: MarkedFrame, fallback: boolean): void {
    const { judges } = this;
    for (let index = 0; index < judges.length; index++) {
      const kind = judges[index]!.answered?.(call, frame, fallback, this.authority) ?? null;
      if (kind !== null) this.note(index, kind, call);
    }
  }

  /** A caller received a second frame in one answer. */
  torn(call: StageCall, first: MarkedFrame, other: MarkedFrame): void {
    for (const [index, judge] of this.judges.entries()) this.note(index, judge.torn?.(call, first, other) ?? null, call);
  }

  described(call: StageCall, frame: MarkedFrame | null): void {
    for (const [index, judge] of this.judges.entries()) this.note(index, judge.described?.(call, frame, this.authority) ?? null, call);
  }

  /** A caller received headers or cookies of another party. */
  header(call: StageCall, party: number): void {
    for (const [index, judge] of this.judges.entries()) this.note(index, judge.header?.(call, party) ?? null, call);
  }

  private note(place: number, kind: Kind | null, call: StageCall): void {
    if (kind === null) return;
    const property = this.properties[place]!.id;
    if (this.breaches.some((breach) => breach.property === property && breach.kind === kind)) return;
    const breach = { property, kind, instant: this.authority.instant, call: call.number };
    this.breaches.push(breach);
    this.noted(breach);
  }
}
