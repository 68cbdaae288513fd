import { apart, round } from './apart.ts';

/** What an operation costs as programs grow longer and worlds larger. */
export interface Flatness {
  readonly subject: string;
  readonly users: number;
  readonly operationsPerProgram: number;
  readonly nanosecondsPerOperation: number;
  /** Over the cost in the shortest program and the smallest world: 1 is flat. */
  readonly ratioToSmallest: number;
}

const SUBJECTS = ['null', 'lru'] as const;
const USERS = [2, 8, 64] as const;
const LENGTHS = [50, 500, 5000] as const;
const OPERATIONS = 3_000_000;

export function measureFlatness(): Flatness[] {
  console.log('\nsubject  users   ns/op at 50 ops/program       500      5,000   over the first');
  return SUBJECTS.flatMap((subject) => {
    let first: number | undefined;
    return USERS.flatMap((users) => {
      const rows = LENGTHS.map((length): Flatness => {
        const { flat } = apart('flat', subject, length, OPERATIONS, users);
        first ??= flat!;
        return { subject, users, operationsPerProgram: length, nanosecondsPerOperation: round(flat!), ratioToSmallest: round(flat! / first) };
      });
      console.log(
        [
          subject.padEnd(7),
          `${users}`.padStart(7),
          ...rows.map(({ nanosecondsPerOperation }, place) => nanosecondsPerOperation.toFixed(0).padStart(place === 0 ? 26 : 10)),
          `   ${rows.map(({ ratioToSmallest }) => ratioToSmallest.toFixed(2)).join(' ')}`,
        ].join(''),
      );
      return rows;
    });
  });
}
