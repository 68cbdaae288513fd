/** What the user gave is wrong, so nothing can be checked: exit code 2. */
export class UsageProblem extends Error {
  override readonly name = 'UsageProblem';
  /** What to do about it; lines that are shown as they are. */
  readonly remedy: string;

  constructor(problem: string, remedy: string) {
    super(problem);
    this.remedy = remedy;
  }
}
