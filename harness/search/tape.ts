/** Where a program is written: as what is drawn for each operation of an alphabet, made when it first comes up. */
export class Tape<Letter> {
  /** What was written; only what the last program wrote counts. */
  readonly program: Letter[] = [];
  private readonly letters: (Letter | null)[];
  private readonly make: (index: number) => Letter;

  /** `make`: what is written for the operation in this place of an alphabet that has so many. */
  constructor(count: number, make: (index: number) => Letter) {
    this.letters = Array.from({ length: count }, () => null);
    this.make = make;
    // Filled from the start: a list that grows while it is written is written several times as slowly.
    this.program.length = ROOM;
    this.program.fill(this.letter(0));
  }

  write(at: number, index: number): void {
    this.program[at] = this.letters[index] ?? this.letter(index);
  }

  private letter(index: number): Letter {
    return (this.letters[index] ??= this.make(index));
  }
}

/** More operations than any program has that is not asked to have more. */
const ROOM = 1024;
