import { describe, expect, it } from 'vitest';
import type { ViolationReport } from './document.ts';
import { groupsByCause } from './groups-by-cause.ts';
import { revokedCounterexample, strangerCounterexample, violationReport } from './sample-document.laws.ts';

const stranger = violationReport(strangerCounterexample());
const revoked = violationReport(revokedCounterexample());
/** Another rule, broken by the same cause as the first. */
const alike = violationReport(revokedCounterexample(), { explanation: stranger.explanation, details: stranger.details });

function placesOf(violations: readonly ViolationReport[]): number[][] {
  return groupsByCause(violations).map(({ first, others }) => [first.place, ...others.map(({ place }) => place)]);
}

describe('groupsByCause', () => {
  it('puts findings of one decision and one sentence of cause under the first of them', () => {
    expect(placesOf([stranger, revoked, alike])).toEqual([[0, 2], [1]]);
    expect(groupsByCause([stranger, alike])[0]).toEqual({ first: { violation: stranger, place: 0 }, others: [{ violation: alike, place: 1 }] });
  });

  it('keeps findings apart where the decision differs', () => {
    expect(placesOf([stranger, { ...alike, details: { ...alike.details, decision: 'key' } }])).toEqual([[0], [1]]);
  });

  it('keeps findings apart where nothing is known of their cause', () => {
    const unknown = { ...alike, details: { ...alike.details, decision: 'unknown' as const } };
    expect(placesOf([unknown, unknown])).toEqual([[0], [1]]);
    const silent = { ...alike, explanation: '', details: { ...alike.details, sentence: '' } };
    expect(placesOf([silent, silent])).toEqual([[0], [1]]);
  });

  it('keeps a finding apart that was written to no file, since its story could be read nowhere else', () => {
    expect(placesOf([stranger, { ...alike, counterexample: '' }])).toEqual([[0], [1]]);
  });
});
