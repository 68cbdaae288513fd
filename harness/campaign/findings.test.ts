import { describe, expect, it } from 'vitest';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab } from '../run/lab.ts';
import { type Failure, randomFailures } from '../search/random-runs.laws.ts';
import { PLANTED_FAULTS, type PlantedFault } from '../targets/planted-faults.laws.ts';
import { Findings, type FindingsOptions } from './findings.ts';

const FAULT: PlantedFault = PLANTED_FAULTS.find(({ target }) => target.name === 'a-change-of-owner-removes-nothing')!;
const LAB = new Lab(FAULT.target, PROPERTIES);
const FAILURES: readonly Failure[] = randomFailures(LAB, { seed: 5, shape: FAULT.shape, count: 6, operations: 3_000_000 });

function findings(options: Partial<FindingsOptions> = {}): Findings {
  return new Findings(LAB, { seed: 5, stopped: () => false, ...options });
}

describe('findings', () => {
  it('wait for further failures of a shape, and not for ever: so many programs', async () => {
    const found = findings();
    found.note(FAILURES[0]!.program, FAILURES[0]!.breach);
    // However often the same program breaks something else meanwhile.
    for (let times = 0; times < 1_000; times++) found.note(FAILURES[0]!.program, { ...FAILURES[0]!.breach, kind: 'former' });
    for (let programs = 0; programs < 400; programs++) found.pass();
    await found.concludeRipe();
    expect(found.reports.filter(({ shape }) => shape === FAULT.shape)).toEqual([]);
    found.pass();
    await found.concludeRipe();
    expect(found.reports.find(({ shape }) => shape === FAULT.shape)).toMatchObject({ size: FAULT.size, certified: true });
  });

  it('shrink at once when there are enough failures', async () => {
    const found = findings();
    for (const { program, breach } of FAILURES.slice(0, 4)) found.note(program, breach);
    await found.concludeRipe();
    expect(found.reports).toMatchObject([{ shape: FAULT.shape, size: FAULT.size }]);
    expect(found.size).toBe(0);
  });

  it('report what they have when the time is over, or when they are stopped', async () => {
    const longest = FAILURES.toSorted((a, b) => b.breach.instant - a.breach.instant)[0]!;
    for (const options of [{ deadline: performance.now() - 1 }, { stopped: () => true }]) {
      const found = findings(options);
      found.note(longest.program, longest.breach);
      await found.conclude();
      expect(found.reports).toMatchObject([{ shape: FAULT.shape, certified: false, reproduced: [3, 3] }]);
      expect(found.reports[0]!.size).toBeGreaterThan(FAULT.size);
      expect(found.reports[0]!.certificate).toMatch(/^Not proven minimal: the time was over before it was shrunk to the end\./);
    }
  });

  it('note what simpler programs break that is graver: a right that was given and taken back for nothing hides the worse leak', async () => {
    const { target } = PLANTED_FAULTS.find((fault) => fault.target.name === 'rights-checked-on-a-miss-only')!;
    const owner = { op: 'request', user: 0, camera: 0, template: 0 } as const;
    const operations = [{ op: 'share', camera: 0, user: 1 }, { op: 'unshare', camera: 0, user: 1 }, owner, { ...owner, user: 1 }] as const;
    const found = new Findings(new Lab(target, PROPERTIES), { seed: 5, stopped: () => false });
    found.note({ world: PLAIN_WORLD, operations: [...operations] }, { property: 'KH002', kind: 'unshared', instant: 4, call: 1 });
    await found.conclude();
    expect(found.reports[0]).toMatchObject({ shape: 'KH002/unshared', size: 4 });
    expect(found.reports.find(({ shape }) => shape === 'KH001/stranger')).toMatchObject({ size: 2 });
  });

  it('say of a certificate whether names mattered', async () => {
    for (const [name, words] of [
      ['rights-checked-on-a-miss-only', 'users and cameras up to renaming'],
      ['ids-joined-by-a-colon', 'with these very ids'],
    ] as const) {
      const { target, shape } = PLANTED_FAULTS.find((fault) => fault.target.name === name)!;
      const lab = new Lab(target, PROPERTIES);
      const found = new Findings(lab, { seed: 1, stopped: () => false });
      for (const { program, breach } of randomFailures(lab, { seed: 1, shape, count: 4, operations: 3_000_000 })) found.note(program, breach);
      await found.conclude();
      expect(found.reports[0]!.certificate).toContain(words);
    }
  });
});
